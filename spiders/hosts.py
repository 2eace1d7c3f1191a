"""One host, many crawls: delay, concurrency and pauses that all crawls of one machine share.

Every host has a few small files in one folder. A file lock is one of the host's places: who fetches
holds one, and the system frees it when a process dies. The moment of the next request stands in
another file, moved on under its lock.
"""

from __future__ import annotations

import asyncio
import fcntl
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from spiders.outcomes import OutcomeError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from io import TextIOWrapper
    from pathlib import Path

_POLL = 0.05
_LONGEST_PAUSE = 24 * 3600.0
# A later moment than this is a clock that was set back, not a queue.
_LONGEST_QUEUE = 2 * 3600.0


class Hosts:
    """The hosts' files in ``folder``. ``delay`` seconds lie between two requests to a host,
    ``places`` are under way at once; a pause longer than ``patience`` seconds is not waited for."""

    def __init__(self, folder: Path, *, delay: float, places: int, patience: float = 30.0) -> None:
        self.folder = folder
        self._delay = delay
        self._places = places
        self._patience = patience
        self._crawl_delays: dict[str, float] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least ``delay`` seconds between requests to the host (its Crawl-delay)."""
        self._crawl_delays[host] = delay

    def pause(self, host: str, seconds: float) -> None:
        """Send the host nothing for ``seconds`` (its Retry-After)."""
        with self._moment(host) as file:
            _, paused = _read(file)
            _write(file, 0.0, max(paused, time.time() + min(seconds, _LONGEST_PAUSE)))

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a place and the next moment, then hold the place.

        Raises OutcomeError (``rate_limited``) while the host is paused for longer than is waited.
        """
        place = await self._place(host)
        try:
            if (wait := self._reserve(host)) > 0:
                await asyncio.sleep(wait)
            yield
        finally:
            place.close()

    async def _place(self, host: str) -> TextIOWrapper:
        while True:
            for number in range(self._places):
                file = self._path(f"{host}.{number}").open("a", encoding="ascii")
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    file.close()
                else:
                    return file
            await asyncio.sleep(_POLL)

    def _reserve(self, host: str) -> float:
        """Seconds until the host's next free moment, which is taken."""
        delay = max(self._delay, self._crawl_delays.get(host, 0.0))
        with self._moment(host) as file:
            free, paused = _read(file)
            now = time.time()
            if paused - now > self._patience:
                raise OutcomeError("rate_limited", f"{host} asked for a pause of {paused - now:.0f} s")
            at = max(now, paused, free if free - now < _LONGEST_QUEUE else 0.0)
            _write(file, at + delay, paused)
        return at - now

    def _moment(self, host: str) -> TextIOWrapper:
        file = self._path(host).open("a+", encoding="ascii")
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def _path(self, name: str) -> Path:
        return self.folder / name.replace("/", "_").replace(":", "_")[:200]


def _read(file: TextIOWrapper) -> tuple[float, float]:
    file.seek(0)
    try:
        free, paused = map(float, file.read().split())
    except ValueError:  # new, or cut off by a full disk
        return 0.0, 0.0
    return free, paused


def _write(file: TextIOWrapper, free: float, paused: float) -> None:
    file.truncate(0)
    file.write(f"{free:.3f} {paused:.3f}")
