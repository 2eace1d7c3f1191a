"""Several machines, as processes: ten sources, two workers, one loader, and a worker that dies."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.answers import ask
from storage.database import open_database
from storage.health import broken_invariants
from tests.flows.replaying import AIDWIRE, SHARED, write_replay_sources
from tests.scale.services import Cluster, cluster, free_port, kill_tree, running, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.torture

SOURCES = 10
# Seconds before each answer of the replay: the latency of a far site, and the limit of a crawl.
LATENCY = 3.0


@pytest.fixture(scope="module")
def hosts() -> dict[str, int]:
    """The ten hosts with most pages, and how many."""
    script = SHARED / "replay" / "replay.py"
    if not script.exists():
        pytest.skip("the replayed pages (../shared/replay) are not on this machine")
    listing = subprocess.run([sys.executable, script, "--hosts"], capture_output=True, check=True, text=True)
    rows = [line.split() for line in listing.stdout.splitlines()][:SOURCES]
    return {host: int(pages) for pages, host in rows}


@pytest.fixture(scope="module")
def machines(hosts: dict[str, int]) -> Iterator[Cluster]:
    pytest.importorskip("prefect_redis", reason="prefect-redis is not installed")
    # Not below pytest's own folder, which PostgreSQL's user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="aidwire-scale-"))
    folder.chmod(0o755)
    port = free_port()
    replay = [sys.executable, str(SHARED / "replay" / "replay.py"), "--port", str(port)]
    try:
        with running([*replay, "--delay", str(LATENCY)], folder / "replay.log"):
            wait_for(lambda: socket.create_connection(("127.0.0.1", port), 1), "the replay", 30)
            write_replay_sources(folder / "sources", list(hosts))
            for file in (folder / "sources").glob("*.toml"):
                # Runs are started by the tests, not by a cron that happens to be due meanwhile.
                rare = file.read_text().replace("[discover]\n", 'schedule = "0 0 1 1 *"\n[discover]\n')
                file.write_text(rare + "[relevance]\nalways = true\n")
            with cluster(folder, f"http://127.0.0.1:{port}") as made:
                deploy = [str(AIDWIRE), "deploy", "--pool", "crawl", "--sources", str(folder / "sources")]
                done = subprocess.run(deploy, env=made.environment, capture_output=True, check=False)
                assert done.returncode == 0, done.stderr.decode()
                yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ids(hosts: dict[str, int]) -> dict[str, int]:
    """The pages of each source, by its id."""
    return {host.replace(".", "_").replace("-", "_"): pages for host, pages in hosts.items()}


def seconds_of(machines: Cluster, runs: list[str]) -> float:
    """From the start of the first run to the end of the last."""
    rows = machines.runs(runs).values()
    assert {row["state_type"] for row in rows} == {"COMPLETED"}
    start = min(datetime.fromisoformat(row["start_time"]) for row in rows)
    return (max(datetime.fromisoformat(row["end_time"]) for row in rows) - start).total_seconds()


def test_two_workers_do_what_one_does_in_less_than_six_tenths_of_the_time(
    machines: Cluster, hosts: dict[str, int]
) -> None:
    names = list(ids(hosts))[:4]
    one = machines.worker("alone", "crawl", 1)
    runs = machines.start_runs(names)
    assert set(machines.wait_for_ends(runs, 400).values()) == {"COMPLETED"}
    alone = seconds_of(machines, runs)
    one.terminate()
    one.wait(60)

    first, second = machines.worker("first", "crawl", 1), machines.worker("second", "crawl", 1)
    runs = machines.start_runs(names)
    machines.wait_for_ends(runs, 400)
    together = seconds_of(machines, runs)
    for worker in (first, second):
        worker.terminate()
        worker.wait(60)
    pages = sum(list(hosts.values())[:4])
    print(
        f"\n{pages} pages at {LATENCY:g} s latency: one worker {alone:.0f} s, two {together:.0f} s,"
        f" {alone / together:.2f} times as fast"
    )
    assert alone / together >= 1.7


def test_every_page_once_although_a_worker_dies(machines: Cluster, hosts: dict[str, int]) -> None:
    names = list(ids(hosts))
    machines.worker("loader", "crawl-load", 2)
    survivor, victim = machines.worker("a", "crawl", 3), machines.worker("b", "crawl", 3)
    runs = machines.start_runs(names)
    wait_for(lambda: list((machines.folder / "b" / "archive").glob("*.db")), "the first crawl of b")
    time.sleep(2 * LATENCY)
    assert kill_tree(victim.pid) >= 3
    died = time.monotonic()
    ends = machines.wait_for_ends(runs, 600)
    print(f"\n{sorted(ends.values())}; the last of the dead was marked after {time.monotonic() - died:.0f} s")
    crashed = [source for source, end in ends.items() if end == "CRASHED"]
    assert 1 <= len(crashed) <= 3
    assert {end for source, end in ends.items() if source not in crashed} == {"COMPLETED"}

    machines.worker("b", "crawl", 3)
    again = machines.start_runs(crashed)
    assert set(machines.wait_for_ends(again, 300).values()) == {"COMPLETED"}
    assert survivor.poll() is None

    outbox = machines.folder / "outbox"
    wait_for(lambda: outbox.exists() and not list(outbox.glob("*.zst")), "an empty outbox", 200)
    check_database(machines.folder / "loader" / "aid.db", ids(hosts))
    assert "database is locked" not in machines.logs()


def check_database(path: Path, expected: dict[str, int]) -> None:
    """Every page of every source stands there once, with an outcome."""
    wait_for(path.exists, "aid.db")
    db = open_database(path, readonly=True)
    try:
        counted = ask(
            db, "SELECT source, count(*), count(outcome), count(DISTINCT url_key) FROM pages GROUP BY source"
        )
        assert {row[0]: row[1:] for row in counted.rows} == {s: (n, n, n) for s, n in expected.items()}
        assert broken_invariants(db) == []
        articles = ask(db, "SELECT count(*), count(DISTINCT url_key) FROM articles").rows[0]
        assert articles[0] == articles[1]
        print(
            json.dumps({"sources": len(expected), "pages": sum(expected.values()), "articles": articles[0]})
        )
    finally:
        db.close()
