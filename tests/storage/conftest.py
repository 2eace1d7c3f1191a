"""Batches of invented outlets, loaded into a real file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from storage.batches import Batch
from storage.database import open_database
from storage.load import load_batch
from storage.models import Article, PageRecord, Relevance, Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

    from storage.load import LoadCounts

SOURCE: dict[str, str | int | bool] = {
    "id": "riverpost",
    "name": "River Post",
    "homepage": "https://riverpost.example/",
    "language": "en",
    "country": "GB",
    "timezone": "Europe/London",
    "licence": "",
    "store_full_text": True,
    "enabled": True,
    "newest_within": "P3D",
}
NOON = "2026-03-01T12:00:00+00:00"


class Press:
    """Makes records and batches, and loads them into ``db``; batches are numbered in turn."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._made = 0

    def page(self, url: str, outcome: str | None = "article", **fields: Any) -> PageRecord:
        """A record; ``title``, ``text`` and other fields of Article make its article."""
        of_record = {name: fields.pop(name) for name in list(fields) if name in PageRecord.__slots__}
        article = None
        if outcome == "article" or fields:
            words = {"title": "A title", "text": f"The text of {url}.", "language": "en"}
            article = Article(url=url, **(words | fields))
        defaults: dict[str, Any] = {"first_seen": NOON, "last_fetched": NOON if outcome else ""}
        if article and "relevance" not in of_record:
            defaults["relevance"] = Relevance(9.5, "aid", ("humanitarian",), (), "aid-1")
        return PageRecord(url=url, outcome=outcome, article=article, **(defaults | of_record))

    def batch(self, *records: PageRecord, source: str = "riverpost", **run: Any) -> Batch:
        """A batch of one run of a source, at noon of the day of its last fetch."""
        self._made += 1
        ended = max((r.last_fetched for r in records if r.last_fetched), default=NOON)
        of_source = {name: run.pop(name) for name in list(run) if name in SOURCE and name != "id"}
        made = Run(
            id=f"run-{self._made:03}",
            source=source,
            started=ended,
            ended=ended,
            state="completed",
            discovered=len(records),
            fetched=len(records),
            code_version="0.1.0",
            extractor_version="1",
        )
        facts = SOURCE | {"id": source, "name": source.title()} | of_source
        return Batch(f"batch-{self._made:03}", replace(made, **run), facts, records)

    def load(self, *records: PageRecord, **run: Any) -> LoadCounts:
        """Load a batch of these records."""
        return load_batch(self.db, self.batch(*records, **run))

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        return [tuple(row) for row in self.db.execute(sql, values)]


class Tables(Protocol):
    """Every row of every table that a load writes."""

    def __call__(self, db: Database) -> dict[str, list[tuple[Any, ...]]]: ...


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    db = open_database(tmp_path / "aid.db")
    yield Press(db)
    db.close()


@pytest.fixture
def tables() -> Tables:
    def read(db: Database) -> dict[str, list[tuple[Any, ...]]]:
        names = [name for name in db.table_names() if name != "_sqlite_migrations"]
        return {name: sorted(map(tuple, db.execute(f"SELECT * FROM [{name}]")), key=repr) for name in names}

    return read
