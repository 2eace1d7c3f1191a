"""A source's index documents: which there are, and how each kind is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from w3lib.encoding import http_content_type_encoding

from spiders.feeds import read_feed
from spiders.json_rows import read_rows
from spiders.lists import html_page, read_list
from spiders.outcomes import OutcomeError
from spiders.sitemaps import read_sitemap
from spiders.sources import JsonRows, ListPage

if TYPE_CHECKING:
    from datetime import datetime

    from spiders.listing import Listing
    from spiders.scope import Scope
    from spiders.sources import Discover
    from storage.visits import Visit


@dataclass(frozen=True, slots=True)
class Index:
    """An index document; ``rule`` says how a list or JSON file is read."""

    url: str
    kind: str
    rule: ListPage | JsonRows | None = None


def indexes_of(discover: Discover) -> list[Index]:
    """The index documents of a source, of a numbered list its first page."""
    return [
        *(Index(url, "feed") for url in discover.feeds),
        *(Index(url, "sitemap") for url in discover.sitemaps),
        *(Index(page.url.replace("{page}", "1"), "list", page) for page in discover.lists),
        *(Index(rows.url, "json", rows) for rows in discover.json),
    ]


def read_index(index: Index, visit: Visit, scope: Scope, now: datetime) -> Listing:
    """What a fetched index document lists. Raises OutcomeError where it cannot be read."""
    try:
        return _read(index, visit, scope, now)
    except OutcomeError:
        raise
    except Exception as error:  # an odd document must not end the crawl of the others
        raise OutcomeError("not_xml", f"cannot be read: {type(error).__name__}: {error}"[:500]) from error


def _read(index: Index, visit: Visit, scope: Scope, now: datetime) -> Listing:
    url = visit.final_url or index.url
    if isinstance(index.rule, ListPage):
        return read_list(html_page(url, visit), index.rule, scope, now)
    if isinstance(index.rule, JsonRows):
        return read_rows(visit.body, index.rule, scope, now)
    read = read_feed if index.kind == "feed" else read_sitemap
    return read(visit.body, url, scope, now, http_content_type_encoding(visit.content_type) or "")
