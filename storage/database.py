"""Opening ``aid.db``: schema, migrations, the tables that describe the others."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import astuple
from importlib import resources
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from storage.dictionary import describe
from storage.models import OUTCOMES
from storage.sqlite_file import FileError, explained, open_file, transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlite_utils import Database

# The name that the callers of this room use; one class for every file that storage opens.
DatabaseError = FileError

# A robots.txt that does not answer keeps us out, but the site has refused nothing: its server is ill.
REFUSALS = frozenset({"blocked", "forbidden", "rate_limited", "robots_disallowed"})

_APPLICATION_ID = 0x61696477  # "aidw", set by the first step of the schema
# In KiB. The index of fingerprints is written all over: with SQLite's 2 MB most writes would miss.
_LOAD_CACHE = 256 * 1024


def open_database(path: Path, *, readonly: bool = False) -> Database:
    """Open ``aid.db`` at ``path``; unless ``readonly``, create it or bring it to this schema.

    Raises DatabaseError, one line, where it cannot be read or written, is locked for 30 seconds, is
    no database of aidwire's, or has a newer schema; the file is then as it was.
    """
    with explained(path):
        if path.is_dir():
            raise DatabaseError(f"{path}: is a folder; name a file, or choose another folder with --data")
        if path.exists() and path.stat().st_size > 0:
            refuse_foreign(path)
        elif readonly and path.exists():
            raise DatabaseError(f"{path}: empty file; load a batch first, or restore it from a backup")
    db = open_file(path, migrations(), readonly=readonly)
    if not readonly:
        with explained(path):
            db.execute(f"PRAGMA cache_size = -{_LOAD_CACHE}")
            _describe_itself(db)
    return db


def migrations() -> Migrations:
    """The steps of ``storage/schema``, one SQL file each, in the order of their names."""
    steps = Migrations("aidwire.database")
    folder = resources.files("storage") / "schema"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            steps(name=file.name.removesuffix(".sql"))(_step(file.read_text("utf-8")))
    return steps


def _step(sql: str) -> Callable[[Database], None]:
    def apply(db: Database, /) -> None:
        db.executescript(sql)

    return apply


def refuse_foreign(path: Path) -> None:
    """Raise DatabaseError where a file with anything in it is no database of aidwire's."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        (number,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and number != _APPLICATION_ID:
        raise DatabaseError(f"{path}: not a database of aidwire; choose another folder with --data")


def _describe_itself(db: Database) -> None:
    """Fill ``outcomes`` and ``data_dictionary`` where they differ from what they should hold."""
    outcomes = sorted((n, o.state.value, int(n in REFUSALS), o.meaning) for n, o in OUTCOMES.items())
    entries = sorted(astuple(entry) for entry in describe(db))
    if (
        db.execute("SELECT * FROM outcomes ORDER BY outcome").fetchall() == outcomes
        and db.execute("SELECT * FROM data_dictionary ORDER BY object, position").fetchall() == entries
    ):
        return
    with transaction(db):
        db.conn.executemany(
            """INSERT INTO outcomes VALUES (?, ?, ?, ?) ON CONFLICT (outcome) DO UPDATE
               SET state = excluded.state, refused = excluded.refused, meaning = excluded.meaning""",
            outcomes,
        )
        db.execute("DELETE FROM data_dictionary")
        db.conn.executemany("INSERT INTO data_dictionary VALUES (?, ?, ?, ?, ?, ?)", entries)
