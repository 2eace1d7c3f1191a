"""Keeping archives small and their site lines fresh: what maintenance does to ``archive/<source>.db``.

Whoever calls these holds the source's lock: the archive has one writer.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.archive_schema import archive_migrations
from storage.frontier import frontier_key
from storage.sqlite_file import explained, open_file, transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sqlite_utils import Database

_AT_ONCE = 500
# A file is written anew only when so much of it is free: that needs the room of a second copy.
_FREE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Pruned:
    """Raw bodies deleted with their packed size in bytes, and rows of the fetch log deleted."""

    bodies: int = 0
    bytes: int = 0
    log: int = 0


def prune(path: Path, *, before: str = "", most_bytes: int = 0, log_before: str = "") -> Pruned:
    """Delete raw bodies stored before the ISO time ``before``, then the oldest until those left take
    at most ``most_bytes`` packed, and log rows older than ``log_before``; "" and 0 mean no limit.

    Addresses and what became of them stay; a body that waits for extraction or for its batch stays.
    Raises FileError if the file cannot be written.
    """
    with explained(path), closing(open_file(path, archive_migrations)) as db:
        doomed = _doomed(db, before, most_bytes)
        for start in range(0, len(doomed), _AT_ONCE):
            with transaction(db):
                _delete(db, [digest for digest, _ in doomed[start : start + _AT_ONCE]])
        with transaction(db):
            log = db.execute("DELETE FROM fetches WHERE fetched_at < ?", [log_before]).rowcount
        _shrink(db)
        return Pruned(len(doomed), sum(size for _, size in doomed), log)


def _doomed(db: Database, before: str, most_bytes: int) -> list[tuple[str, int]]:
    """Digest and packed size of the bodies to delete, oldest first."""
    (stored,) = db.execute("SELECT coalesce(sum(length(zstd)), 0) FROM bodies").fetchone()
    doomed = []
    for digest, size, first_seen in db.execute(
        """SELECT sha256, length(zstd), first_seen FROM bodies WHERE NOT EXISTS
           (SELECT 1 FROM frontier WHERE body = sha256 AND (waiting OR unbatched))
           ORDER BY first_seen, rowid"""
    ):
        if not (first_seen < before or 0 < most_bytes < stored):
            break
        doomed.append((str(digest), int(size)))
        stored -= size
    return doomed


def _delete(db: Database, digests: list[str]) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS doomed (sha256 TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("DELETE FROM doomed")
    db.conn.executemany("INSERT INTO doomed VALUES (?)", [(digest,) for digest in digests])
    for table in ("frontier", "fetches"):
        db.execute(f"UPDATE {table} SET body = NULL WHERE body IN (SELECT sha256 FROM doomed)")  # noqa: S608 - names are ours
    db.execute("DELETE FROM bodies WHERE sha256 IN (SELECT sha256 FROM doomed)")


def _shrink(db: Database) -> None:
    (free,), (pages,) = (db.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_count"))
    if free > _FREE_SHARE * pages:
        db.execute("VACUUM")
    db.execute("PRAGMA optimize")


def stale_site_lines(path: Path, newest: int) -> list[str]:
    """The addresses whose pages the site's lines should be counted from: its ``newest`` articles,
    once twice as many pages are counted; none before that.

    Counts over all the years would keep the lines of a layout that is gone, and learn those of a
    new one only when they stand on a third of everything.
    """
    with closing(open_file(path, archive_migrations, readonly=True)) as db:
        (counted,) = db.execute("SELECT count(*) FROM frontier WHERE counted = 1").fetchone()
        if counted < 2 * newest:
            return []
        rows = db.execute(
            """SELECT url FROM frontier WHERE body IS NOT NULL AND extracted IN ('article', 'off_topic')
               ORDER BY last_fetched DESC, id DESC LIMIT ?""",
            [newest],
        )
        return [str(url) for (url,) in rows]


def replace_site_lines(path: Path, pages: Mapping[str, Iterable[str]]) -> None:
    """Count the site's lines anew, from these pages (lines by address) only."""
    counts = Counter(line for lines in pages.values() for line in set(lines))
    with explained(path), closing(open_file(path, archive_migrations)) as db, transaction(db):
        db.execute("DELETE FROM site_lines")
        db.conn.executemany("INSERT INTO site_lines VALUES (?, ?)", counts.items())
        # 2: was counted once and is so no longer, nor will it be again.
        db.execute("UPDATE frontier SET counted = 2 WHERE counted = 1")
        db.conn.executemany(
            "UPDATE frontier SET counted = 1 WHERE url_key = ?", [(frontier_key(url),) for url in pages]
        )
