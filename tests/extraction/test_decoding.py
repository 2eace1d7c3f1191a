"""Bytes come out right whatever the page and the server say of them."""

from __future__ import annotations

import pytest

from extraction.decoding import decode

CHINESE = "对口支援新疆工作队向柯坪县捐赠医疗设备，受到当地群众欢迎。" * 6
TRADITIONAL = "慈濟志工前往災區發放物資，並為居民提供義診服務。" * 6
RUSSIAN = "Гуманитарный груз доставили в посёлок, сообщили в администрации области. " * 6
FRENCH = "Le convoi est arrivé à l'école; les élèves ont reçu des vêtements chauds. " * 6


def _page(text: str, charset: str) -> str:
    return f"<html><head><meta charset='{charset}'></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "real", "said", "header"),
    [
        (CHINESE, "utf-8", "utf-8", ""),
        (CHINESE, "gb18030", "gb2312", ""),
        (CHINESE, "gb18030", "utf-8", "text/html; charset=utf-8"),
        (CHINESE, "utf-8", "gbk", "text/html; charset=gbk"),
        (CHINESE, "gb18030", "", ""),
        (CHINESE, "gb18030", "iso-8859-1", "text/html; charset=ISO-8859-1"),
        (CHINESE, "utf-16", "utf-16", ""),
        (CHINESE, "utf-16-le", "utf-8", ""),
        (FRENCH, "utf-16-be", "", ""),
        (TRADITIONAL, "big5", "big5", ""),
        (TRADITIONAL, "big5", "", "text/html; charset=big5"),
        (RUSSIAN, "cp1251", "windows-1251", ""),
        (RUSSIAN, "koi8-r", "koi8-r", ""),
        (FRENCH, "iso-8859-1", "iso-8859-1", ""),
        (FRENCH, "cp1252", "no-such-charset", ""),
    ],
)
def test_decodes(text: str, real: str, said: str, header: str) -> None:
    page = _page(text, said)
    decoded = decode(page.encode(real), header)
    assert (decoded.text, decoded.bad) == (page, 0)


def test_a_cut_character_costs_only_itself() -> None:
    decoded = decode(_page(CHINESE, "utf-8").encode() + "县".encode()[:2] + b"</p>")
    assert (decoded.encoding, decoded.bad) == ("utf-8", 1)


@pytest.mark.parametrize(
    "text",
    [
        "<p>Près de 400 familles ont été hébergées à l’école, dit le maire.</p>",
        "<p>“The pumps run again”, the clinic’s nurse said.</p>",
        "<p>Für über fünf Dörfer gibt es Öfen.</p>",
        "<p>援疆干部来到这里</p>",
    ],
)
def test_a_stray_byte_does_not_garble_a_page(text: str) -> None:
    body = b'<meta charset="utf-8">' + text.encode() + b"<p>\xa9 2026</p>"
    for content_type in ("", "text/html; charset=utf-8", "text/html; charset=ISO-8859-1"):
        decoded = decode(body, content_type)
        assert (text in decoded.text, decoded.bad) == (True, 1)
    cut = decode(b'<meta charset="utf-8">' + text.encode().removesuffix(b"</p>")[:-1] + b"\xe6")
    assert cut.encoding == "utf-8"
