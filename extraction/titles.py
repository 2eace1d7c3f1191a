"""The title without the site's name around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction.dom import text_of
from extraction.lines import cjk_share, clean_line, line_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from extraction.claims import Claim

_OUTLET = r"[^\s_|｜–—-]{1,12}(?:网|網|报|報|社|电视台|新闻|新聞|频道|在线|客户端)"
# A Chinese dash opens a subtitle, too; before an outlet's name it ends the title.
_LONG_DASH = rf"—{{2,}}(?=\s*(?:[A-Za-z]|{_OUTLET}(?:[\W_]|$)))"
_SEPARATED = re.compile(rf"\s+[-–—|·•:»«/]+\s+|\s*[|｜ㅣ_]+\s*|(?<=[^\s\w-])--+|{_LONG_DASH}|\s+::\s+")
_STATED = frozenset({"hidden_input", "json_ld"})
_CUT = re.compile(r"(?:…|\.\.\.)\W*$")
_QUOTES = tuple("\"'“”„«»‘’「『《")
_CJK_DASH = re.compile(rf"\s*(?:[-–]+|(?<!—)—(?!—)|{_LONG_DASH})\s*")
_PREFIX = re.compile(
    r"^[\s\W]*(?P<site>[^|｜_]{2,40}?)\s*(?:[|｜_]|(?<=\s)[-–—:](?=\s)|(?<=[一-鿿])-+)\s*(?P<rest>\S.*)$"
)
_CHINESE_OUTLET = re.compile(r"^[一-鿿]{2,8}(?:网|網|日报|日報|晚报|晨报|时报|数字报|电视台)$")


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
    if printed := _opening(tree, whole):
        return printed
    if titles:
        return without_site(titles[0].value, site, headings)
    stripped = without_site(whole, site, headings)
    if stripped and not (len(headings) == 1 and len(stripped) < 8):
        return stripped
    return headings[0] if len(headings) == 1 else stripped or clean_line(hint)


def _opening(tree: HtmlElement, whole: str) -> str:
    """The heading that opens the document's title, which is the title as printed; or, where that is
    the site's name or a kicker, the one that the document's title goes on with."""
    whole_key = line_key(whole)
    for first in tree.iter("h1"):
        text = text_of(first)
        key = line_key(text)
        if len(key) < 4 or not whole_key.startswith(key):
            continue
        linked = line_key("".join(text_of(link) for link in first.iter("a"))) == key
        least = 4 if linked else len(key) + 1
        for other in tree.iter("h1", "h2", "h3"):
            other_key = line_key(text_of(other))
            goes_on = whole_key.removeprefix(key).startswith(other_key) and len(other_key) >= least
            if goes_on or (whole_key.startswith(other_key) and len(other_key) >= 2 * len(key)):
                return text_of(other)
        return text
    return ""


def without_site(title: str, site: str, headings: Sequence[str]) -> str:
    """A title with the parts around it taken off that name the site or a section of it."""
    title = _without_prefix(clean_line(title), line_key(site))
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


def _without_prefix(title: str, site_key: str) -> str:
    """A title without the site's name before it: the claimed one, or one that is clearly an outlet's."""
    match = _PREFIX.match(title)
    if not match or len(line_key(match["rest"])) < max(6, len(line_key(match["site"]))):
        return title
    named = line_key(match["site"]) == site_key or _CHINESE_OUTLET.match(match["site"])
    return match["rest"] if named else title


def _is_suffix(first: str, rest: Sequence[str], site_key: str) -> bool:
    """Whether what follows the first part is a site's name: the claimed one, or shorter parts."""
    if len(line_key(first)) < 4:
        return False
    if site_key and any(line_key(part) == site_key for part in rest):
        return True
    longest = min(0.7 * len(first), 40)
    return all(len(part) < longest and not part.startswith(_QUOTES) for part in rest)
