"""Finding many terms in a text in one pass: leftmost, then longest, never overlapping.

Two matchers share that rule. ``SubstringMatcher`` serves scripts written without spaces,
``WordMatcher`` those with them. Both look at each position once and compare only the terms that
share its first characters, so the time grows with the text and not with the number of terms.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_ARABIC_PREFIX = re.compile("^(?:[وف]?(?:[بك]?ال|لل)|[وف](?=[بكلم]))(?=.{3})")
_ARABIC_LETTERS = str.maketrans("أإآىة", "ااايه")
_GAP = 3


class Hit(NamedTuple):
    """A term found at ``start:end`` of the text that was searched."""

    start: int
    end: int
    term: str


class SubstringMatcher:
    """Terms of at least two characters, found anywhere in a text, as Chinese needs it."""

    def __init__(self, terms: Iterable[str]) -> None:
        index: dict[str, list[str]] = {}
        for term in set(terms):
            index.setdefault(term[:2], []).append(term)
        self._index = {head: sorted(found, key=len, reverse=True) for head, found in index.items()}

    def find(self, text: str) -> list[Hit]:
        """All hits in order."""
        index, reached = self._index, 0
        hits: list[Hit] = []
        for position in [i for i in range(len(text) - 1) if text[i : i + 2] in index]:
            if position < reached:
                continue
            for term in index[text[position : position + 2]]:
                if text.startswith(term, position):
                    reached = position + len(term)
                    hits.append(Hit(position, reached, term))
                    break
        return hits


class _Word(NamedTuple):
    form: str
    start: int
    end: int


class WordMatcher:
    """Terms of one or more words, found at word boundaries without regard to case.

    A word of a term that ends in ``*`` stands for every word that begins so; it has at least three
    letters. Words of a term may be joined by a space, a hyphen or an apostrophe in the text.
    Arabic words are compared without article, attached conjunctions and vowel marks.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        # In a fixed order: of equally long terms the word as written goes before a stem with ``*``.
        for term in sorted(set(terms), reverse=True):
            parts = tuple(_parts(term))
            index.setdefault(parts[0].rstrip("*")[:3], []).append((parts, term))
        self._index = {
            head: sorted(found, key=lambda entry: (len(entry[0]), len(entry[1])), reverse=True)
            for head, found in index.items()
        }

    def find(self, text: str) -> list[Hit]:
        """All hits in order."""
        words = [_Word(_form(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]
        hits: list[Hit] = []
        position = 0
        while position < len(words):
            for parts, term in self._index.get(words[position].form[:3], ()):
                last = position + len(parts)
                if last <= len(words) and _same(parts, words[position:last]):
                    hits.append(Hit(words[position].start, words[last - 1].end, term))
                    position = last
                    break
            else:
                position += 1
        return hits


def _same(parts: tuple[str, ...], words: list[_Word]) -> bool:
    for part, word in zip(parts, words, strict=True):
        if word.form != part and not (part.endswith("*") and word.form.startswith(part[:-1])):
            return False
    return all(after.start - before.end < _GAP for before, after in pairwise(words))


def _parts(term: str) -> list[str]:
    return [_form(m.group().rstrip("*")) + "*" * m.group().count("*") for m in _TERM_WORD.finditer(term)]


_TERM_WORD = re.compile(r"[^\W_]+\*?")


def _form(word: str) -> str:
    if "\u0600" <= word[0] <= "\u06ff":
        return _ARABIC_PREFIX.sub("", _MARKS.sub("", word).translate(_ARABIC_LETTERS))
    return word.lower()


def simplified(text: str) -> str:
    """Traditional characters replaced by simplified ones, one for one, so that offsets stay."""
    return text.translate(_simplified_forms())


@cache
def _simplified_forms() -> dict[int, int]:
    lines = files(__package__).joinpath("traditional.txt").read_text("utf-8").split()
    return {ord(pair[0]): ord(pair[1]) for pair in lines}
