"""The page's lines in reading order, each with the element it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extraction.lines import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_SKIPPED = frozenset(
    "script style noscript select option template head textarea svg iframe button object rt rp".split()  # noqa: SIM905
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "meter",
        "nobr",
        "output",
        "q",
        "ruby",
        "rb",
        "rp",
        "rt",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block element: its tag, its class and id as one text, the heading (h1 to h6) that it is or
    is inside of, whether it is hidden (itself or by what is around it), and the block around it."""

    tag: str
    names: str
    heading: str
    hidden: bool
    parent: Block | None

    def chain(self) -> Iterator[Block]:
        """This block and those around it, inside out."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of the page. ``heading`` is h1 to h6 or empty; ``linked`` is the share of its
    characters that are inside links, 0 to 1."""

    text: str
    heading: str
    linked: float
    block: Block


def page_lines(tree: HtmlElement) -> list[Line]:
    """The page's text between block elements and line breaks, in document order."""
    body = tree.find(".//body")
    lines: list[Line] = []
    pieces: list[tuple[str, bool]] = []
    current: Block | None = None

    for breaks, text, in_link, block in _pieces(body if body is not None else tree):
        if breaks and pieces:
            if current is not None and (line := _line(pieces, current)):
                lines.append(line)
            pieces.clear()
        if text:
            if not pieces:
                current = block
            pieces.append((text, in_link))
    if pieces and current is not None and (line := _line(pieces, current)):
        lines.append(line)
    return lines


def _line(pieces: list[tuple[str, bool]], block: Block) -> Line | None:
    text = clean_line("".join(piece for piece, _ in pieces))
    if not text:
        return None
    whole = sum(len(piece.strip()) for piece, _ in pieces) or 1
    linked = sum(len(piece.strip()) for piece, in_link in pieces if in_link)
    return Line(text, block.heading, linked / whole, block)


def _pieces(root: HtmlElement) -> Iterator[tuple[bool, str | None, bool, Block]]:
    """(starts a new line, text, inside a link, block) in document order; a stack, for deep pages."""
    stack: list[tuple[bool, HtmlElement, bool, Block]] = [(False, root, False, _block(root, None))]
    while stack:
        after, element, in_link, block = stack.pop()
        tag = element.tag
        if after:
            yield not _is_inline(tag), element.tail, in_link, block
            continue
        if element is not root:
            stack.append((True, element, in_link, block))
        if not isinstance(tag, str) or tag in _SKIPPED:
            continue
        inline = _is_inline(tag)
        inner = block if inline or tag == "br" or element is root else _block(element, block)
        inner_link = in_link or tag == "a"
        yield not inline, element.text, inner_link, inner
        stack.extend((False, child, inner_link, inner) for child in reversed(element))


def _is_inline(tag: object) -> bool:
    """Whether an element stands in a line, as do those that word processors leave (st1:place, o:p)."""
    return tag in _INLINE or (isinstance(tag, str) and ":" in tag)


def _block(element: HtmlElement, parent: Block | None) -> Block:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    hidden = parent is not None and parent.hidden
    if not hidden:
        style = element.get("style")
        hidden = element.get("hidden") is not None or bool(style and _HIDDEN_STYLE.search(style))
    heading = element.tag if element.tag in _HEADINGS else parent.heading if parent else ""
    return Block(element.tag, names, heading, hidden, parent)
