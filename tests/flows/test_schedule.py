"""A Prefect server of our own, a cron that really produces runs, and a clean stop."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from flows.demo_site.server import DemoSite
from storage.answers import ask
from storage.archive import Archive
from storage.database import open_database
from storage.sqlite_file import FileError
from tests.flows.replaying import AIDWIRE, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Api:
    """The Prefect API of a scheduler that runs."""

    address: str
    scheduler: subprocess.Popen[bytes]

    def ask(self, path: str, **body: Any) -> Any:
        request = Request(
            f"{self.address}{path}", json.dumps(body).encode(), headers={"Content-Type": "application/json"}
        )
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def wait_for(self, path: str, wanted: Callable[[Any], bool], **body: Any) -> Any:
        """Ask until the answer is as wanted."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.scheduler.poll() is None, "the scheduler ended"
            try:
                answer = self.ask(path, **body)
            except (URLError, OSError):
                answer = None
            if answer and wanted(answer):
                return answer
            time.sleep(0.25)
        raise AssertionError(f"{path} did not come to what was wanted in {PATIENCE:g} s")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schedule")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[DemoSite]:
    with DemoSite() as site:
        site.write_sources(folder / "all")
        # Half an hour away, or a cron that fires meanwhile would be one run more.
        quiet = (datetime.now(UTC).minute + 30) % 60
        for file in (folder / "all").iterdir():
            file.write_text(
                re.sub(r'(?m)^schedule = ".*"$', f'schedule = "{quiet} * * * *"', file.read_text())
            )
        (folder / "sources").mkdir()
        for name in ("demo_xj", "demo_relief"):
            (folder / "all" / f"{name}.toml").rename(folder / "sources" / f"{name}.toml")
        yield site


@pytest.fixture(scope="module")
def api(folder: Path, site: DemoSite) -> Iterator[Api]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["--port", str(port), "--data", str(folder / "data"), "--sources", str(folder / "sources")]
    with (folder / "out").open("wb") as out:
        scheduler = subprocess.Popen(
            [AIDWIRE, "schedule", *arguments], env=clean_environment(), cwd=folder, stdout=out, stderr=out
        )
    try:
        api = Api(f"http://127.0.0.1:{port}/api", scheduler)
        api.wait_for("/deployments/filter", lambda found: len(found) == 3)
        yield api
    finally:
        scheduler.send_signal(signal.SIGTERM)
        assert scheduler.wait(60) == 0
        with pytest.raises(URLError):
            urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5)


def names(found: list[dict[str, str]]) -> list[str]:
    return [item["name"] for item in found]


def test_a_cron_produces_runs_and_a_run_fills_the_database(api: Api, folder: Path) -> None:
    scheduled = api.wait_for("/flow_runs/filter", lambda runs: len(runs) >= 4, limit=9)
    assert {run["state_type"] for run in scheduled} == {"SCHEDULED"}
    deployments = api.ask("/deployments/filter")
    assert sorted(names(deployments)) == ["demo_relief", "demo_xj", "maintain"]
    schedules = {found["name"]: found["schedules"][0]["schedule"] for found in deployments}
    assert schedules["demo_xj"]["timezone"] == "Asia/Shanghai"

    run = start(api, "demo_xj")
    assert end_of(api, run) == "COMPLETED"
    assert api.ask("/flow_runs/filter", flow_runs={"id": {"any_": [run]}})[0]["name"].startswith("demo_xj ")
    artifacts = api.ask("/artifacts/filter", artifacts={"flow_run_id": {"any_": [run]}})
    assert {artifact["key"] for artifact in artifacts} == {"collect-demo-xj", "progress-demo-xj"}

    db = open_database(folder / "data" / "aid.db", readonly=True)
    assert ask(db, "SELECT source, state FROM runs").rows == (("demo_xj", "completed"),)
    db.close()


def start(api: Api, name: str) -> str:
    """Start a run of a deployment as soon as there is one; return the run's id."""
    found = api.wait_for("/deployments/filter", lambda found: name in names(found))
    [deployment] = [item["id"] for item in found if item["name"] == name]
    started = api.ask(f"/deployments/{deployment}/create_flow_run", state={"type": "SCHEDULED"})
    return str(started["id"])


def end_of(api: Api, run: str) -> str:
    """How the run ended."""
    ends = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
    [ended] = api.wait_for(
        "/flow_runs/filter", lambda runs: runs[0]["state_type"] in ends, flow_runs={"id": {"any_": [run]}}
    )
    return str(ended["state_type"])


def spiders(archive: Path) -> list[int]:
    """The processes that hold the archive open."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # it ended just now
            if link.readlink() == archive:
                found.add(int(link.parts[2]))
    return sorted(found)


def stored(archive: Path) -> int:
    """The pages that wait in an archive for extraction."""
    # Not there yet, or without its tables yet.
    with suppress(FileError, sqlite3.OperationalError), Archive(archive, readonly=True) as opened:
        return sum(entry.waiting for entry in opened.unbatched(99))
    return 0


def wait_for_spider(archive: Path, least: int) -> int:
    """Wait until a spider is at work and has stored so many pages; return its process id."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        at_work = spiders(archive)
        if at_work and stored(archive) >= least:
            return at_work[0]
        time.sleep(0.1)
    raise AssertionError(f"{archive} did not come to {least} pages")


