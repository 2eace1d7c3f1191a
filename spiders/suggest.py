"""Drafts the source file of a site: its feeds, its sitemaps, and how its list page is built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from spiders.draft import draft_toml
from spiders.indexes import Index, read_index
from spiders.list_finder import find_list
from spiders.lists import html_page
from spiders.outcomes import OutcomeError
from spiders.probe import Probe, probe, source_for
from spiders.scope import Scope
from storage.errors import AidwireError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from scrapy.http import HtmlResponse

    from spiders.listing import Listing
    from spiders.sources import ListPage

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEED_GUESSES = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml")
_SITEMAP_GUESSES = ("/sitemap.xml", "/news-sitemap.xml")
_MAX_CANDIDATES = 8
_COMMENTS = re.compile(r"/comments?(?:/|\.|$)")


@dataclass(frozen=True, slots=True)
class Found:
    """A feed or sitemap that was read: its links on the site, and the newest time they state."""

    url: str
    links: tuple[str, ...]
    newest: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A drafted source file. ``page`` is the address of an article to save for review, empty if
    none was found; ``notes`` say what was found and what was not."""

    id: str
    toml: str
    page: str
    notes: tuple[str, ...]


class NothingFoundError(AidwireError):
    """The site offers nothing to read; the message says what was tried."""


def suggest(
    url: str, *, allow_private: Sequence[str] = (), hosts: Path | None = None, delay: float = 1.0
) -> Suggestion:
    """Look at a site's page, its robots.txt, feeds and sitemaps, and draft a source file.

    A page that is itself a feed or sitemap is taken as one. ``allow_private`` and ``delay`` as in a
    source file, ``hosts`` as in ``probe``.
    Raises NothingFoundError, ProbeError.
    """
    source = source_for(url, allow_private, delay=delay)
    [front] = probe([url], source, pages=False, hosts=hosts)
    if front.visit.outcome is not None:
        why = f"{front.visit.outcome} ({front.visit.detail or front.robots})"
        raise NothingFoundError(f"{url}: {why}", code=1)
    page = html_page(front.visit.final_url or url, front.visit)
    # The site is where the address leads to, which may be another host.
    source = source_for(page.url, allow_private, delay=delay)
    scope, now = Scope(source), datetime.now(UTC)
    candidates = _candidates(page, front)
    looks = [front, *probe(candidates, source, pages=False, hosts=hosts)]
    feeds = [found for look in looks if (found := _read(look, scope, now, feed=True))]
    sitemaps = [found for look in looks if (found := _read(look, scope, now, feed=False))]
    listed = None if front.url in {found.url for found in feeds + sitemaps} else find_list(page, scope)
    if not feeds and not sitemaps and listed is None:
        raise NothingFoundError(
            f"{url}: no feed, no sitemap and no list of articles; tried {', '.join(candidates)}"
        )
    # A feed is smaller and says more than a sitemap: where there is one, the sitemap is left out.
    chosen = [found.url for found in sitemaps] if not feeds else []
    links = [link for found in (*feeds, *sitemaps) for link in found.links] + list(
        listed.links if listed else ()
    )
    list_page = listed.page if listed and not feeds else None
    toml = draft_toml(page, [found.url for found in feeds], chosen, list_page, allow_private)
    notes = _notes(feeds, sitemaps, listed.page if listed else None)
    return Suggestion(_id_of(page.url), toml, next(iter(links), ""), tuple(notes))


def _candidates(page: HtmlResponse, front: Probe) -> list[str]:
    alternates = page.css("link[rel~=alternate]")
    hrefs = [link.attrib.get("href", "") for link in alternates if link.attrib.get("type") in _FEED_TYPES]
    named = [href for href in hrefs if _joined(page.url, href) and not _COMMENTS.search(href)]
    guesses = () if named else _FEED_GUESSES
    sitemaps = front.sitemaps[:2] or _SITEMAP_GUESSES
    wanted = [_joined(page.url, href) for href in (*named[:4], *guesses, *sitemaps) if href]
    return [url for url in dict.fromkeys(wanted) if url and url != front.url][:_MAX_CANDIDATES]


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return ""  # such as "http://[bad/"


def _read(look: Probe, scope: Scope, now: datetime, *, feed: bool) -> Found | None:
    if look.visit.outcome is not None:
        return None
    try:
        listing = read_index(Index(look.url, "feed" if feed else "sitemap"), look.visit, scope, now)
    except OutcomeError:
        return None
    links = tuple(link.url for link in listing.links if link.outcome is None)
    return Found(look.url, links, _newest(listing)) if links or listing.follow else None


def _newest(listing: Listing) -> str:
    return max((link.hint.published for link in listing.links), default="")


def _notes(feeds: Iterable[Found], sitemaps: Iterable[Found], listed: ListPage | None) -> Iterable[str]:
    for kind, several in (("feed", feeds), ("sitemap", sitemaps)):
        for found in several:
            yield f"{kind} {found.url}: {len(found.links)} addresses, newest {found.newest or 'undated'}"
    if listed:
        yield f"list {listed.url}: links {listed.links!r}"


def _id_of(url: str) -> str:
    host = (urlsplit(url).hostname or "source").removeprefix("www.")
    return "".join(letter if letter.isalnum() else "_" for letter in host.lower()).strip("_")
