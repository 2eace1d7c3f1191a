"""From a page's bytes to text: what the bytes say counts more than what the page declares.

Candidates are tried in the order byte order mark, UTF-16 by its zero bytes, strict UTF-8, the
page's own declaration, the header's, and a statistical guess. The first that decodes without an
error wins; if none does, the one that leaves the fewest replacement characters. A page that is
UTF-8 but for a few bytes stays UTF-8: nothing else has so many valid sequences by chance.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

REPLACEMENT = "\ufffd"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What browsers read where a page declares the left: https://encoding.spec.whatwg.org/#names-and-labels
_BROWSER_NAMES = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_WESTERN = frozenset({"cp1252", "cp1254", "iso8859-15"})
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.+-]{2,40})""", re.IGNORECASE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_VALID_SHARE, _DECLARED_SHARE = 10, 3
_HEAD_BYTES = 4096
_SAMPLE_BYTES = 8192
_FEW = 3
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{4,}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the codec it was read with; ``bad`` counts the U+FFFD that decoding put in."""

    text: str
    encoding: str
    bad: int


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a page. Never raises: bytes that fit nothing become U+FFFD and are counted."""
    best: Decoded | None = None
    for name in _candidates(body, content_type):
        decoded = _read(body, name)
        if decoded.bad == 0 or (name == "utf-8" and _is_damaged_utf8(decoded, body)):
            return decoded
        if best is None or decoded.bad < best.bad:
            best = decoded
    return best or _read(body, "utf-8")


def codec_name(label: str) -> str:
    """The Python codec that browsers use for a declared label, or "" for a label nobody knows."""
    try:
        name = codecs.lookup(label.strip().lower()).name
    except (LookupError, ValueError):
        return ""
    return _BROWSER_NAMES.get(name, name)


def _read(body: bytes, name: str) -> Decoded:
    try:
        text = body.decode(name)
    except (UnicodeError, ValueError):
        text = body.decode(name, errors="replace")
        return Decoded(text, name, max(1, text.count(REPLACEMENT)))
    return Decoded(text, name, 0)


def _is_damaged_utf8(decoded: Decoded, body: bytes) -> bool:
    """Whether a text that is not UTF-8 throughout was meant to be: bytes of another page's include,
    or the cut end of a download, stand among many valid sequences."""
    valid = sum(map(len, _NOT_ASCII.findall(decoded.text))) - decoded.bad
    declared = "utf-8" in _declarations(body, "")
    return valid >= (_DECLARED_SHARE if declared else _VALID_SHARE) * decoded.bad


def _candidates(body: bytes, content_type: str) -> Iterator[str]:
    for mark, name in _MARKS:
        if body.startswith(mark):
            yield name
    if wide := _utf16_without_mark(body):
        yield wide
    yield "utf-8"
    declared = _declarations(body, content_type)
    western = [name for name in declared if name in _WESTERN]
    yield from (name for name in declared if name not in _WESTERN)
    # cp1252 decodes nearly anything: runs of high bytes are not the accents of a western language.
    if western and not _HIGH_RUN.search(body):
        yield from western
    yield from _guesses(body)
    yield from western


def _declarations(body: bytes, content_type: str) -> list[str]:
    labels = [m.group(1).decode("ascii") for m in _DECLARED.finditer(body[:_HEAD_BYTES])]
    labels += [m.group(1).decode("ascii") for m in _DECLARED.finditer(content_type.encode("ascii", "ignore"))]
    names = dict.fromkeys(codec_name(label) for label in labels)
    # A declaration that we could read as ASCII is no UTF-16.
    return [name for name in names if name and not name.startswith(("utf-16", "utf-32"))]


def _guesses(body: bytes) -> Iterator[str]:
    """Statistical guesses over the part that is not ASCII, so that markup does not drown it."""
    first = _HIGH.search(body)
    if first is None:
        return
    if len(_HIGH.findall(body)) <= _FEW:
        yield "cp1252"  # too little for statistics
    start = max(0, first.start() - 64)
    for match in from_bytes(body[start : start + _SAMPLE_BYTES]):
        if name := codec_name(match.encoding):
            yield name
    yield "gb18030"


def _utf16_without_mark(body: bytes) -> str:
    sample = body[:400]
    if len(sample) < 16:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * len(sample) / 2 and even < odd / 4:
        return "utf-16-le"
    if even > 0.7 * len(sample) / 2 and odd < even / 4:
        return "utf-16-be"
    return ""
