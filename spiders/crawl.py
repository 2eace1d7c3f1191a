"""One crawl of one source, in a child process of its own: Twisted's reactor starts only once."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from spiders.child import last_words, start_worker
from spiders.options import CrawlOptions
from storage.visits import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spiders.sources import Source

__all__ = ["Crawl", "CrawlOptions", "CrawlReport"]

_GRACE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How a crawl went. ``state`` is ``completed``, ``stopped`` (asked to, or a budget was spent) or
    ``failed`` (no index could be read, or it broke off); ``discovered`` counts new addresses."""

    state: str
    discovered: int
    fetched: int
    detail: str


class Crawl:
    """A running crawl. It ends with the thread that started it, which must outlive it.

    ``archive`` is the source's file, ``log`` where Scrapy's log is appended. Read ``events`` to its
    end, or call ``wait``.
    """

    def __init__(self, source: Source, archive: Path, log: Path, options: CrawlOptions) -> None:
        self._log = log
        self._report: CrawlReport | None = None
        self._stopping = False
        archive.parent.mkdir(parents=True, exist_ok=True)
        task = {"archive": str(archive), "options": asdict(options)}
        self._process = start_worker(source, archive.parent / "hosts", log, task)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def events(self) -> Iterator[Progress]:
        """Progress as the crawl runs; ends when it ends."""
        for line in self._process.stdout or ():
            message: dict[str, Any] = json.loads(line)
            if "report" in message:
                self._report = CrawlReport(**message["report"])
            else:
                yield Progress(**message["progress"])

    def stop(self) -> None:
        """Ask the crawl to end. What was fetched is kept; it is ended by force after some seconds."""
        self._stopping = True
        self._process.terminate()
        killer = threading.Timer(_GRACE_SECONDS, self._process.kill)
        killer.daemon = True
        killer.start()

    def wait(self) -> CrawlReport:
        """Wait for the end and say how it went."""
        for _ in self.events():
            pass
        self._process.wait()
        if self._report is not None:
            return self._report
        if self._stopping:
            return CrawlReport("stopped", 0, 0, "ended by force after it was asked to stop")
        return CrawlReport("failed", 0, 0, f"the crawl broke off: {last_words(self._log)}")
