"""A saved page and its reviewed record beside a source file: what its layout was when it was right."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from extraction.page import Extracted
from flows.one_page import extract
from storage.errors import AidwireError
from storage.models import StoredPage

if TYPE_CHECKING:
    from pathlib import Path

    from spiders.sources import Source

_FOLDER = "snapshots"


class SnapshotError(AidwireError):
    """A snapshot pair cannot be read or written."""


def save(source: Source, page: StoredPage, folder: Path) -> tuple[Path, Path]:
    """Write ``snapshots/<id>.html`` and the record that extraction makes of it, for a person to review.

    The record says ``"reviewed": false`` until somebody has read it and says otherwise.
    """
    html, record = _pair(source.id, folder)
    html.parent.mkdir(parents=True, exist_ok=True)
    html.write_bytes(page.body)
    row = {
        "reviewed": False,
        "url": page.url,
        "content_type": page.content_type,
        "fetched_at": page.fetched_at,
        "result": _result(source, page),
    }
    record.write_text(json.dumps(row, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return html, record


def compare(source: Source, folder: Path) -> str:
    """How the snapshot of a source differs from its record: one line, empty where it does not or
    where there is none. Raises SnapshotError for a pair that is not whole."""
    html, record = _pair(source.id, folder)
    if not html.exists() and not record.exists():
        return ""
    try:
        row = json.loads(record.read_text(encoding="utf-8"))
        page = StoredPage(row["url"], row["url"], html.read_bytes(), row["content_type"], row["fetched_at"])
        expected = row["result"]
    except (OSError, ValueError, KeyError) as error:
        raise SnapshotError(
            f"{record}: cannot be read with its page: {error}; add the source again"
        ) from error
    if not row.get("reviewed"):
        return f"{record} is not reviewed: read it, then set reviewed to true"
    found = _result(source, page)
    wrong = [name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)]
    return f"{html} now gives another {', '.join(sorted(wrong))} than {record}" if wrong else ""


def _pair(source: str, folder: Path) -> tuple[Path, Path]:
    return folder / _FOLDER / f"{source}.html", folder / _FOLDER / f"{source}.json"


def _result(source: Source, page: StoredPage) -> dict[str, Any]:
    [result] = extract([page], source)
    row = asdict(result.article if isinstance(result, Extracted) else result)
    parsed: dict[str, Any] = json.loads(json.dumps(row, ensure_ascii=False))
    return parsed
