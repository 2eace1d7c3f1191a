"""What reading an index document gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from w3lib.html import remove_tags

if TYPE_CHECKING:
    from storage.archive import Link


_HTML = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


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
    """Text without line breaks and NULs, at most 500 characters."""
    return " ".join(text[:5000].replace("\x00", "").split())[:500]


def html_title(body: bytes) -> str:
    """The <title> of an HTML document, as far as it can be read without parsing."""
    match = re.search(rb"<title[^>]*>(.{0,300}?)</title", body[:20_000], re.IGNORECASE | re.DOTALL)
    return plain_title(match[1].decode("utf-8", "replace")) if match else ""


def looks_like_html(body: bytes) -> bool:
    """Whether a document that should be XML or JSON is a web page."""
    return bool(_HTML.match(body[:2000]))
