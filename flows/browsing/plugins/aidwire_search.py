"""A Datasette plugin: the search box understands every script, as ``aidwire search`` does."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from storage.tokens import match_expression


# Last, after Datasette's own escape_fts, which this replaces.
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]  # Datasette has no type information
def prepare_connection(conn: Any) -> None:
    """Give Datasette's search our way of cutting words."""
    conn.create_function("escape_fts", 1, _expression)


def _expression(query: str) -> str:
    # An empty expression is a syntax error to FTS5; an empty phrase finds nothing.
    return match_expression(query) or '""'
