"""Reads a source's feeds, sitemaps, lists and JSON files into the archive."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse

from spiders.feeds import read_feed
from spiders.json_rows import read_rows
from spiders.listing import Listing
from spiders.lists import read_list
from spiders.outcomes import OutcomeError
from spiders.sitemaps import read_sitemap
from storage.archive import Visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scrapy.http import Response

    from spiders.sources import JsonRows, ListPage
    from spiders.spider import SourceSpider

    Reader = Callable[[Response], Listing]

MAX_CHILDREN = 50
_MAX_DEPTH = 2
_NO_ANSWER = Visit("budget_stop", detail=f"more than {MAX_CHILDREN} sitemaps in one index")


class IndexReader:
    """Reads every index of the spider's source. ``read`` and ``unread`` count the configured ones;
    ``problems`` holds one line for each document that could not be read, or only in part."""

    def __init__(self, spider: SourceSpider) -> None:
        self._spider = spider
        self._seen: set[str] = set()
        self.read = 0
        self.unread: Counter[str] = Counter()
        self.problems: list[str] = []
        self.discovered = 0

    async def read_all(self) -> None:
        """Read all indexes, as many at once as the hosts allow."""
        discover = self._spider.source.discover
        jobs: list[Awaitable[Visit]] = [
            *(self._feed(url) for url in discover.feeds),
            *(self._sitemap(url) for url in discover.sitemaps),
            *(self._list(spec, 1) for spec in discover.lists),
            *(self._rows(spec) for spec in discover.json),
        ]
        for visit in await asyncio.gather(*jobs):
            if visit.outcome in (None, "unchanged"):
                self.read += 1
            else:
                self.unread[visit.outcome] += 1

    async def _feed(self, url: str) -> Visit:
        spider = self._spider
        visit, listing = await self._fetch(
            url, lambda answer: read_feed(answer.body, answer.url, spider.scope, spider.now())
        )
        return self._store(url, "feed", visit, listing)

    async def _rows(self, spec: JsonRows) -> Visit:
        spider = self._spider
        visit, listing = await self._fetch(
            spec.url, lambda answer: read_rows(answer.body, spec, spider.scope, spider.now())
        )
        return self._store(spec.url, "json", visit, listing)

    async def _sitemap(self, url: str, depth: int = 0) -> Visit:
        spider = self._spider
        visit, listing = await self._fetch(
            url, lambda answer: read_sitemap(answer.body, answer.url, spider.scope, spider.now())
        )
        children = [child for child in listing.follow if child not in self._seen and depth < _MAX_DEPTH]
        if listing.follow:
            # Not asked conditionally: its children may change while it stays the same.
            visit = replace(visit, etag="", last_modified="")
            await asyncio.gather(*(self._sitemap(child, depth + 1) for child in children[:MAX_CHILDREN]))
            for child in children[MAX_CHILDREN:]:
                self._spider.archive.store_index(child, "sitemap", _NO_ANSWER)
        return self._store(url, "sitemap", visit, listing)

    async def _list(self, spec: ListPage, page: int, url: str = "") -> Visit:
        spider = self._spider
        url = url or spec.url.replace("{page}", str(page))
        visit, listing = await self._fetch(
            url,
            lambda answer: read_list(_as_html(answer), spec, spider.scope, spider.now()),
            render=spider.source.fetch.render,
        )
        following = (spec.url.replace("{page}", str(page + 1)),) if "{page}" in spec.url else listing.follow
        if visit.outcome is None and page < spec.pages and following and following[0] not in self._seen:
            # Stored before this page: "unchanged" here will then mean that all of them were read.
            await self._list(spec, page + 1, following[0])
        return self._store(url, "list", visit, listing)

    async def _fetch(self, url: str, read: Reader, *, render: bool = False) -> tuple[Visit, Listing]:
        self._seen.add(url)
        etag, last_modified = self._spider.archive.validators(url)
        visit, answer = await self._spider.fetch(
            url, etag=etag, last_modified=last_modified, page=False, render=render
        )
        if visit.outcome is not None or answer is None:
            return visit, Listing()
        try:
            listing = read(answer)
        except OutcomeError as error:
            return replace(visit, outcome=error.outcome, detail=str(error)[:500]), Listing()
        if listing.broken:
            # Asked for again in full: the rest may be there next time.
            visit = replace(visit, etag="", last_modified="")
        return replace(visit, detail=listing.remark), listing

    def _store(self, url: str, kind: str, visit: Visit, listing: Listing) -> Visit:
        self.discovered += self._spider.archive.store_index(url, kind, visit, listing.links)
        if visit.outcome not in (None, "unchanged") or visit.detail:
            self.problems.append(f"{visit.outcome or 'read in part'}: {url} ({visit.detail})")
            self._spider.logger.warning(
                "index %s: %s (%s)", url, visit.outcome or "read in part", visit.detail
            )
        elif not listing.links and not listing.follow and visit.outcome is None:
            self.problems.append(f"empty: {url}")
        return visit


def _as_html(answer: Response) -> HtmlResponse:
    if isinstance(answer, HtmlResponse):
        return answer
    return HtmlResponse(answer.url, headers=answer.headers, body=answer.body)
