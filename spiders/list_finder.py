"""Finds the list of articles in a page: the links that are built alike and point to alike addresses."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.utils.response import get_base_url

from spiders.listing import one_line
from spiders.sources import ListPage
from storage.models import Hint

if TYPE_CHECKING:
    from lxml.etree import _Element
    from scrapy.http import HtmlResponse

    from spiders.scope import Scope

_LEAST_LINKS = 4
_NEXT_WORDS = ("下一页", "下页", "Next", "next", "Older", "»")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list page as a source file has it, and the addresses that its rule finds."""

    page: ListPage
    links: tuple[str, ...]


def find_list(response: HtmlResponse, scope: Scope) -> FoundList | None:
    """The likeliest list of articles: most links with a headline's length, and an address with a
    number or a date. None where fewer than four links are alike."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    base = get_base_url(response)
    for selector in response.css("a[href]"):
        anchor: _Element = selector.root
        link = scope.link(base, anchor.get("href", ""), Hint())
        if link.outcome is None and _is_headline(one_line("".join(selector.css("::text").getall()))):
            groups[_css_of(anchor), _shape(link.url)].append(link.url)
    alike = {key: list(dict.fromkeys(urls)) for key, urls in groups.items()}
    ranked = sorted(alike, key=lambda key: (bool(re.search(r"9", key[1])), len(alike[key])), reverse=True)
    if not ranked or len(alike[ranked[0]]) < _LEAST_LINKS:
        return None
    css = ranked[0][0]
    following = _next_css(response)
    page = ListPage(response.url, css, following, 2 if following else 1)
    return FoundList(page, tuple(alike[ranked[0]]))


def _is_headline(text: str) -> bool:
    return len(text) >= (8 if _CJK.search(text) else 20)


def _shape(url: str) -> str:
    """An address with its digits as 9: articles differ in them only, and in their words."""
    path = re.sub(r"\d", "9", urlsplit(url).path)
    head, _, last = path.rpartition("/")
    return head + "/" + re.sub(r"[^/.9]+", "a", last)


def _css_of(anchor: _Element) -> str:
    """A selector of the link by its two closest ancestors that say something, from the outside in."""
    steps: list[str] = []
    for element in anchor.iterancestors():
        if element.tag in ("body", "html") or len(steps) == 2:
            break
        classes = [
            name for name in (element.get("class") or "").split() if re.fullmatch(r"[A-Za-z][\w-]*", name)
        ]
        if classes:
            steps.append(f"{element.tag}.{classes[0]}")
        elif element.tag in ("li", "h1", "h2", "h3", "h4", "article", "td", "dd", "dt"):
            steps.append(str(element.tag))
    return " ".join([*reversed(steps), "a"])


def _next_css(response: HtmlResponse) -> str:
    if response.css("a[rel~=next]"):
        return "a[rel~=next]"
    for word in _NEXT_WORDS:
        if response.css(f"a:contains('{word}')"):
            return f"a:contains('{word}')"
    return ""
