"""How a text is worded, beside the terms of the lexicon: what tells of help without naming it, what
tells that aid is named in passing, and of which kind the aid is.

``wording.csv`` says of a language, of AID or a category, and of a word how many points it adds or
takes; the points were learnt from labelled texts by ``benchmarks/train_aid_wording.py``. Chinese
words are pairs of characters, English ones stems and pairs of stems. The sum over a text's distinct
known words is divided by the square root of their number, so that long texts do not weigh more than
short ones. To it come a constant and what the rules say times a factor. Two points are one unit of
log odds: 8 is an even chance, 12 about seven in eight, among texts like those learnt from.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, pairwise
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from extraction.aid.matching import OverlappingMatcher, words_of
from storage.models import Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

WORDING = "wording"
AID_NEWS = "aid"
LANGUAGES = ("zh", "en")
# A headline or a line of text says too little; the words were learnt from texts of this length on.
SHORTEST = {"zh": 60, "en": 200}
LONGEST = 3000
LEAST = 16
CONSTANT = "(constant)"
RULES_FACTOR = "(rules)"
_SHOWN = 8
_ENDING = re.compile("(?:ing|ed|es|s|ly)$")
_SHORT_WORD = 5


class Wording:
    """The known words of a text in simplified characters.

    ``tells`` is False where it is short, in another language than LANGUAGES or of unknown words.
    """

    def __init__(self, title: str, text: str, language: str) -> None:
        self._parts = {"title": title, "text": text[:LONGEST]}
        self._language = language
        self._words: dict[str, str] = {}
        if language in LANGUAGES and len(text) >= SHORTEST[language]:
            for where in ("text", "title"):
                self._words |= dict.fromkeys(_known_words(self._parts[where], language), where)
        self.tells = len(self._words) >= LEAST

    def points(self, by_rules: float) -> float:
        """What the words make of AID_NEWS, where the rules say ``by_rules``."""
        points = _learnt(self._language).of_aid_news
        return self._with_rules(AID_NEWS, by_rules, [points[word] for word in self._words if word in points])

    def points_of_kinds(self, by_rules: Mapping[str, float]) -> dict[str, float]:
        """What they make of every category that the rules say something of."""
        found: dict[str, list[float]] = {category: [] for category in by_rules}
        of_kinds = _learnt(self._language).of_kinds
        for word in self._words:
            for category, points in of_kinds.get(word, ()):
                found[category].append(points)
        return {of: self._with_rules(of, by_rules[of], points) for of, points in found.items()}

    def _with_rules(self, of: str, by_rules: float, points: list[float]) -> float:
        constant, factor = _learnt(self._language).rules[of]
        return constant + factor * by_rules + math.fsum(points) / _length(len(points))

    def heaviest(self) -> list[Match]:
        """The words that weigh most in the points of AID_NEWS, each with its first place and its share."""
        points = _learnt(self._language).of_aid_news
        found = sorted([(-abs(points[word]), word) for word in self._words if word in points])
        length = _length(len(found))
        return [
            Match(word, WORDING, where, start, end, round(points[word] / length, 2))
            for _, word in found[:_SHOWN]
            for where in [self._words[word]]
            for start, end in [_first_place(word, self._parts[where], self._language)]
        ]


def words(text: str, language: str) -> Iterator[str]:
    """The words of a text in simplified characters, repeats included.

    Pairs of characters are cut without regard to what is no Chinese character; no known word has any.
    """
    if language == "zh":
        return map(add, text, text[1:])
    said = stems(text)
    return chain(said, map(" ".join, pairwise(said)))


def _known_words(text: str, language: str) -> Iterable[str]:
    """Those of ``words`` that have points."""
    if language == "zh":
        return _known_in_chinese().find(text)
    return filter(_learnt(language).known.__contains__, words(text, language))


@lru_cache(maxsize=4)
def stems(text: str) -> Sequence[str]:
    """The stems of the words of a text; numbers are no words here, or years would tell of aid."""
    return list(map(_stem, filter(str.isalpha, words_of(text).forms)))


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """An English word in lower case without its ending; a short one as it is."""
    return _ENDING.sub("", word) if len(word) > _SHORT_WORD else word


def _length(words_found: int) -> float:
    return math.sqrt(max(LEAST, words_found))


def _first_place(word: str, text: str, language: str) -> tuple[int, int]:
    """Start and end of the first place of a word that the text has."""
    if language == "zh":
        return text.index(word), text.index(word) + len(word)
    said, parts = stems(text), word.split(" ")
    n = said.index(parts[0])
    while said[n : n + len(parts)] != parts:
        n = said.index(parts[0], n + 1)
    spelt, places = words_of(text), _places(text)
    return spelt.start(places[n]), spelt.end(places[n + len(parts) - 1])


@lru_cache(maxsize=4)
def _places(text: str) -> Sequence[int]:
    """Which of the words of a text the ``stems`` are."""
    return [n for n, form in enumerate(words_of(text).forms) if form.isalpha()]


class _Learnt(NamedTuple):
    # Of AID_NEWS or a category: the constant, and the factor of what the rules say.
    rules: Mapping[str, tuple[float, float]]
    of_aid_news: Mapping[str, float]
    # Of a word: categories with its points of each.
    of_kinds: Mapping[str, Sequence[tuple[str, float]]]
    known: frozenset[str]


@cache
def _learnt(language: str) -> _Learnt:
    points: dict[str, dict[str, float]] = defaultdict(dict)
    rows = csv.DictReader(files(__package__).joinpath("wording.csv").read_text("utf-8").splitlines())
    for row in rows:
        if row["language"] == language:
            points[row["of"]][row["word"]] = float(row["points"])
    rules = {of: (learnt.pop(CONSTANT), learnt.pop(RULES_FACTOR)) for of, learnt in points.items()}
    of_aid_news = points.pop(AID_NEWS)
    of_kinds: dict[str, list[tuple[str, float]]] = {}
    for category, learnt in points.items():
        for word in learnt:
            of_kinds.setdefault(word, []).append((category, learnt[word]))
    return _Learnt(rules, of_aid_news, of_kinds, frozenset((*of_aid_news, *of_kinds)))


@cache
def _known_in_chinese() -> OverlappingMatcher:
    return OverlappingMatcher(_learnt("zh").known)
