"""Batches: what one collect produced, as one immutable file in the outbox.

A batch is JSON lines under zstd: a header, one line per address, and a closing line with their
number. It is written under a temporary name and renamed, so a name in the outbox is a whole batch.
The outbox is a local folder or any fsspec address (``s3://bucket/outbox``).
"""

from __future__ import annotations

import io
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import zstandard
from fsspec.implementations.local import LocalFileSystem

from storage.errors import AidwireError
from storage.models import Article, Fact, Match, PageRecord, Relevance, RemovedLine, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMAT = 1
_SUFFIX = ".jsonl.zst"
_PART = ".part"


class BatchError(AidwireError):
    """The outbox or a batch in it cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Batch:
    """``source`` holds the facts of the source as loaded into the table ``sources``."""

    name: str
    run: Run
    source: dict[str, str | int | bool]
    records: tuple[PageRecord, ...]


def write(outbox: str, part: int, run: Run, source: dict[str, Any], records: Sequence[PageRecord]) -> str:
    """Write part number ``part`` of a run; return the name of the batch."""
    name = f"{run.started[:19].replace(':', '')}-{run.source}-{run.id}-{part:04}{_SUFFIX}"
    system, folder = _open(outbox)
    lines = io.BytesIO()
    with zstandard.ZstdCompressor(3).stream_writer(lines, closefd=False) as packer:
        for line in _lines(run, source, records):
            packer.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
    try:
        system.makedirs(folder, exist_ok=True)
        with system.open(f"{folder}/{name}{_PART}", "wb") as file:
            file.write(lines.getvalue())
            file.flush()
            if isinstance(system, LocalFileSystem):
                os.fsync(file.fileno())
        system.mv(f"{folder}/{name}{_PART}", f"{folder}/{name}")
    except OSError as error:
        message = f"outbox {outbox} cannot be written: {error}; nothing is lost, run again"
        raise BatchError(message, code=1) from error
    return name


def waiting(outbox: str) -> list[str]:
    """Names of the batches that wait, oldest first."""
    system, folder = _open(outbox)
    try:
        if not system.exists(folder):
            return []
        system.invalidate_cache()
        names = (str(entry).rpartition("/")[2] for entry in system.ls(folder, detail=False))
    except OSError as error:
        raise BatchError(f"outbox {outbox} cannot be listed: {error}", code=1) from error
    return sorted(name for name in names if name.endswith(_SUFFIX))


def read(outbox: str, name: str) -> Batch:
    """Read a batch. Raises BatchError if it is cut, damaged or of a newer format."""
    system, folder = _open(outbox)
    try:
        packed = system.cat_file(f"{folder}/{name}")
        text = zstandard.ZstdDecompressor().stream_reader(packed).read()
        rows = [json.loads(line) for line in text.splitlines()]
    except (OSError, ValueError, zstandard.ZstdError) as error:
        raise BatchError(f"batch {name} cannot be read: {error}") from error
    return _batch(name, rows)


def remove(outbox: str, name: str) -> None:
    """Take a loaded batch out of the outbox."""
    system, folder = _open(outbox)
    system.rm_file(f"{folder}/{name}")


def set_aside(outbox: str, name: str) -> str:
    """Rename a batch that cannot be read, so that the others load; return its new name."""
    system, folder = _open(outbox)
    system.mv(f"{folder}/{name}", f"{folder}/{name}.bad")
    return f"{name}.bad"


def _open(outbox: str) -> tuple[Any, str]:
    target = outbox if "://" in outbox else str(Path(outbox).resolve())
    try:
        system, folder = fsspec.core.url_to_fs(target)
    except (ImportError, ValueError) as error:
        raise BatchError(f"outbox {outbox} cannot be opened: {error}") from error
    return system, str(folder)


def _lines(run: Run, source: dict[str, Any], records: Sequence[PageRecord]) -> Iterator[dict[str, Any]]:
    yield {"batch": FORMAT, "run": asdict(run), "source": source}
    for record in records:
        yield asdict(record)
    yield {"end": len(records)}


def _batch(name: str, rows: list[dict[str, Any]]) -> Batch:
    if not rows or rows[0].get("batch") != FORMAT:
        found = rows[0].get("batch") if rows else None
        raise BatchError(f"batch {name} has format {found!r}, this aidwire reads {FORMAT}")
    if rows[-1].get("end") != len(rows) - 2:
        raise BatchError(f"batch {name} is cut: its closing line is missing")
    try:
        records = tuple(_record(row) for row in rows[1:-1])
        return Batch(name, Run(**rows[0]["run"]), rows[0]["source"], records)
    except (KeyError, TypeError) as error:
        raise BatchError(f"batch {name} was made by another version of aidwire: {error}") from error


def _record(row: dict[str, Any]) -> PageRecord:
    article, relevance = row.pop("article"), row.pop("relevance")
    facts = tuple(Fact(**fact) for fact in row.pop("facts"))
    return PageRecord(
        **row,
        article=_article(article) if article else None,
        relevance=_relevance(relevance) if relevance else None,
        facts=facts,
    )


def _article(row: dict[str, Any]) -> Article:
    removed = tuple(RemovedLine(**line) for line in row.pop("removed"))
    keywords, flags = tuple(row.pop("keywords")), tuple(row.pop("flags"))
    return Article(**row, removed=removed, keywords=keywords, flags=flags)


def _relevance(row: dict[str, Any]) -> Relevance:
    matches = tuple(Match(**match) for match in row.pop("matches"))
    return Relevance(**row | {"categories": tuple(row["categories"])}, matches=matches)
