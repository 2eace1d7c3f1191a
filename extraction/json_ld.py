"""JSON-LD of a page: the schema.org node that is the article, read as claims."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

MAX_SCRIPT = 512 * 1024
_MAX_NODES = 2000
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|Review|LiveBlogPosting|NewsStory)$", re.IGNORECASE)
_PAGE = re.compile(r"(?:WebPage|ItemPage|VideoObject)$", re.IGNORECASE)
_VIDEO = re.compile(r"VideoObject$", re.IGNORECASE)
# What lies under these keys is somebody else's: teasers of a list, readers' words.
_OF_OTHERS = frozenset({"itemListElement", "comment", "review", "suggestedAnswer"})
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_CONTROL = re.compile("[\x00-\x1f]+")
# What was put around scripts for parsers of XML and for browsers of old, from outside in.
_OPENINGS = ("//", "/*", "<![CDATA[", "<!--", "*/")
_CLOSINGS = ("*/", "]]>", "-->", "//", "/*", ";")
_TEXT_FIELDS = (
    ("title", "headline"),
    ("title", "name"),
    ("published", "datePublished"),
    ("published", "dateCreated"),
    ("modified", "dateModified"),
    ("section", "articleSection"),
    ("description", "description"),
    ("language", "inLanguage"),
    ("licence", "license"),
    ("rights", "copyrightNotice"),
    ("text", "articleBody"),
)


def json_ld_claims(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """(field, value) pairs of the page's article nodes; of its page nodes where there are none."""
    nodes = [node for script in _scripts(tree) for node in _nodes(script)]
    articles = [node for node in nodes if _is(node, _ARTICLE)]
    for node in articles or [node for node in nodes if _is(node, _PAGE)]:
        video = not articles and _is(node, _VIDEO)
        yield from (claim for claim in _claims(node, nodes) if not (video and claim[0] == "title"))
    for node in nodes:
        yield from _search_engine(node)


def _search_engine(node: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Baidu's own form (context ``cambrian.jsonld``), which has no types."""
    if "@type" not in node and node.get("title") and node.get("pubDate"):
        for field, key in (("title", "title"), ("indexed", "pubDate"), ("modified", "upDate")):
            yield from ((field, text) for text in _texts(node.get(key))[:1])


def _scripts(tree: HtmlElement) -> Iterator[object]:
    for script in tree.iter("script"):
        kind = (script.get("type") or "").lower()
        text = script.text or ""
        if "ld+json" not in kind or not text.strip() or len(text) > MAX_SCRIPT:
            continue
        try:
            yield json.loads(_CONTROL.sub(" ", _unwrapped(text)), strict=False)
        except (ValueError, RecursionError):
            continue


def _unwrapped(text: str) -> str:
    text = text.strip()
    for opening in _OPENINGS:
        text = text.removeprefix(opening).lstrip()
    for closing in _CLOSINGS:
        text = text.removesuffix(closing).rstrip()
    return text


def _nodes(value: object) -> list[dict[str, object]]:
    """Every object of a document, outermost first, at most _MAX_NODES."""
    nodes: list[dict[str, object]] = []
    queue = [value]
    for current in queue:
        if len(queue) > _MAX_NODES:
            break
        if isinstance(current, dict):
            nodes.append(current)
            queue.extend(
                inner
                for key, inner in current.items()
                if isinstance(inner, dict | list) and key not in _OF_OTHERS
            )
        elif isinstance(current, list):
            queue.extend(inner for inner in current if isinstance(inner, dict | list))
    return nodes


def _is(node: dict[str, object], kind: re.Pattern[str]) -> bool:
    return any(kind.search(name) for name in _texts(node.get("@type")))


def _claims(node: dict[str, object], nodes: list[dict[str, object]]) -> Iterator[tuple[str, str]]:
    for field, key in _TEXT_FIELDS:
        for text in _texts(node.get(key))[:1]:
            yield field, text
    if names := _names(node.get("author") or node.get("creator"), nodes):
        yield "byline", "; ".join(names)
    for name in _names(node.get("editor"), nodes):
        yield "editor", name
    for keyword in _texts(node.get("keywords")):
        yield "keywords", keyword
    for url in _addresses(node.get("mainEntityOfPage") or node.get("url")):
        yield "canonical", url
    for url in _addresses(node.get("image") or node.get("thumbnailUrl")):
        yield "image", url


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [html.unescape(_TAG.sub(" ", value))] if value.strip() else []
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [str(value)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    if isinstance(value, dict):
        return _texts(value.get("@value") or value.get("name"))
    return []


def _names(value: object, nodes: list[dict[str, object]]) -> list[str]:
    """Names of people and bodies, following ``{"@id": …}`` to the node that it names."""
    found: list[str] = []
    for inner in value if isinstance(value, list) else [value]:
        found += _texts(_referred(inner, nodes))
    return list(dict.fromkeys(found))


def _referred(value: object, nodes: list[dict[str, object]]) -> object:
    if isinstance(value, dict) and "name" not in value and "@id" in value:
        return next((node for node in nodes if node.get("@id") == value["@id"] and "name" in node), value)
    return value


def _addresses(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [url for inner in value[:1] for url in _addresses(inner)]
    if isinstance(value, dict):
        return _addresses(value.get("url") or value.get("@id"))
    return []
