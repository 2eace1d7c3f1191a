"""What a collect shows in the Prefect UI: its progress, its result, and what Scrapy's log says."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
from prefect import get_run_logger
from prefect.artifacts import (
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.exceptions import PrefectException

from storage.visits import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# An update is a request to the server, and an event in its database.
_EVERY_SECONDS = 3.0
# Fetching is so much of the bar, extracting the rest.
_FETCH_SHARE = 80.0
_LEVEL = re.compile(r"^\S+ \S+ \[[^\]]*\] (WARNING|ERROR|CRITICAL): (.*)")
_MOST_LINES = 10


def artifact_key(name: str, source: str) -> str:
    """A key that Prefect takes: small letters, digits and dashes."""
    return f"{name}-{source.replace('_', '-')}"


class RunPage:
    """The artifacts of one run of one source; made inside the run. ``log`` is Scrapy's file."""

    def __init__(self, source: str, log: Path) -> None:
        self._source = source
        self._file = log
        self._log = get_run_logger()
        self._start = log.stat().st_size if log.exists() else 0
        made = create_progress_artifact(
            0.0, artifact_key("progress", source), f"{source}: fetched, then extracted"
        )
        # Typed as if it might be a coroutine, which it is only inside an event loop.
        self._artifact = made if isinstance(made, UUID) else None
        self._fetched = 0
        self._told = time.monotonic()
        self._lock = threading.Lock()

    def watch(self, _source: str, _stage: str, done: Progress | int) -> None:
        """Move the bar; called from the threads of the crawl and of the extraction."""
        if isinstance(done, Progress):
            self._fetched = done.fetched
            percent = _FETCH_SHARE * done.fetched / max(1, done.fetched + done.due)
        else:
            percent = _FETCH_SHARE + (100 - _FETCH_SHARE) * min(1.0, done / max(1, self._fetched))
        with self._lock:
            if time.monotonic() - self._told < _EVERY_SECONDS:
                return
            self._told = time.monotonic()
        self._move(percent)

    def finish(self, rows: Sequence[dict[str, Any]]) -> None:
        """Show the result, a row per run of the source, and the warnings of Scrapy's log."""
        self._move(100.0)
        create_table_artifact(
            table=[{name: _cell(value) for name, value in row.items()} for row in rows],
            key=artifact_key("collect", self._source),
            description=f"What the newest run of {self._source} came to",
        )
        for row in rows:
            self._log.info("%s", ", ".join(f"{name} {_cell(value)}" for name, value in row.items() if value))
        self._summarise_log()

    def _move(self, percent: float) -> None:
        if self._artifact is None:
            return
        try:
            update_progress_artifact(self._artifact, round(percent, 1))
        except (httpx.HTTPError, PrefectException) as error:
            self._log.debug("progress not shown: %s", error)

    def _summarise_log(self) -> None:
        counts, lines = log_summary(self._file, self._start)
        number = ", ".join(f"{count} {level.lower()}" for level, count in sorted(counts.items()))
        self._log.info("Scrapy's log: %s (%s)", self._file, number or "no warnings")
        for line in lines:
            self._log.warning("%s", line)


def log_summary(file: Path, start: int) -> tuple[Counter[str], list[str]]:
    """Warnings and errors in a Scrapy log from byte ``start`` on: counts by level, the first lines."""
    counts, lines = Counter[str](), list[str]()
    if not file.exists():
        return counts, lines
    with file.open("rb") as log:
        # A file that was put aside meanwhile begins anew.
        log.seek(start if start <= file.stat().st_size else 0)
        for line in log:
            if found := _LEVEL.match(line.decode("utf-8", "replace")):
                counts[found[1]] += 1
                if len(lines) < _MOST_LINES:
                    lines.append(f"{found[1]}: {found[2]}")
    return counts, lines


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{number} {name}" for name, number in value.items())
    return str(value)
