"""Trains extraction/aid/role_words.csv on the labelled amounts of aid news.

    python -m benchmarks.train_aid_roles [--check]

Ridge logistic regression of "this amount is aid" on the words around the amount and the role that the
cues give it, as ``train_aid_wording`` does it. The amounts are those of ``aid/facts.jsonl`` in texts that
are aid news and not held. ``--check`` leaves out one eighth of the texts at a time and prints what comes
of them; it writes nothing.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.aid_texts import labelled_facts, wilson
from benchmarks.train_aid_wording import fit, telling
from extraction.aid.matching import simplified
from extraction.aid.role_wording import CONSTANT, RULE, words_around
from extraction.aid.roles import is_neutral, role_of

if TYPE_CHECKING:
    from collections.abc import Sequence

PENALTY = 1 / 0.3
LEAST_AMOUNTS = 2
KEPT = 600
# The log odds from which an amount is called aid: a false one costs more than one left unknown.
CAUTION = 1.0
RULE_UNIT = 2.0
PARTS = 8
TARGET = Path(__file__).parent.parent / "extraction" / "aid" / "role_words.csv"


class Stated(NamedTuple):
    """A labelled amount with the words around it and the role that the cues give it."""

    address: str
    aid: bool
    words: set[str]
    role: str
    cue: str


def amounts(language: str) -> list[Stated]:
    found = []
    for item, facts in labelled_facts():
        if item.language != language or not item.aid or item.group.endswith("held"):
            continue
        text = simplified(item.text)
        for start, end, role in facts["money"]:
            words = words_around(text, start, end, language)
            found.append(Stated(item.address, role == "aid", words, *role_of(text, start, end)))
    return found


def learn(stated: Sequence[Stated]) -> dict[str, float]:
    """The points of the words that weigh most, of the roles by cue and the constant."""
    count = Counter(word for amount in stated for word in amount.words)
    known = sorted(word for word, number in count.items() if number >= LEAST_AMOUNTS)
    roles = sorted({amount.role for amount in stated})
    points = _fitted(stated, known, roles)
    by_use = {word: abs(points[word]) * count[word] ** 0.5 for word in known}
    kept = sorted(sorted(known, key=lambda word: (-by_use[word], word))[:KEPT])
    return {name: round(value, 2) for name, value in _fitted(stated, kept, roles).items()}


def _fitted(stated: Sequence[Stated], known: Sequence[str], roles: Sequence[str]) -> dict[str, float]:
    columns = {word: n for n, word in enumerate([*known, *(RULE + role for role in roles)])}
    table = np.zeros((len(stated), len(columns)))
    for n, amount in enumerate(stated):
        table[n, [columns[word] for word in amount.words if word in columns]] = 1
        table[n, columns[RULE + amount.role]] = RULE_UNIT
    labels = np.array([amount.aid for amount in stated], dtype=float)
    tells = np.r_[telling(table[:, : len(known)] > 0, labels), np.ones(len(roles))]
    weights, constant = fit(table * tells, labels, PENALTY)
    values = weights * tells * np.r_[np.ones(len(known)), np.full(len(roles), RULE_UNIT)]
    return {CONSTANT: constant - CAUTION, **dict(zip(columns, map(float, values), strict=True))}


def said(amount: Stated, points: dict[str, float]) -> float:
    return (
        points[CONSTANT]
        + points.get(RULE + amount.role, 0.0)
        + sum(points.get(word, 0.0) for word in amount.words)
    )


def check(stated: Sequence[Stated], language: str) -> None:
    """Print precision and recall of role aid on amounts whose text was left out of training."""
    cells = {"cues": Counter[str](), "both": Counter[str]()}
    for part in range(PARTS):
        points = learn([amount for amount in stated if _part(amount.address) != part])
        for amount in stated:
            if _part(amount.address) == part:
                by_cue = amount.role == "aid"
                by_words = amount.role == "unknown" and is_neutral(amount.cue) and said(amount, points) >= 0
                for name, aid in (("cues", by_cue), ("both", by_cue or by_words)):
                    cells[name][("T" if aid == amount.aid else "F") + "NP"[aid]] += 1
    for name, c in cells.items():
        precision, recall = wilson(c["TP"], c["TP"] + c["FP"]), wilson(c["TP"], c["TP"] + c["FN"])
        print(f"{language} {name:6}{len(stated):5} amounts  {precision:24}{recall}")


def _part(address: str) -> int:
    return int(hashlib.sha256(address.encode()).hexdigest(), 16) % PARTS


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the words of amounts that are aid, or check them")
    parser.add_argument("--check", action="store_true", help="leave out texts in turn, write nothing")
    options = parser.parse_args()
    rows = []
    for language in ("zh", "en"):
        stated = amounts(language)
        if options.check:
            check(stated, language)
        else:
            points = learn(stated)
            rows += [(language, word, points[word]) for word in points]
            print(f"{language}: {len(stated)} amounts")
    if rows:
        with TARGET.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("language", "word", "points"))
            writer.writerows(rows)


if __name__ == "__main__":
    main()
