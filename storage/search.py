"""Full-text search over articles: any language, any length, from one character."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.cleaning import clean
from storage.sqlite_file import transaction
from storage.tokens import match_expression, query_terms, spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

# Of a query that very many articles match, the newest so many are ranked: reading the rank of a
# million takes seconds.
RANKED = 20_000
_CONTEXT = 40
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found. ``snippet`` is a passage of its text around the first word found;
    ``score`` is BM25 with the title weighing four times, the higher the better."""

    id: int
    title: str
    source: str
    url: str
    published_at: str
    snippet: str
    score: float


def search(db: Database, query: str, *, limit: int = 20) -> list[Hit]:
    """The best matches of ``query``, at most ``limit``; none for a query without letter or digit.

    Words must all occur, "double quotes" make a phrase, a ``*`` finds beginnings of words.
    """
    query = clean(query)
    expression = match_expression(query)
    if not expression:
        return []
    rows = db.execute(
        """WITH found AS (SELECT rowid AS id, bm25(search, 1.0, 4.0) AS badness FROM search
                          WHERE search MATCH :expression ORDER BY rowid DESC LIMIT :ranked)
           SELECT a.id, a.title, a.source, a.url, a.published_at, a.text, a.description, -badness
           FROM (SELECT id, badness FROM found ORDER BY badness, id DESC LIMIT :limit) AS best
           JOIN articles AS a ON a.id = best.id ORDER BY badness, a.id DESC""",
        {"expression": expression, "ranked": RANKED, "limit": limit},
    )
    terms = query_terms(query)
    return [
        Hit(id_, title, source, url, published_at, _snippet(text or description, terms), round(score, 3))
        for id_, title, source, url, published_at, text, description, score in rows
    ]


class SearchChanges:
    """What to take out of the index and what to add, gathered and written in order of article.

    FTS5 writes out what it holds in memory before each savepoint and whenever the numbers do not
    ascend. Written one by one between the other rows of a load, the index costs more than they do.
    """

    def __init__(self) -> None:
        self._old: dict[int, tuple[str, str] | None] = {}
        self._new: dict[int, tuple[str, str] | None] = {}

    def add(self, article: int, title: str, text: str) -> None:
        """Add an article; ``text`` is its text, or its description where that is withheld."""
        self._old.setdefault(article, None)
        self._new[article] = (title, text)

    def remove(self, article: int, title: str, text: str) -> None:
        """Take an article out again; title and text must be those that were added."""
        if self._new.get(article) is None:
            self._old.setdefault(article, (title, text))
        self._new[article] = None

    def write(self, db: Database) -> None:
        """Write the changes."""
        for article, old in sorted(self._old.items()):
            new = self._new[article]
            if old == new:
                continue
            if old is not None:
                db.conn.execute(
                    "INSERT INTO search (search, rowid, title, text) VALUES ('delete', ?, ?, ?)",
                    [article, *map(spread, old)],
                )
            if new is not None:
                db.conn.execute(
                    "INSERT INTO search (rowid, title, text) VALUES (?, ?, ?)", [article, *map(spread, new)]
                )
        self._old.clear()
        self._new.clear()


def rebuild_search(db: Database, on_progress: Callable[[int], None] | None = None) -> int:
    """Make the index anew from the articles, in one transaction; return their number."""
    with transaction(db):
        db.execute("INSERT INTO search (search) VALUES ('delete-all')")
        count, changes = 0, SearchChanges()
        rows = db.conn.execute(
            "SELECT id, title, iif(text = '', description, text) FROM articles ORDER BY id"
        )
        for count, (article, title, text) in enumerate(rows, 1):
            changes.add(article, title, text)
            if count % _TOGETHER == 0:
                changes.write(db)
            if on_progress:
                on_progress(count)
        changes.write(db)
    return count


def _snippet(text: str, terms: list[str]) -> str:
    found = re.search("|".join(map(re.escape, terms)), text, re.IGNORECASE)
    middle = found.start() if found else 0
    start, end = max(0, middle - _CONTEXT), middle + 2 * _CONTEXT
    passage = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{passage}{'…' if end < len(text) else ''}"
