"""Numbers as people write them, read as exact decimals: ``1.1807亿``, ``三百万``, ``2.5 million``."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
_ENGLISH = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split()
    )
} | {
    word: value
    for value, word in zip(
        range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True
    )
}

DIGITS = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
HAN_NUMBER = "[〇零一二两三四五六七八九十百千]+"
HAN_SCALE = "[十百千]?[万亿]亿?|[百千]"
ENGLISH_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_COMMAS = re.compile("[,，]")


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros: ``118070000``, ``0.5``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_of(digits: str) -> Decimal:
    """``1,234.5`` as a decimal; thousands are set off by commas."""
    return Decimal(_COMMAS.sub("", digits))


def han_scale(scale: str) -> int:
    """The factor of ``万``, ``亿``, ``百万``, ``千万``, ``万亿`` …; 1 for the empty string."""
    factor = 1
    for character in scale:
        factor *= _GROUPS.get(character) or _TENS[character]
    return factor


def han_number(text: str) -> Decimal:
    """A number in Chinese characters: ``三百二十``, ``二十万``, ``两亿三千万``, ``二〇二三``."""
    if all(character in _DIGITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))
    total = group = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            group += (digit or 1) * _TENS[character]
            digit = 0
        else:
            total = (total + group + digit or 1) * _GROUPS[character]
            group = digit = 0
    return Decimal(total + group + digit)


def english_scale(word: str) -> int:
    """The factor of ``million``, ``bn``, ``k`` …; 1 for the empty string."""
    return _SCALES[word.lower()] if word else 1


def english_number(words: str) -> Decimal | None:
    """``two hundred``, ``twenty-five thousand``; None where a word is not a number."""
    total = current = 0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in ("a", "an"):
            current = current or 1
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0
        elif word in _ENGLISH:
            current += _ENGLISH[word]
        elif word != "and":
            return None
    return Decimal(total + current)
