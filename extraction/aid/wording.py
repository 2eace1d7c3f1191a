"""How a text is worded, beside the terms of the lexicon: what tells of help without naming it.

``wording.csv`` has a word a row with the points it adds or takes; the points were learnt from
labelled texts by ``benchmarks/train_aid_wording.py``. Chinese words are runs of two or three
characters, English ones stems and pairs of stems. The sum over a text's distinct known words is
divided by the square root of their number (LEAST at least), so that long texts do not weigh more than
short ones.
"""

from __future__ import annotations

import csv
import math
import re
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from storage.models import Match

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDING = "wording"
LANGUAGES = ("zh", "en")
# A headline or a line of text says too little; the words were learnt from texts of this length on.
SHORTEST = {"zh": 60, "en": 200}
LONGEST = 3000
LEAST = 16
MOST = 12.0
CONSTANT = "(constant)"
_SIZES = (2, 3)
_SHOWN = 8
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_WORD = re.compile("[a-z]+")
_ENDING = re.compile("(?:ing|ed|es|s|ly)$")
_SHORT_WORD = 5


def words(text: str, language: str) -> Iterator[tuple[str, int, int]]:
    """Every word of a text with its start and end; ``text`` in simplified characters."""
    if language == "zh":
        for run in _HAN.finditer(text):
            start, end = run.span()
            for size in _SIZES:
                for place in range(start, end - size + 1):
                    yield text[place : place + size], place, place + size
        return
    stems = [(_stem(m.group()), m.start(), m.end()) for m in _WORD.finditer(text.lower())]
    yield from stems
    for (first, start, _), (second, _, end) in pairwise(stems):
        yield f"{first} {second}", start, end


def _stem(word: str) -> str:
    return _ENDING.sub("", word) if len(word) > _SHORT_WORD else word


def wording_points(title: str, text: str, language: str) -> tuple[float, list[Match]]:
    """The points of a text's wording, -MOST to MOST, and the words that weigh most in them.

    Nothing for a text that is short or in another language.
    """
    if language not in LANGUAGES or len(text) < SHORTEST[language]:
        return 0.0, []
    points = _points(language)
    found: dict[str, tuple[str, int, int]] = {}
    for where, part in (("title", title), ("text", text[:LONGEST])):
        for word, start, end in words(part, language):
            if word in points and word not in found:
                found[word] = (where, start, end)
    root = math.sqrt(max(LEAST, len(found)))
    total = points[CONSTANT] + math.fsum(points[word] for word in found) / root
    heaviest = sorted(found, key=lambda word: -abs(points[word]))[:_SHOWN]
    shown = [Match(word, WORDING, *found[word], round(points[word] / root, 2)) for word in heaviest]
    return max(-MOST, min(MOST, total)), shown


@cache
def _points(language: str) -> dict[str, float]:
    rows = csv.DictReader(files(__package__).joinpath("wording.csv").read_text("utf-8").splitlines())
    return {row["word"]: float(row["points"]) for row in rows if row["language"] == language}
