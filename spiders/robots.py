"""robots.txt by RFC 9309: what cannot be read for the server's fault means no.

Answers are kept for at most 24 hours in a folder that all crawls of one machine share.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from spiders.outcomes import OutcomeError, failed_visit, visit_of

if TYPE_CHECKING:
    from pathlib import Path

    from scrapy.crawler import Crawler

AGENT = "aidwire"

_KEPT_SECONDS = 24 * 3600
_MAX_BYTES = 512 * 1024  # RFC 9309, 2.5
_MAX_WILDCARDS = 6


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What a host answered for robots.txt: ``refusal`` is empty where ``body`` could be read."""

    body: str
    refusal: str = ""


class Rules:
    """What a robots.txt allows aidwire."""

    def __init__(self, file: RobotsFile) -> None:
        self.refusal = file.refusal
        self._parsed = Protego.parse(_tamed(file.body))
        rate = self._parsed.request_rate(AGENT)
        per_request = rate.seconds / rate.requests if rate and rate.requests else 0.0
        self.crawl_delay = max(self._parsed.crawl_delay(AGENT) or 0.0, per_request)

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps that the file names."""
        return list(self._parsed.sitemaps)

    def check(self, url: str) -> None:
        """Raises OutcomeError: ``robots_unreachable`` or ``robots_disallowed``."""
        if self.refusal:
            raise OutcomeError("robots_unreachable", f"robots.txt: {self.refusal}")
        if not self._parsed.can_fetch(url, AGENT):
            raise OutcomeError("robots_disallowed", "robots.txt forbids it")


class RobotsMiddleware:
    """Scrapy downloader middleware: asks robots.txt before every request, also after a redirect."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises OutcomeError where robots.txt does not allow the address."""
        if not request.meta.get("without_robots"):
            rules = await self.rules(request.url, request.meta.get("proxy"))
            rules.check(request.url)

    async def rules(self, url: str, proxy: str | None) -> Rules:
        """The rules of an address's host, asked for once in a crawl."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._load(origin, proxy))
        return await asyncio.shield(self._rules[origin])

    async def _load(self, origin: str, proxy: str | None) -> Rules:
        hosts = self._spider.hosts
        path = hosts.folder / f"{re.sub(r'[^a-z0-9.-]', '_', origin.lower())[:200]}.robots.json"
        file = _kept(path)
        if file is None:
            file = await self._fetch(origin, proxy)
            if not file.refusal:
                _keep(path, file)
        rules = Rules(file)
        if rules.crawl_delay:
            hosts.slow_down(urlsplit(origin).hostname or "", rules.crawl_delay)
        return rules

    async def _fetch(self, origin: str, proxy: str | None) -> RobotsFile:
        meta: dict[str, Any] = {"without_robots": True}
        if proxy is not None:
            meta["proxy"] = proxy
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, meta=meta)
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is no
            return RobotsFile("", failed_visit(error, 0.0).detail)
        visit = visit_of(response, 0.0, binary=True)
        if visit.outcome in (None, "empty"):
            return RobotsFile(visit.body[:_MAX_BYTES].decode("utf-8", "replace"))
        if 400 <= response.status < 500 and response.status != 429 and visit.outcome != "blocked":
            return RobotsFile("")
        return RobotsFile("", visit.detail or f"HTTP {response.status}")

    @property
    def _spider(self) -> Any:
        return self._crawler.spider


def _tamed(body: str) -> str:
    """The file with wildcards bounded: a rule of many takes a matcher exponential time. A longer
    Disallow is cut, which forbids more; a longer Allow is dropped."""
    lines = (
        "*".join(line.split("*")[: _MAX_WILDCARDS + 1])
        for line in body.splitlines()
        if line.count("*") <= _MAX_WILDCARDS or not line.lstrip().lower().startswith("allow")
    )
    return "\n".join(lines)


def _kept(path: Path) -> RobotsFile | None:
    try:
        kept = json.loads(path.read_text("utf-8"))
        fresh = 0 <= time.time() - kept["fetched"] < _KEPT_SECONDS
        return RobotsFile(kept["body"]) if fresh else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(path: Path, file: RobotsFile) -> None:
    part = path.with_suffix(f".{id(file)}.part")
    part.write_text(json.dumps({"fetched": time.time(), "body": file.body}), "utf-8")
    part.replace(path)
