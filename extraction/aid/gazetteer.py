"""Names of places with their codes: China's divisions, countries, and forms that only look so.

Divisions are those of GB/T 2260 down to counties (``divisions.csv``, the state of 2026, kept where
two independent published lists agree); countries are ISO 3166-1 with the names that Unicode CLDR
gives them (through Babel); ``place_names.csv`` adds other names in use and, with code ``-``,
compounds that contain a place's name and are none (北京时间, 印度洋). Its uses: ``zh`` and ``en``
names, ``en-adjective`` for donors, ``en-demonym`` for receivers, ``en-agency`` and ``zh-agency`` for
bodies that stand for a donor, ``given-name`` for first names of persons, ``zh-word`` for short names of
divisions that are more often another word (白银, 朝阳), ``no-country`` for codes of CLDR that name no
country of ours, and ``aid-country`` for most of the countries on the OECD DAC list of ODA recipients.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from babel import Locale

from extraction.aid.matching import SubstringMatcher, WordMatcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set

_PEOPLES = (
    "维吾尔|壮族|回族|藏族|蒙古族|(?<!内)蒙古|哈萨克|柯尔克孜|土家族|苗族|侗族|布依族|彝族|白族|傣族|景颇族|傈僳族|哈尼族|朝鲜族"
    "|羌族|黎族|满族|瑶族|各族|仡佬族|水族|撒拉族|土族|保安族|东乡族|裕固族|锡伯|塔吉克|达斡尔族|畲族|仫佬族|毛南族|佤族|拉祜族"
    "|布朗族|纳西族|独龙族|怒族|普米族|鄂温克族|鄂伦春族"
)
_SUFFIX = re.compile(
    f"(?:{_PEOPLES})*(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|特区|省|市|盟|州|县|区|旗)$"
)
_PARENTHESIS = re.compile(r"\s*\(.*\)")


@dataclass(frozen=True, slots=True)
class Division:
    """A division of China; ``short`` is its name without the kind of division."""

    code: str
    name: str
    short: str
    english: tuple[str, ...]

    @property
    def parents(self) -> tuple[str, ...]:
        """Codes of the prefecture and the province it belongs to."""
        above = (self.code[:4] + "00", self.code[:2] + "0000")
        return tuple(code for code in above if code != self.code)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one script: each with the codes it may stand for ("-" for none), and a matcher."""

    codes: Mapping[str, tuple[str, ...]]
    matcher: SubstringMatcher | WordMatcher


@cache
def divisions() -> Mapping[str, Division]:
    """All divisions by code."""
    return {row["code"]: _division(row) for row in _rows("divisions.csv")}


def _division(row: dict[str, str]) -> Division:
    name = row["name"]
    short = _SUFFIX.sub("", name)
    english = tuple(form for form in row["english"].split("|") if form)
    return Division(row["code"], name, short if len(short) > 1 else name, english)


def official_name(code: str, language: str) -> str:
    """The name of a division or country: Chinese for ``zh``, else English where there is one."""
    division = divisions().get(code)
    if division is None:
        return _PARENTHESIS.sub("", _country_names("zh" if language == "zh" else "en").get(code, code))
    return division.name if language == "zh" or not division.english else division.english[0]


def shared(codes: Set[str]) -> str:
    """The smallest place that has all of ``codes`` in it, or the empty string."""
    if len(codes) == 1:
        return next(iter(codes))
    known = [divisions()[code] for code in codes if code in divisions()]
    if len(known) < len(codes):
        return ""
    common = set.intersection(*({division.code, *division.parents} for division in known))
    return max(common, key=lambda code: code.rstrip("0"), default="")


@cache
def _country_names(language: str) -> Mapping[str, str]:
    return dict(Locale.parse(language).territories)


@cache
def listed(use: str) -> frozenset[str]:
    """The names (or codes) that ``place_names.csv`` lists for a use."""
    return frozenset(row["name"] for row in _rows("place_names.csv") if row["use"] == use)


@cache
def codes_of(use: str) -> dict[str, str]:
    """The names that ``place_names.csv`` lists for a use with their codes; English in lower case."""
    return {row["name"]: row["code"] for row in _rows("place_names.csv") if row["use"] == use}


@cache
def chinese_names() -> Names:
    """Full names of divisions, safe short names of provinces and prefectures, countries."""
    names: dict[str, list[str]] = {}
    for division in divisions().values():
        names.setdefault(division.name, []).append(division.code)
        if division.code.endswith("00") and division.short not in listed("zh-word"):
            names.setdefault(division.short, []).append(division.code)
        if division.name.endswith(("自治州", "自治县")):
            names.setdefault(division.short + division.name[-1], []).append(division.code)
    for name in ("吉林", "海南"):
        names[name] = [code for code, d in divisions().items() if code.endswith("0000") and d.short == name]
    _add_other_names(names, "zh")
    return Names(_frozen(names), SubstringMatcher(names))


@cache
def county_shorts() -> Names:
    """Short names that count only where the full name stands in the same text."""
    names: dict[str, list[str]] = {}
    for division in divisions().values():
        counts_alone = division.code.endswith("00") and division.short not in listed("zh-word")
        if not counts_alone and division.short != division.name:
            names.setdefault(division.short, []).append(division.code)
    return Names(_frozen(names), SubstringMatcher(names))


@cache
def word_names(language: str) -> Names:
    """Names in English, French, Spanish or Arabic, in lower case."""
    names: dict[str, list[str]] = {}
    for division in divisions().values():
        for form in division.english:
            names.setdefault(form.lower(), []).append(division.code)
    _add_other_names(names, language)
    if language == "ar":
        for name in [name for name in names if not name.startswith("ال")]:
            for clitic in "وبل":  # and, in, to; before an article the matcher knows them
                names.setdefault(clitic + name, names[name])
    return Names(_frozen(names), WordMatcher(names))


@cache
def other_names(use: str) -> Names:
    """The names that ``place_names.csv`` lists for a use, such as ``en-demonym`` or ``zh-agency``."""
    codes = {name: (code,) for name, code in codes_of(use).items()}
    return Names(codes, (SubstringMatcher if use.startswith("zh") else WordMatcher)(codes))


def _add_other_names(names: dict[str, list[str]], language: str) -> None:
    for code, name in _countries(language):
        names.setdefault(name, [code])
    for row in _rows("place_names.csv"):
        if row["use"] == language:
            names[row["name"]] = [row["code"]]


def _countries(language: str) -> Iterator[tuple[str, str]]:
    excluded = listed("no-country")
    for code, name in _country_names(language).items():
        if len(code) == 2 and code.isalpha() and code not in excluded:
            plain = name if language == "zh" else _PARENTHESIS.sub("", name).lower().replace("’", "'")
            yield code, plain


def _frozen(names: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(codes) for name, codes in names.items()}


def _rows(file: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(file).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
