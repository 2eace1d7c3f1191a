"""Pruning archives by age and size, and counting site lines anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlite_utils

from storage.archive import Archive
from storage.clock import stamp_after
from storage.pruning import Pruned, prune, replace_site_lines, stale_site_lines
from storage.visits import Link, Visit

if TYPE_CHECKING:
    from pathlib import Path

PAGES = 8
DAY = 86_400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive of eight articles, the first stored eight days ago, the last one day ago."""
    path = tmp_path / "archive" / "news.db"
    with Archive(path) as archive:
        archive.begin("run-1")
        archive.store_index("https://news.example/feed", "feed", Visit(None, 200), [Link(u) for u in urls()])
        for number, url in enumerate(urls()):
            archive.store_page(url, Visit(None, 200, final_url=url, body=bytes([number]) * 99))
        archive.settle(
            [replace(e.record, outcome="article", stage="judge") for e in archive.unbatched(PAGES)]
        )
    with sqlite_utils.Database(path) as db:
        for number, url in enumerate(urls()):
            seen = stamp_after((number - PAGES) * DAY)
            body = "(SELECT body FROM frontier WHERE url = :url)"
            db.execute(
                f"UPDATE bodies SET first_seen = :seen WHERE sha256 = {body}", {"seen": seen, "url": url}
            )
            db.execute("UPDATE fetches SET fetched_at = :seen WHERE url = :url", {"seen": seen, "url": url})
            db.execute(
                "UPDATE frontier SET last_fetched = :seen WHERE url = :url", {"seen": seen, "url": url}
            )
    return path


def urls() -> list[str]:
    return [f"https://news.example/{number}" for number in range(PAGES)]


def kept(path: Path) -> list[int]:
    """The pages whose bodies are still there."""
    found = []
    with Archive(path, readonly=True) as archive:
        for number, url in enumerate(urls()):
            try:
                assert archive.page(url).body == bytes([number]) * 99
            except KeyError:
                continue
            found.append(number)
    return found


def test_without_limits_nothing_goes(path: Path) -> None:
    assert prune(path) == Pruned()
    assert kept(path) == list(range(PAGES))


def test_by_age(path: Path) -> None:
    pruned = prune(path, before=stamp_after(-3.5 * DAY), log_before=stamp_after(-5.5 * DAY))
    assert (pruned.bodies, pruned.log) == (5, 3)
    assert kept(path) == [5, 6, 7]


def test_by_size_the_oldest_go_first(path: Path) -> None:
    with sqlite_utils.Database(path) as db:
        [(size,)] = db.execute("SELECT sum(length(zstd)) FROM bodies").fetchall()
    pruned = prune(path, most_bytes=size // 2)
    assert (pruned.bodies, pruned.bytes) == (4, size // 2)
    assert kept(path) == [4, 5, 6, 7]


def test_what_waits_is_never_pruned_and_a_pruned_page_can_come_again(path: Path) -> None:
    with Archive(path) as archive:
        archive.begin("run-2")
        archive.store_page(urls()[0], Visit(None, 200, final_url=urls()[0], body=b"changed"))
    assert prune(path, before=stamp_after(DAY)).bodies == PAGES
    with Archive(path) as archive:
        assert archive.page(urls()[0]).body == b"changed"
        archive.store_page(urls()[1], Visit(None, 200, final_url=urls()[1], body=bytes([1]) * 99))
        assert [entry.record.url for entry in archive.unbatched(9) if entry.waiting] == urls()[:2]
    with sqlite_utils.Database(path) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_site_lines_are_counted_anew_from_the_newest_pages(path: Path) -> None:
    with Archive(path) as archive:
        archive.count_lines({url: ["old footer", url] for url in urls()})
    assert stale_site_lines(path, 5) == []
    newest = stale_site_lines(path, 4)
    assert newest == urls()[:3:-1]
    replace_site_lines(path, {url: ["new footer", "new footer", url] for url in newest})
    with Archive(path) as archive:
        assert archive.repeated_lines() == ({"new footer": 4}, 4)
        archive.count_lines({url: ["counted once already"] for url in urls()})
        assert archive.repeated_lines() == ({"new footer": 4}, 4)
