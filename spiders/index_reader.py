"""Reads a source's index documents into the archive."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from spiders.fetcher import all_of
from spiders.indexes import Index, indexes_of, read_index
from spiders.listing import Listing
from spiders.outcomes import OutcomeError
from spiders.sources import ListPage
from storage.visits import Visit

if TYPE_CHECKING:
    from spiders.spider import SourceSpider

MAX_CHILDREN = 50

_MAX_DEPTH = 2
_READ = (None, "unchanged")
_NO_SUCH_PAGE = ("not_found", "gone")
_LEFT_OUT = Visit("budget_stop", detail=f"more than {MAX_CHILDREN} sitemaps in one index")


class IndexReader:
    """Reads every index of the spider's source. ``read`` counts the configured ones that could be
    read (of an index of sitemaps any), ``discovered`` the new addresses; ``problems`` has a line for
    each document that could not be read, or only in part."""

    def __init__(self, spider: SourceSpider) -> None:
        self._spider = spider
        self._seen: set[str] = set()
        self._uses: Counter[str] = Counter()
        # List pages of which a following one could not be read.
        self._unfinished: set[str] = set()
        self.read = 0
        self.discovered = 0
        self.problems: list[str] = []

    async def read_all(self) -> None:
        """Read all indexes, as many at once as the hosts allow."""
        indexes = indexes_of(self._spider.source.discover)
        self._uses.update(index.url for index in indexes)
        outcomes = await all_of(self._read(index) for index in indexes)
        self.read = sum(outcome in _READ for outcome in outcomes)

    async def _read(self, index: Index, step: int = 1) -> str | None:
        """Read a document, then what it leads to, then store it: "unchanged" will later mean that
        everything behind it was read as well. ``step`` counts list pages or levels of sitemaps.

        Returns its outcome; of an index whose sitemaps all failed theirs.
        """
        visit, listing = await self._fetch(index)
        outcome = visit.outcome
        if isinstance(index.rule, ListPage) and outcome is None:
            if not await self._read_next_page(index.rule, listing, step + 1):
                self._unfinished.add(index.url)
                visit = replace(visit, etag="", last_modified="")
        elif listing.follow:
            # Asked for in full every time: its sitemaps may change while it stays the same.
            visit = replace(visit, etag="", last_modified="")
            outcome = await self._read_children(listing, step + 1)
        self._store(index, visit, listing)
        return outcome

    async def _read_next_page(self, rule: ListPage, listing: Listing, page: int) -> bool:
        """Read the list's next page, if there is one; return whether it and all after it were read."""
        following = rule.url.replace("{page}", str(page)) if "{page}" in rule.url else "".join(listing.follow)
        if page > rule.pages or not following or following in self._seen:
            return True
        outcome = await self._read(Index(following, "list", rule), page)
        return outcome in (*_READ, *_NO_SUCH_PAGE) and following not in self._unfinished

    async def _read_children(self, listing: Listing, level: int) -> str | None:
        """Read an index's sitemaps; return the outcome of the first if all failed."""
        children = [Index(url, "sitemap") for url in listing.follow if url not in self._seen]
        within = children[:MAX_CHILDREN] if level <= _MAX_DEPTH else []
        outcomes = await all_of(self._read(child, level) for child in within)
        for child in children[len(within) :]:
            self._store(child, _LEFT_OUT, Listing())
            outcomes.append(_LEFT_OUT.outcome)
        return None if not outcomes or any(one in _READ for one in outcomes) else outcomes[0]

    async def _fetch(self, index: Index) -> tuple[Visit, Listing]:
        self._seen.add(index.url)
        spider = self._spider
        # Where two rules read one document, "unchanged" would hide that one of them finds nothing.
        shared = self._uses[index.url] > 1
        etag, last_modified = ("", "") if shared else spider.archive.validators(index.url)
        render = spider.source.fetch.render and index.kind == "list"
        visit = await spider.fetch(
            index.url, etag=etag, last_modified=last_modified, page=False, render=render
        )
        if visit.outcome is not None:
            return visit, Listing()
        try:
            listing = read_index(index, visit, spider.scope, spider.now())
        except OutcomeError as error:
            return replace(visit, outcome=error.outcome, detail=str(error)[:500]), Listing()
        if listing.broken:
            # Asked for again in full: the rest may be there next time.
            visit = replace(visit, etag="", last_modified="")
        return replace(visit, detail=listing.remark), listing

    def _store(self, index: Index, visit: Visit, listing: Listing) -> None:
        self.discovered += self._spider.archive.store_index(index.url, index.kind, visit, listing.links)
        if visit.outcome == "unchanged":
            return
        trouble = visit.outcome or ("read in part" if visit.detail else "")
        if not trouble and not listing.links and not listing.follow:
            trouble = "lists nothing"
        if trouble:
            self.problems.append(f"{trouble}: {index.url}" + (f" ({visit.detail})" if visit.detail else ""))
            self._spider.logger.warning("index %s", self.problems[-1])
