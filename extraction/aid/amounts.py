"""Amounts of money as they stand in a text: value or range, and currency.

Two grammars, Chinese (``人民币3000余万元``, ``2亿至3亿美元``) and that of languages with spaces
(``$5-10 million``, ``3,5 millions d'euros``, ``300.000 €``), each one regular expression with bounded
repeats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from extraction.aid import currencies, numbers, scales
from extraction.aid.qualifiers import is_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    # Where a number with a currency sign before it begins → where the sign begins, and its code.
    _Signs = dict[int, tuple[int, str]]

_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]{2}")
_SCALE = rf"[\s-]?(?:{scales.PATTERN})\b"
_SPELT = rf"\b(?:{numbers.ENGLISH_SPELT}|an?(?=[\s-](?:hundred|thousand|million|billion)\b))"
# Between a scale and a currency: 3 Mio. Euro, 5 millones de dólares, 2 millions d'euros.
_LINK = r"(?:\sd[eio]\s|\sd['’]|\.?[\s-])?"
_LINKED = re.compile(rf"^{_LINK}")
_SIGN = 8
_PUSHED = re.compile("[上超逾过近达破约满]$")
_SIGN_BEHIND = re.compile("[€$£]")


@dataclass(frozen=True, slots=True)
class Amount:
    """``high`` is None unless a range is written; ``more`` tells of an inner 余 or 多."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    currency: str
    more: bool = False


def find_amounts(text: str) -> list[Amount]:
    """All amounts in order of place; the longer one where two readings overlap."""
    starts = numbers.starts(text)
    han, latin = _HAN.search(text), _LATIN.search(text)
    spelt = numbers.spelt_starts(text) if latin else ()
    numbered = (*starts, *(start for start in spelt if _spelt().match(text, start)))
    signs = dict(_signs(text, numbered))
    spaced = latin or not han or _SIGN_BEHIND.search(text)
    found = [
        *_english(text, numbered if spaced else signs, signs),
        *(_chinese(text, starts, signs) if han else ()),
    ]
    kept: list[Amount] = []
    for amount in sorted(found, key=lambda a: (a.start, -a.end)):
        if not kept or amount.start >= kept[-1].end:
            kept.append(amount)
    return kept


@cache
def _spelt() -> re.Pattern[str]:
    """A number in words before a scale or a currency: ``two million``, ``fifty dollars``."""
    after = currencies.pattern("after_en")
    return re.compile(rf"{_SPELT}(?={_SCALE}|[\s-](?:{after})\b)", re.IGNORECASE)


@cache
def _sign_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z\d])(?:{currencies.pattern('before')})\s?$", re.IGNORECASE)


@cache
def _sign_ends() -> frozenset[str]:
    last = {form[-1] for form in currencies.forms("before")}
    return frozenset({*last, *map(str.upper, last)})


def _signs(text: str, starts: Iterable[int]) -> Iterator[tuple[int, tuple[int, str]]]:
    """The items of ``_Signs`` for numbers that begin at ``starts``."""
    ends = _sign_ends()
    for start in starts:
        last = text[start - 1 : start]
        if (last in ends or last.isspace()) and (
            m := _sign_before().search(text, max(0, start - _SIGN), start)
        ):
            yield start, (m.start(), currencies.code(m.group().strip(), "before"))


@cache
def _chinese_pattern() -> re.Pattern[str]:
    after, number = currencies.pattern("after_zh"), numbers.CHINESE
    return re.compile(
        rf"(?P<first>{number})(?P<middle>\s?(?:{after}))?(?:\s?(?:[-－―–—~～]|至|到)\s?(?P<last>{number}))?"
        rf"(?P<after>\s?(?:{after}))?(?![旦月素宵件])",
        re.IGNORECASE,
    )


def _chinese(text: str, starts: Sequence[int], signs: _Signs) -> Iterator[Amount]:
    for place in starts:
        m = _chinese_pattern().match(text, place)
        if m is None:
            continue
        start, signed = signs.get(place, (place, ""))
        form = (m["after"] or m["middle"] or "").strip()
        if not form and not signed:
            continue
        code = signed if signed and form in ("", "元") else currencies.code(form, "after_zh")
        if code and not _only_a_word(text, m, code):
            yield _chinese_amount(m, start, code)


def _chinese_amount(m: re.Match[str], start: int, code: str) -> Amount:
    low, high = numbers.chinese_range(m["first"], m["last"], shared=not m["middle"])
    if m["last"] is None or high is None:
        return Amount(start, m.end(), low, high, code, numbers.says_more(m["first"]))
    if low < high:
        return Amount(start, m.end(), low, high, code)
    return Amount(m.start("last"), m.end(), high, None, code, numbers.says_more(m["last"]))


def _only_a_word(text: str, m: re.Match[str], code: str) -> bool:
    """``二元``, ``亿元村``, ``数百万元``: no amount, or none that has a value."""
    first = m["first"]
    if first[0].isdigit() or m["last"]:
        return False
    before = text[max(0, m.start("first") - 1) : m.start("first")]
    if before in ("数", "几", "多", "单", "公"):
        return True
    return len(first) == 1 and code == "CNY" and not _PUSHED.search(before)


@cache
def _english_pattern() -> re.Pattern[str]:
    before, after = currencies.pattern("before"), currencies.pattern("after_en")
    return re.compile(
        rf"(?P<first>{numbers.DIGITS}|{_SPELT})(?P<scale>{_SCALE})?"
        rf"(?:\s?(?P<separator>-|–|—|\bto\b|\band\b)\s?(?P<again>{before})?\s?"
        rf"(?P<last>{numbers.DIGITS})(?P<scale_last>{_SCALE})?)?"
        rf"(?P<after>{_LINK}(?:{after}))?",
        re.IGNORECASE,
    )


def _english(text: str, numbered: Iterable[int], signs: _Signs) -> Iterator[Amount]:
    for place in numbered:
        start, signed = signs.get(place, (place, ""))
        m = _english_pattern().match(text, place)
        if m is None or not (signed or m["after"]):
            continue
        if numbers.ambiguous(m["first"]) and not (m["scale"] or m["last"]):
            continue
        named = currencies.code(_LINKED.sub("", m["after"] or ""), "after_en")
        if signed or named:
            yield _english_amount(text, m, start, signed, named)


def _english_amount(text: str, m: re.Match[str], start: int, signed: str, named: str) -> Amount:
    low, high = numbers.english_range(m["first"], m["scale"], m["last"], m["scale_last"])
    if high is None:
        return Amount(start, m.end(), low, None, named or signed)
    if low < high and _is_range(text, m, signed=bool(signed)):
        return Amount(start, m.end(), low, high, named or signed)
    if signed:
        end = m.end("scale") if m["scale"] else m.end("first")
        return Amount(start, end, numbers.english(m["first"], m["scale"]), None, signed)
    return Amount(m.start("last"), m.end(), high, None, named)


def _is_range(text: str, m: re.Match[str], *, signed: bool) -> bool:
    separator = m["separator"].lower()
    if not is_range(text, m.start(), separator):
        return False
    if separator == "and":
        return not signed or bool(m["again"])
    return separator != "to" or not signed or bool(m["again"] or m["scale_last"])
