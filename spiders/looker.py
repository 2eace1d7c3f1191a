"""A spider that fetches a few addresses and keeps the answers: nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiders.fetcher import Fetcher
from spiders.robots import rules_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spiders.hosts import Hosts
    from spiders.sources import Source
    from storage.visits import Visit


class Looker(Fetcher):
    """Fetches ``urls`` in turn. ``seen`` holds a visit and the robots verdict for each."""

    def __init__(self, source: Source, hosts: Hosts, urls: Sequence[str], *, pages: bool) -> None:
        super().__init__(source, hosts)
        self.seen: list[tuple[Visit, str, list[str]]] = []
        self._urls = urls
        self._pages = pages

    async def work(self) -> None:
        """Fetch all addresses."""
        for url in self._urls:
            visit = await self.fetch(url, page=self._pages, render=self.source.fetch.render)
            if visit.outcome == "bad_url":
                self.seen.append((visit, "not asked", []))
                continue
            file = await self.origin_files.get(url, "/robots.txt", self.source.fetch.proxy or None)
            verdict = (
                visit.detail if visit.outcome in ("robots_disallowed", "robots_unreachable") else "allowed"
            )
            self.seen.append((visit, verdict, rules_of(file).sitemaps))
