"""The upkeep of a whole data folder, as the command does it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import sqlite_utils

from flows.chosen import chosen_sources
from flows.collect import Wishes
from flows.demo_site.server import DemoSite
from flows.maintain import Limits, maintain
from flows.once import crawl_once
from flows.places import Places
from storage.answers import ask
from storage.archive import Archive
from storage.database import open_database

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Aidwire = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of one crawled source, with the source files in it."""
    data = tmp_path_factory.mktemp("maintain") / "data"
    places = Places.at(data, data / "sources", str(data / "outbox"))
    with DemoSite() as site:
        site.write_sources(places.sources)
        sources = chosen_sources(places.sources, ["demo_xj"])
        crawl_once(sources, places, Wishes(), lambda _source, _stage, _done: None)
    return data


@pytest.fixture
def places(crawled: Path, tmp_path: Path) -> Places:
    data = shutil.copytree(crawled, tmp_path / "data")
    return Places.at(data, data / "sources", str(data / "outbox"))


def bodies(places: Places) -> int:
    return sum(sqlite_utils.Database(path)["bodies"].count for path in (places.data / "archive").glob("*.db"))


def articles(path: Path) -> object:
    db = open_database(path, readonly=True)
    try:
        return ask(db, "SELECT * FROM articles ORDER BY id").rows
    finally:
        db.close()


def test_a_whole_folder(aidwire: Aidwire, places: Places) -> None:
    before = articles(places.database)
    done = aidwire("maintain", "--sources", places.sources)
    assert done.returncode == 0, done.stderr
    assert "invariants: hold\nbackup: " in done.stdout
    [copy] = (places.data / "backups").glob("aid-*.db")
    assert articles(copy) == before == articles(places.database)
    assert bodies(places) > 0
    assert "demo_xj: nothing to prune\n" in done.stdout


def test_backups_beyond_their_number_go_and_pages_beyond_their_age(places: Places) -> None:
    (places.data / "backups").mkdir()
    for day in range(1, 6):
        (places.data / "backups" / f"aid-2020-01-0{day}.db").touch()
    for path in (places.data / "archive").glob("*.db"):
        with sqlite_utils.Database(path) as db:
            db.execute("UPDATE bodies SET first_seen = '2020-01-01T00:00:00+00:00'")
    assert maintain(places, Limits(keep_days=30, backups=3)).wrong == []
    assert [path.stem[4:8] for path in sorted((places.data / "backups").iterdir())] == [
        "2020",
        "2020",
        "2026",
    ]
    assert bodies(places) == 0


def test_a_broken_invariant_is_said_and_no_backup_replaces_a_good_one(
    aidwire: Aidwire, places: Places
) -> None:
    with sqlite_utils.Database(places.database) as db:
        db.execute("UPDATE articles SET text = text || '!' WHERE id = 1")
    done = aidwire("maintain")
    assert (done.returncode, list((places.data / "backups").glob("*"))) == (1, [])
    assert "1 articles do not match their content hash" in done.stderr


def test_a_source_that_is_being_collected_is_left_alone(places: Places) -> None:
    with places.lock("demo_xj").acquire(timeout=0):
        rows = maintain(places, Limits()).rows
    assert {"part": "demo_xj", "done": "left out, it is being collected"} in rows


def test_a_machine_that_only_crawls(aidwire: Aidwire, places: Places) -> None:
    places.database.unlink()
    done = aidwire("maintain")
    assert (done.returncode, "backup" in done.stdout, "demo_xj" in done.stdout) == (0, False, True)


def test_site_lines_follow_a_new_layout(places: Places) -> None:
    archive = places.archive("demo_xj")
    with sqlite_utils.Database(archive) as db:
        db["site_lines"].insert({"line": "a footer of years ago", "pages": 900})
        db.execute(
            """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
               INSERT INTO frontier (url_key, url, first_seen, counted)
               SELECT 'old/' || i, 'http://old.example/' || i, '2020-01-01T00:00:00+00:00', 1 FROM n"""
        )
    assert any("site lines counted anew" in row["done"] for row in maintain(places, Limits()).rows)
    with Archive(archive, readonly=True) as opened:
        lines, pages = opened.repeated_lines(1)
    assert "a footer of years ago" not in lines
    assert 0 < pages < 20
    assert lines
