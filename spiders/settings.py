"""Scrapy's settings for one crawl: hardened where the defaults hurt."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from spiders.compression import MAX_BYTES

if TYPE_CHECKING:
    from spiders.sources import Source

MAX_REDIRECTS = 5


def user_agent() -> str:
    """``aidwire/<version>`` with the contact of the environment variable AIDWIRE_CONTACT."""
    contact = os.environ.get("AIDWIRE_CONTACT", "").strip()
    return f"aidwire/{version('aidwire')}" + (f" (+{contact})" if contact else "")


def crawl_settings(source: Source, log: str) -> dict[str, Any]:
    """The settings of a source's crawl; ``log`` is the file that Scrapy's log is appended to."""
    places = host_places(source)
    handler = "spiders.browser.BrowserHandler" if source.fetch.render else "spiders.download.GuardedHandler"
    return {
        "BOT_NAME": "aidwire",
        "USER_AGENT": user_agent(),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "*" if source.language == "mul" else f"{source.language},*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        },
        # No third-party log handler, console or remote control; the log is a file.
        "LOG_FILE": log,
        "LOG_LEVEL": "INFO",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "COOKIES_ENABLED": False,
        # Our own RobotsMiddleware is strict; Scrapy's reads a server error as "allowed".
        "ROBOTSTXT_OBEY": False,
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "spiders.download.HopMiddleware": 40,
            "spiders.robots.RobotsMiddleware": 100,
            "spiders.compression.StrictCompression": 590,
        },
        "DOWNLOAD_HANDLERS": {
            "http": handler,
            "https": handler,
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOAD_TIMEOUT": source.fetch.timeout,
        "DOWNLOAD_MAXSIZE": MAX_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": source.fetch.timeout * 1000,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,
        "PLAYWRIGHT_ABORT_REQUEST": "spiders.browser.is_heavy",
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # The delay between requests to a host is kept by spiders.hosts, for all crawls together.
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": source.fetch.delay > 0,
        "AUTOTHROTTLE_START_DELAY": 0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": places,
        "AUTOTHROTTLE_MAX_DELAY": 30,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": places,
        "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",
        # One more try at once; after that the archive's schedule decides.
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [500, 502, 504, 522, 524],
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "METAREFRESH_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "MEMUSAGE_ENABLED": False,
        # Not used, and each costs something a request.
        "DOWNLOADER_STATS": False,
        "EXTENSIONS": {
            "scrapy.extensions.closespider.CloseSpider": None,
            "scrapy.extensions.feedexport.FeedExporter": None,
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.spiderstate.SpiderState": None,
        },
    }


def host_places(source: Source) -> int:
    """How many requests to one host are under way at once."""
    return 4 if source.fetch.delay > 0 else 8
