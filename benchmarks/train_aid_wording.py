"""Trains extraction/aid/wording.csv on the texts that the rules may learn from.

    python -m benchmarks.train_aid_wording [--check]

Ridge logistic regression of the label on the words of a text and the score of the rules, by Newton's
method over the texts (a kernel: there are many more words than texts). A word counts by the logarithm
of how much likelier it is in aid news than elsewhere (Wang and Manning, 2012: "Baselines and bigrams"),
so that words of both kinds of text, however frequent, explain little. The words that weigh most are
kept and fitted again; weights are then scaled so that points add to the rules' score. ``--check``
trains without one writer at a time (real texts and small batches in five parts) and prints what the
words learnt from the others make of the texts left out; it writes nothing.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from benchmarks.aid import Labelled, real_texts, wilson, written_texts
from extraction.aid.matching import simplified
from extraction.aid.relevance import AID, rule_score
from extraction.aid.wording import CONSTANT, LANGUAGES, LEAST, LONGEST, MOST, SHORTEST, words

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = npt.NDArray[np.float64]
RIDGE = 0.0001
LEAST_TEXTS = 3
KEPT = 2500
# The rules' score counts up to this much, in steps of SCORE_UNIT; a text's words have length WORDS_UNIT.
SCORE_CAP, SCORE_UNIT, WORDS_UNIT = 16.0, 8.0, 3.0
# Written texts are chosen to be hard and half of them are aid news; real ones are what the judge meets.
REAL = 4.0
ROUNDS = 30
PARTS = 5
BATCH = 40
TARGET = Path(__file__).parent.parent / "extraction" / "aid" / "wording.csv"


class Texts:
    """The texts of one language with what the model sees of them."""

    def __init__(self, items: Sequence[Labelled], language: str) -> None:
        self.items = [
            item for item in items if item.language == language and len(item.text) >= SHORTEST[language]
        ]
        self.aid = np.array([item.aid for item in self.items], dtype=float)
        scores = [rule_score(item.title, item.text, language) for item in self.items]
        self.scores = np.minimum(np.array(scores), SCORE_CAP) / SCORE_UNIT
        real = [item.group.startswith("real") for item in self.items]
        self.counts = np.where(real, REAL, 1.0)
        self.words = [_distinct(item, language) for item in self.items]

    def table(self, rows: Sequence[int], columns: dict[str, int]) -> Array:
        """Known words of each text, of equal length for every text, and the rules' score."""
        table = np.zeros((len(rows), len(columns) + 1))
        for n, row in enumerate(rows):
            known = [columns[word] for word in self.words[row] if word in columns]
            table[n, known] = WORDS_UNIT / np.sqrt(max(LEAST, len(known)))
        table[:, -1] = self.scores[rows]
        return table


def _distinct(item: Labelled, language: str) -> frozenset[str]:
    title, text = simplified(item.title), simplified(item.text)[:LONGEST]
    return frozenset(word for part in (title, text) for word, _, _ in words(part, language))


def fit(table: Array, labels: Array, counts: Array) -> tuple[Array, float]:
    """Weights of a ridge logistic regression and its constant; ``counts`` is how often a text counts."""
    kernel = table @ table.T
    dual, constant = np.zeros(len(labels)), 0.0
    for _ in range(ROUNDS):
        odds = kernel @ dual + constant
        chance = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        curve = np.maximum(chance * (1 - chance), 1e-6)
        target = odds + (labels - chance) / curve
        sides = np.c_[target, np.ones(len(labels))]
        solved = np.linalg.solve(kernel + np.diag(RIDGE * len(labels) / (counts * curve)), sides)
        constant = float(solved[:, 0].sum() / solved[:, 1].sum())
        dual = solved[:, 0] - constant * solved[:, 1]
    return table.T @ dual, constant


