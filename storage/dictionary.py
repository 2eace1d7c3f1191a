"""The data dictionary: what every table, view and column means, read from the schema itself.

Each ``CREATE`` statement of ``storage/schema`` ends its first line, and every line of a column, with
a comment. SQLite keeps those, so ``.schema`` shows them; here they become the table
``data_dictionary`` and ``docs/data-dictionary.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

# Tables that SQLite and sqlite-utils make; their SQL is not ours to comment.
_INNER = {
    "_sqlite_migrations": "Steps of the schema that have been applied, kept by sqlite-utils",
    "sqlite_sequence": "Highest article number ever used, kept by SQLite",
    "search_config": "Inner table of search",
    "search_data": "Inner table of search",
    "search_docsize": "Inner table of search",
    "search_idx": "Inner table of search",
}
# A column that was added later follows a comma, in the line where the one before it ends.
_COLUMN = re.compile(r'(?:.*\bVIRTUAL)?[\s,]*"?(\w+)"?.*? -- (.+)')

# What has come to be said of columns since their tables were made: SQLite keeps the comment that a table
# was made with, and writing it anew means copying the table.
_SINCE = {
    "articles.matched_terms": "JSON list of {term, category, where, start, end, weight}: the evidence for the"
    " score. Those of the category wording are pieces of words, the eight that weigh most; the weights do not"
    " add up to relevance, see docs/aid.md",
    "pages.outcome": "How the last visit to it, or the last extraction of what it gave, ended, see outcomes;"
    " an article that was loaded earlier stays in the column article. NULL: still to be fetched",
    "stories.origins": "Number of independent origins: outlets credited by the pages, else the sources"
    " themselves by their names; an outlet and those who credit it by that name are one",
    "facts.value": "Amount as an exact decimal. It is text: compare and sort by the column amount",
    "facts.value_max": "Upper end of a range, as an exact decimal in text: compare and sort by amount_max",
}


class DictionaryError(Exception):
    """A table, view or column has no comment; the message names it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of ``data_dictionary``; ``position`` 0 and no ``column`` for a table or view itself."""

    object: str
    position: int
    column: str
    kind: str
    type: str
    description: str


def describe(db: Database) -> list[Entry]:
    """The entries of all tables and views. Raises DictionaryError where a description is missing."""
    entries = []
    rows = db.execute("SELECT name, type, sql FROM sqlite_master WHERE type <> 'index' ORDER BY name")
    for name, kind, sql in rows.fetchall():
        if name in _INNER:
            entries.append(Entry(name, 0, "", kind, "", _INNER[name]))
        elif not name.startswith("sqlite_"):
            entries += _entries(db, name, kind, sql)
    return entries


def as_markdown(db: Database) -> str:
    """The dictionary as the page ``docs/data-dictionary.md``."""
    lines = [
        "# Data dictionary of aid.db",
        "",
        "Made from the comments in `storage/schema` by `python -m storage.dictionary`; the same rows are in",
        "the table `data_dictionary`, and `.schema TABLE` in the `sqlite3` shell shows them too.",
        "",
        "Times are ISO 8601 text; UTC where the column says so. Text that a page does not give is empty.",
    ]
    for _, group in groupby(describe(db), key=lambda entry: entry.object):
        head, *columns = group
        lines += ["", f"## {head.object} ({head.kind})", "", f"{head.description}."]
        if columns:
            lines += ["", "| column | type | meaning |", "| --- | --- | --- |"]
            lines += [f"| `{c.column}` | {c.type} | {_cell(c.description)} |" for c in columns]
    return "\n".join(lines) + "\n"


def _entries(db: Database, name: str, kind: str, sql: str) -> list[Entry]:
    first_line, *lines = sql.splitlines()
    entries = [Entry(name, 0, "", kind, "", _comment(first_line, name))]
    comments = {m[1]: m[2] for line in lines if (m := _COLUMN.match(line))}
    # Hidden columns of kind 1 belong to a virtual table's own machinery, not to its content.
    columns = db.execute("SELECT cid, name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1", [name])
    for position, (_, column, type_) in enumerate(columns.fetchall(), 1):
        if column not in comments:
            raise DictionaryError(f"{name}.{column} has no comment in storage/schema; write one")
        meaning = _SINCE.get(f"{name}.{column}", comments[column])
        entries.append(Entry(name, position, column, "column", type_, meaning))
    return entries


def _comment(line: str, name: str) -> str:
    _, found, comment = line.partition(" -- ")
    if not found:
        raise DictionaryError(f"{name} has no comment in storage/schema; write one")
    return comment


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    import tempfile
    from pathlib import Path

    from storage.database import open_database

    with tempfile.TemporaryDirectory() as folder:
        page = as_markdown(open_database(Path(folder) / "aid.db"))
    Path("docs/data-dictionary.md").write_text(page, "utf-8")
