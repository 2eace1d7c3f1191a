"""Fingerprints of wording, by which reposts, excerpts and near-copies are told.

Winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of the hashes of all 8 characters in a row,
the smallest of every 8 neighbours is kept. Two texts that share 15 characters share a hash. Before
that, Traditional Chinese becomes Simplified and everything but letters and digits is dropped, so
that script, punctuation, spacing and letter case do not matter.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import opencc

if TYPE_CHECKING:
    from numpy.typing import NDArray

LENGTH = 8
WINDOW = 8
# Texts this short keep all their hashes in the index; of longer ones it has one in sixteen,
# about 20 rows an article.
SHORT = 64

# The view "similar" names pairs by the same figures. Reposts, excerpts and edited copies share at
# least SAME of the shorter text; so do serial bulletins, but not their numbers.
RELATED = 0.4
SAME = 0.6
SAME_NUMBERS = 0.65
# A shorter text than this shares hashes by chance: only an exact copy counts.
LEAST_HASHES = 8

_NOT_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: multiplying by it mixes the bits
_BASE = 0x100000001B3


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``hashes``: sorted distinct uint32, the low half of each winnowed hash; ``index``: those of
    them by which the text is found; ``numbers``: sorted distinct uint32, one for each number."""

    hashes: NDArray[np.uint32]
    index: NDArray[np.uint32]
    numbers: NDArray[np.uint32]


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text without lone surrogates; empty where it has under 15 characters."""
    numbers = {zlib.crc32(_composed(number).encode()) for number in _NUMBER.findall(text)}
    words = _NOT_WORD.sub("", text).casefold()
    if not words.isascii():
        words = _composed(_simplifier().convert(words))
    hashes = np.unique(_winnow(words))
    # Four bits choose that are neither in the kept half nor at the top, where a minimum is biased.
    chosen = hashes if len(hashes) <= SHORT else hashes[hashes >> np.uint64(32) & np.uint64(15) == 0]
    return Fingerprint(
        hashes=np.unique(hashes.astype(np.uint32)),
        index=np.unique(chosen.astype(np.uint32)),
        numbers=np.array(sorted(numbers), dtype=np.uint32),
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts share. ``score``: the share of the shorter one's hashes that the other has too;
    ``numbers``: the same for the distinct numbers of the one with fewer, 1 where it has none."""

    score: float
    numbers: float

    @property
    def is_copy(self) -> bool:
        """Whether both carry one story."""
        return self.score >= SAME and self.numbers >= SAME_NUMBERS


def compare(first: Fingerprint, second: Fingerprint) -> Likeness:
    """How alike two texts are; a score of 0 where one is too short to tell."""
    if min(len(first.hashes), len(second.hashes)) < LEAST_HASHES:
        return Likeness(0.0, 1.0)
    numbers = _containment(first.numbers, second.numbers)
    return Likeness(_containment(first.hashes, second.hashes), numbers)


def _containment(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> float:
    """Share of the smaller set that the other has too, 1 where it is empty. Both sorted, distinct."""
    smaller = min(len(first), len(second))
    if not smaller:
        return 1.0
    return len(np.intersect1d(first, second, assume_unique=True)) / smaller


def _composed(text: str) -> str:
    """``text`` in NFKC, where full-width digits and letters are plain ones."""
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def _winnow(words: str) -> NDArray[np.uint64]:
    codes = np.frombuffer(words.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(codes) - LENGTH + 1
    if count < WINDOW:
        return np.empty(0, dtype=np.uint64)
    hashes = np.zeros(count, dtype=np.uint64)
    for place in range(LENGTH):
        hashes = hashes * np.uint64(_BASE) + codes[place : place + count]
    hashes *= _SPREAD
    hashes ^= hashes >> np.uint64(32)
    hashes *= _SPREAD
    smallest = hashes[: count - WINDOW + 1]
    for place in range(1, WINDOW):
        smallest = np.minimum(smallest, hashes[place : place + count - WINDOW + 1])
    return smallest


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s.json")
