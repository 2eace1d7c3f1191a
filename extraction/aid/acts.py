"""Acts of help told in plain words: someone gives something to people in need, in one sentence.

Where no term of the lexicon stands, a sentence still tells of aid if it has a verb of giving, a
gift and a receiver (``acts.csv``), or a country that receives aid; a sentence of trade, war, sport
or courts has none.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from extraction.aid.matching import SubstringMatcher, WordMatcher
from extraction.aid.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

ACT = "gives … to"
_NEEDED = frozenset(("give", "gift", "receiver"))
_REFUSED = "business"


class _Classes(NamedTuple):
    by_term: dict[str, str]
    matcher: SubstringMatcher | WordMatcher


@cache
def _classes(language: str) -> _Classes:
    rows = csv.DictReader(files(__package__).joinpath("acts.csv").read_text("utf-8").splitlines())
    by_term = {row["term"]: row["class"] for row in rows if row["language"] == language}
    return _Classes(by_term, SubstringMatcher(by_term) if language == "zh" else WordMatcher(by_term))


def find_acts(
    text: str, language: str, receivers: Sequence[int], whole: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Start and end of every sentence that tells of an act; ``receivers`` are the places in
    ``text`` where a country that receives aid is named. No word is read inside the names and traps
    that ``whole`` spans: 铜山区 is no 山区, 法律援助 no 援助. Chinese and English only."""
    classes = _classes(language)
    hits = [
        (hit.start, hit.end, classes.by_term[hit.term])
        for hit in classes.matcher.find(text)
        if not any(start < hit.start < end for start, end in whole)
    ]
    hits += [(start, start, "receiver") for start in receivers]
    acts = []
    for start, end in sentence_spans(text):
        inside = [hit for hit in hits if start <= hit[0] < end]
        found = {kind for _, _, kind in inside}
        if found >= _NEEDED and _REFUSED not in found:
            acts.append((min(hit[0] for hit in inside), max(hit[1] for hit in inside)))
    return acts
