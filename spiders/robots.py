"""robots.txt by RFC 9309: what cannot be read for the server's fault means no."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from protego import Protego

from spiders.outcomes import OutcomeError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from spiders.origin_files import OriginFile

AGENT = "aidwire"

_MAX_WILDCARDS = 6


class Rules:
    """What a robots.txt allows aidwire. ``crawl_delay`` in seconds between requests."""

    def __init__(self, file: OriginFile) -> None:
        self._problem = file.problem
        self._parsed = Protego.parse(_tamed(file.text))
        rate = self._parsed.request_rate(AGENT)
        per_request = rate.seconds / rate.requests if rate and rate.requests else 0.0
        self.crawl_delay = max(self._parsed.crawl_delay(AGENT) or 0.0, per_request)
        self.sitemaps = list(self._parsed.sitemaps)

    def check(self, url: str) -> None:
        """Raises OutcomeError: ``robots_unreachable`` or ``robots_disallowed``."""
        if self._problem:
            raise OutcomeError("robots_unreachable", f"robots.txt: {self._problem}")
        if not self._parsed.can_fetch(url, AGENT):
            raise OutcomeError("robots_disallowed", "robots.txt forbids it")


@lru_cache(maxsize=1000)
def rules_of(file: OriginFile) -> Rules:
    """The rules of a robots.txt."""
    return Rules(file)


class RobotsMiddleware:
    """Scrapy downloader middleware: asks robots.txt before every request, also after a redirect."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises OutcomeError where robots.txt does not allow the address."""
        if request.meta.get("without_robots"):
            return
        spider: Any = self._crawler.spider
        rules = rules_of(await spider.origin_files.get(request.url, "/robots.txt", request.meta.get("proxy")))
        if rules.crawl_delay:
            spider.hosts.slow_down(urlsplit(request.url).hostname or "", rules.crawl_delay)
        rules.check(request.url)


def _tamed(text: str) -> str:
    """The file with wildcards bounded: a rule of many takes a matcher exponential time. A longer
    Disallow is cut, which forbids more; a longer Allow is dropped."""
    lines = (
        "*".join(line.split("*")[: _MAX_WILDCARDS + 1])
        for line in text.removeprefix("\ufeff").splitlines()
        if line.count("*") <= _MAX_WILDCARDS or not line.lstrip().lower().startswith("allow")
    )
    return "\n".join(lines)
