"""The main text: a source's own rule, else the lines that the line model takes.

trafilatura and readability-lxml read the page first; the model decides line by line with their
votes, so that what one lets in or leaves out by mistake need not stand.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import trafilatura
from lxml.html import HtmlElement, fromstring

from extraction.blocks import page_lines
from extraction.dom import twin
from extraction.features import Claimed, Votes, line_features
from extraction.line_model import article_odds
from extraction.lines import clean_lines, line_key
from extraction.overrules import surely_in, surely_out, with_subheadings
from extraction.readable import readable_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extraction.blocks import Line

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
_ENOUGH_FOR_A_RULE = 40
_BULLET = re.compile(r"^- (?=\S)")  # as trafilatura marks the items of a list
_ENOUGH_FOR_AN_ARTICLE = 300
_AGREED = 0.6
_LONG_KEY = 30
_CUT_SHORT = re.compile(r"(?:…|\.\.\.)$")
_WHOLE_KEY = 1000
# Less than this share of what both extractors took means that the model has missed the article.
_LEAST_SHARE = 0.45
_DOUBTFUL = -1.5


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the main text and the way they were found."""

    lines: tuple[str, ...]
    method: str


def rule_body(tree: HtmlElement, content: str, drop: Sequence[str]) -> Body | None:
    """The text under a source's own CSS, or None where the page has no such element or no text."""
    found = tree.cssselect(content)
    if not found:
        return None
    container = twin(found[0])
    for selector in drop:
        for element in container.cssselect(selector):
            if element.getparent() is not None:
                element.drop_tree()
    holder = fromstring("<html><body></body></html>")
    holder[0].append(container)
    lines = tuple(line.text for line in page_lines(holder))
    return Body(lines, "site_rule") if sum(map(len, lines)) >= _ENOUGH_FOR_A_RULE else None


def opinions(tree: HtmlElement, url: str) -> tuple[list[str], list[str]]:
    """The lines that trafilatura and readability keep.

    trafilatura's own fallbacks (readability again, then jusText) cost two fifths of its time. They
    are asked for only where its first answer is short or leaves out much of what readability found.
    """
    first, second = _trafilatura_lines(tree, url, fast=True), readable_lines(tree)
    one, keys = Votes(first), [line_key(line) for line in second]
    shared = sum(len(key) for key in keys if one.keeps(key))
    if one.size < _ENOUGH_FOR_AN_ARTICLE or not second or shared < _AGREED * sum(map(len, keys)):
        first = _trafilatura_lines(tree, url, fast=False)
    return first, second


def _trafilatura_lines(tree: HtmlElement, url: str, *, fast: bool) -> list[str]:
    found = trafilatura.extract(tree, url=url or None, output_format="txt", include_comments=False, fast=fast)
    return [_BULLET.sub("", line) for line in clean_lines(found or "")]


def generic_body(tree: HtmlElement, lines: Sequence[Line], url: str, claimed: Claimed) -> Body:
    """The text by votes and model; trafilatura's alone where the model misses it."""
    first, second = opinions(tree, url)
    one, two = Votes(first), Votes(second)
    rows = line_features(lines, one, two, claimed)
    odds = article_odds(rows)
    certain = surely_in(lines, rows, (one, two), claimed.title)
    expected = _LEAST_SHARE * min(one.size or two.size, two.size or one.size)
    for threshold in (0.0, _DOUBTFUL):
        chosen = [
            (sure or odd > threshold) and not surely_out(line)
            for line, odd, sure in zip(lines, odds, certain, strict=True)
        ]
        chosen = with_subheadings(lines, rows, chosen)
        taken = [line.text for line in compress(lines, chosen)]
        if taken and sum(len(line_key(line)) for line in taken) >= expected:
            return Body(tuple(_once(taken)), "line_model")
    return Body(tuple(_once(first)), "trafilatura")


def _once(lines: Sequence[str]) -> list[str]:
    """Long text once: layouts repeat paragraphs, or all of them in one, for print and small screens,
    or set the beginning of one above the text."""
    keys = [line_key(line) for line in lines]
    seen: set[str] = set()
    kept: list[str] = []
    for line, key in zip(lines, keys, strict=True):
        repeated = len(key) > _LONG_KEY and (key in seen or _is_begun(line, key, keys))
        if not repeated and not _is_whole(key, keys):
            kept.append(line)
        seen.add(key)
    return kept


def _is_begun(line: str, key: str, keys: Sequence[str]) -> bool:
    """Whether a line is cut short where another one goes on."""
    return bool(_CUT_SHORT.search(line)) and any(
        other.startswith(key) for other in keys if len(other) > len(key)
    )


def _is_whole(key: str, keys: Sequence[str]) -> bool:
    """Whether a very long line is mostly other lines put together."""
    if len(key) < _WHOLE_KEY:
        return False
    inside = sum(len(other) for other in keys if _LONG_KEY < len(other) < len(key) and other in key)
    return inside > 0.6 * len(key)
