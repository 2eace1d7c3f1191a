"""How a fetch ended: the outcome of every answer and of every error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.web.client import ResponseFailed

from spiders.challenges import challenge_in
from storage.visits import Visit

if TYPE_CHECKING:
    from scrapy.http import Response

_TEXT_TYPES = (
    "text/",
    "application/xhtml",
    "application/xml",
    "application/json",
    "application/rss",
    "application/atom",
    "application/rdf",
    "application/javascript",
    "application/feed",
)
_GENERIC = ("unknown/", "application/octet-stream", "application/x-gzip", "application/gzip")
_BINARY = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"RIFF",
    b"\x1f\x8b",
    b"ID3",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
)
_STATUS = {
    401: "forbidden",
    402: "forbidden",
    403: "forbidden",
    404: "not_found",
    408: "timeout",
    410: "gone",
    429: "rate_limited",
    451: "forbidden",
    503: "rate_limited",
}
_ERRORS: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (ResponseDataLossError, "truncated"),
    (DownloadCancelledError, "too_large"),
    (DownloadConnectionRefusedError, "connection_error"),
    (CannotResolveHostError, "connection_error"),
    (ConnectError, "connection_error"),
    (ConnectionLost, "connection_error"),
    (ConnectionDone, "connection_error"),
    (OSError, "connection_error"),
)


class OutcomeError(Exception):
    """What was asked for ends here: ``outcome`` is one of OUTCOMES, the message says why."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome


def visit_of(response: Response, seconds: float, *, binary: bool = False) -> Visit:
    """The visit that an answer makes; its outcome is None where there is a body to keep.

    ``binary`` lets binary content pass, for gzipped sitemaps.
    """
    outcome, detail = _judged(response)
    if outcome == "not_text" and binary:
        outcome, detail = None, ""
    return Visit(
        outcome,
        status=response.status,
        final_url=response.url,
        content_type=_header(response, "Content-Type"),
        body=b"" if outcome else response.body,
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
        detail=detail,
        seconds=seconds,
    )


def failed_visit(error: Exception, seconds: float) -> Visit:
    """The visit that an error makes."""
    if isinstance(error, OutcomeError):
        return Visit(error.outcome, detail=str(error), seconds=seconds)
    if isinstance(error, IgnoreRequest) and "redirections" in str(error):
        return Visit("redirect_loop", detail="redirected more often than allowed", seconds=seconds)
    return Visit(_outcome_of(error), detail=_in_words(error), seconds=seconds)


def _judged(response: Response) -> tuple[str | None, str]:
    if challenge := challenge_in(response):
        return "blocked", challenge
    status = response.status
    if status == 304:
        return _not_modified(response)
    if 300 <= status < 400:
        location = _header(response, "Location")
        return "redirect_blocked", f"HTTP {status} to {location[:200]!r}, which is not followed"
    if status >= 400:
        return _STATUS.get(status, "server_error" if status >= 500 else "forbidden"), f"HTTP {status}"
    if "download_stopped" in response.flags or response.body.startswith(_BINARY):
        return "not_text", _header(response, "Content-Type") or "binary content"
    if status == 206:
        return "truncated", "HTTP 206, a part that was not asked for"
    if not response.body.strip():
        return "empty", f"HTTP {status} without content"
    return None, ""


def _not_modified(response: Response) -> tuple[str, str]:
    asked = response.request.headers if response.request else {}
    if "If-None-Match" in asked or "If-Modified-Since" in asked:
        return "unchanged", ""
    return "protocol_error", "HTTP 304, which was not asked for"


def is_text_type(content_type: str) -> bool:
    """Whether a Content-Type may hold a page, feed or sitemap; unknown and generic ones may."""
    kind = content_type.partition(";")[0].strip().lower()
    generic = "/" not in kind or kind.startswith(_GENERIC)
    return generic or kind.startswith(_TEXT_TYPES) or kind.endswith(("+xml", "+json"))


def _outcome_of(error: Exception) -> str:
    reasons = _reasons(error)
    lost = all(isinstance(reason, ConnectionLost | ConnectionDone | OSError) for reason in reasons)
    if reasons and (not lost or any(isinstance(reason, TlsError) for reason in reasons)):
        return "protocol_error"
    if reasons:
        return "connection_error"
    return next((outcome for kind, outcome in _ERRORS if isinstance(error, kind)), "protocol_error")


def _in_words(error: Exception) -> str:
    if isinstance(error, DownloadCancelledError):
        return "larger than the size limit"
    told = _reasons(error) or [error]
    return "; ".join(f"{type(one).__name__}: {one}".rstrip(": ").partition("\n")[0] for one in told)[:300]


def _reasons(error: Exception) -> list[BaseException]:
    """What Twisted saw behind a failed answer."""
    if isinstance(error, DownloadFailedError) and isinstance(error.__cause__, ResponseFailed):
        return [reason.value for reason in error.__cause__.reasons]
    return []


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1").strip() if value else ""
