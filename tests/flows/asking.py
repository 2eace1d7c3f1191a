"""What a database answers, for tests."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from storage.answers import ask
from storage.database import open_database

if TYPE_CHECKING:
    from pathlib import Path


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query on ``aid.db``."""
    with closing(open_database(database, readonly=True)) as db:
        return list(ask(db, sql).rows)
