"""XML from strangers: no entities, no network, bounded in elements and depth, repaired if broken.

libxml2's own limits stay on (depth 256, text 10 MB). A document that declares entities is refused
whatever they are: no feed or sitemap needs them, and every XML bomb does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lxml import etree

from spiders.listing import has_endless_tags, html_title, looks_like_html
from spiders.outcomes import OutcomeError

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_ELEMENTS = 400_000

_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
# Tab, line feed, carriage return and the ISO 2022 escape stay.
_CONTROL = bytes(byte for byte in range(32) if byte not in (9, 10, 13, 27))
# Chinese sites say gb2312 and send GBK or GB18030, which contains both.
_CHINESE = re.compile(rb"""(<\?xml[^>]{0,100}encoding=["'])(?:gb2312|gbk)(["'])""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SafeXml:
    """A parsed document; ``flaw`` says how it was broken, empty for a sound one."""

    root: _Element
    flaw: str


def read_xml(body: bytes) -> SafeXml:
    """Parse a feed or sitemap. Raises OutcomeError: ``not_xml``, ``xml_rejected``, ``empty``."""
    body = _cleaned(body)
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
    end = body[-2000:].replace(b"\x00", b"").lower()
    if f"</{local_name(root)}".encode() not in end and b":" + local_name(root).encode() not in end:
        return f"cut off inside <{local_name(root)}>"
    return f"not well-formed: {broken[0].message.strip()} (line {broken[0].line})"


def _cleaned(body: bytes) -> bytes:
    if body.startswith(_WIDE):
        return body
    body = body.translate(None, delete=_CONTROL).removeprefix(b"\xef\xbb\xbf").lstrip()
    return _CHINESE.sub(rb"\1gb18030\2", body, count=1)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
