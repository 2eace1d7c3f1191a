"""The children of ExtractionPool: one clean process that loads the libraries once and forks workers.

``python -m extraction.worker FD`` is the nursery. Over the Unix socket FD the parent sends one end
of a socket pair for each worker that it wants; the nursery forks a worker on it. When the parent
dies, by whatever signal, the socket closes, the nursery ends, and its workers die with it.
"""

from __future__ import annotations

import ctypes
import gc
import math
import os
import pickle
import resource
import signal
import socket
import struct
import sys

from extraction.page import Extracted, SiteRules, extract_page
from storage.models import Reject, StoredPage

_HEADER = struct.Struct("!Q")
_PR_SET_PDEATHSIG = 1
# An article of different lines in no CJK script: a page that is turned down, or whose characters
# tell its language, would leave a model of 100 MB to be loaded again by every worker.
FIRST_PAGE = StoredPage(
    "https://example.org/first",
    "https://example.org/first",
    b"<title>The first page</title><article><h1>The first page</h1>"
    + b"".join(b"<p>Line %d has words enough for a sentence of an article.</p>" % n for n in range(9)),
    "text/html",
    "",
)


def send(channel: socket.socket, value: object) -> None:
    """Send one value: its length in 8 bytes, then its pickle. Both ends are this program's own."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    channel.sendall(_HEADER.pack(len(data)))
    channel.sendall(data)


def receive(channel: socket.socket) -> object:
    """Receive what ``send`` sent. Raises EOFError where the other end is gone."""
    (size,) = _HEADER.unpack(_exactly(channel, _HEADER.size))
    return pickle.loads(_exactly(channel, size))  # noqa: S301 - written by our own parent or child


def _exactly(channel: socket.socket, size: int) -> bytes:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = channel.recv_into(view)
        if count == 0:
            raise EOFError("the other process is gone")
        view = view[count:]
    return bytes(data)


def nursery(control: socket.socket) -> None:
    """Fork one worker for every request of the parent, until the parent is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies, no waiting
    extract_page(FIRST_PAGE)  # loads what is loaded at first use
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 64, 1)
        if not message:
            return
        cpu_seconds, memory_bytes = struct.unpack("!QQ", message)
        if os.fork() == 0:
            control.close()
            _work(socket.socket(fileno=descriptors[0]), cpu_seconds, memory_bytes)
            os._exit(0)
        os.close(descriptors[0])


def _work(channel: socket.socket, cpu_seconds: int, memory_bytes: int) -> None:
    """Answer pages until the parent closes the channel; ends itself when memory ran out once."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        send(channel, os.getpid())
        while True:
            request = receive(channel)
            _allow_cpu(cpu_seconds)
            answer, healthy = _answer(request, memory_bytes)
            send(channel, (answer, healthy))
            if not healthy:
                return
    except (EOFError, OSError):
        return


def _answer(request: object, memory_bytes: int) -> tuple[Extracted | Reject, bool]:
    page, rules = request if isinstance(request, tuple) else (None, None)
    if not isinstance(page, StoredPage) or not isinstance(rules, SiteRules):
        raise TypeError(f"not a page with its rules: {type(request)}")
    try:
        return extract_page(page, rules), True
    except MemoryError:
        return Reject(page.url, "extract_timeout", f"needed more than {memory_bytes >> 20} MiB"), False
    except RecursionError:
        return Reject(page.url, "too_complex", "nested too deep to extract"), False


def _allow_cpu(seconds: int) -> None:
    """Let this process use at least ``seconds`` more of CPU, and at most one more than that (the
    kernel counts whole ones); the kernel ends it then, also inside C."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _die_with_parent() -> None:
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent or parent == 1:
        os._exit(0)


if __name__ == "__main__":
    nursery(socket.socket(fileno=int(sys.argv[1])))
