"""Scrapy's settings for one crawl: hardened where the defaults hurt."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from spiders.compression import MAX_BYTES

if TYPE_CHECKING:
    from spiders.sources import Source

_NO_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
_HARDENED: dict[str, Any] = {
    "BOT_NAME": "aidwire",
    "LOG_LEVEL": "INFO",
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "COOKIES_ENABLED": False,
    "REFERRER_POLICY": "no-referrer",
    # Ours is strict; Scrapy's reads a server error as "allowed".
    "ROBOTSTXT_OBEY": False,
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "spiders.download.HopMiddleware": 40,
        "spiders.robots.RobotsMiddleware": 100,
        "spiders.compression.StrictCompression": 590,
    },
    "DOWNLOAD_MAXSIZE": MAX_BYTES,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_FAIL_ON_DATALOSS": True,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    # The delay between requests to a host is kept by spiders.hosts, for all crawls together.
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": 16,
    "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",
    # One more try at once; after that the archive's schedule decides.
    "RETRY_TIMES": 1,
    "RETRY_HTTP_CODES": [500, 502, 504, 522, 524],
    "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_ENABLED": False,
    "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,
    "PLAYWRIGHT_ABORT_REQUEST": "spiders.browser.is_heavy",
    # Not used, and each costs something a request.
    "MEMUSAGE_ENABLED": False,
    "DOWNLOADER_STATS": False,
    "EXTENSIONS": {
        "scrapy.extensions.closespider.CloseSpider": None,
        "scrapy.extensions.feedexport.FeedExporter": None,
        "scrapy.extensions.logstats.LogStats": None,
        "scrapy.extensions.spiderstate.SpiderState": None,
    },
}


def user_agent() -> str:
    """``aidwire/<version>`` with the contact of the environment variable AIDWIRE_CONTACT."""
    contact = os.environ.get("AIDWIRE_CONTACT", "").strip()
    return f"aidwire/{version('aidwire')}" + (f" (+{contact})" if contact else "")


def crawl_settings(source: Source, log: str) -> dict[str, Any]:
    """The settings of a source's crawl; ``log`` is the file that Scrapy's log is appended to."""
    places = host_places(source)
    handler = "spiders.browser.BrowserHandler" if source.fetch.render else "spiders.download.GuardedHandler"
    return {
        **_HARDENED,
        "USER_AGENT": user_agent(),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "*" if source.language == "mul" else f"{source.language},*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        },
        "LOG_FILE": log,
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler, **_NO_HANDLERS},
        "DOWNLOAD_TIMEOUT": source.fetch.timeout,
        # On a site that answers in 0.2 s, 15 pages/s instead of the defaults' 3 (benchmarks/throttle.py).
        "AUTOTHROTTLE_ENABLED": source.fetch.delay > 0,
        "AUTOTHROTTLE_START_DELAY": 0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": places,
        "AUTOTHROTTLE_MAX_DELAY": 30,
        "CONCURRENT_REQUESTS_PER_DOMAIN": places,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": source.fetch.timeout * 1000,
    }


def host_places(source: Source) -> int:
    """How many requests to one host are under way at once."""
    return 4 if source.fetch.delay > 0 else 8
