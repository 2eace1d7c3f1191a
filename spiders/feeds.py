"""Feeds: RSS 0.9 to 2, RDF, Atom and JSON Feed."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import feedparser
from lxml import etree

from spiders.dates import stated_time
from spiders.json_rows import read_rows
from spiders.listing import Listing, plain_title
from spiders.outcomes import OutcomeError
from spiders.safe_xml import local_name, read_xml
from spiders.sources import JsonRows
from storage.models import Hint

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.etree import _Element

    from spiders.scope import Scope

MAX_ITEMS = 2000

_ITEMS = ("item", "entry")
_FEEDS = ("rss", "rdf", "feed", "channel")
# What feedparser is shown of an item. Bodies would cost it most of its time, and are not used.
_FIELDS = (
    "link",
    "title",
    "guid",
    "id",
    "pubdate",
    "published",
    "updated",
    "issued",
    "modified",
    "created",
    "date",
)
# A number is a permalink to feedparser, unless the item says otherwise.
_ADDRESS = re.compile(r"\s*(?:https?:/)?/", re.IGNORECASE)


def read_feed(body: bytes, url: str, scope: Scope, now: datetime, charset: str = "") -> Listing:
    """The items of a feed at ``url``; ``charset`` as in ``read_xml``. Raises OutcomeError where it is
    not one."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return read_rows(
            body, JsonRows(url, "items", "url", "title", "date_published"), scope, now, via="feed"
        )
    document = read_xml(body, charset)
    if local_name(document.root) not in _FEEDS:
        raise OutcomeError("not_xml", f"not a feed but <{local_name(document.root)}>")
    left_out = _lighten(document.root)
    parsed = feedparser.parse(
        # A stream: feedparser would take a text for a file name or an address.
        BytesIO(etree.tostring(document.root, encoding="utf-8", xml_declaration=True)),
        response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    links = tuple(
        scope.link(url, entry["link"], _hint(entry, now)) for entry in parsed.entries if entry.get("link")
    )
    if not links and document.flaw:
        raise OutcomeError("not_xml", document.flaw)
    linkless = len(parsed.entries) - len(links)
    remarks = (document.flaw, left_out, f"{linkless:,} items without a usable link" if linkless else "")
    return Listing(links, remark="; ".join(filter(None, remarks)), broken=bool(document.flaw))


def _hint(entry: feedparser.FeedParserDict, now: datetime) -> Hint:
    stated = entry.get("published") or entry.get("updated") or entry.get("created") or ""
    return Hint(plain_title(entry.get("title", "")), stated_time(stated, now), "feed")


def _is_void(field: _Element) -> bool:
    """Whether a field is a link to nowhere, which would hide a permalink in the item's guid."""
    return local_name(field) == "link" and not field.get("href") and not (field.text or "").strip()


def _lighten(root: _Element) -> str:
    """Take out bodies and the items beyond MAX_ITEMS; say what was left out."""
    items = [element for element in root.iter() if local_name(element) in _ITEMS]
    for item in items[:MAX_ITEMS]:
        for child in list(item):
            if local_name(child) not in _FIELDS or _is_void(child):
                item.remove(child)
            elif local_name(child) == "guid" and not _ADDRESS.match(child.text or ""):
                child.set("isPermaLink", "false")
    for item in items[MAX_ITEMS:]:
        parent = item.getparent()
        if parent is not None:
            parent.remove(item)
    extra = len(items) - MAX_ITEMS
    return f"{extra:,} items after the first {MAX_ITEMS:,} left out" if extra > 0 else ""
