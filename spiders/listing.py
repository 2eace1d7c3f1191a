"""What reading an index document gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from w3lib.html import remove_tags

if TYPE_CHECKING:
    from storage.visits import Link


_HTML = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


# libxml2 compares each attribute of a tag with all before it: 60,000 of them (490 kB) took 39 s. This
# sum of the squared lengths of long tags is about 2 s of that.
_LONG_TAG = re.compile(rb"<[^<>]{1024,}")
_MAX_TAG_COST = 1e10


@dataclass(frozen=True, slots=True)
class Listing:
    """The links of an index document in its order, and the addresses of further documents to read
    (child sitemaps, the next list page). ``remark`` says what was left out, and why; ``broken``: the
    document was damaged, and may be whole next time."""

    links: tuple[Link, ...] = ()
    follow: tuple[str, ...] = ()
    remark: str = ""
    broken: bool = False


def plain_title(html: str) -> str:
    """A title that may hold markup, as text in one line."""
    return one_line(unescape(remove_tags(html[:5000])))


def one_line(text: str) -> str:
    """Text without line breaks, NULs and halves of characters, at most 500 characters."""
    sound = text[:5000].replace("\x00", "").encode("utf-8", "ignore").decode()
    return " ".join(sound.split())[:500]


def html_title(body: bytes) -> str:
    """The <title> of an HTML document, as far as it can be read without parsing."""
    match = re.search(rb"<title[^>]*>(.{0,300}?)</title", body[:20_000], re.IGNORECASE | re.DOTALL)
    return plain_title(match[1].decode("utf-8", "replace")) if match else ""


def looks_like_html(body: bytes) -> bool:
    """Whether a document that should be XML or JSON is a web page."""
    return bool(_HTML.match(body[:2000]))


def has_endless_tags(body: bytes) -> bool:
    """Whether tags are so long that a parser would take quadratic time over their attributes."""
    return sum(len(tag[0]) ** 2 for tag in _LONG_TAG.finditer(body)) > _MAX_TAG_COST
