"""Pages that are no articles, told apart: blocked, walled, missing, broken, empty, lists.

Judged by what the page says in its title, its headings and its first lines, and only where there
is little else: an article about captchas has paragraphs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction.lines import CJK, line_key
from extraction.phrases import phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extraction.blocks import Line

_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"RIFF", "a RIFF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x00\x00\x00\x18ftyp", "an MP4 file"),
    (b"\x00\x00\x00 ftyp", "an MP4 file"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"\x7fELF", "a program"),
)
_NOT_PAGES = re.compile(
    r"^(?:image|audio|video|font)/|^application/(?:pdf|zip|json|octet-stream|msword|vnd\.)", re.IGNORECASE
)


def not_text(body: bytes, content_type: str) -> str:
    """What a body is that is no page, or ""."""
    start = body[:64].lstrip()
    for signature, meaning in _SIGNATURES:
        if start.startswith(signature):
            return meaning
    if _NOT_PAGES.match(content_type.strip()) and b"<html" not in body[:2048].lower():
        return f"sent as {content_type.split(';')[0].strip()}"
    if b"\x00" in body[:2048] and b"<" not in body[:2048]:
        return "a binary file"
    return ""


_SHORT = 600.0
_TINY = 120.0
_CJK_WEIGHT = 2.5
_LOOKED_AT = 40
_OPENING, _MUCH = 2, 0.4
_READING = re.compile(r"continue|read|unlock|subscri|阅读|閱讀|查看|全文|abonn|suscri", re.IGNORECASE)
_LONGEST = 300


def weight(text: Sequence[str]) -> float:
    """How much a text says, in letters; a Han character counts as two and a half."""
    whole = "".join(text)
    return len(whole) + (_CJK_WEIGHT - 1) * len(CJK.findall(whole))


def wall_or_error(title: str, lines: Sequence[Line], text: Sequence[str]) -> tuple[str, str] | None:
    """(outcome, the words that gave it away) of a page that is no article, or None.

    A page with a real main text is judged by nothing else, one with some text by its title and
    headings and that text, where the phrase must open the line or be much of it; one with next to
    none by all that it shows.
    """
    size = weight(text)
    if size > _SHORT:
        return None
    shown = [title, *(line.text for line in lines if line.heading), *text]
    if size >= _TINY:
        # Lower headings are those of widgets: a login form, a cookie notice.
        minor = {line.text for line in lines if line.heading > "h1" and not _READING.search(line.text)}
        shown = [title, *(line for line in shown if line not in minor)]
    else:
        shown += [line.text for line in lines if line.linked < 0.5]
    for rule in phrases("page"):
        for line in shown[:_LOOKED_AT]:
            words = rule.find(line) if len(line) < _LONGEST else ""
            if words and (size < _TINY or _says(line, words)):
                return rule.name, words
    return None


def _says(line: str, words: str) -> bool:
    """Whether a line is about these words, not a sentence that has them somewhere."""
    return line.find(words) <= _OPENING or len(words) >= _MUCH * len(line)


_ENOUGH = 60
_DATE = re.compile(r"\W*\d{1,4}[-./年]\d{1,2}(?:[-./月]\d{1,4}日?)?\W*$")


def _link_share(line: Line) -> float:
    """The share of a line that is inside links, without the date that lists set behind a headline."""
    told = len(_DATE.sub("", line.text))
    return min(1.0, line.linked * len(line.text) / told) if told else line.linked


def no_article(text: Sequence[str], lines: Sequence[Line]) -> str:
    """Why what was extracted is no article's text, or ""."""
    size = sum(map(len, text))
    if size == 0:
        return "no main text found"
    linked = {line_key(line.text) for line in lines if _link_share(line) > 0.8}
    in_links = sum(len(line) for line in text if line_key(line) in linked)
    if in_links > 0.6 * size:
        return f"{in_links} of {size} characters of the main text are links"
    return f"only {size} characters of main text" if weight(text) < _ENOUGH else ""
