"""Opening a SQLite file of ours: settings, migrations under a write lock, errors in one line."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlite_utils import Database

from storage.errors import AidwireError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Migrations

BUSY_SECONDS = 30
# What the system says where no more can be written.
FULL = (errno.ENOSPC, errno.EDQUOT)
_FULL = "the disk is full; free some space and run again, nothing is lost"


class FileError(AidwireError):
    """A SQLite file cannot be used; the message names the file, the reason and the remedy."""


def open_file(path: Path, migrations: Migrations, *, readonly: bool = False) -> Database:
    """Open (and unless ``readonly``, create and migrate) the file at ``path``.

    Raises FileError if it cannot be read or written, is no database, is corrupt, or has a schema
    that this version does not know; the file is then as it was.
    """
    if readonly and not path.exists():
        raise FileError(f"{path}: no such file; run a crawl first, or name the folder with --data")
    with explained(path):
        connection = _connect(path, readonly=readonly)
        try:
            db = Database(connection)
            _refuse_newer(db, migrations, path)
            if not readonly and migrations.pending(db):
                _migrate(db, migrations)
        except BaseException:
            connection.close()
            raise
    return db


def _connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    if readonly:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _refuse_newer(db: Database, migrations: Migrations, path: Path) -> None:
    known = {migration.name for migration in migrations._migrations}
    unknown = sorted({applied.name for applied in migrations.applied(db)} - known)
    if unknown:
        raise FileError(
            f"{path}: made by a newer aidwire (schema step {unknown[0]}); update aidwire to open it"
        )


def _migrate(db: Database, migrations: Migrations) -> None:
    # Two processes may open a new file at once: the second waits here and finds nothing to do.
    with transaction(db):
        migrations.apply(db)


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """One write transaction, taken at its start.

    ``BEGIN IMMEDIATE`` waits for another writer; the deferred ``BEGIN`` of ``Database.atomic``
    fails at once with "database is locked" when a read turns into a write.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise


_OTHER_DATA = "choose another folder with --data"


@contextmanager
def explained(path: Path, other: str = _OTHER_DATA) -> Iterator[None]:
    """Turn SQLite's and the file system's errors about ``path`` into a FileError of one line.

    ``other`` is what to do where ``path`` cannot be written at all.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        reason, code = _reason(error, other)
        raise FileError(f"{path}: {reason}", code=code) from error
    except OSError as error:
        if error.errno in FULL:
            raise FileError(f"{path}: {_FULL}", code=1) from error
        raise FileError(f"{path}: {error.strerror}; {other}") from error


def _reason(error: sqlite3.DatabaseError, other: str) -> tuple[str, int]:
    """Reason with remedy, and the code of AidwireError."""
    text = str(error)
    if "locked" in text:
        return f"locked by another process for {BUSY_SECONDS} seconds; try again when it has finished", 1
    if "unable to open" in text or "readonly" in text or "read-only" in text:
        return f"{text}; check that the folder exists and is writable, or {other}", 2
    if "full" in text:
        return _FULL, 1
    if "not a database" in text or "malformed" in text:
        return f"{text}; restore it from a backup, or move it away and load again", 1
    return text, 1
