"""What is expected of a source, and who is told when it is otherwise: once, and again when it is well."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from flows.alarms import raise_alarms
from flows.load import load
from flows.places import Places
from storage import batches
from storage.archive import Archive
from storage.clock import stamp_after
from storage.database import open_database
from storage.models import Article, PageRecord, RemovedLine, Run
from storage.visits import Visit

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Aidwire = Callable[..., subprocess.CompletedProcess[str]]

SOURCE = """\
name = "River Post"
homepage = "https://river.example/"
language = "en"
enabled = true
[discover]
feeds = ["https://river.example/feed.xml"]
[health]
"""
DAY = 86_400


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "river.toml").write_text(SOURCE)
    return Places.at(tmp_path / "data", tmp_path / "sources", str(tmp_path / "data" / "outbox"))


class Told(ThreadingHTTPServer):
    """A listener for Apprise's json:// on loopback; ``messages`` holds what it was told."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.answer = 200
        super().__init__(("127.0.0.1", 0), _Listener)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_address[1]}"


class _Listener(BaseHTTPRequestHandler):
    server: Told

    def do_POST(self) -> None:
        row = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.messages.append(f"{row['title']}\n{row['message']}")
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    with Told() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AIDWIRE_NOTIFY", server.address)
        yield server
        server.shutdown()


def expect(places: Places, line: str) -> None:
    (places.sources / "river.toml").write_text(f"{SOURCE}{line}\n")


def bring(places: Places, records: list[PageRecord], state: str = "completed", days_ago: float = 0) -> None:
    """Load a batch as a run of the source would have made it."""
    ended = stamp_after(-days_ago * DAY)
    number = len(list(places.data.glob("outbox/*"))) + datetime.now(UTC).microsecond
    run = Run(
        id=f"run-{number}",
        source="river",
        started=ended,
        ended=ended,
        state=state,
        discovered=len(records),
        fetched=len(records),
        code_version="1",
        extractor_version="1",
    )
    facts = {"id": "river", "name": "River Post", "homepage": "https://river.example/", "language": "en"}
    more = {"country": "", "timezone": "UTC", "licence": "", "store_full_text": True, "enabled": True}
    batches.write(places.outbox, 0, run, {**facts, **more, "newest_within": "P3D"}, records)
    load(places)


def page(number: int, outcome: str = "article", days_ago: float = 0, **fields: Any) -> PageRecord:
    """A page of the source; of an article, ``fields`` replace what a good one has."""
    url, seen = f"https://river.example/{number}", stamp_after(-days_ago * DAY)
    words: dict[str, Any] = {
        "title": f"Tents for valley {number}",
        "text": f"Number {number}. " + "Tents came. " * 50,
        "published_at": (datetime.now(UTC) - timedelta(days=days_ago)).isoformat(timespec="seconds"),
        "published_precision": "minute",
        "origin": "Hill News",
    }
    article = Article(url=url, **(words | fields)) if outcome == "article" else None
    return PageRecord(
        url=url, outcome=outcome, first_seen=seen, last_fetched=seen, status=200, article=article
    )


def many(count: int = 12, **fields: Any) -> list[PageRecord]:
    return [page(number, **fields) for number in range(count)]


def test_a_change_is_told_once_and_the_recovery_too(places: Places, told: Told) -> None:
    bring(places, many(days_ago=9))
    silent = "river: ok -> silent (the newest article is 9 days old, more than P3D)"
    assert raise_alarms(places) == [silent]
    assert raise_alarms(places) == []
    bring(places, [page(99)])
    assert raise_alarms(places) == ["river: silent -> ok"]
    assert told.messages == [
        f"aidwire: 1 of 1 changes need attention\n{silent}",
        "aidwire: well again\nriver: silent -> ok",
    ]


def test_a_message_that_is_not_taken_is_sent_again(places: Places, told: Told) -> None:
    bring(places, many(days_ago=9))
    told.answer = 500
    assert raise_alarms(places)[1:] == ["AIDWIRE_NOTIFY: json://… did not take the message"]
    told.answer = 200
    assert len(raise_alarms(places)) == 1
    assert len(told.messages) == 2


