"""Finding many terms in a text in one pass: leftmost, then longest, never overlapping.

Two matchers share that rule. ``SubstringMatcher`` serves scripts written without spaces,
``WordMatcher`` those with them. Their time grows with the text and not with the number of terms.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    _Entry = tuple[tuple[str, ...], str]

_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_ARABIC_PREFIX = re.compile("^(?:[وف]?(?:[بك]?ال|لل)|[وف](?=[بكلم]))(?=.{3})")
_ARABIC_LETTERS = str.maketrans("أإآىة", "ااايه")
_GAP = 3
_REMEMBERED = 20_000


class Hit(NamedTuple):
    """A term found at ``start:end`` of the text that was searched."""

    start: int
    end: int
    term: str


class SubstringMatcher:
    """Terms found anywhere in a text, as Chinese needs it, by an Aho-Corasick automaton."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = sorted(set(terms))
        self._automaton = AhoCorasick(self._terms, MatchKind.LeftmostLongest)

    def find(self, text: str) -> list[Hit]:
        """All hits in order."""
        try:
            found = self._automaton.find_matches_as_indexes(text)
        except UnicodeEncodeError:  # half a surrogate pair
            found = self._automaton.find_matches_as_indexes(_SURROGATE.sub("\ufffd", text))
        return [Hit(start, end, self._terms[term]) for term, start, end in found]


class Words(NamedTuple):
    """The words of a text as they are compared, with the start and end of each."""

    forms: Sequence[str]
    spans: Sequence[tuple[int, int]]


@lru_cache(maxsize=8)
def words_of(text: str) -> Words:
    """The words of a text; kept for the matchers that read the same text next."""
    lower = text.lower()
    if len(lower) == len(text) and not _ARABIC.search(text):
        found = list(_WORD.finditer(lower))
        return Words([m[0] for m in found], [m.span() for m in found])
    found = list(_WORD.finditer(text))
    return Words([_form(m[0]) for m in found], [m.span() for m in found])


class WordMatcher:
    """Terms of one or more words, found at word boundaries without regard to case.

    A word of a term that ends in ``*`` stands for every word that begins so; it has at least three
    letters. Words of a term may be joined by a space, a hyphen or an apostrophe in the text.
    Arabic words are compared without article, attached conjunctions and vowel marks.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        index: dict[str, list[_Entry]] = {}
        # In a fixed order: of equally long terms the word as written goes before a stem with ``*``.
        for term in sorted(set(terms), reverse=True):
            parts = tuple(_parts(term))
            index.setdefault(parts[0].rstrip("*")[:3], []).append((parts, term))
        for entries in index.values():
            entries.sort(key=lambda entry: (len(entry[0]), len(entry[1])), reverse=True)
        self._entries = _Entries(index)

    def find(self, text: str) -> list[Hit]:
        """All hits in order."""
        entries, words, reached = self._entries, words_of(text), 0
        hits: list[Hit] = []
        for position in [n for n, form in enumerate(words.forms) if entries[form]]:
            if position < reached:
                continue
            for parts, term in entries[words.forms[position]]:
                last = position + len(parts)
                if len(parts) == 1 or _follow(parts, words, position):
                    hits.append(Hit(words.spans[position][0], words.spans[last - 1][1], term))
                    reached = last
                    break
        return hits


class _Entries(dict[str, tuple["_Entry", ...]]):
    """The terms that begin with a word, by the word; made when it is first met."""

    def __init__(self, index: Mapping[str, Sequence[_Entry]]) -> None:
        super().__init__()
        self._index = index

    def __missing__(self, form: str) -> tuple[_Entry, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[form] = tuple(entry for entry in self._index.get(form[:3], ()) if _fits(entry[0][0], form))
        return self[form]


def _follow(parts: tuple[str, ...], words: Words, position: int) -> bool:
    """Whether the words after ``position`` are those of ``parts`` and close to each other."""
    last = position + len(parts)
    spans = words.spans[position:last]
    return (
        len(spans) == len(parts)
        and all(map(_fits, parts[1:], words.forms[position + 1 : last]))
        and all(after[0] - before[1] < _GAP for before, after in pairwise(spans))
    )


def _fits(part: str, form: str) -> bool:
    return form == part or (part.endswith("*") and form.startswith(part[:-1]))


def _parts(term: str) -> list[str]:
    return [_form(m.group().rstrip("*")) + "*" * m.group().count("*") for m in _TERM_WORD.finditer(term)]


_TERM_WORD = re.compile(r"[^\W_]+\*?")


def _form(word: str) -> str:
    if "\u0600" <= word[0] <= "\u06ff":
        return _ARABIC_PREFIX.sub("", _MARKS.sub("", word).translate(_ARABIC_LETTERS))
    return word.lower()


def simplified(text: str) -> str:
    """Traditional characters replaced by simplified ones, one for one, so that offsets stay."""
    forms = _simplified_forms()
    return text.translate(forms.by_code) if forms.traditional.search(text) else text


class _Forms(NamedTuple):
    by_code: Mapping[int, int]
    traditional: re.Pattern[str]


@cache
def _simplified_forms() -> _Forms:
    pairs = files(__package__).joinpath("traditional.txt").read_text("utf-8").split()
    by_code = {ord(pair[0]): ord(pair[1]) for pair in pairs}
    return _Forms(by_code, re.compile(f"[{''.join(map(chr, by_code))}]"))
