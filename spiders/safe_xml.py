"""XML from strangers: no entities, no network, bounded in elements and depth, repaired if broken.

libxml2's own limits stay on (depth 256, text 10 MB). A document that declares entities is refused
whatever they are: no feed or sitemap needs them, and every XML bomb does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.entities import html5
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lxml import etree

from spiders.listing import has_endless_tags, html_title, looks_like_html
from spiders.outcomes import OutcomeError

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_ELEMENTS = 400_000

_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
# Tab, line feed, carriage return and the ISO 2022 escape stay.
_CONTROL = bytes(byte for byte in range(32) if byte not in (9, 10, 13, 27))
_DECLARED = re.compile(rb"""(<\?xml[^>]{0,100}encoding\s*=\s*["'])([^"'>]{0,40})(["'])""", re.IGNORECASE)
_CDATA = rb"<!\[CDATA\[.*?(?:\]\]>|\Z)"
# "?cat=3&id=5" loses its "&id" in libxml2's repair, and entities of HTML vanish.
_AMPERSAND = re.compile(
    _CDATA + rb"|&(?!#[0-9]|#x[0-9a-f])([a-z][a-z0-9]{1,31};)?", re.IGNORECASE | re.DOTALL
)
_XML_NAMES = (b"amp;", b"lt;", b"gt;", b"quot;", b"apos;")
_NUMBERS = re.compile(_CDATA + rb"|(?:&#(?:x[0-9a-f]{1,9}|[0-9]{1,9});)+", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class SafeXml:
    """A parsed document; ``flaw`` says how it was broken, empty for a sound one."""

    root: _Element
    flaw: str


def read_xml(body: bytes, charset: str = "") -> SafeXml:
    """Parse a feed or sitemap; ``charset`` is that of the HTTP header, for one that names none itself.
    Raises OutcomeError: ``not_xml``, ``xml_rejected``, ``empty``."""
    body = _cleaned(body, charset)
    if not body:
        raise OutcomeError("empty", "the answer had no content")
    if looks_like_html(body):
        raise OutcomeError("not_xml", f"a web page came instead, titled {html_title(body)!r}")
    if has_endless_tags(body):
        raise OutcomeError("xml_rejected", "a tag with too many attributes")
    events = etree.iterparse(
        BytesIO(body),
        events=("start",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    root = _walk(events)
    return SafeXml(root, _flaw(events, root, body))


def local_name(element: _Element) -> str:
    """The tag without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


def _walk(events: etree.iterparse) -> _Element:
    root: _Element | None = None
    try:
        for count, (_, element) in enumerate(events):
            if root is None:
                root = element
                _refuse_entities(root)
            if count == MAX_ELEMENTS:
                raise OutcomeError("xml_rejected", f"more than {MAX_ELEMENTS:,} elements")
    except etree.XMLSyntaxError as error:
        if root is None:
            raise OutcomeError("not_xml", f"not XML: {_first_line(error)}") from error
    if root is None:
        raise OutcomeError("not_xml", "not XML: no element in it")
    return root


def _refuse_entities(root: _Element) -> None:
    dtd: Any = root.getroottree().docinfo.internalDTD  # the stubs lack entities()
    if dtd is not None and dtd.entities():
        raise OutcomeError("xml_rejected", "it declares entities")


def _flaw(events: etree.iterparse, root: _Element, body: bytes) -> str:
    broken = [entry for entry in events.error_log if entry.level >= etree.ErrorLevels.ERROR]
    if not broken:
        return ""
    if any("xcessive depth" in entry.message for entry in broken):
        raise OutcomeError("xml_rejected", "nested too deeply")
    end = body[-2000:].lower()
    if f"</{local_name(root)}".encode() not in end and b":" + local_name(root).encode() not in end:
        return f"cut off inside <{local_name(root)}>"
    return f"not well-formed: {broken[0].message.strip()} (line {broken[0].line})"


def _cleaned(body: bytes, charset: str) -> bytes:
    """The document with what strangers get wrong put right: its encoding, bytes that no XML has,
    references that libxml2 would drop or let through as characters that are none."""
    if wide := _WIDE.get(body[:2]):
        body = body.decode(wide, "replace").encode("utf-8")
        body = _DECLARED.sub(rb"\1utf-8\3", body, count=1)
    body = body.translate(None, delete=_CONTROL).removeprefix(b"\xef\xbb\xbf").lstrip()
    body = _declared(body, charset)
    if b"\x1b" in body:
        return body  # in ISO 2022 an ampersand's byte may be half a character
    return _AMPERSAND.sub(_reference, _NUMBERS.sub(_joined, body))


def _declared(body: bytes, charset: str) -> bytes:
    """The document with a declaration that fits its bytes; ``charset`` is that of the HTTP header."""
    if match := _DECLARED.match(body):
        named = match[2].strip().lower()
        # Chinese sites say gb2312 and send GBK or GB18030, which contains both.
        fits = {b"gb2312": b"gb18030", b"gbk": b"gb18030", b"utf-16": b"utf-8", b"unicode": b"utf-8"}
        return match[1] + fits.get(named, named) + match[3] + body[match.end() :]
    if charset and not body.startswith(b"<?xml") and not _is_utf8(body):
        return b'<?xml version="1.0" encoding="' + charset.encode("ascii", "ignore") + b'"?>' + body
    return body


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _reference(match: re.Match[bytes]) -> bytes:
    name = match[1]
    if match[0].startswith(b"<") or name in _XML_NAMES:
        return match[0]
    if name is None or name.decode() not in html5:
        return b"&amp;" + match[0][1:]
    return b"".join(b"&#%d;" % ord(letter) for letter in html5[name.decode()])


def _joined(match: re.Match[bytes]) -> bytes:
    """A run of numeric references with the halves of a character joined, and lone halves left out."""
    if match[0].startswith(b"<"):
        return match[0]
    parts = match[0].lower().removeprefix(b"&#").removesuffix(b";").split(b";&#")
    codes = [int(part[1:], 16) if part.startswith(b"x") else int(part) for part in parts]
    if not any(0xD800 <= code < 0xE000 for code in codes):
        return match[0]
    text = "".join(chr(code) for code in codes if code < 0x110000)
    sound = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return b"".join(b"&#%d;" % ord(letter) for letter in sound)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
