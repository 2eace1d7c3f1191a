"""Which lines of a page are the article: a logistic model in two steps.

The first step judges each line by ``line_features``; the second sees the first one's verdicts on
the lines around it, too. The weights in ``line_model.json`` come from ``benchmarks/train_line_model.py``.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_REACH = 3
_LIMIT = 6.0


def article_odds(rows: Sequence[tuple[float, ...]]) -> list[float]:
    """For each line the log-odds that it belongs to the article: positive is yes."""
    first, second = _weights()
    odds = [_score(first, row) for row in rows]
    return [_score(second, row) for row in with_context(rows, odds)]


def with_context(rows: Sequence[tuple[float, ...]], odds: Sequence[float]) -> list[tuple[float, ...]]:
    """Each line's features with the odds of itself, of both neighbours, of three lines on each side."""
    pad = [-_LIMIT] * _REACH
    all_odds = [*pad, *(max(-_LIMIT, min(_LIMIT, value)) for value in odds), *pad]
    contexts = []
    for place, row in enumerate(rows):
        here = place + _REACH
        before = sum(all_odds[here - _REACH : here]) / _REACH
        after = sum(all_odds[here + 1 : here + 1 + _REACH]) / _REACH
        around = (all_odds[here], all_odds[here - 1], all_odds[here + 1], before, after, min(before, after))
        contexts.append((*row, *around))
    return contexts


def _score(weights: Sequence[float], row: Sequence[float]) -> float:
    """Weighted sum; the last weight is the constant."""
    return math.fsum((*map(mul, weights, row), weights[-1]))


@cache
def _weights() -> tuple[tuple[float, ...], tuple[float, ...]]:
    stored = json.loads(files("extraction").joinpath("line_model.json").read_text(encoding="utf-8"))
    return tuple(stored["first"].values()), tuple(stored["second"].values())
