"""Sectors an article speaks of, as groups of the OECD DAC purpose codes (three digits).

Source of the groups: OECD DAC and CRS code lists, sector codes by 3-digit group; a few neighbours
that news do not keep apart are joined (310 stands for 311–313, 320 for 321–323, 330 for 331–332).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from extraction.aid.matching import SubstringMatcher, WordMatcher
from storage.models import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAN = re.compile("[\u4e00-\u9fff]")
_SHORT = {"zh": 300, "en": 900}
_MENTIONS = 2


class _Sectors(NamedTuple):
    codes: dict[str, str]
    matcher: SubstringMatcher | WordMatcher


def find_sectors(text: str, rules: str) -> Iterator[Fact]:
    """The first mention of every sector that is named twice, or once in a short text.

    ``code`` is the DAC group, ``cue`` its name; the qualifier is ``exact`` for no sector: a word
    is a hint, so it is ``about``.
    """
    language = "zh" if _HAN.search(text) else "en"
    sectors = _sectors(language)
    hits = sectors.matcher.find(text)
    mentions = Counter(sectors.codes[hit.term] for hit in hits)
    enough = 1 if len(text) < _SHORT[language] else _MENTIONS
    for hit in hits:
        code = sectors.codes[hit.term]
        if mentions[code] >= enough:
            mentions[code] = 0
            yield Fact(
                kind="sector",
                start=hit.start,
                end=hit.end,
                text=text[hit.start : hit.end],
                qualifier="about",
                cue=sector_names()[code],
                code=code,
                rule_version=rules,
            )


@cache
def sector_names() -> dict[str, str]:
    """The English name of every group, by code."""
    return {row["code"]: row["name"] for row in _rows("sector_names.csv")}


@cache
def _sectors(language: str) -> _Sectors:
    codes = {row["term"]: row["code"] for row in _rows("sectors.csv") if row["language"] == language}
    return _Sectors(codes, SubstringMatcher(codes) if language == "zh" else WordMatcher(codes))


def _rows(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files(__package__).joinpath(file).read_text("utf-8").splitlines()))
