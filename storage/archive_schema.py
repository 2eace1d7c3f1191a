"""The tables of ``archive/<source>.db``: frontier, fetch log, raw bodies, index documents, site lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from storage.frontier import frontier_key

if TYPE_CHECKING:
    from sqlite_utils import Database

archive_migrations = Migrations("aidwire.archive")


@archive_migrations()
def m001_tables(db: Database) -> None:
    """The first release."""
    for statement in _TABLES:
        db.execute(statement)


@archive_migrations()
def m002_rules(db: Database) -> None:
    """A hash of the rules by which addresses were found last, so that a change of them is seen."""
    db.execute("CREATE TABLE rules (rules TEXT NOT NULL) STRICT")


@archive_migrations()
def m003_keys_without_sessions(db: Database) -> None:
    """Keys hold no session any more. Of several addresses of a page the first goes on alone."""
    for row_id, url in db.execute(f"SELECT id, url FROM frontier WHERE {_SESSIONS}").fetchall():  # noqa: S608 - ours
        db.execute("UPDATE OR IGNORE frontier SET url_key = ? WHERE id = ?", [frontier_key(url), row_id])
        db.execute(
            "UPDATE frontier SET due_at = NULL, waiting = 0, unbatched = 0 WHERE id = ? AND url_key <> ?",
            [row_id, frontier_key(url)],
        )
    for (key,) in db.execute(f"SELECT url_key FROM forgotten WHERE {_SESSIONS}").fetchall():  # noqa: S608 - ours
        plain = frontier_key(f"http://{key}")
        db.execute("UPDATE OR REPLACE forgotten SET url_key = ? WHERE url_key = ?", [plain, key])


# Whatever may name a session, and a little more.
_SESSIONS = (
    "url_key LIKE '%sess%' OR url_key LIKE '%id=%' OR url_key LIKE '%cftoken=%' OR url_key LIKE '%(S(%'"
)
_TABLES = (
    # One row per known address. outcome NULL: pending. due_at NULL: not to be fetched again.
    # waiting: a body that is not extracted yet. extracted: what the last extraction made of it.
    # counted: its lines are in site_lines. unbatched: changed since the last batch.
    """CREATE TABLE frontier (
        id INTEGER PRIMARY KEY,
        url_key TEXT NOT NULL UNIQUE,
        url TEXT NOT NULL,
        found_in TEXT NOT NULL DEFAULT '',
        hint_title TEXT NOT NULL DEFAULT '',
        hint_published TEXT NOT NULL DEFAULT '',
        hint_via TEXT NOT NULL DEFAULT '',
        first_seen TEXT NOT NULL,
        due_at TEXT,
        taken_by TEXT,
        outcome TEXT,
        stage TEXT NOT NULL DEFAULT '',
        status INTEGER,
        detail TEXT NOT NULL DEFAULT '',
        last_fetched TEXT NOT NULL DEFAULT '',
        final_url TEXT NOT NULL DEFAULT '',
        content_type TEXT NOT NULL DEFAULT '',
        etag TEXT NOT NULL DEFAULT '',
        last_modified TEXT NOT NULL DEFAULT '',
        body TEXT REFERENCES bodies (sha256),
        extracted TEXT NOT NULL DEFAULT '',
        visits INTEGER NOT NULL DEFAULT 0,
        failures INTEGER NOT NULL DEFAULT 0,
        counted INTEGER NOT NULL DEFAULT 0,
        waiting INTEGER NOT NULL DEFAULT 0,
        unbatched INTEGER NOT NULL DEFAULT 1
    ) STRICT""",
    "CREATE INDEX frontier_due ON frontier (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX frontier_unbatched ON frontier (id) WHERE unbatched = 1",
    "CREATE INDEX frontier_body ON frontier (body)",
    """CREATE TABLE fetches (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL,
        url TEXT NOT NULL,
        kind TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        status INTEGER,
        outcome TEXT,
        detail TEXT NOT NULL DEFAULT '',
        bytes INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0,
        body TEXT
    ) STRICT""",
    "CREATE INDEX fetches_run ON fetches (run)",
    "CREATE INDEX fetches_url ON fetches (url)",
    # zstd level 3: 47 KB of a 255 KB page in 2.6 ms; gzip is slower and larger.
    """CREATE TABLE bodies (
        sha256 TEXT PRIMARY KEY,
        zstd BLOB NOT NULL,
        bytes INTEGER NOT NULL,
        first_seen TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE indexes (
        url TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        etag TEXT NOT NULL,
        last_modified TEXT NOT NULL,
        last_fetched TEXT NOT NULL,
        status INTEGER,
        outcome TEXT,
        detail TEXT NOT NULL,
        links INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE site_lines (
        line TEXT PRIMARY KEY,
        pages INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE forgotten (url_key TEXT PRIMARY KEY, forgotten_at TEXT NOT NULL) STRICT, WITHOUT ROWID",
)
