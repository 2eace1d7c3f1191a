"""Starts the child process that fetches: Twisted's reactor starts only once in a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from spiders.sources import source_table

if TYPE_CHECKING:
    from pathlib import Path

    from spiders.sources import Source


def start_worker(source: Source, hosts: Path, log: Path, task: dict[str, Any]) -> subprocess.Popen[str]:
    """Start ``spiders.worker`` with its task; what Python itself complains of is appended to ``log``.

    The child ends with the thread that started it, which must therefore outlive it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    common = {
        "parent": os.getpid(),
        "id": source.id,
        "source": source_table(source),
        "hosts": str(hosts),
        "log": str(log),
    }
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "spiders.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )
    if process.stdin:
        # A child that ended at once says why in its log; whoever reads from it sees the end.
        with suppress(BrokenPipeError), process.stdin as stdin:
            json.dump(common | task, stdin)
    return process


def last_words(log: Path) -> str:
    """The last line of a log: what a child that broke off complained of."""
    return log.read_text("utf-8", "replace").strip().rpartition("\n")[2][:500]
