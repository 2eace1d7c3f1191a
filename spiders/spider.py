"""The one spider: reads a source's indexes, then fetches what the archive says is new or due."""

from __future__ import annotations

import time
from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from spiders.fetcher import Fetcher, all_of
from spiders.index_reader import IndexReader
from spiders.memory import peak_memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from spiders.hosts import Hosts
    from spiders.options import CrawlOptions
    from spiders.sources import Source
    from storage.archive import Archive
    from storage.visits import Visit, Wanted

_BATCH = 16
_PROGRESS_SECONDS = 0.5
_MAX_MEMORY = 600 * 1024 * 1024
_MAX_SECONDS = 3 * 3600.0
# So many in a row mean that the site does not want this, or is down; the rest stays for the next run.
_REFUSALS = dict.fromkeys(("rate_limited", "blocked", "forbidden"), 5)
_SILENCES = dict.fromkeys(("timeout", "connection_error"), 10)


class SourceSpider(Fetcher):
    """Crawls one source into its archive. ``stopped`` says why it ended early, empty if it did not."""

    def __init__(
        self,
        source: Source,
        archive: Archive,
        hosts: Hosts,
        options: CrawlOptions,
        report: Callable[[], None],
    ) -> None:
        super().__init__(source, hosts)
        self.archive = archive
        self.indexes = IndexReader(self)
        self.fetched = 0
        self.stopped = ""
        self._limit = min(source.fetch.max_pages, options.limit or source.fetch.max_pages)
        self._begun = 0
        self._pages: deque[Wanted] = deque()
        self._in_vain: list[str] = []
        self._report = report
        self._reported = 0.0
        self._deadline = time.monotonic() + _MAX_SECONDS

    async def work(self) -> None:
        """Read the indexes, then fetch pages, newest first."""
        await self.indexes.read_all()
        self._report()
        places = self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        await all_of(self._fetch_pages() for _ in range(places))
        self.logger.info("peak memory %d MB", peak_memory() // 1024**2)
        self._report()

    def summary(self, *, interrupted: bool) -> dict[str, str | int]:
        """The crawl's report: state, discovered, fetched, detail."""
        indexes = self.indexes
        detail = ["asked to stop" if interrupted else "", self.broken, self.stopped, *indexes.problems[:5]]
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

    def now(self) -> datetime:
        """The time in the source's zone."""
        return datetime.now(ZoneInfo(self.source.timezone))

    async def _fetch_pages(self) -> None:
        while (page := self._next_page()) is not None:
            visit = await self.fetch(
                page.url, etag=page.etag, last_modified=page.last_modified, render=self.source.fetch.render
            )
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
        if time.monotonic() > self._deadline:
            self.stopped = f"the run's {_MAX_SECONDS / 3600:.0f} hours are spent"
        elif peak_memory() > _MAX_MEMORY:
            self.stopped = f"the run's {_MAX_MEMORY // 1024**2} MB of memory are spent"

    def _count_refusal(self, visit: Visit) -> None:
        kind = next((kind for kind in (_REFUSALS, _SILENCES) if visit.outcome in kind), None)
        if kind is None or visit.outcome is None:
            self._in_vain = []
            return
        self._in_vain = [*(one for one in self._in_vain if one in kind), visit.outcome]
        if len(self._in_vain) >= kind[visit.outcome] and not self.stopped:
            self.stopped = f"{visit.outcome} {len(self._in_vain)} times in a row ({visit.detail})"
