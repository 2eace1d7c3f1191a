"""Every request's way out: judged, in turn, and its answer checked. Redirects and robots.txt too."""

from __future__ import annotations

import email.utils
import time
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError, StopDownload

from spiders.guard import AddressRefusedError
from spiders.outcomes import OutcomeError, is_text_type

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response

_PAUSES = {429: 10.0, 503: 0.0}  # seconds, where the answer names none


class HopMiddleware:
    """Scrapy downloader middleware: every hop's address is judged before anything is asked of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.stop_binary, signals.headers_received)
        return middleware

    def process_request(self, request: Request) -> None:
        """Raises OutcomeError: ``bad_url``, or ``redirect_blocked`` after a redirect."""
        spider: Any = self._crawler.spider
        try:
            spider.guard.check(request.url)
        except AddressRefusedError as error:
            raise refusal(request, str(error)) from error
        redirected_page = request.meta.get("redirect_times") and request.meta.get("page")
        if redirected_page and not spider.scope.on_site(request.url):
            raise OutcomeError("redirect_blocked", f"redirected to another site: {request.url[:300]}")

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 - Scrapy's interface
        """Note for how long the host wants to be left alone."""
        if response.status in _PAUSES:
            spider: Any = self._crawler.spider
            seconds = retry_after(response.headers, _PAUSES[response.status])
            if seconds > 0:
                spider.hosts.pause(urlsplit(response.url).hostname or "", seconds)
        return response

    def stop_binary(self, headers: Headers, request: Request) -> None:
        """Leave images, films and archives unread: the type says enough."""
        kind = (headers.get("Content-Type") or b"").decode("latin-1")
        if request.meta.get("page") and not is_text_type(kind):
            raise StopDownload(fail=False)


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler within a host's turn; the address that answers is judged as well."""

    async def download_request(self, request: Request) -> Response:
        spider: Any = self._crawler.spider
        host = urlsplit(request.url).hostname or ""
        async with spider.hosts.turn(host):
            try:
                response = await super().download_request(request)
            except CannotResolveHostError as error:
                if reason := spider.resolver.refused.get(host):
                    raise refusal(request, reason) from error
                raise
        # Behind a proxy it is the proxy that answers; a browser goes through one that judges.
        proxied = request.meta.get("proxy") or request.meta.get("playwright")
        if response.ip_address is not None and not proxied:
            parts = urlsplit(request.url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            try:
                spider.guard.check_ip(response.ip_address, host, port)
            except AddressRefusedError as error:
                raise refusal(request, str(error)) from error
        return response


def refusal(request: Request, reason: str) -> OutcomeError:
    """The error for a request whose address is refused."""
    if request.meta.get("redirect_times"):
        return OutcomeError("redirect_blocked", f"redirected to {request.url[:200]}: {reason}")
    return OutcomeError("bad_url", reason)


def retry_after(headers: Headers, default: float) -> float:
    """Seconds that a Retry-After header asks for, given as seconds or as a date."""
    value = (headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return default
