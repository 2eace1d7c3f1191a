"""The main text: trafilatura, checked line by line against second opinions.

Agreement rule: of trafilatura's lines those stay that readability keeps, too, where readability's
text is long enough to judge by and lies inside trafilatura's. What was left out is reported.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import trafilatura
from lxml.etree import LxmlError
from lxml.html import HtmlElement, fromstring
from readability import Document
from readability.readability import Unparseable

from extraction.dom import twin
from extraction.lines import clean_lines, line_key
from extraction.visible import visible_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

_READABLE_SHARE = 0.30
_INSIDE_SHARE = 0.85

for _name in ("trafilatura", "readability.readability"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the main text and how they were found; ``disputed`` are those that the second
    opinion left out."""

    lines: tuple[str, ...]
    method: str
    disputed: tuple[str, ...] = ()


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
    lines = tuple(line.text for line in visible_lines(holder))
    return Body(lines, "site_rule") if sum(map(len, lines)) >= 40 else None


def generic_body(tree: HtmlElement, url: str) -> Body:
    """The text by trafilatura, narrowed by the agreement rule."""
    main = _unique(clean_lines(_trafilatura(tree, url)))
    second = _readability(tree)
    second_text = "".join(map(line_key, second))
    keys = [line_key(line) for line in main]
    whole = sum(map(len, keys))
    if not whole or len(second_text) < _READABLE_SHARE * whole:
        return Body(tuple(main), "trafilatura")
    main_text = "".join(keys)
    inside = sum(len(key) for line in second if (key := line_key(line)) and key in main_text)
    if inside <= _INSIDE_SHARE * len(second_text):
        return Body(tuple(main), "trafilatura")
    kept = tuple(line for line, key in zip(main, keys, strict=True) if key in second_text)
    disputed = tuple(line for line, key in zip(main, keys, strict=True) if key not in second_text)
    return Body(kept, "trafilatura+readability", disputed)


def _trafilatura(tree: HtmlElement, url: str) -> str:
    text = trafilatura.extract(tree, url=url or None, output_format="txt", include_comments=False)
    return text or ""


def _readability(tree: HtmlElement) -> list[str]:
    try:
        summary = Document(twin(tree)).summary(html_partial=True)
        return [line.text for line in visible_lines(fromstring(f"<body>{summary}</body>"))]
    except (Unparseable, LxmlError, ValueError):
        return []


def _unique(lines: Sequence[str]) -> list[str]:
    """Long lines once: layouts repeat whole paragraphs for print or for small screens."""
    seen: set[str] = set()
    kept: list[str] = []
    for line in lines:
        key = line_key(line)
        if len(key) > 30 and key in seen:
            continue
        seen.add(key)
        kept.append(line)
    return kept
