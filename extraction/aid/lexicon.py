"""The lexicon of aid terms: ``lexicon.csv`` read once, with a matcher per language.

A row is ``language,term,category,weight``. Weight 4–5: aid on its own; 3: aid in company; 2: only
counts beside other terms. Category ``mask`` is a compound that looks like aid and is not
(法律援助, first aid): it takes part in the longest match and counts nothing. ``other_topic`` is a
word of a title that speaks for sport, games, war or markets; its weight is negative.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from extraction.aid.matching import SubstringMatcher, WordMatcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MASK = "mask"
OTHER_TOPIC = "other_topic"
GENERAL = "general"
CATEGORIES = (
    "humanitarian",
    "development",
    "pairing",
    "disaster_relief",
    "medical_team",
    "charity",
    "foreign_aid",
)
LANGUAGES = ("zh", "en", "fr", "es", "ru", "ar")
_COMMON_WORDS = {
    "en": frozenset(("the", "of", "and", "to", "is", "for", "by", "with", "that", "was")),
    "fr": frozenset(("le", "les", "des", "et", "du", "une", "dans", "pour", "est", "aux", "au")),
    "es": frozenset(("el", "los", "las", "y", "del", "una", "por", "para", "con", "al")),
}
_HAN = re.compile("[\u4e00-\u9fff]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]+")
_ARABIC = re.compile("[\u0620-\u06ff]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A row of the lexicon."""

    language: str
    term: str
    category: str
    weight: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of one language by their spelling, and the matcher that finds them."""

    terms: Mapping[str, Term]
    matcher: SubstringMatcher | WordMatcher


def all_terms() -> tuple[Term, ...]:
    """Every row, in the order of the file."""
    text = files(__package__).joinpath("lexicon.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Term(row["language"], row["term"], row["category"], float(row["weight"])) for row in rows)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of one of LANGUAGES."""
    terms = {term.term: term for term in all_terms() if term.language == language}
    matcher = SubstringMatcher(terms) if language == "zh" else WordMatcher(terms)
    return Lexicon(terms, matcher)


def language_of(text: str, stated: str) -> str:
    """The lexicon to use: the one of the script where the script tells, else the stated language.

    ``stated`` is a tag such as ``zh-CN``, or empty: then the commonest words tell. Latin text in a
    language without a lexicon is read with the English one: names of agencies are shared.
    """
    sample = text[:2000]
    han = _length(_HAN.findall(sample))
    if han and han * 4 >= len(sample):
        return "zh"  # no other script can weigh more
    scripts = {
        "zh": han * 3,
        "ru": _length(_CYRILLIC.findall(sample)),
        "ar": _length(_ARABIC.findall(sample)),
    }
    script = max(scripts, key=lambda name: scripts[name])
    if scripts[script] * 3 > len(sample):
        return script
    tag = stated.lower().split("-")[0]
    if tag:
        return tag if tag in _COMMON_WORDS else "en"
    words = sample.lower().split()
    return max(_COMMON_WORDS, key=lambda name: sum(word in _COMMON_WORDS[name] for word in words))


def _length(runs: Iterable[str]) -> int:
    return sum(map(len, runs))
