"""What a page claims about itself, field by field, each claim with the place that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extraction.dom import text_of
from extraction.json_ld import json_ld_claims
from extraction.lines import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.html import HtmlElement

FIELDS = frozenset(
    {"title", "published", "indexed", "modified", "byline", "origin", "editor", "section", "description",
     "keywords", "canonical", "image", "language", "rights", "licence", "site", "type", "text"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """One value for one of FIELDS. ``source`` is a name that ``Article.published_from`` lists.
    ``indexed`` is the time that a page tells a search engine, often that of its last change."""

    field: str
    value: str
    source: str


def page_claims(tree: HtmlElement) -> tuple[Claim, ...]:
    """All machine-readable claims of a page, most trusted place first: inputs hidden for the
    site's own scripts, JSON-LD, meta tags, microdata, ``<time>``, ``<html lang>``."""
    readers: tuple[tuple[str, Callable[[HtmlElement], Iterable[tuple[str, str]]]], ...] = (
        ("hidden_input", _hidden),
        ("json_ld", json_ld_claims),
        ("meta", _meta),
        ("microdata", _microdata),
        ("time_element", _time_elements),
    )
    return tuple(
        Claim(field, cleaned, source)
        for source, reader in readers
        for field, value in reader(tree)
        if (cleaned := clean_line(value))
    )


_HIDDEN = {
    "newstitle": "title",
    "pubtime_baidu": "published",
    "source_baidu": "origin",
    "author_baidu": "byline",
    "editor_baidu": "editor",
    "pubtime": "published",
    "publishtime": "published",
    "publishdate": "published",
    "articlesource": "origin",
}


def _hidden(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    values: dict[str, str] = {}
    for element in tree.iter("input", "span", "div", "p"):
        name = (element.get("id") or (element.get("name") if element.tag == "input" else "") or "").lower()
        if name in _HIDDEN or name in {"newsdate", "newstime"}:
            value = element.get("value") if element.tag == "input" else text_of(element)
            values.setdefault(name, clean_line(value or ""))
    if date := values.pop("newsdate", ""):
        yield "published", f"{date} {values.get('newstime', '')}"
    values.pop("newstime", None)
    yield from ((_HIDDEN[name], value) for name, value in values.items())


_META = {
    "articletitle": "title",  # the standard of government sites in China, as are ColumnName and ContentSource
    "og:title": "title",
    "twitter:title": "title",
    "dc.title": "title",
    "dcterms.title": "title",
    "sailthru.title": "title",
    "parsely-title": "title",
    "article:published_time": "published",
    "article:published:time": "published",
    "og:article:published_time": "published",
    "og:published_time": "published",
    "og:release_date": "published",
    "bytedance:published_time": "published",
    "bt:pubdate": "published",
    "datepublished": "published",
    "originalpublicationdate": "published",
    "publishdate": "published",
    "publish_date": "published",
    "publish-date": "published",
    "pubdate": "published",
    "pubtime": "published",
    "publication_date": "published",
    "parsely-pub-date": "published",
    "sailthru.date": "published",
    "cxenseparse:recs:publishtime": "published",
    "dc.date.issued": "published",
    "dcterms.issued": "published",
    "dcterms.created": "published",
    "dcterms.date": "published",
    "dc.date": "published",
    "dc.date.created": "published",
    "citation_publication_date": "published",
    "article.published": "published",
    "article_date_original": "published",
    "rnews:datepublished": "published",
    "date": "published",
    "article:modified_time": "modified",
    "article:modified:time": "modified",
    "og:updated_time": "modified",
    "datemodified": "modified",
    "dcterms.modified": "modified",
    "author": "byline",
    "article:author": "byline",
    "dc.creator": "byline",
    "dcterms.creator": "byline",
    "parsely-author": "byline",
    "sailthru.author": "byline",
    "byl": "byline",
    "article:section": "section",
    "og:article:section": "section",
    "parsely-section": "section",
    "columnname": "section",
    "og:description": "description",
    "description": "description",
    "twitter:description": "description",
    "news_keywords": "keywords",
    "keywords": "keywords",
    "article:tag": "keywords",
    "og:url": "canonical",
    "og:image": "image",
    "twitter:image": "image",
    "og:site_name": "site",
    "og:type": "type",
    "og:locale": "language",
    "content-language": "language",
    "language": "language",
    "dc.language": "language",
    "copyright": "rights",
    "dc.rights": "rights",
    "dcterms.rights": "rights",
    "rights": "rights",
    "contentsource": "origin",
    "source": "origin",
    "editor": "editor",
}


def _meta(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    found: list[tuple[int, str, str]] = []
    order = {name: place for place, name in enumerate(_META)}
    for element in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name in _META and element.get("content"):
                found.append((order[name], _META[name], element.get("content") or ""))
                break
    for element in tree.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        if "canonical" in rel and element.get("href"):
            found.append((-1, "canonical", element.get("href") or ""))
        if "license" in rel and element.get("href"):
            found.append((-1, "licence", element.get("href") or ""))
    root = tree.getroottree().getroot()
    found.append(
        (-1, "language", root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    )
    yield from ((field, value) for _, field, value in sorted(found, key=lambda row: row[0]))


_ITEM = {
    "headline": "title",
    "datepublished": "published",
    "datecreated": "published",
    "datemodified": "modified",
    "author": "byline",
    "creator": "byline",
    "articlesection": "section",
    "description": "description",
    "keywords": "keywords",
    "license": "licence",
}


def _microdata(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for element in tree.xpath("//body//*[@itemprop]"):
        for name in (element.get("itemprop") or "").lower().split():
            if name in _ITEM and not element.xpath("ancestor::*[@itemprop='comment' or @itemprop='review']"):
                yield _ITEM[name], _item_value(element)
    yield from _data_attributes(tree)


_DATA_TIMES = (
    "//body//@*[starts-with(name(), 'data-') and (contains(name(), 'publish') or contains(name(), 'pubdate')"
    " or contains(name(), 'deploy-d') or contains(name(), 'release-d'))]"
)


def _data_attributes(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """A time of publication that one ``data-`` attribute names once. With several values it is one
    of teasers too, and of two attributes the shorter name is the plain one (``data-re-deploy-dt``)."""
    values: dict[str, set[str]] = {}
    for value in tree.xpath(_DATA_TIMES):
        values.setdefault(value.attrname, set()).add(str(value))
    single = sorted((name for name, found in values.items() if len(found) == 1), key=len)
    yield from (("published", value) for name in single[:1] for value in values[name])


def _item_value(element: HtmlElement) -> str:
    for attribute in ("content", "datetime"):
        if value := element.get(attribute):
            return str(value)
    named = element.xpath(".//*[@itemprop='name']")
    return text_of(named[0]) if named else text_of(element)


def _time_elements(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """``<time>`` elements outside of links, lists, asides and footers, where teasers stand, and not
    beside a headline's link above the page's own heading."""
    for element in tree.xpath(
        "//time[not(ancestor::a or ancestor::aside or ancestor::footer or ancestor::nav or ancestor::li)]"
        "[not(../a[string-length(normalize-space()) >= 12] and following::h1)]"
    ):
        words = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        field = "modified" if "modif" in words or "updat" in words else "published"
        yield field, element.get("datetime") or text_of(element)
