"""What leaves the database: exports, backups, releases; and what must leave it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from storage.archive import Archive
from storage.backup import backup
from storage.database import DatabaseError, open_database
from storage.export import WarcCounts, export_csv, export_jsonl, export_parquet, export_warc
from storage.forget import Forgotten, forget
from storage.health import broken_invariants
from storage.load import LoadCounts
from storage.models import Match, Relevance
from storage.reextraction import Reextracted, reextracted
from storage.search import search
from storage.snapshot import snapshot
from storage.visits import Link, Visit

if TYPE_CHECKING:
    from pathlib import Path

OPEN, CLOSED = "https://riverpost.example/open", "https://riverpost.example/closed"
TENTS = "+1 hundred tents\n-- sent"
WORDS = (
    "The quetzalcoatlus lantern was given to the valley school last week. Teachers said that forty pupils "
    "had read by candle light since the storm took the line down. A second gift, of blankets and stoves, "
    "is on its way by mule, and the road should open again before the first snow falls on the pass."
)
HEADERS = ("WARC-Target-URI", "Content-Type")
LATER = "2026-03-02T12:00:00+00:00"


@pytest.fixture
def shelf(press: Any) -> Any:
    """One article under a licence and one without."""
    relevance = Relevance(
        -1.5, "maybe", ("charity",), (Match("school", "charity", "text", 0, 6, 1.0),), "aid-1"
    )
    press.load(
        press.page(OPEN, title="=cmd|'/c calc'!A0", text=TENTS, licence="CC-BY-4.0",
                   keywords=("a", "b"), relevance=relevance),
        press.page(CLOSED, text=WORDS),
    )  # fmt: skip
    return press


def test_json_lines_leave_out_texts_without_a_licence_unless_asked(shelf: Any) -> None:
    def exported(*, full_text: bool) -> list[Any]:
        file = io.StringIO()
        assert export_jsonl(shelf.db, file, full_text=full_text) == 2
        return [json.loads(line) for line in file.getvalue().splitlines()]

    first, second = exported(full_text=False)
    assert (first["text"], first["text_withheld"], first["keywords"]) == (
        "+1 hundred tents\n-- sent",
        0,
        ["a", "b"],
    )
    assert first["matched_terms"][0]["term"] == "school"
    assert (second["title"], second["text"], second["text_withheld"]) == ("A title", "", 1)
    assert exported(full_text=True) == [first, second | {"text": WORDS, "text_withheld": 0}]


def test_csv_cannot_run_as_a_formula(shelf: Any) -> None:
    file = io.StringIO(newline="")
    assert export_csv(shelf.db, file) == 2
    row = next(csv.DictReader(io.StringIO(file.getvalue(), newline="")))
    assert (row["title"], row["text"], row["relevance"]) == (
        "'=cmd|'/c calc'!A0",
        "'+1 hundred tents\n-- sent",
        "-1.5",
    )


def test_parquet_has_the_same_rows_with_types(shelf: Any, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    assert export_parquet(shelf.db, tmp_path / "articles.parquet") == 2
    first, second = pq.read_table(tmp_path / "articles.parquet").to_pylist()
    assert (first["id"], first["relevance"], first["keywords"]) == (1, -1.5, ["a", "b"])
    assert (second["text"], second["text_withheld"], second["published_utc"]) == ("", 1, None)


def test_warc_holds_the_stored_pages(shelf: Any, tmp_path: Path) -> None:
    warcs = pytest.importorskip("warcio.archiveiterator")
    with Archive(tmp_path / "archive" / "riverpost.db") as archive:
        archive.begin("run-001")
        archive.store_index(
            "https://riverpost.example/feed", "feed", Visit(None, 200), [Link(OPEN), Link(CLOSED)]
        )
        for page in archive.take(10):
            body = f"<html>{page.url}</html>".encode()
            archive.store_page(page.url, Visit(None, 200, page.url, "text/html; charset=gbk", body))
    file = io.BytesIO()
    assert export_warc(shelf.db, tmp_path / "archive", file, full_text=False) == WarcCounts(1, 0, 1)
    file.seek(0)
    records = [
        (
            r.rec_type,
            r.rec_headers["WARC-Target-URI"],
            r.rec_headers["Content-Type"],
            r.content_stream().read(),
        )
        for r in warcs.ArchiveIterator(file, check_digests="raise")
    ]
    assert records[1:] == [("resource", OPEN, "text/html; charset=gbk", f"<html>{OPEN}</html>".encode())]
    assert export_warc(shelf.db, tmp_path / "archive", io.BytesIO(), full_text=True) == WarcCounts(2, 0, 0)
    assert export_warc(shelf.db, tmp_path / "none", io.BytesIO(), full_text=True) == WarcCounts(0, 2, 0)
    assert gzip.decompress(file.getvalue()).startswith(b"WARC/1.1")


def test_a_backup_is_whole_while_a_load_goes_on(shelf: Any, tmp_path: Path) -> None:
    other = open_database(tmp_path / "aid.db")
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM removed_lines")
    assert backup(shelf.db, tmp_path / "safe" / "copy.db") == 2
    other.execute("ROLLBACK")
    other.close()
    copy = open_database(tmp_path / "safe" / "copy.db", readonly=True)
    assert broken_invariants(copy) == []
    assert [hit.id for hit in search(copy, "quetzalcoatlus")] == [2]
    copy.close()
    assert [path.name for path in (tmp_path / "safe").iterdir()] == ["copy.db"]


def test_a_backup_replaces_only_backups(shelf: Any, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("not a copy\n" * 100, encoding="utf-8")
    with pytest.raises(DatabaseError, match=r"notes\.txt is no earlier copy"):
        backup(shelf.db, notes)
    assert notes.read_text(encoding="utf-8").startswith("not a copy")


def test_a_damaged_database_does_not_replace_a_good_backup(shelf: Any, tmp_path: Path) -> None:
    backup(shelf.db, tmp_path / "copy.db")
    before = (tmp_path / "copy.db").read_bytes()
    shelf.db.execute("UPDATE articles SET text = 'other' WHERE id = 1")
    with pytest.raises(DatabaseError, match="content hash"):
        backup(shelf.db, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes() == before
    assert not (tmp_path / "copy.db.part").exists()


def test_forgetting_leaves_no_word_and_keeps_the_article_out(shelf: Any, tmp_path: Path) -> None:
    again = "https://riverpost.example/closed-again"
    repost = "https://hillnews.example/1"
    shelf.load(shelf.page(again, canonical=CLOSED, text=WORDS))
    shelf.load(shelf.page(CLOSED, text=WORDS + "Corrected zyzzyva.", last_fetched=LATER))
    reposted = "Reposted. " + WORDS.replace("quetzalcoatlus", "paper")
    shelf.load(shelf.page(repost, text=reposted), source="hillnews")
    assert forget(shelf.db, again) == Forgotten(
        articles=(2,), addresses=(("riverpost", CLOSED), ("riverpost", again)), copies=(repost,)
    )
    assert [hit.id for hit in search(shelf.db, "lantern")] == [3]
    assert search(shelf.db, "quetzalcoatlus") == []
    assert broken_invariants(shelf.db) == []
    stored = (tmp_path / "aid.db").read_bytes() + (tmp_path / "aid.db-wal").read_bytes()
    assert [word for word in (b"quetzalcoatlus", b"zyzzyva", b"closed-again<") if word in stored] == []
    assert shelf.load(shelf.page(CLOSED, text=WORDS, last_fetched=LATER)) == LoadCounts(
        reasons={"forgotten": 1}
    )
    assert shelf.rows("SELECT id FROM articles ORDER BY id") == [(1,), (3,)]
    assert forget(shelf.db, "https://riverpost.example/never-seen") == Forgotten((), (), ())


def test_forgetting_in_a_locked_file_is_said_in_one_line(shelf: Any, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "aid.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    shelf.db.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(DatabaseError, match="locked by another process"):
        forget(shelf.db, OPEN)
    other.close()
    assert shelf.rows("SELECT count(*) FROM articles") == [(2,)]


def test_a_release_has_only_what_may_be_shared_and_can_be_checked(shelf: Any, tmp_path: Path) -> None:
    shelf.load(shelf.page(CLOSED, text=WORDS + "Corrected.", last_fetched=LATER))
    forget(shelf.db, "https://riverpost.example/taken-down")
    pytest.importorskip("pyarrow")
    manifest = snapshot(shelf.db, tmp_path / "release")
    assert manifest == json.loads((tmp_path / "release" / "manifest.json").read_text("utf-8"))
    assert manifest["rows"]["articles"] == 2
    for name, file in manifest["files"].items():
        content = (tmp_path / "release" / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        assert b"quetzalcoatlus" not in content
        assert b"taken-down" not in content
    assert "forgotten" not in manifest["rows"]
    assert sorted(path.name for path in (tmp_path / "release").iterdir()) == [
        "aid.db",
        "articles.parquet",
        "manifest.json",
    ]
    released = open_database(tmp_path / "release" / "aid.db", readonly=True)
    assert released.execute("SELECT id, text_withheld FROM articles").fetchall() == [(1, 0), (2, 1)]
    assert [hit.id for hit in search(released, "tents")] == [1]
    assert broken_invariants(released) == []
    released.close()
    with pytest.raises(DatabaseError, match="not empty"):
        snapshot(shelf.db, tmp_path / "release")
    assert snapshot(shelf.db, tmp_path / "full", full_text=True)["full_text"] == "all"
    with sqlite3.connect(tmp_path / "full" / "aid.db") as full:
        assert full.execute("SELECT text FROM articles WHERE id = 2").fetchone() == (WORDS + "Corrected.",)


def test_extracting_anew_is_reported_before_and_after(shelf: Any) -> None:
    changed = shelf.page(OPEN, title="=cmd|'/c calc'!A0", text="+1 hundred tents", method="new")
    shelf.load(changed, shelf.page(CLOSED, text=WORDS, method="new"), id="run-new")
    assert list(reextracted(shelf.db, "run-new")) == [
        Reextracted(1, OPEN, "", "new", 24, 16, "@@ -3 +2,0 @@\n--- sent")
    ]
    assert shelf.rows("SELECT DISTINCT method FROM articles") == [("new",)]
