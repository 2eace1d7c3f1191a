"""How a source is doing right now: its indexes read, and its newest pages fetched. Stores nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from spiders.indexes import Index, indexes_of, read_index
from spiders.outcomes import OutcomeError
from spiders.probe import Probe, probe
from spiders.scope import Scope

if TYPE_CHECKING:
    from pathlib import Path

    from spiders.sources import Source


_CHILDREN = 2


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """An index document now. ``outcome`` None: it was read; ``links`` are the source's addresses in
    it, newest first, ``newest`` the newest time that it states."""

    url: str
    kind: str
    outcome: str | None
    detail: str
    robots: str
    links: tuple[str, ...] = ()
    newest: str = ""


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """All indexes of a source, and a few of its newest pages with their bodies."""

    indexes: tuple[IndexCheck, ...]
    pages: tuple[Probe, ...]


def check_source(source: Source, *, samples: int = 3, hosts: Path | None = None) -> SourceCheck:
    """Read the indexes of a source and fetch up to ``samples`` of its newest pages.

    ``hosts`` as in ``probe``. Raises ProbeError.
    """
    looked = _read_indexes(indexes_of(source.discover), source, hosts)
    checks = [check for check, _ in looked]
    children = [url for _, follow in looked for url in follow]
    if children:
        # An index of sitemaps lists no page itself; its newest children stand for it.
        newest_ones = [Index(url, "sitemap") for url in children[:_CHILDREN]]
        below = [check for check, _ in _read_indexes(newest_ones, source, hosts)]
        if all(check.outcome for check in below):
            checks = [_unreadable(check, below[0]) if follow else check for check, follow in looked]
        checks += below
    by_age = sorted(checks, key=lambda check: check.newest, reverse=True)
    newest = list(dict.fromkeys(link for check in by_age for link in check.links[:samples]))[:samples]
    return SourceCheck(tuple(checks), tuple(probe(newest, source, hosts=hosts) if newest else ()))


def _read_indexes(
    indexes: list[Index], source: Source, hosts: Path | None
) -> list[tuple[IndexCheck, tuple[str, ...]]]:
    """The indexes as they are now, each with the child sitemaps that it leads to."""
    looks = probe([index.url for index in indexes], source, pages=False, hosts=hosts)
    return [_checked(index, look, source) for index, look in zip(indexes, looks, strict=True)]


def _unreadable(check: IndexCheck, child: IndexCheck) -> IndexCheck:
    return replace(check, outcome=child.outcome, detail="none of the sitemaps tried in it could be read")


def _checked(index: Index, look: Probe, source: Source) -> tuple[IndexCheck, tuple[str, ...]]:
    visit = look.visit
    if visit.outcome is not None:
        return IndexCheck(index.url, index.kind, visit.outcome, visit.detail, look.robots), ()
    try:
        listing = read_index(index, visit, Scope(source), datetime.now(ZoneInfo(source.timezone)))
    except OutcomeError as error:
        return IndexCheck(index.url, index.kind, error.outcome, str(error), look.robots), ()
    links = [link for link in listing.links if link.outcome is None]
    links.sort(key=lambda link: link.hint.published, reverse=True)
    check = IndexCheck(
        index.url,
        index.kind,
        None,
        listing.remark,
        look.robots,
        tuple(link.url for link in links),
        links[0].hint.published if links else "",
    )
    return check, listing.follow if index.kind == "sitemap" else ()
