"""The archive: what a crawl stores, and what it is asked to fetch next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlite_utils

from storage.archive import Archive
from storage.clock import stamp_after
from storage.models import Hint, PageRecord
from storage.sqlite_file import FileError
from storage.visits import Link, Progress, Visit, Wanted

if TYPE_CHECKING:
    from pathlib import Path

FEED = "https://news.example/feed"
PAGE = "https://news.example/1"
OK = Visit(None, 200, final_url=PAGE, content_type="text/html", body=b"<p>Tents</p>", etag='"a"')


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    opened = Archive(tmp_path / "archive" / "news.db")
    opened.begin("run-1")
    return opened


def find(archive: Archive, *urls: str) -> int:
    return archive.store_index(FEED, "feed", Visit(None, 200), [Link(url) for url in urls])


def finish(archive: Archive, outcome: str = "article") -> list[PageRecord]:
    """Settle everything that waits, as extraction would."""
    records = [
        replace(entry.record, outcome=outcome, stage="judge") if entry.waiting else entry.record
        for entry in archive.unbatched(100)
    ]
    archive.settle(records)
    return records


def make_due(archive: Archive) -> None:
    with sqlite_utils.Database(archive.path) as db:
        db.execute("UPDATE frontier SET due_at = '2000-01-01T00:00:00+00:00' WHERE due_at IS NOT NULL")


def outcomes(archive: Archive) -> dict[str, str | None]:
    return {entry.record.url: entry.record.outcome for entry in archive.unbatched(100)}


def test_an_address_is_known_once_whatever_its_spelling(archive: Archive) -> None:
    assert find(archive, PAGE, "http://NEWS.example/1#top", f"{PAGE}?utm_source=x") == 1
    assert find(archive, f"{PAGE}?id=5", f"{PAGE}?id=6") == 2


def test_keys_of_an_older_file_lose_their_sessions(archive: Archive) -> None:
    find(archive, PAGE)
    archive.close()
    with sqlite_utils.Database(archive.path) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm003%'")
        for number, page in enumerate(("1", "1", "2", "2")):
            url = f"news.example/{page};jsessionid={number}"
            columns = "(url_key, url, first_seen, due_at) VALUES (?, ?, ?, ?)"
            db.execute(f"INSERT INTO frontier {columns}", [url, f"https://{url}", *[stamp_after(-1)] * 2])
    with Archive(archive.path) as opened:
        opened.begin("run-2")
        taken = [wanted.url for wanted in opened.take(9)]
    assert sorted(taken) == [PAGE, "https://news.example/2;jsessionid=2"]


def test_pages_are_taken_newest_first_and_once_a_run(archive: Archive) -> None:
    days = ("2026-11-01", "2026-11-03T10:00:00+08:00", "2026-11-02")
    links = [Link(f"{PAGE}/{day}", Hint(published=day)) for day in days]
    archive.store_index(FEED, "feed", Visit(None, 200), links)
    taken = [wanted.url for wanted in archive.take(2) + archive.take(2) + archive.take(2)]
    assert taken == [f"{PAGE}/2026-11-03T10:00:00+08:00", f"{PAGE}/2026-11-02", f"{PAGE}/2026-11-01"]


def test_since_leaves_older_pages_pending(archive: Archive) -> None:
    links = [Link(f"{PAGE}/{day}", Hint(published=day)) for day in ("2026-11-01", "2026-11-09", "")]
    archive.store_index(FEED, "feed", Visit(None, 200), links)
    archive.begin("run-2", since="2026-11-05")
    assert {wanted.url for wanted in archive.take(9)} == {f"{PAGE}/2026-11-09", f"{PAGE}/"}
    assert archive.progress() == Progress(known=3, due=1, fetched=0)


def test_what_a_killed_run_had_taken_is_free_again(archive: Archive) -> None:
    find(archive, PAGE)
    assert len(archive.take(1)) == 1
    archive.begin("run-2")
    assert archive.take(1) == [Wanted(PAGE, "", "")]


def test_what_a_wrong_clock_put_far_ahead_is_due(archive: Archive) -> None:
    find(archive, PAGE, f"{PAGE}2")
    with sqlite_utils.Database(archive.path) as db:
        for url, days in ((PAGE, 4000), (f"{PAGE}2", 14)):
            db.execute("UPDATE frontier SET due_at = ? WHERE url = ?", [stamp_after(days * 86_400), url])
    archive.begin("run-2")
    assert [wanted.url for wanted in archive.take(9)] == [PAGE]


def test_a_bad_address_ends_at_once_and_costs_only_itself(archive: Archive) -> None:
    assert find(archive, "javascript:void(0)", "https://news.example/\ud800", PAGE) == 3
    ended = outcomes(archive)
    assert list(ended.values()) == ["bad_url", "bad_url", None]
    assert [wanted.url for wanted in archive.take(9)] == [PAGE]


def test_index_validators_are_kept_over_failures_and_304(archive: Archive) -> None:
    archive.store_index(FEED, "feed", Visit(None, 200, etag='"e"', last_modified="Mon"), [Link(PAGE)])
    archive.store_index(FEED, "feed", Visit("timeout"))
    archive.store_index(FEED, "feed", Visit("unchanged", 304))
    assert archive.validators(FEED) == ('"e"', "Mon")
    [state] = archive.index_states()
    assert (state["outcome"], state["links"]) == ("unchanged", 1)


def test_a_stored_page_comes_back_whole(archive: Archive) -> None:
    archive.store_index(FEED, "feed", Visit(None, 200), [Link(PAGE, Hint("Tents", "2026-11-01", "feed"))])
    archive.store_page(PAGE, OK)
    page = archive.page(PAGE)
    assert (page.body, page.content_type, page.hint.title) == (b"<p>Tents</p>", "text/html", "Tents")
    with pytest.raises(KeyError):
        archive.page("https://news.example/none")


def test_the_same_bytes_again_are_unchanged(archive: Archive) -> None:
    find(archive, PAGE)
    archive.store_page(PAGE, OK)
    finish(archive)
    archive.store_page(PAGE, OK)
    assert outcomes(archive) == {PAGE: "unchanged"}
    archive.store_page(PAGE, replace(OK, body=b"<p>More tents</p>"))
    assert outcomes(archive) == {PAGE: None}


def test_a_rejected_page_that_has_not_changed_stays_rejected(archive: Archive) -> None:
    find(archive, PAGE)
    archive.store_page(PAGE, OK)
    finish(archive, "off_topic")
    archive.store_page(PAGE, OK)
    assert outcomes(archive) == {PAGE: "off_topic"}


def test_revisit_sends_validators_and_a_missing_article_is_gone(archive: Archive) -> None:
    find(archive, PAGE, f"{PAGE}2")
    archive.store_page(PAGE, OK)
    archive.store_page(f"{PAGE}2", Visit("gone", 410))
    finish(archive)
    archive.begin("run-2")
    assert archive.take(9) == []
    archive.begin("run-3", revisit=True)
    assert archive.take(9) == [Wanted(PAGE, '"a"', "")]
    archive.store_page(PAGE, Visit("not_found", 404))
    assert outcomes(archive) == {PAGE: "gone"}
    assert archive.page(PAGE).body == OK.body


@pytest.mark.parametrize(
    ("leads_to", "outcome"),
    [("https://news.example/", "gone"), (f"{PAGE}2", "duplicate"), ("https://news.example/a/1", None)],
)
def test_an_article_that_leads_to_another_page_keeps_its_text(
    archive: Archive, leads_to: str, outcome: str | None
) -> None:
    find(archive, PAGE, f"{PAGE}2")
    archive.store_page(PAGE, OK)
    archive.store_page(f"{PAGE}2", replace(OK, final_url=f"{PAGE}2", body=b"second"))
    finish(archive)
    archive.store_page(PAGE, replace(OK, final_url=leads_to, body=b"other"))
    assert outcomes(archive) == {PAGE: outcome}
    assert (archive.page(PAGE).body == OK.body) == (outcome is not None)


def test_passing_failures_are_tried_five_times_and_lasting_ones_once(archive: Archive) -> None:
    find(archive, PAGE, f"{PAGE}2")
    archive.store_page(f"{PAGE}2", Visit("gone", 410))
    tries = 0
    while tries < 9:
        make_due(archive)
        archive.begin(f"run-{tries}")
        if [wanted.url for wanted in archive.take(9)] != [PAGE]:
            break
        archive.store_page(PAGE, Visit("timeout"))
        tries += 1
    assert tries == 5


def tries_of(archive: Archive, visit: Visit) -> int:
    for tries in range(9):
        make_due(archive)
        archive.begin(f"try-{tries}")
        if not archive.take(9):
            return tries
        archive.store_page(PAGE, visit)
        finish(archive, "soft_error")
    return 9


@pytest.mark.parametrize(
    "visit", [Visit("not_found", 404), Visit("empty", 200), Visit("redirect_blocked"), OK]
)
def test_a_young_page_that_is_not_there_yet_gets_a_few_later_tries(archive: Archive, visit: Visit) -> None:
    find(archive, PAGE)
    assert tries_of(archive, visit) == 4
    archive.begin("run-2", revisit=True)
    assert len(archive.take(9)) == 1


@pytest.mark.parametrize("visit", [Visit("not_found", 404), OK])
def test_an_old_page_that_is_not_there_gets_none(archive: Archive, visit: Visit) -> None:
    archive.store_index(FEED, "sitemap", Visit(None, 200), [Link(PAGE, Hint(published="2001-01-01"))])
    assert tries_of(archive, visit) == 1


def give_up(archive: Archive, outcome: str, last_fetched: str) -> None:
    for _ in range(5):
        archive.store_page(PAGE, Visit(outcome))
    with sqlite_utils.Database(archive.path) as db:
        db.execute("UPDATE frontier SET last_fetched = ?", [last_fetched])
    archive.begin("run-2")
    assert archive.take(9) == []


@pytest.mark.parametrize("answer", [Visit(None, 200), Visit("unchanged", 304)])
def test_what_is_still_listed_is_tried_daily_after_an_outage(archive: Archive, answer: Visit) -> None:
    find(archive, PAGE)
    give_up(archive, "timeout", stamp_after(-3600))
    links = [Link(PAGE)] if answer.outcome is None else []
    archive.store_index(FEED, "feed", answer, links)
    assert archive.take(9) == []
    give_up(archive, "timeout", stamp_after(-2 * 86_400))
    archive.store_index(FEED, "feed", answer, links)
    assert len(archive.take(9)) == 1
    archive.store_page(PAGE, Visit("timeout"))
    give_up(archive, "forbidden", stamp_after(-2 * 86_400))
    archive.store_index(FEED, "feed", answer, links)
    assert archive.take(9) == []


def test_a_pause_that_is_kept_without_asking_is_no_failure(archive: Archive) -> None:
    find(archive, PAGE)
    for _ in range(9):
        archive.store_page(PAGE, Visit("rate_limited", detail="asked for a pause"))
    make_due(archive)
    assert len(archive.take(9)) == 1


def test_changed_rules_reach_what_is_known(archive: Archive) -> None:
    archive.follow("rules 1", lambda _url: "")
    links = [Link(PAGE), Link(f"{PAGE}2", outcome="off_site", detail="matches no allow rule")]
    archive.store_index(FEED, "feed", Visit(None, 200, etag='"e"'), links)
    archive.follow("rules 1", lambda _url: "denied")
    assert archive.validators(FEED) == ('"e"', "")
    archive.follow("rules 2", lambda url: "denied" if url == PAGE else "")
    assert archive.validators(FEED) == ("", "")
    assert outcomes(archive) == {PAGE: "off_site", f"{PAGE}2": "off_site"}
    find(archive, f"{PAGE}2")
    assert outcomes(archive) == {PAGE: "off_site", f"{PAGE}2": None}
    assert [wanted.url for wanted in archive.take(9)] == [f"{PAGE}2"]


@pytest.mark.parametrize(
    ("modified", "hours", "due"),
    [("2001-01-01", 48, 0), ("2999-01-01T00:00:00+08:00", 48, 1), ("2999-01-01", 1, 0)],
)
def test_a_newer_lastmod_makes_an_article_due_at_most_daily(
    archive: Archive, modified: str, hours: int, due: int
) -> None:
    find(archive, PAGE)
    archive.store_page(PAGE, OK)
    finish(archive)
    with sqlite_utils.Database(archive.path) as db:
        db.execute("UPDATE frontier SET last_fetched = ?", [stamp_after(-3600 * hours)])
    archive.store_index(FEED, "sitemap", Visit(None, 200), [Link(PAGE, modified=modified)])
    assert len(archive.take(9)) == due


def test_a_lastmod_is_no_time_of_publication(archive: Archive) -> None:
    links = [Link(PAGE, Hint("Tents", "2026-11-01", "lastmod"))]
    archive.store_index(FEED, "sitemap", Visit(None, 200), links)
    archive.store_page(PAGE, OK)
    assert archive.page(PAGE).hint == Hint("Tents")


def test_lines_are_counted_once_a_page(archive: Archive) -> None:
    find(archive, PAGE, f"{PAGE}2")
    archive.count_lines({PAGE: ["Share", "Share", "Tents"], f"{PAGE}2": ["Share"]})
    archive.count_lines({PAGE: ["Share"]})
    assert archive.repeated_lines(2) == ({"Share": 2}, 2)


def test_forgetting_leaves_nothing_but_a_tombstone(archive: Archive) -> None:
    find(archive, PAGE)
    archive.store_page(PAGE, OK)
    archive.store_page(PAGE, replace(OK, body=b"second"))
    assert archive.forget(PAGE)
    assert find(archive, PAGE) == 0
    with sqlite_utils.Database(archive.path) as db:
        assert [db[name].count for name in ("frontier", "bodies")] == [0, 0]
        assert db["fetches"].count_where("kind = 'page'") == 0


def test_forgetting_takes_a_page_out_of_the_lines_of_its_site(archive: Archive) -> None:
    find(archive, PAGE, f"{PAGE}2", f"{PAGE}3")
    archive.count_lines(
        {PAGE: ["Share", "Mine"], f"{PAGE}2": ["Share", "Mine"], f"{PAGE}3": ["Share", "Other"]}
    )
    archive.forget(PAGE, ["Share", "Mine"])
    assert archive.repeated_lines(1) == ({"Share": 2}, 2)
    archive.forget(f"{PAGE}2", ["Share", "Mine"])
    assert archive.repeated_lines(1) == ({}, 1)
    assert b"Mine" not in archive.path.read_bytes()


def test_stored_pages_can_be_extracted_again(archive: Archive) -> None:
    find(archive, PAGE)
    archive.store_page(PAGE, OK)
    finish(archive)
    assert archive.extract_again() == 1
    assert [entry.waiting for entry in archive.unbatched(9)] == [True]


def test_a_newer_file_is_refused_untouched(archive: Archive) -> None:
    archive.close()
    with sqlite_utils.Database(archive.path) as db:
        db["_sqlite_migrations"].insert(
            {"migration_set": "aidwire.archive", "name": "m999", "applied_at": "x"}
        )
    before = archive.path.read_bytes()
    with pytest.raises(FileError, match="newer aidwire"):
        Archive(archive.path)
    assert archive.path.read_bytes() == before


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(FileError, match=r"news\.db: file is not a database; restore"):
        Archive(path)
