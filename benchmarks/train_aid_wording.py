"""Trains extraction/aid/wording.csv on the texts that the rules may learn from.

    python -m benchmarks.train_aid_wording [--check]

Ridge logistic regression of a label on the words of a text and what the rules say, by Newton's method
over the texts (a kernel: there are many more words than texts): once for aid news or not, then, among
aid news, for each category. A word counts by how much likelier it is in texts of the label than
elsewhere, or the reverse (its log-count ratio; Wang and Manning, 2012: "Baselines and bigrams"), so that
words of both kinds of text, however frequent, explain little. The words that weigh most are kept and
fitted again. ``--check`` trains without one writer at a time (real texts and small batches in five
parts) and prints what comes of the texts left out; it writes nothing.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.aid_texts import Labelled, real_texts, wilson, written_texts
from extraction.aid.categories import shares
from extraction.aid.lexicon import CATEGORIES
from extraction.aid.matching import simplified
from extraction.aid.relevance import AID, MOST_BY_RULES, by_rules
from extraction.aid.wording import (
    AID_NEWS,
    CONSTANT,
    LANGUAGES,
    LEAST,
    LONGEST,
    RULES_FACTOR,
    SHORTEST,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Array = npt.NDArray[np.float64]
Points = dict[str, float]

PENALTY = 1 / 30
LEAST_TEXTS = 3
# The power of a word's log-count ratio by which it counts: below one, plain words count more.
TELLS = 0.7
# A text's words have this length in the table beside what the rules say (Question.unit): so the fit
# leans on the words and takes from the rules what they do not tell.
WORDS_UNIT = 3.0
POINTS_PER_LOG_ODDS = 2.0
ROUNDS, SETTLED = 30, 1e-6
PARTS = 5
BATCH = 40
_HAN = re.compile("[\u4e00-\u9fff]+")
TARGET = Path(__file__).parent.parent / "extraction" / "aid" / "wording.csv"


class Text(NamedTuple):
    """A labelled text with what the model sees of it: its words and what the rules say."""

    item: Labelled
    words: set[str]
    by_rules: dict[str, float]


class Question(NamedTuple):
    """What is learnt: AID_NEWS or a category. ``unit`` is how much of the rules' say counts 1."""

    of: str
    unit: float
    kept: int
    even: float


QUESTIONS = (
    Question(AID_NEWS, unit=53.0, kept=5000, even=AID),
    *(Question(category, unit=1.0, kept=300, even=0.0) for category in CATEGORIES),
)


def read_text(item: Labelled, language: str) -> Text:
    title, text = simplified(item.title), simplified(item.text)
    score, found = by_rules(title, text, language)
    seen = {*words(title, language), *words(text[:LONGEST], language)}
    if language == "zh":
        seen = {word for word in seen if _HAN.fullmatch(word)}
    return Text(item, seen, {AID_NEWS: min(score, MOST_BY_RULES), **shares(found)})


def labelled(question: Question, texts: Sequence[Text]) -> tuple[list[Text], Array]:
    """The texts that bear on a question, with 1 for those of which it is true."""
    if question.of == AID_NEWS:
        return list(texts), np.array([text.item.aid for text in texts], dtype=float)
    known = [text for text in texts if text.item.category]
    return known, np.array([text.item.category == question.of for text in known], dtype=float)


def learn(question: Question, texts: Sequence[Text]) -> Points:
    """The points of the words that weigh most, of the rules and the constant."""
    known_texts, labels = labelled(question, texts)
    count = Counter(word for text in known_texts for word in text.words)
    known = sorted(word for word, number in count.items() if number >= LEAST_TEXTS)
    weights, _ = _fitted(question, known_texts, labels, known)
    by_use = {word: abs(weights[n]) * count[word] ** 0.5 for n, word in enumerate(known)}
    kept = sorted(sorted(known, key=lambda word: (-by_use[word], word))[: question.kept])
    weights, constant = _fitted(question, known_texts, labels, kept)
    points = [round(float(weight), 2) for weight in weights[:-1] * POINTS_PER_LOG_ODDS * WORDS_UNIT]
    return {
        CONSTANT: round(question.even + POINTS_PER_LOG_ODDS * constant, 2),
        RULES_FACTOR: round(float(weights[-1]) * POINTS_PER_LOG_ODDS / question.unit, 3),
        **dict(zip(kept, points, strict=True)),
    }


def _fitted(
    question: Question, texts: Sequence[Text], labels: Array, known: Sequence[str]
) -> tuple[Array, float]:
    columns = {word: n for n, word in enumerate(known)}
    table = np.zeros((len(texts), len(known) + 1))
    for n, text in enumerate(texts):
        found = [columns[word] for word in text.words if word in columns]
        table[n, found] = WORDS_UNIT / np.sqrt(max(LEAST, len(found)))
    table[:, -1] = [text.by_rules[question.of] / question.unit for text in texts]
    tells = np.r_[telling(table[:, :-1] > 0, labels), 1.0]
    weights, constant = fit(table * tells, labels, PENALTY)
    return weights * tells, constant


