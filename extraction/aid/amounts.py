"""Amounts of money as they stand in a text: value or range, and currency.

Two grammars, Chinese (``人民币3000余万元``, ``2亿至3亿美元``) and English (``$5-10 million``,
``2.5 million euros``), each one regular expression with bounded repeats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from extraction.aid import currencies, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

_HAN = re.compile("[\u4e00-\u9fff]")
_SCALE = rf"[\s-]?(?:{numbers.ENGLISH_SCALE})\b"
_SPELT = r"\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten)(?=[\s-](?:hundred|thousand|million|billion)\b)"
_BETWEEN = re.compile(r"\bbetween\s?$", re.IGNORECASE)
_PUSHED = re.compile("[上超逾过近达破约满]$")


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
    found = [*_english(text), *(_chinese(text) if _HAN.search(text) else ())]
    kept: list[Amount] = []
    for amount in sorted(found, key=lambda a: (a.start, -a.end)):
        if not kept or amount.start >= kept[-1].end:
            kept.append(amount)
    return kept


@cache
def _chinese_pattern() -> re.Pattern[str]:
    before, after = currencies.pattern("before"), currencies.pattern("after_zh")
    number = numbers.CHINESE
    return re.compile(
        rf"(?P<before>{before})?\s?(?<![\d.第])(?P<first>{number})(?P<middle>\s?(?:{after}))?"
        rf"(?:\s?(?:-|–|—|~|～|至|到)\s?(?P<last>{number}))?"
        rf"(?P<after>\s?(?:{after}))?(?![旦月素宵件])",
        re.IGNORECASE,
    )


def _chinese(text: str) -> Iterator[Amount]:
    for m in _chinese_pattern().finditer(text):
        code = currencies.code((m["after"] or m["middle"] or "").strip(), "after_zh")
        code = code or currencies.code(m["before"], "before")
        if not code or _only_a_word(text, m):
            continue
        low, more = numbers.chinese(m["first"])
        if m["last"] is None:
            yield Amount(m.start(), m.end(), low, None, code, more)
            continue
        high, more_high = numbers.chinese(m["last"])
        if low < high and not m["middle"] and not numbers.has_scale(m["first"]):
            low *= numbers.trailing_scale(m["last"])
        if low < high:
            yield Amount(m.start(), m.end(), low, high, code)
        else:
            yield Amount(m.start("last"), m.end(), high, None, code, more_high)


def _only_a_word(text: str, m: re.Match[str]) -> bool:
    """``二元``, ``亿元村``, ``数百万元``: no amount, or none that has a value."""
    first = m["first"]
    if first[0].isdigit():
        return False
    before = text[max(0, m.start("first") - 1) : m.start("first")]
    if before in ("数", "几", "多", "单", "公"):
        return True
    return len(first) == 1 and not _PUSHED.search(before)


@cache
def _english_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    before, after = currencies.pattern("before"), currencies.pattern("after_en")
    separator = r"\s?(?P<separator>-|–|—|\bto\b|\band\b)\s?"
    sign_first = re.compile(
        rf"(?<![A-Za-z])(?:{before})\s?(?P<first>{numbers.DIGITS})(?P<scale>{_SCALE})?"
        rf"(?:{separator}(?P<again>{before})?\s?(?P<last>{numbers.DIGITS})(?P<scale_last>{_SCALE})?)?",
        re.IGNORECASE,
    )
    name_last = re.compile(
        rf"(?<![\w.,$€£¥])(?P<first>{numbers.DIGITS}|{_SPELT})(?P<scale>{_SCALE})?"
        rf"(?:{separator}(?P<last>{numbers.DIGITS})(?P<scale_last>{_SCALE})?)?"
        rf"[\s-]?(?P<after>{after})\b",
        re.IGNORECASE,
    )
    return sign_first, name_last


def _english(text: str) -> Iterator[Amount]:
    sign_first, name_last = _english_patterns()
    sign = re.compile(rf"{currencies.pattern('before')}", re.IGNORECASE)
    for m in sign_first.finditer(text):
        written = sign.match(text, m.start())
        code = currencies.code(written.group() if written else "", "before")
        low, high = _english_values(m)
        if high is not None and low < high and _is_range(text, m):
            yield Amount(m.start(), m.end(), low, high, code)
        else:
            end = m.end("scale") if m["scale"] else m.end("first")
            yield Amount(m.start(), end, numbers.english(m["first"], m["scale"]), None, code)
    for m in name_last.finditer(text):
        code = currencies.code(m["after"], "after_en")
        low, high = _english_values(m)
        if high is None:
            yield Amount(m.start(), m.end(), low, None, code)
        elif low < high and (m["separator"] != "and" or _BETWEEN.search(text[: m.start()])):
            yield Amount(m.start(), m.end(), low, high, code)
        else:
            yield Amount(m.start("last"), m.end(), high, None, code)


def _english_values(m: re.Match[str]) -> tuple[Decimal, Decimal | None]:
    if m["last"] is None:
        return numbers.english(m["first"], m["scale"]), None
    scale = m["scale"] or m["scale_last"]
    return numbers.english(m["first"], scale), numbers.english(m["last"], m["scale_last"] or m["scale"])


def _is_range(text: str, m: re.Match[str]) -> bool:
    separator = m["separator"].lower()
    if separator == "and":
        return bool(m["again"]) and bool(_BETWEEN.search(text[max(0, m.start() - 9) : m.start()]))
    return separator != "to" or bool(m["again"] or m["scale_last"])
