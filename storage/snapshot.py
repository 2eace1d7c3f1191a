"""Frozen releases: database, Parquet and a manifest, for others to cite and check."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from storage.backup import backup
from storage.clock import stamp
from storage.database import DatabaseError, open_database
from storage.export import export_parquet
from storage.search import rebuild_search
from storage.sqlite_file import explained, transaction

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

DATABASE, PARQUET, MANIFEST = "aid.db", "articles.parquet", "manifest.json"
_OTHER = "name a new folder for the release"


def snapshot(db: Database, folder: Path, *, full_text: bool = False) -> dict[str, Any]:
    """Write a release into ``folder``, which must be empty or absent; return its manifest.

    Texts without a licence are left out of all its files, search index and earlier versions
    included, unless ``full_text`` is asked for. Addresses that were forgotten are not named. The
    manifest has the SHA-256 and size of each file, the rows of each table, the span of publication
    and the schema.
    """
    with explained(folder, _OTHER):
        if folder.exists() and any(folder.iterdir()):
            raise DatabaseError(f"{folder} is not empty; {_OTHER}")
    backup(db, folder / DATABASE)
    copy = open_database(folder / DATABASE)
    try:
        with explained(folder / DATABASE, _OTHER):
            _leave_out_forgotten(copy)
            if not full_text:
                _withhold(copy)
            # One plain file, which can be opened where nothing may be written beside it.
            copy.execute("VACUUM")
            copy.execute("PRAGMA journal_mode = DELETE")
            export_parquet(copy, folder / PARQUET, full_text=full_text)
            manifest = _manifest(copy, folder, full_text=full_text)
    finally:
        copy.close()
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, "utf-8")
    return manifest


def _leave_out_forgotten(db: Database) -> None:
    """A public list of what was taken down on request would point to it."""
    db.execute("PRAGMA secure_delete = ON")
    with transaction(db):
        db.execute("DELETE FROM forgotten")


def _withhold(db: Database) -> None:
    with transaction(db):
        db.execute("""UPDATE article_versions SET text = '', difference = ''
                      WHERE article IN (SELECT id FROM articles WHERE NOT shareable)""")
        db.execute("DELETE FROM removed_lines WHERE article IN (SELECT id FROM articles WHERE NOT shareable)")
        db.execute("UPDATE articles SET text = '', text_withheld = 1 WHERE NOT shareable")
    rebuild_search(db)


def _manifest(db: Database, folder: Path, *, full_text: bool) -> dict[str, Any]:
    first, last = db.execute("SELECT min(published_utc), max(published_utc) FROM articles").fetchone()
    steps = db.execute("SELECT name FROM _sqlite_migrations ORDER BY id")
    left_out = ("_", "search", "sqlite_", "forgotten")
    tables = [name for name in db.table_names() if not name.startswith(left_out)]
    return {
        "made": stamp(),
        "schema": [name for (name,) in steps],
        "full_text": "all" if full_text else "where a licence is stated",
        "published_from": first,
        "published_until": last,
        "rows": {name: db.table(name).count for name in sorted(tables)},
        "files": {name: _file(folder / name) for name in (DATABASE, PARQUET)},
    }


def _file(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
