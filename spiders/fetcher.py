"""A Scrapy spider that fetches addresses one by one, guarded, and gives each a Visit."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request, Spider
from scrapy.http.request import NO_CALLBACK

from spiders.guard import Guard, GuardedResolver
from spiders.origin_files import OriginFiles
from spiders.outcomes import failed_visit, visit_of
from spiders.reservations import WELL_KNOWN, reservation_of
from spiders.scope import Scope

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterable

    from scrapy.http import Response

    from spiders.hosts import Hosts
    from spiders.sources import Source
    from storage.visits import Visit


_T = TypeVar("_T")


class Fetcher(Spider):
    """Fetches for one source. The middlewares and the handler find guard, hosts and files here.

    A subclass says in ``work`` what to fetch. ``broken`` is the error of ours that ended it, if any.
    """

    name = "source"

    def __init__(self, source: Source, hosts: Hosts) -> None:
        super().__init__(source.id)
        self.source = source
        self.hosts = hosts
        self.scope = Scope(source)
        self.guard = Guard(source.fetch.allow_private)
        self.resolver = GuardedResolver(None, self.guard)
        self.origin_files = OriginFiles(hosts.folder, self._download)
        self.broken = ""

    async def work(self) -> None:
        """Fetch what is to be fetched."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry. Each answer decides what is asked next, so ``work`` fetches by itself and
        this yields nothing."""
        self._judge_connections()
        try:
            await self.work()
        except Exception as error:
            self.broken = f"{type(error).__name__}: {error}"
            raise
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    async def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", page: bool = True, render: bool = False
    ) -> Visit:
        """Fetch an address, conditionally where validators are given; every error is a Visit.

        ``page``: an article rather than an index; ``render``: through a browser.
        """
        begun = time.monotonic()
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified} if not render else {}
        meta: dict[str, Any] = {"page": page}
        if self.source.fetch.proxy:
            meta["proxy"] = self.source.fetch.proxy
        if render:
            meta["playwright"] = True
        try:
            # Before the page: what was fetched must be stored at once, also when asked to stop.
            terms = await self._terms(url) if page else ""
            request = Request(
                url,
                headers={name: value for name, value in headers.items() if value},
                meta=meta,
                callback=NO_CALLBACK,
            )
            response = await self._download(request)
        except Exception as error:  # noqa: BLE001 - an address must not end the crawl
            return failed_visit(error, time.monotonic() - begun)
        visit = visit_of(response, time.monotonic() - begun, binary=not page)
        if not page or visit.outcome is not None:
            return visit
        if self.scope.is_front(visit.final_url) and not self.scope.is_front(url):
            where = f"redirected to {visit.final_url[:300]}, which is no article"
            return replace(visit, outcome="soft_404", body=b"", detail=where)
        return replace(visit, detail=reservation_of(response, terms))

    async def _terms(self, url: str) -> str:
        """The site's statement on text and data mining, from its copy of this day where there is one."""
        found = await self.origin_files.get(url, WELL_KNOWN, self.source.fetch.proxy or None)
        return found.text

    async def _download(self, request: Request) -> Response:
        return await self.crawler.engine.download_async(request)

    def _judge_connections(self) -> None:
        from twisted.internet import reactor

        twisted: Any = reactor
        proxies = [self.source.fetch.proxy, *getproxies().values()]
        places = (urlsplit(proxy if "//" in proxy else f"//{proxy}") for proxy in proxies if proxy)
        self.resolver = GuardedResolver(
            twisted.nameResolver, self.guard, [f"{place.hostname}:{place.port or 80}" for place in places]
        )
        twisted.installNameResolver(self.resolver)


async def all_of(jobs: Iterable[Coroutine[Any, Any, _T]]) -> list[_T]:
    """The results of jobs done side by side. The first error ends the others, and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    return [task.result() for task in tasks]
