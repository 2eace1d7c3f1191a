"""The text of pages that carry it only in script data, as frameworks leave it for the browser.

Next.js and its like put the article's HTML as a string into JSON inside of a script, sometimes as a
string within a string. The longest string that is made of paragraphs is taken for the article.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from extraction.blocks import page_lines
from extraction.dom import TooDeepError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_SHORTEST, _LONGEST = 1_000, 2_000_000
_LEAST_PARAGRAPHS = 3
_NESTING = 3
# What the browser replaces by an advertisement.
_PLACEHOLDER = re.compile(r"^\$\$\w+\$\$$")
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


def script_lines(tree: HtmlElement) -> list[str]:
    """The lines of the longest article in the page's script data, or none."""
    best = ""
    for script in tree.iter("script"):
        data = script.text or ""
        if _SHORTEST <= len(data) <= _LONGEST:
            best = max((best, *_articles(data, _NESTING)), key=len)
    if not best:
        return []
    try:
        inner = parse(f"<html><body><div>{best}</div></body></html>")
    except TooDeepError:
        return []
    if inner is None:
        return []
    return [line.text for line in page_lines(inner) if not _PLACEHOLDER.match(line.text)]


def _articles(data: str, nesting: int) -> Iterator[str]:
    for match in _STRING.finditer(data):
        if len(match.group(0)) < _SHORTEST:
            continue
        try:
            text = json.loads(match.group(0), strict=False)
        except ValueError:
            continue
        if text.count("<p") >= _LEAST_PARAGRAPHS and text.lstrip().startswith("<"):
            yield text
        elif nesting > 1:
            yield from _articles(text, nesting - 1)
