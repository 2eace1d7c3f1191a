"""Keeping ``aid.db`` quick: what maintenance does to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storage.sqlite_file import explained, transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

# Pages of the search index merged at once: a second of work on a large database, unlike 'optimize',
# which writes the whole index anew.
_MERGE_PAGES = 2000


def optimise(db: Database) -> None:
    """Merge the search index, renew the query planner's statistics, shorten the write-ahead log.

    Readers and loads may go on. Raises DatabaseError where the file cannot be written.
    """
    with explained(Path(db.execute("PRAGMA database_list").fetchone()[2])):
        with transaction(db):
            db.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", [_MERGE_PAGES])
        db.execute("PRAGMA optimize = 0x10002")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
