"""A Prefect server of our own, where none is configured."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from storage.errors import AidwireError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_START_SECONDS = 120
_STOP_SECONDS = 20
_PR_SET_PDEATHSIG = 1


class ServerError(AidwireError):
    """The Prefect server did not start; the message names its log."""


@contextmanager
def prefect_server(log: Path, *, host: str = "127.0.0.1", port: int = 4200) -> Iterator[str]:
    """The address of the API: ``PREFECT_API_URL`` where it is set, else of a server started here.

    The server keeps its own database in ``PREFECT_HOME``, and ends with the context. Raises
    ServerError where the port is taken, where it would be open to others without a password, or
    where it does not answer in time.
    """
    if configured := os.environ.get("PREFECT_API_URL"):
        yield configured
        return
    _refuse_open_door(host)
    _refuse_taken(host, port)
    _spare_the_proxy(host)
    address = f"http://{host}:{port}/api"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            # Not ended by a Ctrl-C in the terminal before its runs are, but with us when we are killed.
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has one thread as yet
        )
    try:
        _wait_until_healthy(f"{address}/health", server, log)
        os.environ["PREFECT_API_URL"] = address
        yield address
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        server.terminate()
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _end_with_parent() -> None:
    """Have the system end this process when its parent dies, killed or not (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _spare_the_proxy(host: str) -> None:
    """Have this process and its children talk to our server directly, whatever ``http_proxy`` says."""
    spared = os.environ.get("no_proxy", os.environ.get("NO_PROXY", "")).split(",")
    os.environ["no_proxy"] = ",".join(dict.fromkeys([*filter(None, spared), host]))


def _refuse_open_door(host: str) -> None:
    if host not in ("127.0.0.1", "localhost", "::1") and not os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        raise ServerError(
            f"host {host} is open to other machines: set PREFECT_SERVER_API_AUTH_STRING=user:password first"
        )


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServerError(
                f"port {port} on {host} is taken; choose another with --port, or set PREFECT_API_URL"
                " to the server that runs there"
            ) from error


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ServerError(f"the Prefect server ended with code {server.returncode}; see {log}", code=1)
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise ServerError(f"the Prefect server did not answer within {_START_SECONDS} seconds; see {log}", code=1)
