"""Counts with their unit: 27名医生, 近200台, 13批80人次, 40,000 people.

Dates, ages, ordinals, percentages and amounts of money are not counts, nor is 一个 as an article.
Where a measure word is followed by what is counted (名 + 医生), the fact's text includes it; the
unit stays the measure word. ``units.csv`` holds the words: before a ``vague_measure`` (个, 次) a
spelt-out number counts only where the thing counted follows.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from extraction.aid import numbers
from extraction.aid.matching import one_of
from extraction.aid.qualifiers import is_range, qualifier
from storage.models import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]{2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_AFTER_DATE_WORD = re.compile(r"\b(?:in|since|by|of|during|until|before|after)\s$", re.IGNORECASE)
_RATE = re.compile(
    rf"(?:\d|\b(?:{numbers.ENGLISH_SPELT}))\s(?:in(?:\severy)?|out\sof(?:\severy)?)\s$", re.IGNORECASE
)
_AHEAD = 24
_PUSHED = re.compile("[超近逾约]$")
_PUSHED_ROUND = re.compile("[超近上逾过达约]$")


def find_counts(text: str, taken: Iterable[Fact], rules: str) -> Iterator[Fact]:
    """Every count outside the spans of ``taken`` (the amounts of money), in order."""
    busy = {position for fact in taken for position in range(fact.start, fact.end)}
    found = [
        *(_english(text, rules) if _LATIN.search(text) else ()),
        *(_chinese(text, rules) if _HAN.search(text) else ()),
    ]
    for fact in sorted(found, key=lambda fact: fact.start):
        if busy.isdisjoint(range(fact.start, fact.end)):
            yield fact


@cache
def _terms(language: str, kind: str) -> tuple[str, ...]:
    rows = csv.DictReader(files(__package__).joinpath("units.csv").read_text("utf-8").splitlines())
    return tuple(row["term"] for row in rows if row["language"] == language and row["kind"] == kind)


@cache
def _chinese_pattern() -> re.Pattern[str]:
    number = numbers.CHINESE
    units = one_of(_terms("zh", "measure") + _terms("zh", "vague_measure"))
    return re.compile(
        rf"(?P<first>{number})(?:(?:[-－―–—~～]|至|到)(?P<last>{number}))?(?P<unit>{units})"
        r"(?!月|小时|百分点|多月|工作日|星期|季度|世纪|年|字)"
    )


@cache
def _noun_pattern() -> re.Pattern[str]:
    nouns = one_of(_terms("zh", "counted"))
    return re.compile(rf"[^的了和与在为是将从到向被把等有，。；、：！？（）\s\dA-Za-z“”]{{0,5}}?(?:{nouns})")


def _chinese(text: str, rules: str) -> Iterator[Fact]:
    reached = 0
    for start in numbers.starts(text):
        m = _chinese_pattern().match(text, start) if start >= reached else None
        if m is None:
            continue
        reached = m.end()
        noun = (
            _noun_pattern().match(text, m.end())
            if m["unit"] in ("名", "位", "个", "所", "户", "家")
            else None
        )
        if _only_a_phrase(text, m, has_noun=noun is not None):
            continue
        low, high = numbers.chinese_range(m["first"], m["last"])
        if high is not None and low >= high:
            continue
        end = noun.end() if noun else m.end()
        exactness = (
            "range"
            if high is not None
            else qualifier(text, m.start(), m.end(), more=numbers.says_more(m["first"]))
        )
        yield Fact(
            kind="count",
            start=m.start(),
            end=end,
            text=text[m.start() : end],
            value=numbers.plain(low),
            value_max="" if high is None else numbers.plain(high),
            unit=m["unit"],
            qualifier=exactness,
            rule_version=rules,
        )


def _only_a_phrase(text: str, m: re.Match[str], *, has_noun: bool) -> bool:
    """``一个``, ``千家万户``, ``三次``: a spelt-out number that counts nothing in particular."""
    first = m["first"]
    if first[0].isdigit() or m["last"]:
        return False
    before = text[max(0, m.start() - 1) : m.start()]
    if first == "一":
        return not _PUSHED.search(before)
    if all(character in "十百千万亿" for character in first):
        return not _PUSHED_ROUND.search(before)
    return m["unit"] in _terms("zh", "vague_measure") and not has_noun


@cache
def _english_pattern() -> re.Pattern[str]:
    units = one_of(_terms("en", "counted"))
    scale = r"[\s-](?:hundred|thousand|million|billion|dozen)\b"
    spelt = rf"\b(?!zero\b)(?:(?:{numbers.ENGLISH_SPELT})\b|an?(?={scale}))"
    not_filler = (
        r"(?!(?:years?|months?|weeks?|days?|hours?|minutes?|percent|per|times|of|to|in|and|or|on|at|for|from|with|by|who"
        r"|that|than|said|am|pm|people|million|billion)\b)"
    )
    return re.compile(
        rf"(?<![\w.,$€£¥#-])(?P<number>{numbers.DIGITS}|{spelt})(?P<scale>{scale})?"
        rf"(?:\s?(?P<separator>[-–—]|\bto\b|\band\b)\s?(?P<last>{numbers.DIGITS})(?P<scale_last>{scale})?)?"
        rf"(?:[\s-]{not_filler}[a-z][a-z-]{{0,30}}){{0,2}}?[\s-](?P<unit>{units})\b",
        re.IGNORECASE,
    )


def _english(text: str, rules: str) -> Iterator[Fact]:
    reached = 0
    for start in sorted((*numbers.figure_starts(text), *numbers.spelt_starts(text))):
        m = _english_pattern().match(text, start) if start >= reached else None
        if m is None or _is_rate_or_year(text, m):
            continue
        low, high = numbers.english_range(m["number"], m["scale"], m["last"], m["scale_last"])
        if high is not None and not (low < high and is_range(text, start, m["separator"])):
            continue  # the second number has a count of its own
        reached = m.end()
        yield Fact(
            kind="count",
            start=start,
            end=m.end(),
            text=m.group(),
            value=numbers.plain(low),
            value_max="" if high is None else numbers.plain(high),
            unit=m["unit"].lower(),
            qualifier=qualifier(text, start, m.end()) if high is None else "range",
            rule_version=rules,
        )


def _is_rate_or_year(text: str, m: re.Match[str]) -> bool:
    """``in 2020 people``, ``one in five children``, ``three out of four families``."""
    ahead = max(0, m.start() - _AHEAD)
    if _RATE.search(text, ahead, m.start()) is not None:
        return True
    is_year = _YEAR.fullmatch(m["number"]) is not None
    return is_year and _AFTER_DATE_WORD.search(text, ahead, m.start()) is not None
