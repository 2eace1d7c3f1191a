"""Finding many terms in a text in one pass, by Aho-Corasick automata.

``SubstringMatcher`` serves scripts written without spaces, ``WordMatcher`` those with them; their hits
are the leftmost, then the longest, and never overlap. ``OverlappingMatcher`` only tells which terms
there are. Their time grows with the text and not with the number of terms.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

T = TypeVar("T")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"([^\W_]+)")
_TERM_WORD = re.compile(r"[^\W_]+\*?")
_ARABIC = re.compile("[\u0600-\u06ff]")
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_ARABIC_PREFIX = re.compile("^(?:[وف]?(?:[بك]?ال|لل)|[وف](?=[بكلم]))(?=.{3})")
_ARABIC_LETTERS = str.maketrans("أإآىة", "ااايه")
_GAP = 3
_MANY = 1000


class Hit(NamedTuple):
    """A term found at ``start:end`` of the text that was searched."""

    start: int
    end: int
    term: str


class SubstringMatcher:
    """Terms found anywhere in a text, as Chinese needs it."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = sorted(set(terms))
        self._automaton = _automaton(self._terms, MatchKind.LeftmostLongest)

    def find(self, text: str) -> list[Hit]:
        """All hits in order."""
        found = _encodable(self._automaton.find_matches_as_indexes, text)
        return [Hit(start, end, self._terms[term]) for term, start, end in found]


class OverlappingMatcher:
    """Which of many terms stand in a text: all of them, also one within another."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._automaton = _automaton(sorted(set(terms)), MatchKind.Standard)

    def find(self, text: str) -> list[str]:
        """The terms in order, repeats included."""
        return _encodable(partial(self._automaton.find_matches_as_strings, overlapping=True), text)


def _encodable(find: Callable[[str], T], text: str) -> T:
    try:
        return find(text)
    except UnicodeEncodeError:  # half a surrogate pair
        return find(_SURROGATE.sub("\ufffd", text))


def _automaton(terms: Sequence[str], kind: MatchKind) -> AhoCorasick:
    # The faster kind where its tables stay small; large ones take many megabytes and gain little.
    fast = Implementation.DFA if len(terms) < _MANY else None
    return AhoCorasick(terms, kind, implementation=fast, store_patterns=True)


class Words(NamedTuple):
    """The words of a text as they are compared.

    ``edges`` has where each begins and ends in the text, in turn. ``joined`` has the words with one
    space before each and one after the last.
    """

    forms: Sequence[str]
    edges: Sequence[int]
    joined: str

    def start(self, position: int) -> int:
        """Where the word at ``position`` begins."""
        return self.edges[2 * position]

    def end(self, position: int) -> int:
        """Where the word at ``position`` ends."""
        return self.edges[2 * position + 1]


@lru_cache(maxsize=8)
def words_of(text: str) -> Words:
    """The words of a text; kept for the matchers that read the same text next."""
    lower = text.lower()
    plain = len(lower) == len(text) and not _ARABIC.search(text)
    pieces = _WORD.split(lower if plain else text)
    forms = pieces[1::2] if plain else [_form(word) for word in pieces[1::2]]
    return Words(forms, list(accumulate(map(len, pieces[:-1]))), f" {' '.join(forms)} ")


class WordMatcher:
    """Terms of one or more words, found at word boundaries without regard to case.

    A word of a term that ends in ``*`` stands for every word that begins so; it has at least three
    letters. Words of a term may be joined by a space, a hyphen or an apostrophe in the text.
    Arabic words are compared without article, attached conjunctions and vowel marks.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        # In the order of preference: more words, a longer term, the word as written before a stem.
        ordered = sorted(sorted(set(terms), reverse=True), key=_rank, reverse=True)
        self._terms = [(tuple(_parts(term)), term) for term in ordered]
        leads = [_up_to_a_stem(parts) for parts, _ in self._terms]
        self._automaton = _automaton(leads, MatchKind.Standard)

    def find(self, text: str) -> list[Hit]:
        """All hits in order."""
        words = words_of(text)
        found = self._automaton.find_matches_as_indexes(words.joined, overlapping=True)
        hits: list[Hit] = []
        position = counted = reached = 0
        for start, term in sorted((start, term) for term, start, _ in found):
            position += words.joined.count(" ", counted, start)
            counted = start
            parts, spelling = self._terms[term]
            last = position + len(parts) - 1
            if position >= reached and (len(parts) == 1 or _follow(parts, words, position)):
                hits.append(Hit(words.start(position), words.end(last), spelling))
                reached = last + 1
        return hits


def _rank(term: str) -> tuple[int, int]:
    return len(_parts(term)), len(term)


def _up_to_a_stem(parts: Sequence[str]) -> str:
    """A term as it stands in ``Words.joined``, as far as it is certain."""
    whole = f" {' '.join(parts)} "
    return whole.partition("*")[0]


def _follow(parts: tuple[str, ...], words: Words, position: int) -> bool:
    """Whether the words after ``position`` are those of ``parts`` and close to each other."""
    follows = range(position + 1, position + len(parts))
    return (
        follows.stop <= len(words.forms)
        and all(map(_fits, parts[1:], words.forms[follows.start : follows.stop]))
        and all(words.start(n) - words.end(n - 1) < _GAP for n in follows)
    )


def _fits(part: str, form: str) -> bool:
    return form == part or (part.endswith("*") and form.startswith(part[:-1]))


def _parts(term: str) -> list[str]:
    return [_form(m.group().rstrip("*")) + "*" * m.group().count("*") for m in _TERM_WORD.finditer(term)]


def _form(word: str) -> str:
    if "\u0600" <= word[0] <= "\u06ff":
        return _ARABIC_PREFIX.sub("", _MARKS.sub("", word).translate(_ARABIC_LETTERS))
    return word.lower()


def one_of(terms: Iterable[str]) -> str:
    """A regular expression for any of ``terms``, the longest that fits; a space is any white space.

    Looking at the first character spares a try of every term where none can stand.
    """
    longest_first = sorted(terms, key=len, reverse=True)
    firsts = re.escape("".join(sorted({term[0] for term in longest_first})))
    forms = "|".join(re.escape(term).replace(r"\ ", r"\s") for term in longest_first)
    return f"(?=[{firsts}])(?:{forms})"


def simplified(text: str) -> str:
    """Traditional characters replaced by simplified ones, one for one, so that offsets stay."""
    forms = _simplified_forms()
    return text.translate(forms.by_code) if forms.traditional.search(text) else text


def is_traditional(text: str, plain: str) -> bool:
    """Whether ``text`` is written in traditional characters; ``plain`` is its ``simplified`` form. A
    quoted name makes none."""
    if plain is text:
        return False
    changed = sum(map(str.__ne__, text, plain))
    return changed >= 0.1 * len(text)


class _Forms(NamedTuple):
    by_code: Mapping[int, int]
    traditional: re.Pattern[str]


@cache
def _simplified_forms() -> _Forms:
    pairs = files(__package__).joinpath("traditional.txt").read_text("utf-8").split()
    by_code = {ord(pair[0]): ord(pair[1]) for pair in pairs}
    return _Forms(by_code, re.compile(f"[{''.join(map(chr, by_code))}]"))
