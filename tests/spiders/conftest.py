"""Sites on loopback and crawls of them in the real child process."""

from __future__ import annotations

import socket
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

import pytest

from spiders.crawl import Crawl, CrawlOptions
from spiders.sources import Source, source_from_table
from storage.archive import Archive
from tests.spiders.loopback import Crawled, MakeSource, RunCrawl, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def new_site() -> Iterator[Callable[[], Site]]:
    sites: list[Site] = []

    def start() -> Site:
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        site = Site(listener)
        sites.append(site)
        threading.Thread(target=site.serve, daemon=True).start()
        return site

    yield start
    for site in sites:
        site.over.set()
        site.listener.close()


@pytest.fixture
def site(new_site: Callable[[], Site]) -> Site:
    return new_site()


@pytest.fixture(autouse=True)
def no_proxy_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make_source() -> MakeSource:
    """A source on the site, without delay, whose loopback address is allowed."""

    def make(site: Site, *, fetch: dict[str, Any] | None = None, **discover: Any) -> Source:
        table = {
            "name": "Valley Courier",
            "homepage": site.url(),
            "language": "en",
            "timezone": "Asia/Shanghai",
            "discover": discover,
            "fetch": {"delay": 0, "timeout": 2.0, "allow_private": [site.endpoint], **(fetch or {})},
        }
        return source_from_table("courier", table, "courier.toml")

    return make


@pytest.fixture
def crawl(tmp_path: Path) -> RunCrawl:
    """Crawl a source in its child process, into one archive for the whole test."""

    def run_crawl(source: Source, run: str = "run-1", limit: int | None = None) -> Crawled:
        archive = tmp_path / "archive" / f"{source.id}.db"
        report = Crawl(source, archive, tmp_path / "crawl.log", CrawlOptions(run, limit=limit)).wait()
        with Archive(archive), sqlite3.connect(archive) as db:
            pages = db.execute("SELECT url, outcome, detail FROM frontier").fetchall()
            indexes = db.execute("SELECT url, outcome, detail FROM indexes").fetchall()
        root = source.homepage.rstrip("/")
        return Crawled(
            report,
            {url.removeprefix(root): outcome for url, outcome, _ in pages},
            {url.removeprefix(root): outcome for url, outcome, _ in indexes},
            {url.removeprefix(root): detail for url, _, detail in pages + indexes if detail},
            archive,
            root,
        )

    return run_crawl
