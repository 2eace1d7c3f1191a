"""Lines of text: how they are cleaned and when two of them count as the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(
    "[\u200b\u200c\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_NOT_WORD = re.compile(r"[\W_]+")
CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def clean_line(text: str) -> str:
    """One line: white space folded to single blanks, invisible and control characters out, NFC."""
    line = " ".join(text.split())
    if not line.isprintable():
        line = " ".join(_INVISIBLE.sub("", line).split())
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def clean_lines(text: str) -> list[str]:
    """The lines of a text, cleaned, without the empty ones."""
    return [line for raw in text.splitlines() if (line := clean_line(raw))]


@lru_cache(maxsize=4096)
def line_key(line: str) -> str:
    """What is left of a line when case, width, spaces and punctuation do not count."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", line).casefold())


def cjk_share(text: str) -> float:
    """The share of Han and kana among the letters of a text, 0 to 1."""
    letters = sum(1 for char in text if char.isalpha())
    return len(CJK.findall(text)) / letters if letters else 0.0
