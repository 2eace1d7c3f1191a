"""Whether an amount in aid news is aid itself, by the words around it.

Many amounts of an article have no cue of ``roles.csv`` near them, or one that says only that money
moves ("the clinic cost $40,000"). ``role_words.csv`` has a word a row with its mark and the points it
adds; the points were learnt from labelled amounts of aid news by ``benchmarks/train_aid_roles.py``.
Words are pairs of characters in Chinese, stems in English. The mark says where in the sentence the word
stands: ``<`` before the amount, ``<<`` right before it, ``>`` after it, ``>>`` right after it.
"""

from __future__ import annotations

import csv
import math
import re
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from extraction.aid.sentences import sentence_spans
from extraction.aid.wording import stems

if TYPE_CHECKING:
    from collections.abc import Sequence

CONSTANT = "(constant)"
RULE = "(rule) "
# Characters in Chinese, words in English: before, right before, after, right after the amount.
_REACH = {"zh": (24, 8, 14, 6), "en": (10, 3, 8, 2)}
_FARTHEST = 160
_HAN_PAIR = re.compile("(?=([\u4e00-\u9fff]{2}))")
_HAN = re.compile("[\u4e00-\u9fff]")


def is_aid(text: str, start: int, end: int, language: str, role: str) -> tuple[bool, str]:
    """Whether the amount at ``start:end`` is aid, and the word that says so most.

    ``role`` is what the cues made of it; ``language`` is ``zh`` or ``en``.
    """
    points = _points(language)
    found = words_around(text, start, end, language) & points.keys()
    total = points[CONSTANT] + points.get(RULE + role, 0.0) + math.fsum(points[word] for word in found)
    heaviest = max(sorted(found), key=lambda word: points[word], default="")
    return total >= 0, heaviest.lstrip("<>")


def words_around(text: str, start: int, end: int, language: str) -> set[str]:
    """The marked words of the amount's sentence that are near it."""
    spans = sentence_spans(text)
    first, last = spans[max(0, bisect_right(spans, (start, len(text))) - 1)]
    # A sentence may be as long as a page.
    before, after = text[max(first, start - _FARTHEST) : start], text[end : min(last, end + _FARTHEST)]
    far_before, near_before, far_after, near_after = _REACH[language]
    if language == "zh":
        return {
            *_marked("<", _HAN_PAIR.findall(before[-far_before:])),
            *_marked("<<", [*_HAN_PAIR.findall(before[-near_before:]), *_HAN.findall(before[-near_before:])]),
            *_marked(">", _HAN_PAIR.findall(after[:far_after])),
            *_marked(">>", _HAN.findall(after[:near_after])),
        }
    said, follows = stems(before), stems(after)
    return {
        *_marked("<", said[-far_before:]),
        *_marked("<<", said[-near_before:]),
        *_marked(">", follows[:far_after]),
        *_marked(">>", follows[:near_after]),
    }


def _marked(mark: str, words: Sequence[str]) -> list[str]:
    return [mark + word for word in words]


@cache
def _points(language: str) -> dict[str, float]:
    rows = csv.DictReader(files(__package__).joinpath("role_words.csv").read_text("utf-8").splitlines())
    return {row["word"]: float(row["points"]) for row in rows if row["language"] == language}
