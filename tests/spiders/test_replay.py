"""Saved pages of real sites, served by a proxy on loopback under their own addresses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spiders.crawl import Crawl, CrawlOptions
from spiders.sources import Source, source_from_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.spiders.loopback import RunCrawl

REPLAY = Path(__file__).parents[3] / "shared" / "replay" / "replay.py"
HOSTS = 24

pytestmark = pytest.mark.skipif(
    not REPLAY.exists(),
    reason="needs ../shared/replay and ../shared/pages, which are not part of the project",
)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = subprocess.Popen(
        [sys.executable, REPLAY, "--port", "0", "--delay", "0.005"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    port = server.stdout.readline().strip().rpartition(":")[2]
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
    yield
    server.terminate()
    server.wait()


def largest_hosts() -> dict[str, int]:
    told = subprocess.run(
        [sys.executable, REPLAY, "--hosts"], capture_output=True, text=True, check=True
    ).stdout
    counts = {host: int(pages) for pages, host in map(str.split, told.splitlines())}
    # With a port it is no host but the replay's own spelling of one.
    return dict(list({host: pages for host, pages in counts.items() if ":" not in host}.items())[:HOSTS])


def one_source_for(hosts: list[str]) -> Source:
    discover: dict[str, Any] = {
        "feeds": [f"http://{host}/feed.xml" for host in hosts[::3]],
        "sitemaps": [f"http://{host}/sitemap.xml" for host in hosts[1::3]],
        "lists": [{"url": f"http://{host}/", "links": "li a"} for host in hosts[2::3]],
    }
    table = {"name": "All", "homepage": f"http://{hosts[0]}/", "language": "mul", "discover": discover}
    return source_from_table("all", {**table, "fetch": {"delay": 0}}, "all")


@pytest.mark.usefixtures("proxy")
def test_every_page_is_fetched_once(crawl: RunCrawl) -> None:
    hosts = largest_hosts()
    source = one_source_for(list(hosts))

    first = crawl(source, "run-1")
    second = crawl(source, "run-2")

    assert Counter(first.pages.values()) == {None: sum(hosts.values())}
    assert first.report.fetched == first.report.discovered == sum(hosts.values())
    assert (second.report.discovered, second.report.fetched) == (0, 0)
    assert set(second.indexes.values()) == {"unchanged"}


@pytest.mark.usefixtures("proxy")
def test_killed_again_and_again_it_fetches_every_page_once(crawl: RunCrawl, tmp_path: Path) -> None:
    hosts = largest_hosts()
    source = one_source_for(list(hosts))
    archive = tmp_path / "archive" / "all.db"

    for number in range(3):
        running = Crawl(source, archive, tmp_path / "log", CrawlOptions(f"killed-{number}"))
        for progress in running.events():
            if progress.fetched > 20:
                break
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    done = crawl(source, "last")

    assert Counter(done.pages.values()) == {None: sum(hosts.values())}
    fetched = done.rows("SELECT count(*), count(DISTINCT url) FROM fetches WHERE kind = 'page'")
    assert fetched == [(sum(hosts.values()), sum(hosts.values()))]
