"""Trains extraction/line_model.json on the tuned half of the real pages.

    python -m benchmarks.train_line_model

Each line of a page is labelled with the share of its 4-grams that the gold text has, and weighs as
much as its part of the article. Ridge logistic regression by Newton's method; see docs/extraction.md.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.extraction_pages import SETS, Page, is_tuned, load_pages, shingles, tokens
from extraction import metadata
from extraction.blocks import Line, page_lines
from extraction.body import opinions
from extraction.claims import page_claims
from extraction.decoding import decode
from extraction.dom import parse
from extraction.features import NAMES, Claimed, Votes, line_features
from extraction.line_model import with_context
from extraction.lines import line_key
from extraction.scope import without_other_articles
from extraction.titles import page_title

Array = npt.NDArray[np.float64]
RIDGE = 0.005
CONTEXT = ("odds", "odds_above", "odds_below", "odds_3_above", "odds_3_below", "odds_least")
TARGET = Path(__file__).parent.parent / "extraction" / "line_model.json"


def label(line: Line, gold: dict[tuple[str, ...], int], keys: frozenset[str]) -> float:
    """The share of a line's 4-grams that stand in the gold text; short lines must be lines there."""
    if len(tokens(line.text)) < 4:
        return float(line_key(line.text) in keys)
    own = shingles(line.text)
    return sum(1 for gram in own if gram in gold) / len(own)


def page_table(page: Page) -> tuple[list[tuple[float, ...]], list[float], list[float]]:
    """Features, labels and weights of one page's lines."""
    tree = parse(decode(page.body).text)
    if tree is None:
        return [], [], []
    claims = page_claims(tree)
    title = page_title(tree, claims, "")
    tree = without_other_articles(tree, title)
    lines = page_lines(tree)
    descriptions = tuple(claim.value for claim in claims if claim.field == "description")
    claimed = Claimed(title, descriptions, metadata.first(claims, "text"))
    first, second = opinions(tree, page.url)
    rows = line_features(lines, Votes(first), Votes(second), claimed)
    gold = shingles(page.text)
    keys = frozenset(map(line_key, page.text.splitlines()))
    whole = max(len(page.text), 300)
    return (
        rows,
        [label(line, gold, keys) for line in lines],
        [min(0.5, max(len(line.text), 8) / whole) for line in lines],
    )


def fit(rows: Array, labels: Array, weights: Array) -> Array:
    """Weights of a ridge logistic regression, the constant last."""
    table = np.c_[rows, np.ones(len(rows))]
    weights = weights / weights.mean()
    ridge = np.full(table.shape[1], RIDGE)
    ridge[-1] = 0.0
    found = np.zeros(table.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(table @ found, -30, 30)))
        slope = table.T @ (weights * (chance - labels)) / len(table) + ridge * found
        curve = (table * (weights * chance * (1 - chance))[:, None]).T @ table / len(table)
        found -= np.linalg.solve(curve + np.diag(ridge + 1e-9), slope)
    return found


def main() -> None:
    """Read the tuned half, fit both steps, write the weights."""
    tables = [page_table(page) for name in SETS for page in load_pages(name) if is_tuned(page)]
    rows = np.array([row for table in tables for row in table[0]], dtype=float)
    labels = np.array([value for table in tables for value in table[1]])
    weights = np.array([value for table in tables for value in table[2]])
    first = fit(rows, labels, weights)
    seen = [
        row
        for table in tables
        if table[0]
        for row in with_context(
            table[0], list(np.c_[np.array(table[0], dtype=float), np.ones(len(table[0]))] @ first)
        )
    ]
    second = fit(np.array(seen, dtype=float), labels, weights)
    stored = {
        "first": dict(zip((*NAMES, "constant"), np.round(first, 4).tolist(), strict=True)),
        "second": dict(zip((*NAMES, *CONTEXT, "constant"), np.round(second, 4).tolist(), strict=True)),
    }
    TARGET.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(f"{len(tables)} pages, {len(rows)} lines -> {TARGET.name}")


if __name__ == "__main__":
    main()
