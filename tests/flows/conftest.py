"""The command as a user runs it, and the replayed pages where they are at hand."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.flows.replaying import AIDWIRE, SHARED, Replay, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def aidwire(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``aidwire ARGUMENTS`` in an empty folder, without a server or a proxy of the machine's."""

    def run(
        *arguments: str | Path, stdin: bytes | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [AIDWIRE, *map(str, arguments)],
            cwd=tmp_path,
            env=clean_environment() | environment,
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


@pytest.fixture(scope="session")
def replay() -> Iterator[Replay]:
    """The replay of ``../shared``; skips where that is absent."""
    script = SHARED / "replay" / "replay.py"
    if not script.exists():
        pytest.skip("the replayed pages (../shared/replay) are not on this machine")
    listing = subprocess.run([sys.executable, script, "--hosts"], capture_output=True, check=True, text=True)
    hosts = {host: int(pages) for pages, host in (line.split() for line in listing.stdout.splitlines())}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, script, "--port", str(port)], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith(b"replaying")
        yield Replay(f"http://127.0.0.1:{port}", hosts)
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)
