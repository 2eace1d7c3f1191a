"""Loading batches: one write transaction per few hundred records, each batch exactly once."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from storage.articles import ArticleWriter
from storage.ledger import FORGOTTEN, Loading, counted_as, load_record
from storage.sqlite_file import explained, transaction
from storage.statements import add, update
from storage.stories import count_stories

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlite_utils import Database

    from storage.batches import Batch
    from storage.models import PageRecord

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What a batch came to, in addresses. ``reasons`` counts rejects and failures by outcome, and
    addresses that are left out because they were deleted on request as ``forgotten``."""

    new: int = 0
    updated: int = 0
    duplicate: int = 0
    unchanged: int = 0
    rejected: int = 0
    failed: int = 0
    pending: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


_COLUMNS = tuple(f.name for f in fields(LoadCounts) if f.name != "reasons")


def load_batch(db: Database, batch: Batch, on_progress: Callable[[int], None] | None = None) -> LoadCounts:
    """Load a batch and return its counts; one that is loaded already changes nothing.

    The position in the batch is written in the same transactions as its rows, so after a kill at
    any moment loading it again goes on where it was. ``on_progress`` gets the records done so far.
    Raises DatabaseError if the file cannot be written; nothing is lost then.
    """
    with explained(_path(db)):
        if not db.conn.execute("SELECT 1 FROM batches WHERE name = ?", [batch.name]).fetchone():
            with transaction(db):
                _enrol(db, batch)
        while (position := _load_chunk(db, batch)) is not None:
            if on_progress:
                on_progress(position)
        return _counts(db, batch.name)


def _path(db: Database) -> Path:
    return Path(db.execute("PRAGMA database_list").fetchone()[2] or ":memory:")


def _enrol(db: Database, batch: Batch) -> None:
    """Write the rows that the records of a batch refer to: source, run, batch, day."""
    run = asdict(batch.run)
    named = db.conn.execute("SELECT name FROM sources WHERE id = ?", [batch.source["id"]]).fetchone()
    db.table("sources").upsert({name: batch.source[name] for name in _SOURCE}, pk="id")
    if named and named[0] != batch.source["name"]:
        # An outlet that goes by another name may be one that others credit, or be so no longer.
        stories = "SELECT DISTINCT story FROM articles WHERE source = ? AND origin = ''"
        count_stories(db, {story for (story,) in db.conn.execute(stories, [batch.source["id"]]).fetchall()})
    known = db.conn.execute("SELECT state FROM runs WHERE id = ?", [run["id"]]).fetchone()
    db.table("runs").upsert(run, pk="id")
    db.conn.execute("INSERT OR IGNORE INTO days (source, day) VALUES (?, ?)", _day(batch))
    failed = run["state"] == "failed" and (known is None or known[0] != "failed")
    db.conn.execute(
        "UPDATE days SET runs = runs + ?, failed_runs = failed_runs + ? WHERE source = ? AND day = ?",
        [known is None, failed, *_day(batch)],
    )
    db.conn.execute(
        "INSERT OR IGNORE INTO batches (name, run, records, position) VALUES (?, ?, ?, 0)",
        [batch.name, run["id"], len(batch.records)],
    )


def _load_chunk(db: Database, batch: Batch) -> int | None:
    """Load the next few hundred records; return the new position, None when all was done before."""
    with transaction(db):
        # Read inside the transaction: another loader may have been at this batch meanwhile.
        (position,) = db.conn.execute("SELECT position FROM batches WHERE name = ?", [batch.name]).fetchone()
        chunk = batch.records[position : position + _CHUNK]
        if not chunk:
            return None
        position += len(chunk)
        _load_records(db, batch, chunk, position)
    return int(position)


def _load_records(db: Database, batch: Batch, records: Sequence[PageRecord], position: int) -> None:
    loading = Loading(db, batch.source, batch.run.id, ArticleWriter(db))
    counts, reasons, discovered = Counter(dict.fromkeys(_COLUMNS, 0)), Counter[str](), 0
    for record in records:
        outcome, is_new = load_record(loading, record)
        discovered += is_new
        if outcome == FORGOTTEN:
            reasons[FORGOTTEN] += 1
            continue
        counts[counted_as(outcome)] += 1
        if outcome and counted_as(outcome) in ("rejected", "failed"):
            reasons[outcome] += 1
    loading.articles.finish()
    count_stories(db, loading.touched)
    update(db, "batches", {"position": position, "reasons": _added(db, batch, reasons)}, name=batch.name)
    add(db, "batches", counts, name=batch.name)
    add(db, "runs", counts, id=batch.run.id)
    refusals = {name for (name,) in db.conn.execute("SELECT outcome FROM outcomes WHERE refused")}
    blocked = sum(number for name, number in reasons.items() if name in refusals)
    source, day = _day(batch)
    add(db, "days", {**counts, "discovered": discovered, "blocked": blocked}, source=source, day=day)


def _added(db: Database, batch: Batch, reasons: Counter[str]) -> str:
    (before,) = db.conn.execute("SELECT reasons FROM batches WHERE name = ?", [batch.name]).fetchone()
    return json.dumps(dict(sorted((Counter(json.loads(before)) + reasons).items())))


def _day(batch: Batch) -> tuple[str, str]:
    return str(batch.source["id"]), batch.run.ended[:10]


def _counts(db: Database, name: str) -> LoadCounts:
    cursor = db.conn.execute("SELECT * FROM batches WHERE name = ?", [name])
    row = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    return LoadCounts(**{column: row[column] for column in _COLUMNS}, reasons=json.loads(row["reasons"]))


_SOURCE = (
    *("id", "name", "homepage", "language", "country", "timezone", "licence"),
    *("store_full_text", "enabled", "newest_within"),
)