def wait_until_no_spider_is_left(archive: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while spiders(archive):
        assert time.monotonic() < deadline, f"a spider is still there after {seconds:g} s"
        time.sleep(0.05)


@pytest.mark.torture
def test_cancelled_and_killed_runs_end_their_spiders_and_keep_their_pages(api: Api, folder: Path) -> None:
    slow = (folder / "all" / "demo_national.toml").read_text().replace("delay = 0.0", "delay = 1.0")
    (folder / "sources" / "demo_slow.toml").write_text(slow)
    archive = folder / "data" / "archive" / "demo_slow.db"

    cancelled = start(api, "demo_slow")
    wait_for_spider(archive, 1)
    api.ask(f"/flow_runs/{cancelled}/set_state", state={"type": "CANCELLING"}, force=False)
    wait_until_no_spider_is_left(archive, 5)
    kept = stored(archive)
    assert kept >= 1
    assert end_of(api, cancelled) == "CANCELLED"

    killed = start(api, "demo_slow")
    spider = wait_for_spider(archive, kept + 1)
    status = Path(f"/proc/{spider}/status").read_text()
    os.kill(int(status.partition("PPid:")[2].split()[0]), signal.SIGKILL)
    wait_until_no_spider_is_left(archive, 5)
    assert end_of(api, killed) == "CRASHED"

    assert end_of(api, start(api, "demo_slow")) == "COMPLETED"
    db = open_database(folder / "data" / "aid.db", readonly=True)
    counted = ask(db, "SELECT count(*), count(outcome) FROM pages WHERE source = 'demo_slow'").rows
    db.close()
    with Archive(archive, readonly=True) as opened:
        assert counted == ((opened.progress().known,) * 2,)
    (folder / "sources" / "demo_slow.toml").unlink()


def test_a_saved_source_file_is_taken_up(api: Api, folder: Path) -> None:
    (folder / "all" / "demo_wire.toml").rename(folder / "sources" / "demo_wire.toml")
    (folder / "sources" / "demo_relief.toml").unlink()
    served = {"demo_xj", "demo_wire", "maintain"}
    api.wait_for("/deployments/filter", lambda found: set(names(found)) == served)
    (folder / "sources" / "demo_bad.toml").write_text("colour = 1\n")
    deadline = time.monotonic() + PATIENCE
    while "demo_bad.toml" not in (folder / "out").read_text() and time.monotonic() < deadline:
        time.sleep(0.25)
    assert "its source is served as before" in (folder / "out").read_text()


def test_a_one_off_crawl_shows_up_where_a_server_is_set(api: Api, folder: Path) -> None:
    environment = clean_environment() | {"PREFECT_API_URL": api.address}
    arguments = ["crawl", "demo_xj", "--data", str(folder / "data2"), "--sources", str(folder / "sources")]
    (folder / "sources" / "demo_bad.toml").unlink(missing_ok=True)
    done = subprocess.run(
        [AIDWIRE, *arguments], env=environment, cwd=folder, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    runs = api.ask("/flow_runs/filter", flows={"name": {"any_": ["crawl"]}})
    assert [(run["name"], run["state_type"]) for run in runs] == [("crawl demo_xj", "COMPLETED")]


RUN_FLOWS = """
import json, sys
from flows import scheduled

data, sources = sys.argv[1:]
scheduled.collect_stage.retry_delay_seconds = [0.1, 0.1]
states = {}
for source, seconds in (("demo_down", None), ("demo_missing", None), ("demo_slow", 6)):
    collect = scheduled.collect_source.with_options(timeout_seconds=seconds)
    states[source] = collect(source, data=data, sources=sources, return_state=True).name
print(json.dumps(states))
"""


@pytest.mark.torture
def test_what_may_pass_is_tried_again_and_what_hangs_is_ended(api: Api, folder: Path) -> None:
    sources, data = folder / "troubled", folder / "data3"
    sources.mkdir()
    national = (folder / "all" / "demo_national.toml").read_text()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        address = national.partition('homepage = "http://')[2].partition("/")[0]
        (sources / "demo_down.toml").write_text(national.replace(address, f"127.0.0.1:{port}"))
        (sources / "demo_missing.toml").write_text(national.replace("/rss/", "/no-such-folder/"))
        (sources / "demo_slow.toml").write_text(national.replace("delay = 0.0", "delay = 2.0"))
        done = subprocess.run(
            [sys.executable, "-c", RUN_FLOWS, data, sources],
            env=clean_environment() | {"PREFECT_API_URL": api.address},
            cwd=folder,
            capture_output=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "demo_down": "Failed",
        "demo_missing": "Failed",
        "demo_slow": "TimedOut",
    }
    db = open_database(data / "aid.db", readonly=True)
    tried = ask(db, "SELECT source, count(*) FROM runs WHERE state = 'failed' GROUP BY 1 ORDER BY 1").rows
    db.close()
    assert tried == (("demo_down", 3), ("demo_missing", 1))
    assert spiders(data / "archive" / "demo_slow.db") == []
