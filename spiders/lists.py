"""List pages: HTML pages whose links, chosen by CSS, are articles."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import quote

from scrapy.http import HtmlResponse
from scrapy.utils.response import get_base_url

from spiders.dates import row_time
from spiders.listing import Listing, has_endless_tags, one_line
from spiders.outcomes import OutcomeError
from storage.addresses import url_key
from storage.models import Hint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lxml.etree import _Element

    from spiders.scope import Scope
    from spiders.sources import ListPage
    from storage.visits import Visit

MAX_LINKS = 1000
# XPath joins the links of n rows in n² steps: 200,000 took minutes.
_MAX_TAGS = 100_000
_ROW_LEVELS = 4
_ROW_LINKS = 50
_ROW_TEXT = 600
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_BASE = re.compile(rb"<base\b[^>]{0,2000}>", re.IGNORECASE)


def html_page(url: str, visit: Visit) -> HtmlResponse:
    """A fetched page to select from: in the charset that it names if that is one for texts ("hex" is a
    codec of Python, too), its links relative to its ``<base>`` if that is an address."""
    baseless = _BASE.sub(b"", visit.body)
    for body in (visit.body, baseless):
        for headers in ({"Content-Type": visit.content_type}, {}):
            page = HtmlResponse(url, headers=headers, body=body)
            with suppress(LookupError, ValueError):
                url_key(get_base_url(page))
                return page
    return HtmlResponse(url, body=baseless, encoding="utf-8")


def read_list(response: HtmlResponse, spec: ListPage, scope: Scope, now: datetime) -> Listing:
    """The links of a list page and its next page. Raises OutcomeError: ``empty`` if no
    link matches, ``too_complex``."""
    if response.body.count(b"<") > _MAX_TAGS or has_endless_tags(response.body):
        raise OutcomeError(
            "too_complex", f"a list page of more than {_MAX_TAGS:,} tags, or with endless ones"
        )
    base = get_base_url(response)
    anchors = list(dict.fromkeys(_anchors(response, spec.links)))
    if not anchors:
        raise OutcomeError("empty", f"no link matches {spec.links!r}: the list changed or is empty")
    extra = len(anchors) - MAX_LINKS
    chosen = set(anchors)
    links = tuple(
        scope.link(base, _href(anchor, response), _hint(anchor, chosen, now))
        for anchor in anchors[:MAX_LINKS]
    )
    remark = f"{extra:,} links after the first {MAX_LINKS:,} left out" if extra > 0 else ""
    return Listing(links, _next(response, spec, base, scope), remark)


def _anchors(response: HtmlResponse, css: str) -> Iterator[_Element]:
    found = (selector.root for selector in response.css(css))
    for element in chain.from_iterable(e.iter("a") for e in found if hasattr(e, "iter")):
        if element.get("href"):
            yield element


def _href(anchor: _Element, page: HtmlResponse) -> str:
    """A link's address, its query in the page's charset: what a browser asks for on a page in GBK."""
    path, mark, query = (anchor.get("href") or "").partition("?")
    if page.encoding != "utf-8":
        query = _BEYOND_ASCII.sub(lambda part: quote(part[0].encode(page.encoding, "replace")), query)
    return path + mark + query


def _hint(anchor: _Element, chosen: set[_Element], now: datetime) -> Hint:
    text = _text(anchor)
    published = row_time(_beside(anchor, text, chosen), anchor.get("href", ""), now)
    return Hint(one_line(anchor.get("title") or text), published, "list")


def _beside(anchor: _Element, text: str, chosen: set[_Element]) -> str:
    """The text of the link's row without the link's own: its row is the largest element around it,
    within four levels and of at most 50 links, that holds no other link of the list."""
    row = anchor
    for level, parent in enumerate(anchor.iterancestors()):
        if level == _ROW_LEVELS or not _is_row(parent, anchor, chosen):
            break
        row = parent
    if row is anchor:
        return f"{anchor.tail or ''} {text}"[:_ROW_TEXT]
    return _text(row).replace(text, " ", 1)[:_ROW_TEXT]


def _is_row(element: _Element, anchor: _Element, chosen: set[_Element]) -> bool:
    # Each link of a list asks this: an element of many links must not be gone through every time.
    links = list(islice(element.iter("a"), _ROW_LINKS + 1))
    alike = all(link.get("href") == anchor.get("href") for link in links if link in chosen)
    return alike and len(links) <= _ROW_LINKS


def _text(element: _Element) -> str:
    return str(element.xpath("string()"))


def _next(response: HtmlResponse, spec: ListPage, base: str, scope: Scope) -> tuple[str, ...]:
    if not spec.next:
        return ()
    hrefs = (_href(anchor, response) for anchor in _anchors(response, spec.next))
    following = (scope.child(base, href) for href in hrefs)
    return next(((url,) for url in following if url and url != response.url), ())
