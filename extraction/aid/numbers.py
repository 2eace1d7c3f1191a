"""Numbers as people write them, read as exact decimals: ``1.1807亿``, ``三百万``, ``2.5 million``."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from extraction.aid import scales
from extraction.aid.matching import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_GROUPS = {"万": 10**4, "亿": 10**8}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = (
    {word: value for value, word in enumerate((_SMALL + " seventeen eighteen nineteen").split())}
    | {word: value for value, word in zip(range(20, 100, 10), _TENS.split(), strict=True)}
    | {"a": 1, "an": 1}
)

# Latin, full width, Arabic and Persian. Written out, as ``\d`` looks every character up and takes the
# figures of scripts in which nothing else is read.
_DIGITS = "0-9０-９٠-٩۰-۹"
_D = f"[{_DIGITS}]"


def _script(zero: str) -> str:
    return "".join(chr(ord(zero) + digit) for digit in range(10))


_SPACE = "[\u0020\u00a0\u202f]"
# 1,00,000 and 1,000.5; 1 000,5; 1.000,5 and 1.000.000; 1'000; 1,5; 1.5. Nothing of what goes on after that.
DIGITS = (
    rf"(?:{_D}{{1,2}}(?:,{_D}{{2}})+,{_D}{{3}}(?:\.{_D}+)?|{_D}{{1,3}}(?:[,，]{_D}{{3}})+(?:[.．]{_D}+)?"
    rf"|{_D}{{1,3}}(?:{_SPACE}{_D}{{3}})+(?:[.,]{_D}{{1,2}})?|{_D}{{1,3}}(?:\.{_D}{{3}})+,{_D}{{1,2}}"
    rf"|{_D}{{1,3}}(?:\.{_D}{{3}}){{2,}}|{_D}{{1,3}}(?:['’]{_D}{{3}})+|{_D}+,{_D}{{1,2}}|{_D}+(?:[.．]{_D}+)?)"
    rf"(?![.．,]?{_D})"
)
_HANS = "〇零一二两三四五六七八九十百千万亿"
HAN = f"[{_HANS}]{{1,16}}"
HAN_SCALE = "(?:[十百千]?万亿|[十百千]?[万亿]|[百千])"
# What follows the scale: the 3千万 of 2亿3千万, the 3456 of 12万3456.
_REST = rf"(?:{_D}+(?:\.{_D}+)?(?:[十百千]?万|[千百])?){{0,2}}"
CHINESE = rf"(?:{DIGITS}\s?[余多]?(?:{HAN_SCALE}{_REST})?[余多]?|{HAN}[余多]?(?:{HAN_SCALE})?)"
# twenty, twenty-five, seven, one and a half, half a, a quarter of a; no article.
_SMALLS = _SMALL.replace(" ", "|")
ENGLISH_SPELT = (
    rf"(?:{_TENS.replace(' ', '|')})(?:[\s-](?:{_SMALLS}))?|(?:{_SMALLS})\sand\sa\shalf|{_SMALLS}"
    r"|half\san?|a\squarter\sof\san?"
)
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}

_MIXED = re.compile(rf"(?P<digits>{DIGITS})\s?[余多]?(?:(?P<scale>{HAN_SCALE})(?P<rest>{_REST}))?[余多]?")
_PART = re.compile(rf"(?P<digits>{_D}+(?:\.{_D}+)?)(?P<scale>[十百千]?万|[千百])?")
# 三四百万, 五六十, 十七八: from the one to the other.
_ABOUT = re.compile(
    "(?P<ten>[一二三四五六七八九]?十)?(?P<low>[一两二三四五六七八])(?P<high>[二三四五六七八九])"
    f"(?P<scale>{HAN_SCALE}|十|十万|十亿)?"
)
_HAN_MORE = re.compile(rf"(?P<han>{HAN})[余多](?P<scale>{HAN_SCALE})?")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_NOT_DECIMAL = re.compile("[,'’\\s]")
_PLAIN = str.maketrans("．，" + "".join(map(_script, "０٠۰")), ".," + _script("0") * 3)
_FIGURES = re.compile(f"{_D}+")
# One set of characters first, as in sentences.py.
_RUN = re.compile(
    rf"[{_DIGITS}{_HANS}](?:(?<={_D}){_D}*(?:[.．,，'’\u0020\u00a0\u202f]{_D}+)*|(?<=[{_HANS}])[{_HANS}]*)"
)


@lru_cache(maxsize=4)
def starts(text: str) -> Sequence[int]:
    """Where numbers in figures or Chinese characters begin, ordinals with 第 left out.

    Patterns are matched from these places only: searching them through a text costs ten times more.
    """
    return [m.start() for m in _RUN.finditer(text) if not text.endswith("第", 0, m.start())]


def spelt_starts(text: str) -> Sequence[int]:
    """Where English number words begin: those of ENGLISH_SPELT, and articles."""
    words = words_of(text)
    return [words.start(n) for n, form in enumerate(words.forms) if form in _ENGLISH or form == "half"]


def figure_starts(text: str) -> Sequence[int]:
    """Where runs of figures begin."""
    return [m.start() for m in _FIGURES.finditer(text)]


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros: ``118070000``, ``0.5``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def says_more(text: str) -> bool:
    """Whether 余 or 多 stands in a match of CHINESE."""
    return "余" in text or "多" in text


def chinese(text: str) -> Decimal:
    """The value of a match of CHINESE."""
    if m := _MIXED.fullmatch(text):
        parts = (m, *_PART.finditer(m["rest"] or ""))
        return sum((figures(p["digits"]) * han_scale(p["scale"] or "") for p in parts), Decimal())
    if m := _HAN_MORE.fullmatch(text):
        return han_number(m["han"]) * han_scale(m["scale"] or "")
    return han_number(text)


def chinese_range(first: str, last: str | None, *, shared: bool = True) -> tuple[Decimal, Decimal | None]:
    """Both ends of ``3至5万``, where the scale of ``last`` is that of ``first``, too, if it has none and
    ``shared``; of ``三四百``; the second is None of one number."""
    if last is None:
        return about(first) or (chinese(first), None)
    low, high = chinese(first), chinese(last)
    if shared and low < high and not has_scale(first):
        low *= trailing_scale(last)
    return low, high


def about(text: str) -> tuple[Decimal, Decimal] | None:
    """The bounds of a Chinese number that names two figures in a row (``三四百``, ``十七八``), or None."""
    m = _ABOUT.fullmatch(text) if text[0] in _HANS else None
    if m is None or han_number(m["high"]) - han_number(m["low"]) != 1:
        return None
    ten = han_number(m["ten"]) if m["ten"] else Decimal()
    low, high = (ten + han_number(m[name]) for name in ("low", "high"))
    return low * han_scale(m["scale"] or ""), high * han_scale(m["scale"] or "")


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
    """``2.5`` with ``million``, ``1,200`` with None, ``two`` with ``hundred``, ``twenty-five``, ``half a``.

    A point before three figures is one of thousands where no scale follows, or one that is not English:
    ``300.000``, ``1.650 millones``.
    """
    factor = (scale or "").strip().lstrip("-").lower()
    if number[0].isdigit():
        value = figures(number, dotted=factor not in scales.ENGLISH)
    else:
        value = _spelt(re.split(r"[\s-]", number.lower()))
    return value * scales.ALL[re.sub(r"\s+", " ", factor)] if factor else value


def english_range(
    first: str, scale: str | None, last: str | None, scale_last: str | None
) -> tuple[Decimal, Decimal | None]:
    """Both ends of ``5`` to ``10 million``, each with its own scale or the other's; the second is None
    where there is no ``last``."""
    if last is None:
        return english(first, scale), None
    return english(first, scale or scale_last), english(last, scale_last or scale)


def _spelt(words: Sequence[str]) -> Decimal:
    parts = [_PARTS[word] for word in words if word in _PARTS]
    articles = ("a", "an") if parts else ()
    whole = sum(_ENGLISH[word] for word in words if word in _ENGLISH and word not in articles)
    return sum(parts, Decimal(whole))


def ambiguous(number: str) -> bool:
    """Whether a number may be thousands or a rate: ``1.085`` without a scale."""
    return re.fullmatch(r"[1-9]\.\d\d[1-9]", number) is not None


def figures(text: str, *, dotted: bool = False) -> Decimal:
    """The value of a match of DIGITS; ``dotted``: one point before three figures is not decimal."""
    if text.isascii() and text.isdigit():  # nearly all are plain
        return Decimal(text)
    text = text.translate(_PLAIN)
    points = text.count(".")
    if _DOTTED.fullmatch(text) and (points > 1 or "," in text or (dotted and text[0] != "0")):
        text = text.replace(".", "").replace(",", ".")
    text = re.sub(r"\s", "", text)
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return Decimal(_NOT_DECIMAL.sub("", text))
