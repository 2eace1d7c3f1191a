"""Places named in a text, with the code of each where the text settles which one it is.

A county that shares its name with others (鼓楼区) has a code only where its prefecture or province
is named too. Townships, villages and divisions of the Xinjiang corps have no code in GB/T 2260;
they are taken where they follow a place that has one, and carry the empty code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extraction.aid import gazetteer
from extraction.aid.not_places import is_no_place
from storage.models import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extraction.aid.gazetteer import Names
    from extraction.aid.matching import Hit

_HAN = re.compile("[\u4e00-\u9fff]")
_BELOW_COUNTY = re.compile(
    r"的?(?P<name>[^的和与在是有为将了从到对及把被各全多个等内外县市区乡镇村\W\d]{2,5}(?:乡|镇|村|街道|苏木|嘎查))"
    "(?![民委干庄级医里上子口容])"
)
_NUMERAL = r"[一二三四五六七八九十〇\d]{1,4}"
_CITY = "[\u4e00-\u9fff]{2,4}?市"
_CORPS = re.compile(
    f"(?:新疆生产建设)?兵团第?{_NUMERAL}师(?:{_CITY})?(?:{_NUMERAL}团)?"
    f"|第?{_NUMERAL}师(?:{_CITY}(?:{_NUMERAL}团)?|{_NUMERAL}团)"
    f"|{_NUMERAL}团[\u4e00-\u9fff]{{2}}镇"
)
_CORPS_HINT = re.compile(r"[一二三四五六七八九十〇\d][师团]")
_ARTICLE = re.compile(r"(?:el|the)\s(?=.)", re.IGNORECASE)
# What is written together with an Arabic name; the key of a name leaves the article out, too.
_CLITICS = "وبل"
_ARABIC_KEY = re.compile("^و?(?:[بكل](?=ال)|ل(?=ل))?(?:ال|ل)?")
_ABBREVIATION = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A place at ``start:end``; ``code`` is empty where it has none or the text leaves it open."""

    start: int
    end: int
    text: str
    code: str


def find_places(text: str, language: str) -> list[Place]:
    """All mentions in order of place, none overlapping another."""
    if _HAN.search(text):
        found = sorted(_chinese(text), key=lambda p: (p.start, -p.end))
        return list(_with_townships(text, _apart(found)))
    return list(_words(text, language if language in ("fr", "es", "ar") else "en"))


def named_as(kind: str, text: str, language: str) -> list[Place]:
    """Countries that a text speaks of by an ``adjective``, a ``demonym`` or an ``agency``."""
    names = gazetteer.other_names(f"{language}-{kind}")
    hits = names.matcher.find(text)
    upper = [hit for hit in hits if language == "zh" or text[hit.start].isupper()]
    return [Place(h.start, h.end, text[h.start : h.end], names.codes[h.term][0]) for h in upper]


def place_facts(places: Iterable[Place], rules: str) -> Iterator[Fact]:
    """The first mention of every name, as facts."""
    seen: set[str] = set()
    for place in places:
        name = _ARABIC_KEY.sub("", place.text)
        if name not in seen:
            seen.add(name)
            yield Fact(
                kind="place",
                start=place.start,
                end=place.end,
                text=place.text,
                code=place.code,
                rule_version=rules,
            )


def _chinese(text: str) -> Iterator[Place]:
    names = gazetteer.chinese_names()
    hits = names.matcher.find(text)
    codes = _codes(hits, names)
    for hit, code in zip(hits, codes, strict=True):
        if code != "-":
            yield Place(hit.start, hit.end, text[hit.start : hit.end], code)
    if any(code.isdigit() for code in codes):
        yield from _counties_in_short(text, frozenset(codes))
    for m in _CORPS.finditer(text) if _CORPS_HINT.search(text) else ():
        city = m.group().partition("师")[2].partition("市")[0] + "市"
        code = next(iter(names.codes.get(city, ())), "")
        yield Place(m.start(), m.end(), text[m.start() : m.end()], code)


def _counties_in_short(text: str, known: frozenset[str]) -> Iterator[Place]:
    shorts = gazetteer.county_shorts()
    for hit in shorts.matcher.find(text):
        codes = [code for code in shorts.codes[hit.term] if code in known]
        if len(codes) == 1:
            yield Place(hit.start, hit.end, text[hit.start : hit.end], codes[0])


def _words(text: str, language: str) -> Iterator[Place]:
    names = gazetteer.word_names(language)
    hits = [hit for hit in names.matcher.find(text) if _is_a_name(text, hit)]
    for hit, code in zip(hits, _codes(hits, names), strict=True):
        if code != "-":
            start = hit.start + (language == "ar" and _has_clitic(text[hit.start : hit.end], names))
            end = hit.end + (text[hit.start : hit.end + 1].count(".") > 1)
            yield Place(start, end, text[start:end], code)


def _has_clitic(written: str, names: Names) -> bool:
    return written[0] in _CLITICS and written[1:] in names.codes


def _is_a_name(text: str, hit: Hit) -> bool:
    written = text[hit.start : hit.end]
    if len(written) <= _ABBREVIATION and written.isascii():
        return written.isupper()
    # El Salvador is a country, el salvador a saviour.
    article = _ARTICLE.match(written)
    name = written[article.end() :] if article else written
    return not name[0].islower() and not is_no_place(text, hit)


def _codes(hits: list[Hit], names: Names) -> list[str]:
    """One code for every hit; a name of several places is settled by a parent named in the text."""
    certain = {names.codes[hit.term][0] for hit in hits if len(names.codes[hit.term]) == 1}
    return [_settled(names.codes[hit.term], certain) for hit in hits]


def _settled(codes: tuple[str, ...], certain: set[str]) -> str:
    if len(codes) == 1:
        return codes[0]
    for level in (0, 1):
        fitting = [
            code
            for code in codes
            if certain.intersection(gazetteer.divisions()[code].parents[level : level + 1])
        ]
        if len(fitting) == 1:
            return fitting[0]
    return ""


def _apart(places: Iterable[Place]) -> Iterator[Place]:
    reached = 0
    for place in places:
        if place.start >= reached:
            reached = place.end
            yield place


def _with_townships(text: str, places: Iterable[Place]) -> Iterator[Place]:
    for place in places:
        yield place
        end = place.end
        while place.code[:1] != "-" and (m := _BELOW_COUNTY.match(text, end)):
            end = m.end("name")
            yield Place(m.start("name"), end, m["name"], "")
