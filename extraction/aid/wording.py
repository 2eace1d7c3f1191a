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
from operator import add
from typing import TYPE_CHECKING

from extraction.aid.matching import Words, words_of
from storage.models import Match

if TYPE_CHECKING:
    from collections.abc import Mapping

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
            known = _all_known(language)
            for where in ("text", "title"):
                self._words |= dict.fromkeys(words(self._parts[where], language) & known, where)
        self.tells = len(self._words) >= LEAST

    def points(self, of: str, by_rules: float) -> float:
        """What the words make of ``of``, AID_NEWS or a category, where the rules say ``by_rules``."""
        points = _points(self._language)[of]
        found = [points[word] for word in self._words if word in points]
        return points[CONSTANT] + points[RULES_FACTOR] * by_rules + math.fsum(found) / _length(len(found))

    def heaviest(self, of: str) -> list[Match]:
        """The words that weigh most in ``points``, each with its first place and its share."""
        points = _points(self._language)[of]
        found = [word for word in self._words if word in points]
        chosen = sorted(found, key=lambda word: (-abs(points[word]), word))[:_SHOWN]
        length = _length(len(found))
        return [
            Match(word, WORDING, where, start, end, round(points[word] / length, 2))
            for word in chosen
            for where in [self._words[word]]
            for start, end in [_first_place(word, self._parts[where], self._language)]
        ]


def words(text: str, language: str) -> set[str]:
    """The distinct words of a text in simplified characters.

    Pairs of characters are cut without regard to what is no Chinese character; no known word has any.
    """
    if language == "zh":
        return set(map(add, text, text[1:]))
    stems = _stems(text).forms
    return {*stems, *map("{} {}".format, stems, stems[1:])}


@lru_cache(maxsize=4)
def _stems(text: str) -> Words:
    """The stems of the words of a text; numbers are no words here, or years would tell of aid."""
    found = [(stem(form), span) for form, span in zip(*words_of(text), strict=True) if form.isalpha()]
    return Words([stem for stem, _ in found], [span for _, span in found])


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word in lower case without its ending; a short one as it is."""
    return _ENDING.sub("", word) if len(word) > _SHORT_WORD else word


def _length(words_found: int) -> float:
    return math.sqrt(max(LEAST, words_found))


def _first_place(word: str, text: str, language: str) -> tuple[int, int]:
    """Start and end of the first place of a word that the text has."""
    if language == "zh":
        return text.index(word), text.index(word) + len(word)
    (stems, spans), parts = _stems(text), word.split(" ")
    n = stems.index(parts[0])
    while stems[n : n + len(parts)] != parts:
        n = stems.index(parts[0], n + 1)
    return spans[n][0], spans[n + len(parts) - 1][1]


@cache
def _points(language: str) -> Mapping[str, Mapping[str, float]]:
    """Points by what they are of and by word."""
    points: dict[str, dict[str, float]] = defaultdict(dict)
    rows = csv.DictReader(files(__package__).joinpath("wording.csv").read_text("utf-8").splitlines())
    for row in rows:
        if row["language"] == language:
            points[row["of"]][row["word"]] = float(row["points"])
    return points


@cache
def _all_known(language: str) -> frozenset[str]:
    return frozenset(word for points in _points(language).values() for word in points)
