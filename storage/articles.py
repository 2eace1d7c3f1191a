"""Writing articles: new ones, new versions, and all that hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storage.article_rows import difference, fact_rows
from storage.cleaning import clean
from storage.fingerprints import fingerprint
from storage.search import SearchChanges
from storage.statements import insert, update
from storage.stories import (
    erase_fingerprint,
    find_similar,
    is_other,
    settle_fingerprints,
    store_fingerprint,
    store_similar,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

    from storage.models import PageRecord


class ArticleWriter:
    """Writes articles within a transaction of the caller's; ``finish`` before it commits."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._search = SearchChanges()

    def insert(self, article: int, row: dict[str, Any], text: str, record: PageRecord) -> int:
        """Write a new article under the given number; return its story.

        ``text`` is the whole text, which ``row`` lacks where it may not be stored.
        """
        mark = fingerprint(text)
        similar, common = find_similar(self._db, article, mark, row["content_hash"])
        story = similar[0].story if similar and similar[0].likeness.is_copy else article
        if story == article:
            self._db.conn.execute(
                "INSERT INTO stories VALUES (?, ?, ?, 1, 1, 1)", [article, article, row["published_utc"]]
            )
        row = row | {"id": article, "story": story, "version": 1}
        insert(self._db, "articles", row)
        store_similar(self._db, article, similar)
        store_fingerprint(self._db, article, mark, common)
        self._add_parts(article, row, record)
        return story

    def replace(
        self, old: dict[str, Any], row: dict[str, Any], text: str, record: PageRecord, *, cause: str
    ) -> None:
        """Bring an article to what a record says. If title or text changed, the old state becomes a
        version; ``cause`` says whether the page changed or only its extraction."""
        article, changed = old["id"], row["content_hash"] != old["content_hash"]
        if changed:
            self._keep_version(old, row, cause)
        self._drop_parts(old)
        row = row | {"version": old["version"] + changed}
        update(self._db, "articles", row, id=article)
        if changed:
            mark = fingerprint(text)
            erase_fingerprint(self._db, article)
            similar, common = find_similar(self._db, article, mark, row["content_hash"])
            store_similar(self._db, article, similar)
            store_fingerprint(self._db, article, mark, common)
        self._add_parts(article, row, record)

    def is_other(self, article: int, text: str) -> bool:
        """Whether a text is certainly not that of ``article``: too short ones cannot be told apart."""
        return is_other(self._db, article, fingerprint(text))

    def delete(self, article: int) -> None:
        """Take an article out with its versions, facts, search entry and fingerprint. Its pages and
        its story are the caller's to settle."""
        values = self._db.conn.execute(
            "SELECT id, title, text, description FROM articles WHERE id = ?", [article]
        ).fetchone()
        self._drop_parts(dict(zip(("id", "title", "text", "description"), values, strict=True)))
        erase_fingerprint(self._db, article)
        self._db.conn.execute("DELETE FROM near_duplicates WHERE ? IN (article, other)", [article])
        self._db.conn.execute("DELETE FROM article_versions WHERE article = ?", [article])
        self._db.conn.execute("DELETE FROM articles WHERE id = ?", [article])

    def finish(self) -> None:
        """Write what was gathered for the search index, and put that of fingerprints in order."""
        settle_fingerprints(self._db)
        self._search.write(self._db)

    def _add_parts(self, article: int, row: dict[str, Any], record: PageRecord) -> None:
        self._search.add(article, row["title"], row["text"] or row["description"])
        removed = record.article.removed if record.article else ()
        self._db.conn.executemany(
            "INSERT INTO removed_lines (article, line, rule) VALUES (?, ?, ?)",
            [(article, clean(line.line), line.rule) for line in removed],
        )
        self._db.conn.executemany(
            "INSERT INTO facts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            fact_rows(article, record.facts),
        )

    def _drop_parts(self, old: dict[str, Any]) -> None:
        self._search.remove(old["id"], old["title"], old["text"] or old["description"])
        self._db.conn.execute("DELETE FROM removed_lines WHERE article = ?", [old["id"]])
        self._db.conn.execute("DELETE FROM facts WHERE article = ?", [old["id"]])

    def _keep_version(self, old: dict[str, Any], row: dict[str, Any], cause: str) -> None:
        (since,) = self._db.conn.execute(
            "SELECT max(replaced) FROM article_versions WHERE article = ?", [old["id"]]
        ).fetchone()
        version = {name: old[name] for name in ("version", "title", "text", "content_hash", "method", "run")}
        version |= {
            "article": old["id"],
            "difference": difference(old["title"], old["text"], row["title"], row["text"]),
            "cause": cause,
            "first_seen": since or old["first_seen"],
            "replaced": row["last_seen"],
        }
        insert(self._db, "article_versions", version)
