"""The title without the site's name behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction.dom import text_of
from extraction.lines import cjk_share, clean_line, line_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from extraction.claims import Claim

_SEPARATED = re.compile(r"\s+[-–—|·•:»«/]+\s+|\s*[|｜ㅣ_]+\s*|(?<=[^\s\w-])--+|—{2,}|\s+::\s+")
_STATED = frozenset({"hidden_input", "json_ld"})
_CUT = re.compile(r"(?:…|\.\.\.)\W*$")
_QUOTES = tuple("\"'“”„«»‘’「『《")
_CJK_DASH = re.compile(r"\s*[-–—]+\s*")


def page_title(tree: HtmlElement, claims: Sequence[Claim], hint: str) -> str:
    """The title: what the page states for machines, the heading that opens ``<title>``, a meta
    tag's, ``<title>`` itself; the last resort is ``hint``, what the index said of the page."""
    headings = [text for element in tree.iter("h1") if (text := text_of(element))]
    document = tree.find(".//title")
    whole = text_of(document) if document is not None else ""
    site = next((claim.value for claim in claims if claim.field == "site"), "")
    titles = [claim for claim in claims if claim.field == "title"]
    for claim in titles:
        if claim.source in _STATED and not _CUT.search(claim.value):
            return without_site(claim.value, site, headings)
    for heading in headings:
        # A heading that opens the document's title is the title as printed.
        if len(line_key(heading)) >= 4 and line_key(whole).startswith(line_key(heading)):
            return heading
    if titles:
        return without_site(titles[0].value, site, headings)
    stripped = without_site(whole, site, headings)
    if stripped and not (len(headings) == 1 and len(stripped) < 8):
        return stripped
    return headings[0] if len(headings) == 1 else stripped or clean_line(hint)


def without_site(title: str, site: str, headings: Sequence[str]) -> str:
    """A title with the parts behind it taken off that name the site or a section of it."""
    title = clean_line(title)
    for heading in headings:
        if len(line_key(heading)) >= 6 and line_key(title).startswith(line_key(heading)):
            return heading
    site_key = line_key(site)
    separators = _CJK_DASH if cjk_share(title) > 0.5 else None
    for pattern in (_SEPARATED, separators):
        if pattern is None:
            continue
        parts = pattern.split(title)
        if len(parts) > 1 and _is_suffix(parts[0], parts[1:], site_key):
            return clean_line(parts[0])
    return title


def _is_suffix(first: str, rest: Sequence[str], site_key: str) -> bool:
    """Whether what follows the first part is a site's name: the claimed one, or shorter parts."""
    if len(line_key(first)) < 4:
        return False
    if site_key and any(line_key(part) == site_key for part in rest):
        return True
    longest = min(0.7 * len(first), 40)
    return all(len(part) < longest and not part.startswith(_QUOTES) for part in rest)
