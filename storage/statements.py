"""INSERT and UPDATE of a row given as a mapping.

``Table.insert`` and ``Table.update`` of sqlite-utils do the same at several times the cost a row,
which the load of a batch would feel. Tables and columns are names in our own code, never input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database


def insert(db: Database, table: str, row: Mapping[str, Any]) -> None:
    """Insert one row."""
    values = ", ".join(f":{name}" for name in row)
    db.conn.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})", row)  # noqa: S608 - own names


def update(db: Database, table: str, row: Mapping[str, Any], **where: Any) -> None:
    """Set the columns of ``row`` where the columns of ``where`` have its values."""
    _update(db, table, ", ".join(f"{name} = :{name}" for name in row), row, where)


def add(db: Database, table: str, amounts: Mapping[str, int], **where: Any) -> None:
    """Add the amounts to the columns of their names."""
    _update(db, table, ", ".join(f"{name} = {name} + :{name}" for name in amounts), amounts, where)


def _update(
    db: Database, table: str, changes: str, values: Mapping[str, Any], where: Mapping[str, Any]
) -> None:
    condition = " AND ".join(f"{name} = :where_{name}" for name in where)
    keys = {f"where_{name}": value for name, value in where.items()}
    db.conn.execute(f"UPDATE {table} SET {changes} WHERE {condition}", {**values, **keys})  # noqa: S608 - own names
