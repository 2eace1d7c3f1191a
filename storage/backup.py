"""Consistent copies of ``aid.db`` while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from storage.database import DatabaseError, open_database, refuse_foreign
from storage.health import broken_invariants
from storage.sqlite_file import explained

if TYPE_CHECKING:
    from sqlite_utils import Database

_OTHER = "name another place for the copy"


def backup(db: Database, target: Path) -> int:
    """Copy the database to ``target``, check the copy, and only then put it in place.

    The copy is the state at one moment, loads may go on meanwhile. Returns its number of articles.
    Raises DatabaseError if it cannot be written, would replace a file that is no database of aidwire's,
    or the copy does not pass; ``target`` is then as it was.
    """
    source = Path(db.execute("PRAGMA database_list").fetchone()[2])
    if target.resolve() == source.resolve():
        raise DatabaseError(f"{target} is the database itself; name another file for its copy")
    if target.is_file() and target.stat().st_size:
        try:
            refuse_foreign(target)
        except (DatabaseError, sqlite3.Error) as error:
            raise DatabaseError(f"{target} is no earlier copy, so it stays; name another file") from error
    part = target.with_name(f"{target.name}.part")
    try:
        with explained(target, _OTHER):
            target.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            db.execute("VACUUM INTO ?", [str(part)])
        articles = _check(part)
        with explained(target, _OTHER):
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return articles


def _check(copy: Path) -> int:
    db = open_database(copy, readonly=True)
    try:
        broken = broken_invariants(db)
        if broken:
            message = f"backup not made, the copy is damaged: {broken[0]}; run: aidwire status"
            raise DatabaseError(message, code=1)
        return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
    finally:
        db.close()
