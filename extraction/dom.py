"""The parsed page: one parse, shared by every reader of it."""

from __future__ import annotations

import re
from copy import copy

from lxml.etree import LxmlError, ParserError, SubElement
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from extraction.lines import clean_line

# Not allowed in XML, hence refused by lxml when text is set.
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_SELF_CLOSED_ROOT = re.compile(r"<html([^<>]*)/>", re.IGNORECASE)
_END_OF_PAGE = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
# What may stand in a head, by https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inhead
_OF_HEAD = frozenset(
    {"base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style", "template",
     "title"}
)  # fmt: skip


class TooDeepError(ValueError):
    """The page nests elements deeper than the parser goes; what follows would be missing."""


def parse(markup: str) -> HtmlElement | None:
    """The document's tree without comments, or None where there is nothing to parse.

    Raises TooDeepError where the parser stopped at its limit of 256 levels.
    """
    markup = _DECLARATION.sub("", _INVALID.sub("", markup), count=1)
    # libxml2 reads <html …/> as an empty document: https://bugs.launchpad.net/lxml/+bug/1955915
    markup = _SELF_CLOSED_ROOT.sub(r"<html\1>", markup, count=1)
    # libxml2 drops what follows </html>; to HTML it is part of the body, as pages have it that are put
    # together from includes.
    markup = _END_OF_PAGE.sub("", markup)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(markup.encode("utf-8"), parser=parser)
    except (LxmlError, ParserError, ValueError):
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise TooDeepError("elements nested more than 255 deep")
    if not isinstance(tree, HtmlElement):
        return None
    _end_head(tree)
    return tree


def _end_head(root: HtmlElement) -> None:
    """Move to the body what libxml2 left in the head: it knows no <article> or <main>, which end a
    head whose end tag is left out."""
    head, body = root.find("head"), root.find("body")
    if head is None:
        return
    children = list(head)
    start = next((n for n, child in enumerate(children) if child.tag not in _OF_HEAD), len(children))
    if start == len(children):
        return
    if body is None:
        body = SubElement(root, "body")
    body[:0] = children[start:]


def twin(tree: HtmlElement) -> HtmlElement:
    """A deep copy, for readers that change what they read."""
    return copy(tree)


def text_of(element: HtmlElement) -> str:
    """The element's whole text on one clean line."""
    return clean_line("".join(str(part) for part in element.itertext()))
