"""The command as a user runs it, and the replayed pages where they are at hand."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AIDWIRE = Path(sys.executable).parent / "aidwire"
SHARED = Path(__file__).parent.parent.parent.parent / "shared"


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


def clean_environment() -> dict[str, str]:
    """This machine's environment without what would change a crawl."""
    foreign = ("PREFECT", "AIDWIRE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(foreign)}
    return kept | {"COLUMNS": "200"}


@dataclass(frozen=True, slots=True)
class Replay:
    """Saved news pages, served under their own addresses by an HTTP proxy on loopback."""

    proxy: str
    hosts: dict[str, int]


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


def write_replay_sources(folder: Path, hosts: list[str]) -> dict[str, str]:
    """One source file a host, with feed, sitemap and list discovery in turn; return ids by host."""
    folder.mkdir(parents=True, exist_ok=True)
    found_in = (
        'feeds = ["http://{host}/feed.xml"]',
        'sitemaps = ["http://{host}/sitemap.xml"]',
        'lists = [{{ url = "http://{host}/", links = "li a" }}]',
    )
    ids = {host: host.replace(".", "_").replace("-", "_") for host in hosts}
    for number, (host, source) in enumerate(ids.items()):
        discover = found_in[number % 3].format(host=host)
        (folder / f"{source}.toml").write_text(
            f'name = "{host}"\nhomepage = "http://{host}/"\nlanguage = "zh"\ncountry = "CN"\n'
            f'timezone = "Asia/Shanghai"\nenabled = true\n[discover]\n{discover}\n'
            "[fetch]\ndelay = 0.0\nmax_pages = 500\n",
            encoding="utf-8",
        )
    return ids
