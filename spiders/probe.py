"""Looks at single addresses under the rules of a crawl, and stores nothing."""

from __future__ import annotations

import base64
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from spiders.child import last_words, start_worker
from spiders.sources import Source, source_from_table
from storage.errors import AidwireError
from storage.visits import Visit

if TYPE_CHECKING:
    from collections.abc import Sequence


class ProbeError(AidwireError):
    """The look broke off; the message has the last line of its log."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One address looked at. ``visit`` has the body where its outcome is None; ``robots`` is
    ``allowed`` or why not; ``sitemaps`` are those that robots.txt names."""

    url: str
    visit: Visit
    robots: str
    sitemaps: tuple[str, ...]


def probe(
    urls: Sequence[str], source: Source, *, pages: bool = True, hosts: Path | None = None
) -> list[Probe]:
    """Fetch addresses in turn in a child process, guarded and by the source's [fetch] settings.

    ``pages``: articles, which must stay on the source's sites; else indexes. ``hosts`` is the folder
    that crawls share (``<archive>/hosts``), so that delays hold across them; by default none.
    Raises ProbeError.
    """
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        process = start_worker(
            source, hosts or Path(scratch) / "hosts", log, {"urls": list(urls), "pages": pages}
        )
        lines = list(process.stdout or ())
        process.wait()
        if len(lines) != len(urls):
            raise ProbeError(f"looking at {urls[len(lines)]} broke off: {last_words(log)}", code=1)
    return [_probe(url, line) for url, line in zip(urls, lines, strict=True)]


def source_for(url: str, allow_private: Sequence[str] = (), *, delay: float = 1.0) -> Source:
    """A source for an address that no source file covers; ``delay`` seconds between requests."""
    host = urlsplit(url).hostname or url
    table = {
        "name": host,
        "homepage": url,
        "language": "mul",
        "discover": {"lists": [{"url": url, "links": "a"}]},
        "fetch": {"delay": delay, "allow_private": list(allow_private)},
    }
    return source_from_table("probe", table, url)


def _probe(url: str, line: str) -> Probe:
    told = json.loads(line)
    visit = told["visit"]
    visit["body"] = base64.b64decode(visit["body"])
    return Probe(url, Visit(**visit), told["robots"], tuple(told["sitemaps"]))
