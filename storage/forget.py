"""Deleting an article for good, on request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.articles import ArticleWriter
from storage.cleaning import clean
from storage.clock import stamp
from storage.frontier import frontier_key
from storage.sqlite_file import transaction
from storage.stories import count_stories

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Forgotten:
    """``articles``: numbers of the articles deleted; ``addresses``: (source, address) pairs whose
    archives must forget them too; ``copies``: addresses of other articles of the same story."""

    articles: tuple[int, ...]
    addresses: tuple[tuple[str, str], ...]
    copies: tuple[str, ...]


def forget(db: Database, url: str) -> Forgotten:
    """Delete the article of an address with its text, versions, facts and search entry, and all its
    addresses; none of them is loaded again. Reposts by other outlets stay and are named.

    The freed space is overwritten, and the search index written anew, so that no word of it stays
    in the file. A copy in a backup is not touched.
    """
    key = clean(frontier_key(url))
    db.execute("PRAGMA secure_delete = ON")
    with transaction(db):
        articles, copies = _articles(db, key)
        pages = db.execute(
            """SELECT id, source, url, url_key FROM pages
               WHERE url_key = ? OR article IN (SELECT value FROM json_each(?)) ORDER BY id""",
            [key, json.dumps(articles)],
        ).fetchall()
        keys = {key, *(page[3] for page in pages)}
        keys |= {db.execute("SELECT url_key FROM articles WHERE id = ?", [a]).fetchone()[0] for a in articles}
        _delete(db, articles, [page[0] for page in pages])
        db.conn.executemany(
            "INSERT OR REPLACE INTO forgotten VALUES (?, ?)", [(name, stamp()) for name in sorted(keys)]
        )
    if articles:
        db.execute("INSERT INTO search (search) VALUES ('optimize')")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Forgotten(tuple(articles), tuple((page[1], page[2]) for page in pages), tuple(copies))


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