def test_an_address_that_is_none(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDWIRE_NOTIFY", "nonsense://secret")
    bring(places, many(days_ago=9))
    assert raise_alarms(places)[1:] == ["AIDWIRE_NOTIFY: nonsense://… is no Apprise address"]


def test_blocked_failed_empty_and_nothing_new_are_four_things(places: Places) -> None:
    bring(places, [], days_ago=0.5)
    assert raise_alarms(places) == [
        "river: ok -> empty (its feeds, sitemaps and lists were read and held no address)"
    ]
    bring(places, [page(1, "blocked"), page(2, "forbidden")], days_ago=0.4)
    assert raise_alarms(places) == ["river: empty -> blocked (2 of 2 pages refused)"]
    bring(places, [], state="failed", days_ago=0.3)
    assert raise_alarms(places) == ["river: blocked -> failed (the last run failed)"]
    bring(places, many(days_ago=0.2), days_ago=0.2)
    assert raise_alarms(places) == ["river: failed -> ok"]
    bring(places, [], days_ago=0.1)
    assert raise_alarms(places) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("articles_per_week = 30", "12 articles in a week, 30 expected"),
        ("median_length = 2000", "median length 610, 2000 expected"),
        ("share_with_time = 0.9", "0% of the articles with a time of day, 90% expected"),
        ("share_with_origin = 0.5", "0% of the articles with an origin, 50% expected"),
        ("removed_share = 0.1", "14% of the text removed, at most 10% expected"),
        ("refusals = 0.1", "20% of the pages refused, at most 10% expected"),
    ],
)
def test_every_expectation(aidwire: Aidwire, places: Places, line: str, why: str) -> None:
    bring(places, [], days_ago=20)
    removed = (RemovedLine("Share this page. " * 6, "share_bar"),)
    poor: dict[str, Any] = {"published_precision": "day", "origin": "", "removed": removed}
    bring(places, [*many(**poor), page(20, "blocked"), page(21, "blocked"), page(22, "rate_limited")])
    assert aidwire("status").returncode == 0
    expect(places, line)
    status = json.loads(aidwire("status", "--json").stdout)
    assert [(s["health"], s["why"]) for s in status["sources"]] == [("breach", why)]


def test_a_layout_that_drifted(places: Places) -> None:
    bring(places, many(days_ago=2), days_ago=2)
    assert raise_alarms(places) == []
    bring(places, [page(number, flags=("site_rule_drift",)) for number in range(30, 36)])
    assert raise_alarms(places) == [
        "river: ok -> drift (its content rule finds nothing on 60% of the newest pages)"
    ]


def test_pages_that_lost_their_text(places: Places) -> None:
    bring(places, many(days_ago=9), days_ago=9)
    bring(places, [page(50), *(page(number, "no_text") for number in range(60, 80))])
    assert raise_alarms(places) == [
        "river: ok -> drift (95% of this week's pages have no text, 0% had none before)"
    ]


def foreign(number: int, detail: str) -> PageRecord:
    return replace(page(number, "off_site"), stage="discover", detail=detail, last_fetched="")


def test_only_addresses_that_are_not_its_own(places: Places) -> None:
    bring(places, [foreign(number, "matches no allow rule") for number in range(2)])
    assert raise_alarms(places) == [
        "river: ok -> empty (none of the 2 addresses it lists is of its sites and allow rules)"
    ]
    bring(places, many())
    assert raise_alarms(places) == ["river: empty -> ok"]


def test_a_list_that_leads_to_another_site_now(places: Places) -> None:
    bring(places, many(days_ago=2), days_ago=2)
    for run in range(3):
        bring(places, [foreign(100 + run, "on another site")])
    assert raise_alarms(places) == []
    earlier = stamp_after(-4 * DAY)
    with closing(open_database(places.database)) as db:
        db.execute("UPDATE pages SET first_seen = ? WHERE outcome = 'article'", [earlier])
    assert raise_alarms(places) == [
        "river: ok -> empty (the last 3 addresses that it lists are on other sites)"
    ]


def test_nothing_but_refusals_of_late(places: Places) -> None:
    bring(places, many(days_ago=2), days_ago=2)
    for run in range(3):
        bring(places, [page(100 + run, "forbidden")])
    assert raise_alarms(places) == ["river: ok -> blocked (the last 3 pages asked for were refused)"]
    bring(places, [page(200)])
    assert raise_alarms(places) == ["river: blocked -> ok"]


def test_a_sitemap_whose_children_are_refused(places: Places) -> None:
    bring(places, many())
    with Archive(places.archive("river")) as archive:
        archive.begin("run-1")
        archive.store_index("https://river.example/all.xml", "sitemap", Visit(None, 200))
        archive.store_index("https://river.example/1.xml", "sitemap", Visit("forbidden", 403))
    assert raise_alarms(places) == ["river: ok -> blocked (forbidden: https://river.example/1.xml)"]


def test_a_disabled_source_alarms_nobody(places: Places) -> None:
    bring(places, many(days_ago=9))
    (places.sources / "river.toml").write_text(SOURCE.replace("enabled = true", "enabled = false"))
    assert raise_alarms(places) == []


def test_a_broken_database(places: Places, told: Told) -> None:
    bring(places, many())
    assert raise_alarms(places, broken=["2 articles have no page"]) == [
        "aid.db: ok -> broken (2 articles have no page)"
    ]
    assert raise_alarms(places, broken=[]) == ["aid.db: broken -> ok"]
    assert len(told.messages) == 2


def test_status_names_a_source_file_that_cannot_be_read(aidwire: Aidwire, places: Places) -> None:
    bring(places, many())
    assert aidwire("status").returncode == 0
    (places.sources / "hill.toml").write_text("name = ")
    answer = aidwire("status")
    assert answer.returncode == 1
    (line,) = (line for line in answer.stdout.splitlines() if line.startswith("source file: "))
    assert line.startswith("source file: sources/hill.toml: not valid TOML")
    assert len(json.loads(aidwire("status", "--json").stdout)["unreadable"]) == 1
