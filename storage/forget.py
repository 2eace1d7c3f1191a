"""Deleting an article for good, on request."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from storage.articles import ArticleWriter
from storage.cleaning import clean
from storage.clock import stamp
from storage.frontier import frontier_key
from storage.sqlite_file import explained, transaction
from storage.stories import count_stories

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Forgotten:
    """``articles``: numbers of the articles deleted; ``addresses``: (source, address) pairs whose
    archives must forget them too; ``copies``: addresses of other articles of the same story.
    ``lines``: what the pages held, for the archives to take out of the site's lines."""

    articles: tuple[int, ...]
    addresses: tuple[tuple[str, str], ...]
    copies: tuple[str, ...]
    lines: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


def known_addresses(db: Database, url: str) -> list[tuple[str, str]]:
    """The (source, address) pairs that ``forget`` would delete for an address."""
    key = clean(frontier_key(url))
    return [(source, address) for _, source, address, _ in _pages(db, key, _articles(db, key)[0])]


def forget(db: Database, url: str) -> Forgotten:
    """Delete the article of an address with its text, versions, facts and search entry, and all its
    addresses; none of them is loaded again. Reposts by other outlets stay and are named.

    The freed space is overwritten, and the search index written anew, so that no word of it stays
    in the file. A copy in a backup is not touched. Raises FileError where the file is locked.
    """
    key = clean(frontier_key(url))
    with explained(_path(db)):
        db.execute("PRAGMA secure_delete = ON")
        with transaction(db):
            articles, copies = _articles(db, key)
            pages, lines = _pages(db, key, articles), _lines(db, articles)
            keys = {key, *(page[3] for page in pages)}
            keys |= {
                db.execute("SELECT url_key FROM articles WHERE id = ?", [a]).fetchone()[0] for a in articles
            }
            _delete(db, articles, [page[0] for page in pages])
            db.conn.executemany(
                "INSERT OR REPLACE INTO forgotten VALUES (?, ?)", [(name, stamp()) for name in sorted(keys)]
            )
        if articles:
            db.execute("INSERT INTO search (search) VALUES ('optimize')")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Forgotten(tuple(articles), tuple((page[1], page[2]) for page in pages), tuple(copies), lines)


def forgotten_at(db: Database, url: str) -> str:
    """When an address was forgotten, UTC; empty if it was not."""
    row = db.execute(
        "SELECT forgotten_at FROM forgotten WHERE url_key = ?", [clean(frontier_key(url))]
    ).fetchone()
    return str(row[0]) if row else ""


def allow_again(db: Database, url: str) -> bool:
    """Lift the bar of an address in the database; whether there was one. What was deleted stays so."""
    with explained(_path(db)), transaction(db):
        return bool(
            db.execute("DELETE FROM forgotten WHERE url_key = ?", [clean(frontier_key(url))]).rowcount
        )


def _path(db: Database) -> Path:
    return Path(db.execute("PRAGMA database_list").fetchone()[2])


def _pages(db: Database, key: str, articles: list[int]) -> list[tuple[int, str, str, str]]:
    """The ledger rows of an address and of its articles: number, source, address, key."""
    return db.execute(
        """SELECT id, source, url, url_key FROM pages
           WHERE url_key = ? OR article IN (SELECT value FROM json_each(?)) ORDER BY id""",
        [key, json.dumps(articles)],
    ).fetchall()


def _lines(db: Database, articles: list[int]) -> frozenset[str]:
    """The lines of the articles, present and former, those taken out of them included."""
    rows = db.execute(
        """WITH gone AS (SELECT value AS id FROM json_each(?))
           SELECT text FROM articles JOIN gone USING (id)
           UNION ALL SELECT text FROM article_versions WHERE article IN (SELECT id FROM gone)
           UNION ALL SELECT line FROM removed_lines WHERE article IN (SELECT id FROM gone)""",
        [json.dumps(articles)],
    )
    return frozenset(line for (text,) in rows for line in text.split("\n"))


def _articles(db: Database, key: str) -> tuple[list[int], list[str]]:
    """The articles that an address stands for, and the addresses of other copies of their stories."""
    articles = db.execute(
        """SELECT id FROM articles WHERE url_key = :key
           UNION SELECT article FROM pages WHERE url_key = :key AND article IS NOT NULL""",
        {"key": key},
    ).fetchall()
    numbers = [number for (number,) in articles]
    copies = db.execute(
        """WITH gone AS (SELECT value AS id FROM json_each(?))
           SELECT url FROM articles WHERE id NOT IN (SELECT id FROM gone)
             AND story IN (SELECT story FROM articles JOIN gone USING (id)) ORDER BY id""",
        [json.dumps(numbers)],
    )
    return numbers, [url for (url,) in copies]


def _delete(db: Database, articles: list[int], pages: list[int]) -> None:
    stories = {db.execute("SELECT story FROM articles WHERE id = ?", [a]).fetchone()[0] for a in articles}
    writer = ArticleWriter(db)
    for article in articles:
        writer.delete(article)
    writer.finish()
    for page in pages:
        db.execute("DELETE FROM rejects WHERE page = ?", [page])
        db.execute("DELETE FROM pages WHERE id = ?", [page])
    count_stories(db, stories)
