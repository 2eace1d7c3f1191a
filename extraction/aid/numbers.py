"""Numbers as people write them, read as exact decimals: ``1.1807亿``, ``三百万``, ``2.5 million``."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from extraction.aid.matching import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_GROUPS = {"万": 10**4, "亿": 10**8}
_ENGLISH_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "lakh crore": 10**12,
    "lakh": 10**5,
    "lakhs": 10**5,
    "crore": 10**7,
    "crores": 10**7,
    "mln": 10**6,
    "mn": 10**6,
    "bn": 10**9,
    "tn": 10**12,
    "k": 10**3,
    "m": 10**6,
    "b": 10**9,
}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = (
    {word: value for value, word in enumerate((_SMALL + " seventeen eighteen nineteen").split())}
    | {word: value for value, word in zip(range(20, 100, 10), _TENS.split(), strict=True)}
    | {"a": 1, "an": 1, "dozen": 12}
)

# Latin, full width, Arabic and Persian. Written out, as ``\d`` looks every character up and takes the
# figures of scripts in which nothing else is read.
_DIGITS = "0-9０-９٠-٩۰-۹"
_D = f"[{_DIGITS}]"
DIGITS = (
    rf"(?:{_D}{{1,3}}(?:[,，]{_D}{{3}})+|{_D}{{1,3}}(?:[\u0020\u00a0\u202f]{_D}{{3}})+(?!{_D})|{_D}+)"
    rf"(?:\.{_D}+)?"
)
_HANS = "〇零一二两三四五六七八九十百千万亿"
HAN = f"[{_HANS}]{{1,16}}"
HAN_SCALE = "(?:[十百千]?万亿|[十百千]?[万亿]|[百千])"
CHINESE = rf"(?:{DIGITS}\s?[余多]?(?:{HAN_SCALE})?(?:{DIGITS}[万千])?[余多]?|{HAN}[余多]?(?:{HAN_SCALE})?)"
ENGLISH_SCALE = "|".join(_ENGLISH_SCALES)
ENGLISH_WORDS = "|".join(sorted(_ENGLISH, key=len, reverse=True))
# twenty, twenty-five, seven; no article.
ENGLISH_SPELT = (
    rf"(?:{_TENS.replace(' ', '|')})(?:[\s-](?:{_SMALL.replace(' ', '|')}))?|{_SMALL.replace(' ', '|')}"
)

_MIXED = re.compile(
    rf"(?P<digits>{DIGITS})\s?[余多]?(?P<scale>{HAN_SCALE})?(?:(?P<rest>{DIGITS})(?P<small>[万千]))?[余多]?"
)
_HAN_MORE = re.compile(rf"(?P<han>{HAN})[余多](?P<scale>{HAN_SCALE})?")
_COMMAS = re.compile("[,，\\s]")
_FIGURES = re.compile(f"{_D}+")
# One set of characters first, as in sentences.py.
_RUN = re.compile(
    rf"[{_DIGITS}{_HANS}](?:(?<={_D}){_D}*(?:[.,，\u0020\u00a0\u202f]{_D}+)*|(?<=[{_HANS}])[{_HANS}]*)"
)


@lru_cache(maxsize=4)
def starts(text: str) -> Sequence[int]:
    """Where numbers in figures or Chinese characters begin, ordinals with 第 left out.

    Patterns are matched from these places only: searching them through a text costs ten times more.
    """
    return [m.start() for m in _RUN.finditer(text) if not text.endswith("第", 0, m.start())]


def spelt_starts(text: str) -> Sequence[int]:
    """Where English number words begin: those of ENGLISH_WORDS."""
    words = words_of(text)
    return [words.start(n) for n, form in enumerate(words.forms) if form in _ENGLISH]


def figure_starts(text: str) -> Sequence[int]:
    """Where runs of figures begin."""
    return [m.start() for m in _FIGURES.finditer(text)]


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros: ``118070000``, ``0.5``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def chinese(text: str) -> tuple[Decimal, bool]:
    """The value of a match of CHINESE, and whether 余 or 多 stands in it."""
    more = "余" in text or "多" in text
    if m := _MIXED.fullmatch(text):
        value = _digits(m["digits"]) * han_scale(m["scale"] or "")
        rest = _digits(m["rest"]) * han_scale(m["small"]) if m["rest"] else 0
        return value + rest, more
    if m := _HAN_MORE.fullmatch(text):
        return han_number(m["han"]) * han_scale(m["scale"] or ""), more
    return han_number(text), more


def has_scale(text: str) -> bool:
    """Whether a Chinese number carries 百, 千, 万 or 亿 after its digits."""
    return text.rstrip("余多")[-1] in "十百千万亿"


def trailing_scale(text: str) -> int:
    """The factor that 万, 亿, 百万 … at the end of a Chinese number stand for."""
    return han_scale(re.sub("[^十百千万亿]", "", text)) if text[0].isdigit() else _last_group(text)


def _last_group(text: str) -> int:
    return _HAN_GROUPS.get(text[-1], 1)


def han_scale(scale: str) -> int:
    """The factor of ``万``, ``百万``, ``万亿`` …; 1 for the empty string."""
    factor = 1
    for character in scale:
        factor *= _HAN_GROUPS.get(character) or _HAN_TENS[character]
    return factor


def han_number(text: str) -> Decimal:
    """A number in Chinese characters: ``三百二十``, ``二十万``, ``两亿三千万``, ``二〇二三``."""
    if all(character in _HAN_DIGITS for character in text):
        return Decimal("".join(str(_HAN_DIGITS[character]) for character in text))
    total = group = digit = 0
    for character in text:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _HAN_TENS:
            group += (digit or 1) * _HAN_TENS[character]
            digit = 0
        elif character == "万":
            total += (group + digit or 1) * 10**4
            group = digit = 0
        else:
            total = (total + group + digit or 1) * 10**8
            group = digit = 0
    return Decimal(total + group + digit)


def english(number: str, scale: str | None) -> Decimal:
    """``2.5`` with ``million``, ``1,200`` with None, ``two`` with ``hundred``, ``twenty-five``."""
    words = re.split(r"[\s-]", number.lower())
    spelt = all(word in _ENGLISH for word in words)
    value = Decimal(sum(_ENGLISH[word] for word in words)) if spelt else _digits(number)
    factor = (scale or "").strip().lstrip("-").lower()
    return value * _ENGLISH_SCALES[factor] if factor else value


def _digits(text: str) -> Decimal:
    return Decimal(_COMMAS.sub("", text))
