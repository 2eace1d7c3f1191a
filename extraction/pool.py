"""Extraction in child processes that can be killed: a page costs at most its own limits."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extraction.page import Extracted, SiteRules
from extraction.worker import receive, send
from storage.models import Reject, StoredPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

_LOOK_AHEAD = 4
_WALL_FACTOR = 8


class PoolError(RuntimeError):
    """The pool cannot start or keep its child processes; says why and what to check."""


@dataclass(slots=True)
class _Worker:
    """One child: its channel, its process id, and the page it is at work on."""

    channel: socket.socket
    pid: int
    index: int
    page: StoredPage
    started: float


@dataclass(slots=True)
class _Window:
    """Answers that wait for their turn, and the number of the page to give out next."""

    answers: dict[int, Extracted | Reject] = field(default_factory=dict)
    turn: int = 0


class ExtractionPool:
    """``workers`` child processes, each page limited to ``cpu_seconds`` of CPU and ``memory_bytes``
    of address space. A context manager; one ``run`` at a time.

    A child that dies or gets stuck costs its own page (``extract_timeout``) and is replaced.
    Nothing is started before the first page, as most scheduled runs find none.
    """

    def __init__(
        self, workers: int = min(4, os.cpu_count() or 1), cpu_seconds: int = 15, memory_bytes: int = 1 << 30
    ) -> None:
        if workers < 1 or cpu_seconds < 1:
            raise PoolError("an extraction pool needs at least 1 worker and 1 second of CPU")
        self._workers = workers
        self._cpu_seconds = cpu_seconds
        self._memory_bytes = memory_bytes
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._idle: list[tuple[socket.socket, int]] = []
        self._busy: dict[socket.socket, _Worker] = {}

    def __enter__(self) -> ExtractionPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._abandon()
        for channel, _ in self._idle:
            channel.close()
        self._idle.clear()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._nursery is not None:
            self._nursery.wait(timeout=30)

    def run(self, pages: Iterable[tuple[StoredPage, SiteRules]]) -> Iterator[Extracted | Reject]:
        """One answer for each page, in their order. Pages are taken as they are needed, at most
        four for each worker ahead of the answer given out last.

        Raises PoolError where the child processes cannot be started.
        """
        source = enumerate(pages)
        window = _Window()
        try:
            while self._fill(source, window):
                self._collect(window)
                while window.turn in window.answers:
                    yield window.answers.pop(window.turn)
                    window.turn += 1
        finally:
            self._abandon()

    def _fill(self, source: Iterator[tuple[int, tuple[StoredPage, SiteRules]]], window: _Window) -> bool:
        """Hand pages to free workers; False once there is nothing under way and nothing left."""
        while (
            len(self._busy) < self._workers
            and len(self._busy) + len(window.answers) < _LOOK_AHEAD * self._workers
        ):
            following = next(source, None)
            if following is None:
                break
            index, (page, rules) = following
            self._start(index, page, rules)
        return bool(self._busy)

    def _abandon(self) -> None:
        """End the work of a run that is over or was given up half-way."""
        for worker in self._busy.values():
            _kill(worker.pid)
            worker.channel.close()
        self._busy.clear()

    def _start(self, index: int, page: StoredPage, rules: SiteRules) -> None:
        channel, pid = self._idle.pop() if self._idle else self._new_worker()
        try:
            send(channel, (page, rules))
        except OSError:
            channel.close()
            channel, pid = self._new_worker()
            send(channel, (page, rules))
        self._busy[channel] = _Worker(channel, pid, index, page, time.monotonic())

    def _new_worker(self) -> tuple[socket.socket, int]:
        control = self._nursery_control()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                message = struct.pack("!QQ", self._cpu_seconds, self._memory_bytes)
                socket.send_fds(control, [message], [theirs.fileno()])
            pid = receive(ours)
        except (OSError, EOFError) as error:
            ours.close()
            raise PoolError(
                f"no extraction process could be started ({error});"
                f" try `{sys.executable} -m extraction.worker 0`"
            ) from error
        if not isinstance(pid, int):
            raise PoolError(f"an extraction process answered {pid!r} instead of its process id")
        return ours, pid

    def _nursery_control(self) -> socket.socket:
        """The socket that asks for workers, of a nursery started at the first call."""
        if self._control is not None:
            return self._control
        self._control, theirs = socket.socketpair()
        with theirs:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "extraction.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is the parent's to answer, also while the libraries load
                # A BLAS that starts threads would make the nursery unsafe to fork.
                env={
                    **os.environ,
                    "OPENBLAS_NUM_THREADS": "1",
                    "OMP_NUM_THREADS": "1",
                    "MKL_NUM_THREADS": "1",
                },
            )
        return self._control

    def _collect(self, window: _Window) -> None:
        """Wait until at least one busy worker has answered, died or overrun its time."""
        with selectors.DefaultSelector() as selector:
            for channel in self._busy:
                selector.register(channel, selectors.EVENT_READ, channel)
            ready = selector.select(timeout=1.0)
        for key, _ in ready:
            worker = self._busy.pop(key.data)
            window.answers[worker.index] = self._finish(worker)
        limit = _WALL_FACTOR * self._cpu_seconds
        for worker in [w for w in self._busy.values() if time.monotonic() - w.started > limit]:
            _kill(worker.pid)

    def _finish(self, worker: _Worker) -> Extracted | Reject:
        try:
            answer, healthy = _checked(receive(worker.channel))
        except (EOFError, OSError):
            worker.channel.close()
            spent = time.monotonic() - worker.started
            return Reject(
                worker.page.url,
                "extract_timeout",
                f"the process ended after {spent:.1f} s without an answer;"
                f" limits are {self._cpu_seconds} s of CPU and {self._memory_bytes >> 20} MiB",
            )
        if healthy:
            self._idle.append((worker.channel, worker.pid))
        else:
            worker.channel.close()
        return answer


def _checked(message: object) -> tuple[Extracted | Reject, bool]:
    """A worker's (answer, may be used again)."""
    if isinstance(message, tuple) and len(message) == 2 and isinstance(message[0], Extracted | Reject):
        return message[0], bool(message[1])
    raise PoolError(f"an extraction process answered with {type(message).__name__}")


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
