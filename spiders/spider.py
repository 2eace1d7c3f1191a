"""The one spider: reads a source's indexes, then fetches what the archive says is new or due."""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections import deque
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies
from zoneinfo import ZoneInfo

from scrapy import Request, Spider
from scrapy.http.request import NO_CALLBACK

from spiders.guard import Guard, GuardedResolver
from spiders.index_reader import IndexReader
from spiders.origin_files import OriginFiles
from spiders.outcomes import failed_visit, visit_of
from spiders.reservations import WELL_KNOWN, reservation_of
from spiders.scope import Scope

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrapy.http import Response

    from spiders.hosts import Hosts
    from spiders.options import CrawlOptions
    from spiders.sources import Source
    from storage.archive import Archive, Visit, Wanted

_BATCH = 16
_PROGRESS_SECONDS = 0.5
_MAX_MEMORY = 600 * 1024 * 1024
_MAX_SECONDS = 3 * 3600.0
# So many refusals in a row mean that the site does not want this; the rest stays for the next run.
_REFUSALS = 5
_REFUSED = ("rate_limited", "blocked", "forbidden")


class SourceSpider(Spider):
    """Crawls one source into its archive. ``stopped`` says why it ended early, ``broken`` which error
    of ours ended it; both are empty otherwise."""

    name = "source"

    def __init__(
        self,
        source: Source,
        archive: Archive,
        hosts: Hosts,
        options: CrawlOptions,
        report: Callable[[], None],
    ) -> None:
        super().__init__(source.id)
        self.source = source
        self.archive = archive
        self.hosts = hosts
        self.scope = Scope(source)
        self.guard = Guard(source.fetch.allow_private)
        self.resolver = GuardedResolver(None, self.guard)
        self.origin_files = OriginFiles(hosts.folder, self._download)
        self.indexes = IndexReader(self)
        self.fetched = 0
        self._begun = 0
        self.stopped = ""
        self.broken = ""
        self._limit = min(source.fetch.max_pages, options.limit or source.fetch.max_pages)
        self._pages: deque[Wanted] = deque()
        self._refusals = 0
        self._report = report
        self._reported = 0.0
        self._deadline = time.monotonic() + _MAX_SECONDS

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry. It fetches by itself, because each answer decides what is asked next, and
        so yields nothing."""
        try:
            self._judge_connections()
            await self.indexes.read_all()
            self._report()
            await asyncio.gather(*(self._fetch_pages() for _ in range(self._places)))
            self._report()
        except Exception as error:
            self.broken = f"{type(error).__name__}: {error}"
            raise
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    def summary(self, *, interrupted: bool) -> dict[str, str | int]:
        """The crawl's report: state, discovered, fetched, detail."""
        indexes = self.indexes
        detail = [self.broken, self.stopped, *indexes.problems[:5]]
        if interrupted:
            detail.insert(0, "asked to stop")
        if self.broken or (not interrupted and not indexes.read):
            state = "failed"
        else:
            state = "stopped" if interrupted or self.stopped else "completed"
        return {
            "state": state,
            "discovered": indexes.discovered,
            "fetched": self.fetched,
            "detail": "; ".join(filter(None, detail)),
        }

    async def fetch(
        self, url: str, etag: str, last_modified: str, *, page: bool
    ) -> tuple[Visit, Response | None]:
        """Fetch an address, conditionally where it was fetched before; every error is a Visit."""
        begun = time.monotonic()
        try:
            response = await self._download(self._request(url, etag, last_modified, page))
        except Exception as error:  # noqa: BLE001 - an address must not end the crawl
            return failed_visit(error, time.monotonic() - begun), None
        visit = visit_of(response, time.monotonic() - begun, binary=not page)
        if page and visit.outcome is None:
            terms = await self.origin_files.get(response.url, WELL_KNOWN, self.source.fetch.proxy or None)
            visit = replace(visit, detail=reservation_of(response, terms.text))
        return visit, response

    async def _download(self, request: Request) -> Response:
        return await self.crawler.engine.download_async(request)

    def now(self) -> datetime:
        """The time in the source's zone."""
        return datetime.now(ZoneInfo(self.source.timezone))

    async def _fetch_pages(self) -> None:
        while (page := self._next_page()) is not None:
            visit, _ = await self.fetch(page.url, page.etag, page.last_modified, page=True)
            self.archive.store_page(page.url, visit)
            self.fetched += 1
            self._count_refusal(visit)
            if time.monotonic() - self._reported > _PROGRESS_SECONDS:
                self._reported = time.monotonic()
                self._report()

    def _next_page(self) -> Wanted | None:
        if self.stopped or self._begun >= self._limit:
            return None
        if not self._pages:
            self._pages.extend(self.archive.take(min(_BATCH, self._limit - self._begun)))
            self._check_budget()
        if not self._pages:
            return None
        self._begun += 1
        return self._pages.popleft()

    def _check_budget(self) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        if time.monotonic() > self._deadline:
            self.stopped = f"the run's {_MAX_SECONDS / 3600:.0f} hours are spent"
        elif peak > _MAX_MEMORY:
            self.stopped = f"the run's {_MAX_MEMORY // 1024**2} MB of memory are spent"

    def _count_refusal(self, visit: Visit) -> None:
        self._refusals = self._refusals + 1 if visit.outcome in _REFUSED else 0
        if self._refusals >= _REFUSALS and not self.stopped:
            self.stopped = f"{visit.outcome} {self._refusals} times in a row ({visit.detail})"

    def _request(self, url: str, etag: str, last_modified: str, page: bool) -> Request:
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        meta: dict[str, Any] = {"page": page}
        if self.source.fetch.proxy:
            meta["proxy"] = self.source.fetch.proxy
        return Request(
            url,
            headers={name: value for name, value in headers.items() if value},
            meta=meta,
            callback=NO_CALLBACK,
            dont_filter=True,
        )

    def _judge_connections(self) -> None:
        from twisted.internet import reactor

        twisted: Any = reactor
        proxies = [self.source.fetch.proxy, *getproxies().values()]
        places = (urlsplit(proxy if "//" in proxy else f"//{proxy}") for proxy in proxies if proxy)
        self.resolver = GuardedResolver(
            twisted.nameResolver, self.guard, [f"{place.hostname}:{place.port or 80}" for place in places]
        )
        twisted.installNameResolver(self.resolver)

    @property
    def _places(self) -> int:
        return int(self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
