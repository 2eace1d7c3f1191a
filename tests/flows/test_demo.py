"""The demo: what a new user sees first, held to its authors' gold."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from flows.demo_site.server import DemoSite
from tests.flows.asking import rows
from tests.flows.replaying import AIDWIRE, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    Aidwire = Callable[..., subprocess.CompletedProcess[str]]

GOLD = Path(__file__).parent.parent.parent / "flows" / "demo_site" / "expected.json"


def test_the_demo_shows_what_its_pages_hold(aidwire: Aidwire, tmp_path: Path) -> None:
    done = aidwire("demo")
    assert done.returncode == 0, done.stderr
    database = tmp_path / "data" / "demo" / "aid.db"
    gold = {(row["outlet"], row["path"]): row for row in json.loads(GOLD.read_text(encoding="utf-8"))}
    assert len(gold) >= 25

    found = {
        (source.removeprefix("demo_"), urlsplit(url).path): outcome
        for source, url, outcome in rows(database, "SELECT source, url, outcome FROM pages")
    }
    looked_at_again = {"unchanged": "article", "new_version": "article"}
    assert {key: looked_at_again.get(outcome, outcome) for key, outcome in found.items()} == {
        key: row["outcome"] for key, row in gold.items()
    }
    articles = rows(database, "SELECT source, url, title, published_at, editor FROM articles")
    assert {
        (source.removeprefix("demo_"), urlsplit(url).path): fields for source, url, *fields in articles
    } == {
        key: [row["title"], row["published_at"], row["editor"]]
        for key, row in gold.items()
        if row["outcome"] == "article"
    }

    assert list(found.values()).count("new_version") == 1
    [copies] = rows(database, "SELECT copies, outlets FROM stories ORDER BY copies DESC LIMIT 1")
    assert copies == (3, 3)
    for words in (
        "What arrived",
        "robots_disallowed",
        "login_wall",
        "The most reposted stories",
        "A query to try",
    ):
        assert words in done.stdout
    query = done.stdout.partition('aid.db "')[2].partition('"')[0]
    assert rows(database, query)
    assert "invariants hold" in aidwire("status", "--data", "data/demo").stdout


def test_the_demo_replaces_only_a_demo(aidwire: Aidwire, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    done = aidwire("demo", "--data", "mine")
    assert (done.returncode, done.stdout) == (2, "")
    assert "not an earlier demo" in done.stderr
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


# What a shell starts in the background ignores Ctrl-C, and so would all that is started from there.
INTERRUPTIBLE = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def slow_source(tmp_path: Path) -> Any:
    """One outlet of the demo site that is fetched a page a second."""
    with DemoSite() as site:
        site.write_sources(tmp_path / "all")
        text = (tmp_path / "all" / "demo_xj.toml").read_text()
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources" / "demo_xj.toml").write_text(text.replace("delay = 0.0", "delay = 1.0"))
        yield site


def test_an_interrupted_crawl_keeps_what_it_fetched(
    aidwire: Aidwire, slow_source: DemoSite, tmp_path: Path
) -> None:
    crawl = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, AIDWIRE, "crawl"],
        cwd=tmp_path,
        env=clean_environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while sum(status == 200 for *_, status in slow_source.requests) < 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    crawl.send_signal(signal.SIGINT)
    _, said = crawl.communicate(timeout=30)
    assert (crawl.returncode, said.strip().count("\n")) == (1, 0), said
    assert "what was fetched is kept" in said

    assert aidwire("crawl").returncode == 0
    fetched = [path for _, path, _ in slow_source.requests if "detail-" in path]
    assert sorted(fetched) == sorted(set(fetched))
    assert rows(tmp_path / "data" / "aid.db", "SELECT count(*) FROM pages WHERE outcome IS NULL") == [(0,)]
