"""One host, many crawls: delay, concurrency and pauses that all crawls of one machine share.

Every host has a few small files in one folder. A file lock is one of the host's places: who fetches
holds one, and the system frees it when a process dies. The moment of the next request stands in
another file, moved on under its lock.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import struct
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from spiders.outcomes import OutcomeError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

_POLL = 0.05
_MOMENTS = struct.Struct("<dd")
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
        self._files: dict[str, int] = {}
        self._held: set[int] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least ``delay`` seconds between requests to the host (its Crawl-delay)."""
        self._crawl_delays[host] = min(delay, _LONGEST_PAUSE)

    def pause(self, host: str, seconds: float) -> None:
        """Send the host nothing for ``seconds`` (its Retry-After)."""
        with self._moments(host) as file:
            free, paused = _read(file)
            _write(file, free, max(paused, time.time() + min(seconds, _LONGEST_PAUSE)))

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a place and the next moment, then hold the place.

        Raises OutcomeError (``rate_limited``) while the host is paused for longer than is waited, or its
        Crawl-delay of hours has not passed.
        """
        place = await self._place(host)
        try:
            await self._moment_of(host)
            yield
        finally:
            fcntl.flock(place, fcntl.LOCK_UN)
            self._held.discard(place)

    async def _place(self, host: str) -> int:
        while True:
            for number in range(self._places):
                place = self._file(f"{host}.{number}")
                if place in self._held:
                    continue
                try:
                    fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue  # another crawl has it
                self._held.add(place)
                return place
            await asyncio.sleep(_POLL)

    async def _moment_of(self, host: str) -> None:
        while True:
            await asyncio.sleep(self._reserve(host))
            with self._moments(host) as file:
                # A pause may have come while this one waited for its moment.
                if _read(file)[1] <= time.time():
                    return

    def _reserve(self, host: str) -> float:
        """Seconds until the host's next free moment, which is taken."""
        asked = self._crawl_delays.get(host, 0.0)
        with self._moments(host) as file:
            free, paused = _read(file)
            now = time.time()
            if paused - now > self._patience:
                raise OutcomeError("rate_limited", f"{host} asked for a pause of {paused - now:.0f} s")
            if asked > _LONGEST_QUEUE and 0 < free - now <= asked:
                raise OutcomeError("rate_limited", f"robots.txt of {host} asks for {asked:.0f} s a request")
            at = max(now, paused, free if free - now < _LONGEST_QUEUE else 0.0)
            if delay := max(self._delay, asked):
                _write(file, at + delay, paused)
        return at - now

    @contextmanager
    def _moments(self, host: str) -> Iterator[int]:
        file = self._file(host)
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield file
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def _file(self, name: str) -> int:
        if name not in self._files:
            path = self.folder / re.sub(r"[^a-z0-9.-]", "_", name.lower())[:200]
            self._files[name] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        return self._files[name]


def _read(file: int) -> tuple[float, float]:
    """The next free moment and the end of the pause, in seconds of the epoch."""
    data = os.pread(file, _MOMENTS.size, 0)
    free, paused = _MOMENTS.unpack(data) if len(data) == _MOMENTS.size else (0.0, 0.0)
    return free, paused


def _write(file: int, free: float, paused: float) -> None:
    os.pwrite(file, _MOMENTS.pack(free, paused), 0)
