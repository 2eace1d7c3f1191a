"""Articles as JSON lines, CSV, Parquet or WARC.

A text goes out only where a licence says that it may; otherwise the row has an empty ``text`` and
``text_withheld`` 1, unless the caller asks for full texts and answers for it.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

from storage.archive import Archive
from storage.errors import AidwireError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

FORMATS = ("jsonl", "csv", "parquet", "warc")
_JSON = ("keywords", "categories", "matched_terms", "flags")
_ROWS = 5000
# A spreadsheet runs a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_INTEGERS = ("id", "text_withheld", "offset_inferred", "version", "story")
_COLUMNS = (
    *("id", "source", "url", "canonical", "title", "text", "text_withheld", "description", "language"),
    *("published_at", "published_utc", "published_precision", "published_from", "offset_inferred"),
    *("modified_at", "byline", "origin", "upstream", "editor", "section", "keywords", "image", "rights"),
    *("licence", "relevance", "verdict", "categories", "matched_terms", "rules", "flags", "method"),
    *("content_hash", "version", "story", "first_seen", "last_seen"),
)


class ExportError(AidwireError):
    """Nothing was exported; the message says why."""


def rows(db: Database, *, full_text: bool = False) -> Iterator[dict[str, Any]]:
    """The articles as dicts, by number. Lists are lists; what is unknown is ``""`` or None."""
    for row in _plain_rows(db, full_text=full_text):
        yield row | {name: json.loads(row[name]) for name in _JSON}


def export_jsonl(db: Database, file: IO[str], *, full_text: bool = False) -> int:
    """One JSON object a line; return their number."""
    count = 0
    for row in rows(db, full_text=full_text):
        count += 1
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def export_csv(db: Database, file: IO[str], *, full_text: bool = False) -> int:
    """CSV in UTF-8 (open ``file`` with ``newline=""``); return the number of rows.

    An apostrophe stands before text that a spreadsheet would take for a formula.
    """
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    count = 0
    for row in _plain_rows(db, full_text=full_text):
        count += 1
        writer.writerow([_defused(value) for value in row.values()])
    return count


def export_parquet(db: Database, path: Path, *, full_text: bool = False) -> int:
    """A Parquet file; return the number of rows. Raises ExportError without pyarrow."""
    pa, pq = _optional("pyarrow", "Parquet"), _optional("pyarrow.parquet", "Parquet")
    lists = dict.fromkeys(("keywords", "categories", "flags"), pa.list_(pa.string()))
    types = lists | dict.fromkeys(_INTEGERS, pa.int64()) | {"relevance": pa.float64()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in _COLUMNS])
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for chunk in _chunks(_plain_rows(db, full_text=full_text)):
            for row in chunk:
                row.update({name: json.loads(row[name]) for name in lists})
            writer.write_table(pa.Table.from_pylist(chunk, schema))
            count += len(chunk)
    return count


@dataclass(frozen=True, slots=True)
class WarcCounts:
    """Articles whose page was ``written``, has no stored page (``missing``), or whose rights do not
    allow sharing it (``withheld``)."""

    written: int
    missing: int
    withheld: int


def export_warc(db: Database, archives: Path, file: IO[bytes], *, full_text: bool = False) -> WarcCounts:
    """The stored pages of articles as WARC 1.1 resource records. ``archives`` is the folder of
    ``<source>.db``. Raises ExportError without warcio.
    """
    writer = _optional("warcio.warcwriter", "WARC").WARCWriter(file, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("aidwire.warc.gz", {"software": "aidwire"}))
    written = missing = 0
    sources = [source for (source,) in db.execute("SELECT id FROM sources ORDER BY id")]
    for source in sources:
        found, lost = _write_pages(db, archives / f"{source}.db", source, writer, full_text=full_text)
        written, missing = written + found, missing + lost
    (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
    return WarcCounts(written, missing, articles - written - missing)


def _write_pages(db: Database, path: Path, source: str, writer: Any, *, full_text: bool) -> tuple[int, int]:
    urls = db.execute(
        "SELECT url FROM articles WHERE source = ? AND (shareable OR ?) ORDER BY id", [source, full_text]
    ).fetchall()
    if not urls or not path.exists():
        return 0, len(urls)
    written = 0
    with Archive(path, readonly=True) as archive:
        for (url,) in urls:
            try:
                page = archive.page(url)
            except KeyError:
                continue
            headers = {"WARC-Date": page.fetched_at.replace("+00:00", "Z")}
            record = writer.create_warc_record(
                page.final_url,
                "resource",
                payload=io.BytesIO(page.body),
                warc_content_type=page.content_type or "application/octet-stream",
                warc_headers_dict=headers,
            )
            writer.write_record(record)
            written += 1
    return written, len(urls) - written


def _plain_rows(db: Database, *, full_text: bool) -> Iterator[dict[str, Any]]:
    cursor = db.conn.execute(f"SELECT {', '.join(_COLUMNS)}, shareable FROM articles ORDER BY id")  # noqa: S608 - own names
    for *values, shareable in cursor:
        row = dict(zip(_COLUMNS, values, strict=True))
        yield row if shareable or full_text else row | {"text": "", "text_withheld": 1}


def _chunks(items: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while chunk := [row for row, _ in zip(items, range(_ROWS), strict=False)]:
        yield chunk


def _defused(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _optional(module: str, purpose: str) -> Any:
    """A library of the extra ``export``, which has no type information."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        message = f"{purpose} needs {package}; install it: pip install {package}"
        raise ExportError(message, code=1) from error
