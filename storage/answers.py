"""Answers of queries, as columns and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows of a query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def ask(db: Database, sql: str) -> Answer:
    """The whole answer of a query."""
    cursor = db.execute(sql)
    return Answer(tuple(column[0] for column in cursor.description), tuple(cursor.fetchall()))
