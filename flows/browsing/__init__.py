"""Datasette on the database: search box, descriptions, and the documented queries as forms."""

from __future__ import annotations

import html
import json
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.answers import ask
from storage.database import open_database
from storage.errors import AidwireError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = Path(__file__).parent
# Beside the package in a wheel, in docs/ in a checkout.
_QUERIES = (_HERE / "queries.md", _HERE.parent.parent / "docs" / "queries.md")
_INTERNAL = (
    *("_sqlite_migrations", "fingerprints", "fingerprint_index", "fingerprint_recent"),
    *("search", "days", "batches"),
)
_QUERY = re.compile(
    r"^### (?P<title>[^\n]+)\n(?P<text>.*?)<!-- (?P<name>\w+) -->\n```sql\n(?P<sql>.*?)```",
    re.MULTILINE | re.DOTALL,
)


class BrowseError(AidwireError):
    """Datasette cannot be started."""


def browse(database: Path, host: str, port: int) -> None:
    """Serve the database in this process until interrupted. Raises BrowseError."""
    try:
        from datasette.cli import cli
    except ImportError as error:
        raise BrowseError("browsing needs Datasette: pip install 'aidwire[browse]'", code=1) from error
    with _written(metadata(database)) as file:
        cli.main(
            [
                *("serve", str(database), "--plugins-dir", str(_HERE / "plugins")),
                *("--metadata", str(file), "--host", host, "--port", str(port)),
            ],
            standalone_mode=False,
        )


def metadata(database: Path) -> dict[str, Any]:
    """What each table is, the search box, and the documented queries as forms."""
    db = open_database(database, readonly=True)
    try:
        entries = ask(db, "SELECT object, description FROM data_dictionary WHERE position = 0").rows
    finally:
        db.close()
    # Described columns would stand above the rows, thirty of them; a link stands for them.
    tables: dict[str, dict[str, Any]] = {
        str(name): {
            "description_html": f"{html.escape(str(description))}."
            f' <a href="data_dictionary?object={name}">What its columns mean</a>'
        }
        for name, description in entries
    }
    tables["articles"] |= {"fts_table": "search", "fts_pk": "id", "sort_desc": "published_utc"}
    for name in _INTERNAL:
        tables.setdefault(name, {})["hidden"] = True
    return {"title": "aidwire", "databases": {database.stem: {"tables": tables, "queries": dict(_queries())}}}


def _queries() -> Iterator[tuple[str, dict[str, str]]]:
    text = next((path.read_text(encoding="utf-8") for path in _QUERIES if path.exists()), "")
    for found in _QUERY.finditer(text):
        title = found["title"].partition(". ")[2] or found["title"]
        yield (
            found["name"],
            {"title": title, "description": found["text"].strip(), "sql": found["sql"].strip()},
        )


@contextmanager
def _written(value: dict[str, Any]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "metadata.json"
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        yield path
