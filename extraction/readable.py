"""readability-lxml as a second opinion, on the tree that is parsed already."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lxml.etree import LxmlError, tostring
from readability import Document
from readability.readability import REGEXES, Unparseable

from extraction.blocks import page_lines
from extraction.dom import twin

if TYPE_CHECKING:
    from lxml.html import HtmlElement

logging.getLogger("readability.readability").setLevel(logging.CRITICAL)
_DROPPED = ("script", "style", "link", "noscript", "svg", "object", "embed", "applet", "head")


class _Reader(Document):  # type: ignore[misc]  # readability is published without types
    """readability without its cleaning of links and attributes, which costs more than its scoring
    and changes only markup that is not looked at here."""

    def _parse(self, tree: HtmlElement) -> HtmlElement:
        copy = twin(tree)
        for element in list(copy.iter(*_DROPPED)):
            element.drop_tree()
        for element in copy.xpath("//*[@hidden or @style]"):
            hidden = element.get("hidden") is not None or REGEXES["displayNoneRe"].search(
                element.get("style", "")
            )
            if hidden and element.getparent() is not None:
                element.drop_tree()
        return copy

    def get_clean_html(self) -> str:
        return str(tostring(self._html(), encoding="unicode", method="html"))


def readable_lines(tree: HtmlElement) -> list[str]:
    """The lines that readability keeps of a page, or none where it finds no article."""
    reader = _Reader(tree)
    try:
        reader.summary(html_partial=True)
        return [line.text for line in page_lines(reader.html)]
    except (Unparseable, LxmlError, ValueError, RecursionError):
        return []
