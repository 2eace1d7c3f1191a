"""kill -9 in the middle of a crawl and of a load: nothing lost, nothing twice."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from flows.chosen import chosen_sources
from flows.collect import Wishes, collect
from flows.load import load
from flows.places import Places
from storage import batches
from storage.answers import ask
from storage.database import open_database
from storage.health import broken_invariants
from tests.flows.replaying import AIDWIRE, Replay, clean_environment, write_replay_sources

HOSTS = 20
KILLS = 10

pytestmark = pytest.mark.torture


def contents(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What must not depend on kills: every address with its outcome, every article, every version."""
    db = open_database(database, readonly=True)
    try:
        assert broken_invariants(db) == []
        return {
            "pages": list(ask(db, "SELECT source, url, outcome, status FROM pages ORDER BY 1, 2").rows),
            "articles": list(
                ask(
                    db, "SELECT source, url, content_hash, version, published_at FROM articles ORDER BY 1, 2"
                ).rows
            ),
            "versions": list(ask(db, "SELECT count(*) FROM article_versions").rows),
            "removed": list(ask(db, "SELECT count(*) FROM removed_lines").rows),
            "stories": list(ask(db, "SELECT copies, count(*) FROM stories GROUP BY 1 ORDER BY 1").rows),
        }
    finally:
        db.close()


@pytest.fixture
def sources(replay: Replay, tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    hosts = sorted(replay.hosts, key=lambda host: -replay.hosts[host])[:HOSTS]
    write_replay_sources(folder, hosts)
    for file in folder.glob("*.toml"):
        # Everything is loaded, so that a kill has articles to lose; and it takes a while.
        file.write_text(
            file.read_text().replace("delay = 0.0", "delay = 0.2") + "[relevance]\nalways = true\n"
        )
    return folder


def run_killed(arguments: list[str], environment: dict[str, str], seconds: float) -> bool:
    """Run ``aidwire`` for so long, then kill it; whether it was still running."""
    process = subprocess.Popen(
        [AIDWIRE, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def children_of(folder: Path) -> list[str]:
    """Processes that hold a file below the folder open."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # it ended just now
            if str(link.readlink()).startswith(str(folder)):
                found.append(link.parts[2])
    return found


def wait_for_orphans(folder: Path) -> None:
    """The spiders of a killed command end by themselves, soon."""
    deadline = time.monotonic() + 10
    while children_of(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert children_of(folder) == []


def test_a_crawl_killed_ten_times(replay: Replay, sources: Path, tmp_path: Path) -> None:
    environment = clean_environment() | {"http_proxy": replay.proxy}
    crawl = ["crawl", "--sources", str(sources), "--data"]
    started = time.monotonic()
    assert not run_killed([*crawl, str(tmp_path / "whole")], environment, 300)
    whole = time.monotonic() - started
    killed = 0
    for number in range(KILLS):
        killed += run_killed([*crawl, str(tmp_path / "cut")], environment, 1.5 + whole * number / KILLS / 3)
        wait_for_orphans(tmp_path / "cut")
    assert killed >= KILLS // 2
    assert not run_killed([*crawl, str(tmp_path / "cut")], environment, 300)
    assert contents(tmp_path / "cut" / "aid.db") == contents(tmp_path / "whole" / "aid.db")


def test_a_load_killed_ten_times(
    replay: Replay, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", replay.proxy)
    cut = Places.at(tmp_path / "cut", sources)
    collect(chosen_sources(sources, ()), cut, Wishes(), lambda _source, _stage, _done: None)
    whole = Places.at(tmp_path / "whole", sources)
    for name in batches.waiting(cut.outbox):
        batch = batches.read(cut.outbox, name)
        batches.write(whole.outbox, 0, batch.run, batch.source, batch.records)
    started = time.monotonic()
    assert not run_killed(["load", "--data", str(whole.data)], clean_environment(), 300)
    spent = time.monotonic() - started
    killed = sum(
        run_killed(["load", "--data", str(cut.data)], clean_environment(), spent * (0.3 + number / KILLS / 2))
        for number in range(KILLS)
    )
    assert killed >= 2
    load(cut)
    load(cut)
    assert contents(cut.database) == contents(whole.database)
