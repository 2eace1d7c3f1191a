"""Pages that would cost too much are told from their markup, before anything is parsed.

trafilatura and lxml are quadratic in siblings and attributes; the counts here bound them. A page
within the bounds can still be slow, which the process pool's limits catch.
"""

from __future__ import annotations

import re

MAX_CHARACTERS = 10_000_000
MAX_ELEMENTS = 25_000
MAX_ATTRIBUTES = 2_000

_RAW = re.compile(r"<(script|style|textarea)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_START_TAG = re.compile(r"<[a-zA-Z]")
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{16000,}")
_ATTRIBUTE = re.compile(r"""[^\s=<>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")


def too_complex(markup: str) -> str:
    """Why a page must not be parsed, in words, or "" for one that may."""
    if len(markup) > MAX_CHARACTERS:
        return f"{len(markup)} characters, at most {MAX_CHARACTERS}"
    if markup.count("<") > MAX_ELEMENTS:
        count = len(_START_TAG.findall(_RAW.sub("", markup)))
        if count > MAX_ELEMENTS:
            return f"{count} elements, at most {MAX_ELEMENTS}"
    for tag in _LONG_TAG.finditer(markup):
        if (count := len(_ATTRIBUTE.findall(tag.group(0)))) > MAX_ATTRIBUTES:
            return f"{count} attributes in one tag, at most {MAX_ATTRIBUTES}"
    return ""
