"""The look-up key of an address. The address itself is stored as it was found, but for a session."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from functools import lru_cache
from urllib.parse import urlsplit

import tldextract
from w3lib.url import canonicalize_url

# Parameters that name a visitor or a campaign, never a page. Anything else stays: "?id=5" and
# "?id=6" are two pages.
_TRACKING = re.compile(
    r"(?:utm_\w+|gclid|gbraid|wbraid|fbclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|"
    r"_hsmi|spm|scm|xtor|at_medium|at_campaign|ns_\w+|wt\.\w+|cmpid|ocid|share_token|from_source)",
    re.IGNORECASE,
)
# A visitor's session, in the query or behind a semicolon of the path: each request would be given
# addresses of its own. "sid" may be a story's number, so that only a long value counts.
_SESSION_NAMES = r"(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id|cfid|cftoken)=[^&;?#/]*"
_SESSION = re.compile(
    rf"(?:{_SESSION_NAMES}|(?:sid|zenid|oscsid)=(?=[^&]*[a-z])[0-9a-z,-]{{24,}})", re.IGNORECASE
)
_SESSION_IN_PATH = re.compile(rf";{_SESSION_NAMES}|/\(S\([0-9a-z]{{20,}}\)\)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_LONGEST = 2048


class AddressError(ValueError):
    """The address cannot be fetched; the message says why."""


def without_session(url: str) -> str:
    """``url`` without a visitor's session; the very same where it names none."""
    address, hash_, fragment = url.partition("#")
    path, mark, query = address.partition("?")
    kept = [parameter for parameter in query.split("&") if not _SESSION.fullmatch(parameter)]
    return _SESSION_IN_PATH.sub("", path) + (mark + "&".join(kept) if kept else "") + hash_ + fragment


def url_key(url: str) -> str:
    """The key under which ``url`` is looked up: host, path and query, without scheme.

    http and https meet, as do letter case of the host, default ports, fragments, the order of
    parameters, campaign parameters and sessions. Raises AddressError for anything but a http(s) address.
    """
    url = url.strip()
    if len(url) > _LONGEST:
        raise AddressError(f"longer than {_LONGEST} characters")
    if _CONTROL.search(url):
        raise AddressError("has characters that no address has")
    host, port = _authority(url)
    parts = urlsplit(without_session(url))
    query = "&".join(p for p in parts.query.split("&") if not _TRACKING.fullmatch(p.partition("=")[0]))
    if (parts.scheme.lower(), port) not in (("http", 80), ("https", 443)) and port is not None:
        host = f"{host}:{port}"
    # Any scheme would do here: it is cut off again.
    plain = canonicalize_url(parts._replace(scheme="http", netloc=host, query=query, fragment="").geturl())
    return plain.removeprefix("http://")


@lru_cache(maxsize=4096)
def site_of(host: str) -> str:
    """The registered domain of a host, or the host itself where it has none (an IP, localhost).

    In ASCII and lower case: 新闻.中国 and xn--efvy88h.xn--fiqs8s are one site.
    """
    with suppress(ValueError):
        ipaddress.ip_address(host.strip("[]"))
        return host
    with suppress(UnicodeError):
        host = host.rstrip(".").encode("idna").decode().lower()
    return _suffixes()(host).top_domain_under_public_suffix or host


@lru_cache(maxsize=1)
def _suffixes() -> tldextract.TLDExtract:
    # Bundled suffix list only: the default fetches the current one from the network.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def _authority(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressError(str(error)) from error
    if parts.scheme.lower() not in ("http", "https"):
        raise AddressError(f"scheme {parts.scheme or 'none'!r} instead of http or https")
    if not host:
        raise AddressError("has no host")
    if ":" in host:
        return f"[{host}]", port
    try:
        name = host.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        name = ""
    if not _HOST.fullmatch(name):
        raise AddressError(f"host {host!r} is not a valid name")
    return name, port