def learn(texts: Texts, rows: Sequence[int]) -> dict[str, float]:
    """The points of the words that weigh most, with their constant."""
    count = Counter(word for row in rows for word in texts.words[row])
    known = sorted(word for word, number in count.items() if number >= LEAST_TEXTS)
    weights, _ = _fitted(texts, rows, known)
    by_use = {word: abs(weights[n]) * count[word] ** 0.5 for n, word in enumerate(known)}
    kept = sorted(sorted(known, key=lambda word: (-by_use[word], word))[:KEPT])
    weights, constant = _fitted(texts, rows, kept)
    scale = SCORE_UNIT / weights[-1]
    points = {word: round(float(weights[n] * scale * WORDS_UNIT), 2) for n, word in enumerate(kept)}
    return {CONSTANT: round(float(AID + scale * constant), 2), **points}


def _fitted(texts: Texts, rows: Sequence[int], known: Sequence[str]) -> tuple[Array, float]:
    table = texts.table(rows, {word: n for n, word in enumerate(known)})
    tells = np.r_[_telling(table[:, :-1] > 0, texts.aid[rows]), 1.0]
    weights, constant = fit(table * tells, texts.aid[rows], texts.counts[rows])
    return weights * tells, constant


def _telling(has: npt.NDArray[np.bool_], labels: Array) -> Array:
    """How much each word tells of the label: its absolute log-count ratio, 1 in the square mean."""
    aid, other = has[labels == 1].sum(axis=0) + 1, has[labels == 0].sum(axis=0) + 1
    ratio = np.abs(np.log(aid / aid.sum()) - np.log(other / other.sum()))
    return np.asarray(ratio / np.sqrt((ratio**2).mean()), dtype=float)


def scored(texts: Texts, row: int, points: dict[str, float]) -> float:
    """The rules' score and the points of the words, as the judge adds them."""
    found = [points[word] for word in texts.words[row] if word in points]
    total = points[CONSTANT] + sum(found) / max(LEAST, len(found)) ** 0.5
    return float(texts.scores[row] * SCORE_UNIT + max(-MOST, min(MOST, total)))


def check(texts: Texts, language: str) -> None:
    """Print precision and recall on texts whose writer was left out of training."""
    writers = [item.address.rpartition("-")[0] for item in texts.items]
    size = Counter(writers)
    parts = [
        writer if size[writer] >= BATCH and not item.group.startswith("real") else _part(item.address)
        for writer, item in zip(writers, texts.items, strict=True)
    ]
    cells: dict[str, Counter[str]] = {}
    for part in sorted(set(parts)):
        points = learn(texts, [n for n, other in enumerate(parts) if other != part])
        for row in (n for n, other in enumerate(parts) if other == part):
            aid = bool(texts.aid[row])
            kind = texts.items[row].group.partition(",")[0]
            for name, score in (
                ("rules", texts.scores[row] * SCORE_UNIT),
                ("both", scored(texts, row, points)),
            ):
                cell = ("T" if aid == (score >= AID) else "F") + ("P" if score >= AID else "N")
                for group in ("all", kind):
                    cells.setdefault(f"{group:20}{name}", Counter())[cell] += 1
    print(f"{language}: {len(texts.items)} texts, {len(set(parts))} parts")
    for group in sorted(cells):
        c = cells[group]
        precision, recall = wilson(c["TP"], c["TP"] + c["FP"]), wilson(c["TP"], c["TP"] + c["FN"])
        print(f"  {group:28}{c['TP']:4}{c['FN']:4}{c['FP']:4}{c['TN']:5}  {precision:24}{recall}")


def _part(address: str) -> str:
    return str(int(hashlib.sha256(address.encode()).hexdigest(), 16) // 2 % PARTS)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the words of aid news, or check them")
    parser.add_argument("--check", action="store_true", help="leave one writer out at a time, write nothing")
    options = parser.parse_args()
    items = [item for item in (*real_texts(), *written_texts()) if item.group.endswith("tuned")]
    learnt: list[tuple[str, str, float]] = []
    for language in LANGUAGES:
        texts = Texts(items, language)
        if options.check:
            check(texts, language)
        else:
            points = learn(texts, range(len(texts.items)))
            learnt += [(language, word, points[word]) for word in points]
            print(f"{language}: {len(texts.items)} texts, {len(points) - 1} words")
    if learnt:
        with TARGET.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("language", "word", "points"))
            writer.writerows(learnt)


if __name__ == "__main__":
    main()
