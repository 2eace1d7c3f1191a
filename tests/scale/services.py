"""Real services on loopback: PostgreSQL, Redis, a Prefect server on both, and workers of it."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from tests.flows.replaying import clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PREFECT = [sys.executable, "-m", "prefect"]
ENDS = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its log, ended by SIGTERM (or SIGKILL where that is not heard)."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(done: Callable[[], Any], what: str, seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            if answer := done():
                return answer
        time.sleep(0.25)
    raise AssertionError(f"{what}: not within {seconds:g} s")


def answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


def install_services() -> None:
    """Install PostgreSQL and Redis from the distribution where they are missing."""
    if postgres_tools() and shutil.which("redis-server"):
        return
    install = "apt-get update -qq && apt-get install -y -qq postgresql redis-server"
    subprocess.run(["/bin/sh", "-c", install], check=True, stdout=subprocess.DEVNULL)


def postgres_tools() -> Path | None:
    """The folder of initdb and postgres, of the newest version there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A cluster of our own; yields its address for SQLAlchemy."""
    tools, port = postgres_tools(), free_port()
    assert tools
    data = folder / "postgres"
    data.mkdir()
    # PostgreSQL refuses to run as root.
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    os.chown(data, user.pw_uid, user.pw_gid)
    as_user: dict[str, Any] = (
        {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    init = [str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "aidwire", "-E", "UTF8"]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user)
    server = [str(tools / "postgres"), "-D", str(data), "-p", str(port), "-k", str(data)]
    with running(
        [*server, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
        folder / "postgres.log",
        cwd="/",
        **as_user,
    ):
        create = [str(tools / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "aidwire", "prefect"]
        wait_for(
            lambda: subprocess.run(create, stderr=subprocess.DEVNULL, check=False).returncode == 0,
            "PostgreSQL",
            60,
        )
        yield f"postgresql+asyncpg://aidwire@127.0.0.1:{port}/prefect"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running(command, folder / "redis.log"):
        wait_for(lambda: answers(port), "Redis", 30)
        yield f"redis://127.0.0.1:{port}/0"


@dataclass(slots=True)
class Cluster:
    """A Prefect server that several workers share, and the API to it."""

    folder: Path
    api: str
    environment: dict[str, str]
    workers: ExitStack = field(default_factory=ExitStack)

    def ask(self, path: str, **body: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{self.api}{path}", json.dumps(body).encode(), headers), timeout=20) as answer:
            return json.load(answer)

    def start_runs(self, names: list[str]) -> list[str]:
        """Start a run of each of these deployments of ``collect``; return the runs' ids."""
        found = {d["name"]: d["id"] for d in self.ask("/deployments/filter", limit=200)}
        made = [
            self.ask(f"/deployments/{found[n]}/create_flow_run", state={"type": "SCHEDULED"}) for n in names
        ]
        return [run["id"] for run in made]

    def runs(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        """These runs by their deployment's source."""
        rows = self.ask("/flow_runs/filter", flow_runs={"id": {"any_": ids}}, limit=200)
        return {row["parameters"]["source"]: row for row in rows}

    def wait_for_ends(self, ids: list[str], seconds: float) -> dict[str, str]:
        """How each run ended, by source."""
        ended = wait_for(
            lambda: all(run["state_type"] in ENDS for run in self.runs(ids).values()), "ends of runs", seconds
        )
        assert ended
        return {source: run["state_type"] for source, run in self.runs(ids).items()}

    def worker(self, name: str, pool: str, limit: int) -> subprocess.Popen[bytes]:
        """Start a worker with a data folder of its own, as on a machine of its own."""
        command = [*PREFECT, "worker", "start", "--pool", pool, "--name", name, "--limit", str(limit)]
        environment = self.environment | {"AIDWIRE_DATA": str(self.folder / name)}
        log = self.folder / f"{name}.log"
        return self.workers.enter_context(running(command, log, env=environment, cwd=self.folder))

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in self.folder.glob("**/*.log"))


@contextmanager
def cluster(folder: Path, proxy: str) -> Iterator[Cluster]:
    """PostgreSQL, Redis and a Prefect server on both; stops everything at the end."""
    install_services()
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    common = clean_environment() | {
        "PREFECT_HOME": str(folder / "home"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    with ExitStack() as stack:
        database = stack.enter_context(postgres(folder))
        messages = stack.enter_context(redis(folder))
        server = common | {
            "PREFECT_API_DATABASE_CONNECTION_URL": database,
            "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
            "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
            "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
            "PREFECT_REDIS_MESSAGING_URL": messages,
            "PREFECT_SERVER_DOCKET_URL": messages.removesuffix("0") + "1",
        }
        command = [*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        stack.enter_context(running(command, folder / "server.log", env=server, cwd=folder))
        wait_for(lambda: urlopen(f"{api}/health", timeout=2), "the Prefect server", 180)
        workers = common | {
            "PREFECT_API_URL": api,
            "AIDWIRE_SOURCES": str(folder / "sources"),
            "AIDWIRE_OUTBOX": str(folder / "outbox"),
            "http_proxy": proxy,
            "no_proxy": "127.0.0.1",
        }
        made = Cluster(folder, api, workers)
        with made.workers:
            yield made


def kill_tree(root: int) -> int:
    """kill -9 a process and everything it started, as a machine that loses its power; how many."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):  # it ended just now
            parent = int(status.read_text().partition("PPid:")[2].split()[0])
            parents.setdefault(parent, []).append(int(status.parent.name))
    doomed = [root]
    for pid in doomed:
        doomed += parents.get(pid, [])
    for pid in doomed:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(doomed)
