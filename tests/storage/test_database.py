"""Opening aid.db: created, described, migrated; refused in one line where it cannot be used."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage.database import REFUSALS, DatabaseError, open_database
from storage.dictionary import as_markdown, describe
from storage.health import broken_invariants
from storage.load import LoadCounts, load_batch
from storage.models import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
RELEASES = Path(__file__).with_name("schemas")


def _schema(db: Any) -> list[tuple[str, str]]:
    return sorted(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())


def test_a_new_file_is_strict_described_and_empty(tmp_path: Path) -> None:
    db = open_database(tmp_path / "new" / "aid.db")
    tables = {row[1]: row[5] for row in db.execute("PRAGMA table_list") if row[2] == "table"}
    loose = {name for name, strict in tables.items() if not strict}
    assert loose == {"_sqlite_migrations", "sqlite_schema", "sqlite_temp_schema", "sqlite_sequence"}
    assert [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")] == [
        "wal",
        1,
    ]
    outcomes = {name: (state, meaning) for name, state, meaning in db.execute(
        "SELECT outcome, state, meaning FROM outcomes"
    )}  # fmt: skip
    assert outcomes == {name: (str(outcome.state), outcome.meaning) for name, outcome in OUTCOMES.items()}
    assert {row[0] for row in db.execute("SELECT outcome FROM outcomes WHERE refused")} == REFUSALS
    assert broken_invariants(db) == []
    db.close()


def test_every_foreign_key_has_an_index(tmp_path: Path) -> None:
    db = open_database(tmp_path / "aid.db")
    bare = []
    for table in db.table_names():
        leading = {index.columns[0] for index in db.table(table).indexes} | set(db.table(table).pks[:1])
        bare += [(table, key.column) for key in db.table(table).foreign_keys if key.column not in leading]
    assert bare == []
    db.close()


def test_the_dictionary_has_every_column_in_file_page_and_database(tmp_path: Path) -> None:
    db = open_database(tmp_path / "aid.db")
    stored = db.execute("SELECT * FROM data_dictionary ORDER BY object, position").fetchall()
    assert stored == sorted(
        (e.object, e.position, e.column, e.kind, e.type, e.description) for e in describe(db)
    )
    page = (ROOT / "docs" / "data-dictionary.md").read_text("utf-8")
    assert page == as_markdown(db), "docs/data-dictionary.md is old: run python -m storage.dictionary"
    db.close()


@pytest.mark.parametrize("release", sorted(RELEASES.glob("*.db.gz")), ids=lambda path: path.name)
def test_a_file_of_every_release_comes_to_this_schema(release: Path, tmp_path: Path) -> None:
    """Each is a database of that release with one article titled "Kept", vacuumed and gzipped."""
    (tmp_path / "old.db").write_bytes(gzip.decompress(release.read_bytes()))
    migrated, fresh = open_database(tmp_path / "old.db"), open_database(tmp_path / "new.db")
    assert _schema(migrated) == _schema(fresh)
    assert migrated.execute("SELECT title FROM articles").fetchall() == [("Kept",)]
    assert broken_invariants(migrated) == []
    migrated.close()
    fresh.close()


def test_opening_twice_changes_nothing(press: Any, tmp_path: Path) -> None:
    press.load(press.page("https://riverpost.example/1"))
    press.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = (tmp_path / "aid.db").read_bytes()
    open_database(tmp_path / "aid.db").close()
    open_database(tmp_path / "aid.db", readonly=True).close()
    assert (tmp_path / "aid.db").read_bytes() == before


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "aid.db"
    db = open_database(path)
    db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'aidwire.database', '9999_future', '')")
    db.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match=r"newer aidwire .*9999_future"):
        open_database(path)
    assert path.read_bytes() == before


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (x)")


def _cut(path: Path) -> None:
    open_database(path).close()
    path.write_bytes(path.read_bytes()[:5000])


def _text(path: Path) -> None:
    path.write_text("no database, but long enough " * 50)


BAD_FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "foreign": (_foreign, "not a database of aidwire"),
    "text": (_text, "not a database"),
    "cut": (_cut, "malformed"),
    "folder": (Path.mkdir, "is a folder"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("readonly", [False, True])
def test_what_is_no_database_of_ours_is_refused(name: str, readonly: bool, tmp_path: Path) -> None:
    make, message = BAD_FILES[name]
    path = tmp_path / "aid.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(DatabaseError, match=message) as caught:
        open_database(path, readonly=readonly)
    assert "\n" not in str(caught.value)
    assert before is None or path.read_bytes() == before


def test_a_folder_that_cannot_be_made_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="--data"):
        open_database(tmp_path / "file" / "aid.db")
    with pytest.raises(DatabaseError, match="no such file"):
        open_database(tmp_path / "none.db", readonly=True)
    (tmp_path / "empty.db").write_bytes(b"")
    with pytest.raises(DatabaseError, match="empty file"):
        open_database(tmp_path / "empty.db", readonly=True)


def test_a_full_disk_stops_a_load_which_then_goes_on(press: Any) -> None:
    batch = press.batch(
        *(press.page(f"https://riverpost.example/{n}", text=f"{n} " * 500) for n in range(900))
    )
    press.db.execute(f"PRAGMA max_page_count = {press.db.execute('PRAGMA page_count').fetchone()[0] + 600}")
    with pytest.raises(DatabaseError, match="disk is full"):
        load_batch(press.db, batch)
    assert 0 < press.rows("SELECT count(*) FROM articles")[0][0] < 900
    assert broken_invariants(press.db) == []
    press.db.execute("PRAGMA max_page_count = 1000000")
    assert load_batch(press.db, batch) == LoadCounts(new=900)
    assert broken_invariants(press.db) == []


def test_a_locked_file_is_waited_for_and_then_named(press: Any, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "aid.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    press.db.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(DatabaseError, match="locked by another process"):
        press.load(press.page("https://riverpost.example/1"))
    other.execute("COMMIT")
    assert press.load(press.page("https://riverpost.example/2")) == LoadCounts(new=1)
    other.close()


def test_readers_see_whole_states_while_a_load_goes_on(press: Any, tmp_path: Path) -> None:
    batch = press.batch(*(press.page(f"https://post.example/{n}", text=f"{n} " * 500) for n in range(1200)))
    seen: list[tuple[int, int, int]] = []

    def read(_: int) -> None:
        reader = open_database(tmp_path / "aid.db", readonly=True)
        seen.append(reader.execute(
            """SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM search_docsize),
                      (SELECT sum(new) FROM batches)"""
        ).fetchone())  # fmt: skip
        reader.close()

    def in_a_thread(position: int) -> None:
        thread = threading.Thread(target=read, args=(position,))
        thread.start()
        thread.join(10)

    load_batch(press.db, batch, in_a_thread)
    assert seen == [(n, n, n) for n in (500, 1000, 1200)]


def test_damage_that_sqlite_does_not_see_is_found_by_the_content_hash(press: Any, tmp_path: Path) -> None:
    press.load(press.page("https://riverpost.example/1", text="The figure is precisely forty-two."))
    press.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path, copy = tmp_path / "aid.db", tmp_path / "copy.db"
    shutil.copy(path, copy)
    content = copy.read_bytes()
    assert content.count(b"precisely forty-two") == 1
    copy.write_bytes(content.replace(b"precisely forty-two", b"precisely forty-six"))
    damaged = open_database(copy, readonly=True)
    assert damaged.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert broken_invariants(damaged) == ["1 articles do not match their content hash, for example 1"]
    damaged.close()
