"""How text is cut for the search index, and how a query is put to it.

In scripts without spaces between words (Chinese, Japanese, Thai …) and in Korean every two
neighbouring characters are one token, and the last character of a run is one more: ``援疆工作`` gives
``援疆 疆工 工作 作``. A query is the phrase of its own tokens, so it finds exactly the texts that hold
its characters in a row. All else is cut by SQLite's ``unicode61``. ``docs/queries.md`` has the same
rules in plain SQL.
"""

from __future__ import annotations

import re

# Ranges of code points, as in the SQL of docs/queries.md.
UNSPACED = (
    (0x0E01, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),  # 々 〆 〇
    (0x3021, 0x3029),  # Hangzhou numerals
    (0x3031, 0x30FF),  # kana
    (0x3105, 0x318F),  # Bopomofo, Hangul letters
    (0x31A0, 0x31FF),  # Bopomofo, strokes, kana
    (0x3400, 0x4DBF),  # ideographs
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),  # Hangul
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_CLASS = "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED) + "]"
_RUN = re.compile(f"{_CLASS}+")
_LAST_RUN = re.compile(f"({_CLASS}+)\\s*$")
_TERM = re.compile(r'"([^"]*)"?|(\S+)')


def spread(text: str) -> str:
    """``text`` with the runs of unspaced scripts replaced by their pairs, for the index."""
    return _RUN.sub(_pairs, text)


def match_expression(query: str) -> str:
    """The FTS5 expression for what a person typed; empty if nothing in it can be searched for.

    Words and runs stand for themselves, all must occur; "double quotes" make a phrase of several;
    a ``*`` after a word finds its beginnings. Nothing else has a meaning.
    """
    return " AND ".join(_phrase(term, prefix=prefix) for term, prefix in _terms(query))


def query_terms(query: str) -> list[str]:
    """The words and phrases of a query as a text would hold them, for marking what was found."""
    return [term for term, _ in _terms(query)]


def _terms(query: str) -> list[tuple[str, bool]]:
    found = ((phrase or word.rstrip("*"), word.endswith("*")) for phrase, word in _TERM.findall(query))
    return [(term, prefix) for term, prefix in found if any(c.isalnum() for c in term)]


def _phrase(term: str, *, prefix: bool) -> str:
    if run := _LAST_RUN.search(term):
        # The text may go on after the query: its last character is no token of its own there,
        # unless it is the only one of its run; then it begins a token.
        tokens = spread(term).rstrip()
        prefix = len(run[1]) == 1
        tokens = tokens if prefix else tokens.rpartition(" ")[0]
    else:
        tokens = spread(term)
    return f'"{tokens.replace(chr(34), " ")}"' + (" *" if prefix else "")


def _pairs(run: re.Match[str]) -> str:
    characters = run[0]
    return f" {' '.join(map(''.join, zip(characters, characters[1:] + ' ', strict=True)))} "