def telling(has: npt.NDArray[np.bool_], labels: Array) -> Array:
    """How much each word tells of the label: a power of its absolute log-count ratio, 1 in the square
    mean. ``has`` has a row a text and a column a word."""
    true, other = has[labels == 1].sum(axis=0) + 1, has[labels == 0].sum(axis=0) + 1
    ratio = np.abs(np.log(true / true.sum()) - np.log(other / other.sum())) ** TELLS
    return np.asarray(ratio / np.sqrt((ratio**2).mean()), dtype=float)


def fit(table: Array, labels: Array, penalty: float) -> tuple[Array, float]:
    """Weights of a ridge logistic regression and its constant."""
    kernel = table @ table.T
    dual, constant = np.zeros(len(labels)), 0.0
    for _ in range(ROUNDS):
        odds = kernel @ dual + constant
        chance = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        curve = np.maximum(chance * (1 - chance), 1e-6)
        target = odds + (labels - chance) / curve
        sides = np.c_[target, np.ones(len(labels))]
        solved = np.linalg.solve(kernel + np.diag(penalty / curve), sides)
        constant = float(solved[:, 0].sum() / solved[:, 1].sum())
        before, dual = dual, solved[:, 0] - constant * solved[:, 1]
        if np.abs(dual - before).max() < SETTLED:
            break
    return table.T @ dual, constant


def said(question: Question, text: Text, points: Points) -> float:
    """The points of a text, as ``Wording.points`` makes them."""
    found = [points[word] for word in text.words if word in points]
    total = points[CONSTANT] + points[RULES_FACTOR] * text.by_rules[question.of]
    return float(total + sum(found) / max(LEAST, len(found)) ** 0.5)


def check(texts: Sequence[Text], language: str) -> None:
    """Print what comes of texts whose writer was left out of training."""
    cells: dict[str, Counter[str]] = {}
    right = asked = parts = 0
    for others, left_out in _parts(texts):
        parts += 1
        learnt = {question: learn(question, others) for question in QUESTIONS}
        for text in left_out:
            odds = {question.of: said(question, text, points) for question, points in learnt.items()}
            score = odds.pop(AID_NEWS)
            for group in ("all", text.item.group.partition(",")[0]):
                for name, points in (("rules", text.by_rules[AID_NEWS]), ("both", score)):
                    cell = ("T" if text.item.aid == (points >= AID) else "F") + "NP"[points >= AID]
                    cells.setdefault(f"{group:20}{name}", Counter())[cell] += 1
            if text.item.category:
                asked += 1
                right += max(odds, key=lambda of: odds[of]) == text.item.category
    print(f"{language}: {len(texts)} texts, {parts} parts; category right {wilson(right, asked)} of {asked}")
    for group in sorted(cells):
        c = cells[group]
        precision, recall = wilson(c["TP"], c["TP"] + c["FP"]), wilson(c["TP"], c["TP"] + c["FN"])
        print(f"  {group:28}{c['TP']:4}{c['FN']:4}{c['FP']:4}{c['TN']:5}  {precision:24}{recall}")


def _parts(texts: Sequence[Text]) -> Iterator[tuple[list[Text], list[Text]]]:
    """For every writer the texts of the others and those of the writer."""
    writers = [text.item.address.rpartition("-")[0] for text in texts]
    size = Counter(writers)
    parts = [
        writer if size[writer] >= BATCH and not text.item.group.startswith("real") else _by_hash(text)
        for writer, text in zip(writers, texts, strict=True)
    ]
    for part in sorted(set(parts)):
        inside = [text for text, other in zip(texts, parts, strict=True) if other == part]
        yield [text for text, other in zip(texts, parts, strict=True) if other != part], inside


def _by_hash(text: Text) -> str:
    return str(int(hashlib.sha256(text.item.address.encode()).hexdigest(), 16) // 2 % PARTS)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the words of aid news, or check them")
    parser.add_argument("--check", action="store_true", help="leave one writer out at a time, write nothing")
    options = parser.parse_args()
    items = [item for item in (*real_texts(), *written_texts()) if item.group.endswith("tuned")]
    rows: list[tuple[str, str, str, float]] = []
    for language in LANGUAGES:
        texts = [
            read_text(item, language)
            for item in items
            if item.language == language and len(item.text) >= SHORTEST[language]
        ]
        if options.check:
            check(texts, language)
            continue
        for question in QUESTIONS:
            points = learn(question, texts)
            rows += [(language, question.of, word, points[word]) for word in points]
        print(f"{language}: {len(texts)} texts")
    if rows:
        with TARGET.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("language", "of", "word", "points"))
            writer.writerows(rows)


if __name__ == "__main__":
    main()
