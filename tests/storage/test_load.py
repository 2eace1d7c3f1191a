"""What a batch makes of the database: identity, versions, rejects, counts, and all of it once."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from storage.database import open_database
from storage.health import SourceState, broken_invariants, source_states
from storage.load import LoadCounts, load_batch
from storage.models import Fact, Match, Relevance, RemovedLine

if TYPE_CHECKING:
    from pathlib import Path

    from storage.batches import Batch

LATER = "2026-03-02T12:00:00+00:00"


def test_an_article_arrives_with_all_its_fields(press: Any) -> None:
    matches = (Match("aid", "humanitarian", "title", 0, 3, 2.5),)
    fact = Fact("money", 0, 7, "£5,000.", value="5000", currency="GBP", role="aid", rule_version="f1")
    record = press.page(
        "https://riverpost.example/1?utm_source=x",
        status=200,
        stage="judge",
        title="Aid for the valley",
        text="£5,000. was given.",
        language="en",
        published_at="2026-02-28T23:30:00-02:00",
        published_precision="minute",
        published_from="meta",
        byline="Ann Example",
        origin="Hill News",
        keywords=("aid", "valley"),
        removed=(RemovedLine("Share this", "share_bar"),),
        relevance=Relevance(9.5, "aid", ("humanitarian",), matches, "aid-1"),
        facts=(fact,),
    )
    assert press.load(record) == LoadCounts(new=1)
    (row,) = press.db.query("SELECT * FROM articles")
    shown = ("url", "url_key", "published_utc", "published_month", "keywords", "content_hash")
    assert {name: row[name] for name in shown} == {
        "content_hash": hashlib.sha256("Aid for the valley\n£5,000. was given.".encode()).hexdigest(),
        "url": "https://riverpost.example/1?utm_source=x",
        "url_key": "riverpost.example/1",
        "published_utc": "2026-03-01T01:30:00+00:00",
        "published_month": "2026-02",
        "keywords": '["aid", "valley"]',
    }
    assert json.loads(row["matched_terms"])[0]["term"] == "aid"
    assert press.rows("SELECT line, rule FROM removed_lines") == [("Share this", "share_bar")]
    assert press.rows('SELECT kind, start, "end", text, value, role FROM facts') == [
        ("money", 0, 7, "£5,000.", "5000", "aid")
    ]
    assert broken_invariants(press.db) == []


def test_another_address_of_the_same_article_is_a_duplicate(press: Any) -> None:
    first = "https://riverpost.example/story/1"
    counts = press.load(
        press.page(first),
        press.page("http://riverpost.example/story/1?from=app", canonical=first),
        press.page("https://m.riverpost.example/1", text=f"The text of {first}."),
    )
    assert counts == LoadCounts(new=1, duplicate=2)
    assert press.rows("SELECT url, outcome, article FROM pages ORDER BY id") == [
        (first, "article", 1),
        ("http://riverpost.example/story/1?from=app", "duplicate", 1),
        ("https://m.riverpost.example/1", "duplicate", 1),
    ]
    assert press.load(press.page(first), source="hillnews") == LoadCounts(duplicate=1)
    assert broken_invariants(press.db) == []


def test_a_change_makes_a_version_with_its_difference(press: Any) -> None:
    url = "https://riverpost.example/1"
    press.load(press.page(url, title="Old title", text="One.\nTwo hurt.\nThree."))
    counts = press.load(
        press.page(url, title="Old title", text="One.\nTen hurt.\nThree.", last_fetched=LATER, byline="New")
    )
    assert counts == LoadCounts(updated=1)
    assert press.rows("SELECT version, text, byline, first_seen, last_seen FROM articles") == [
        (2, "One.\nTen hurt.\nThree.", "New", "2026-03-01T12:00:00+00:00", LATER)
    ]
    assert press.rows("SELECT version, text, difference, cause, replaced, run FROM article_versions") == [
        (1, "One.\nTwo hurt.\nThree.", "@@ -3 +3 @@\n-Two hurt.\n+Ten hurt.", "page", LATER, "run-001")
    ]
    assert broken_invariants(press.db) == []


def test_only_the_page_that_gave_an_article_makes_versions_of_it(press: Any) -> None:
    first, other = "https://riverpost.example/1", "https://riverpost.example/1/print"
    press.load(press.page(first, text="As it is."), press.page(other, canonical=first, text="As printed."))
    counts = press.load(press.page(other, canonical=first, text="Printed anew.", last_fetched=LATER))
    assert counts == LoadCounts(duplicate=1)
    assert press.rows("SELECT text, version FROM articles") == [("As it is.", 1)]


def long_text(subject: str) -> str:
    return f"{subject} " + " ".join(f"{subject} no. {i * i} went to the {subject} store." for i in range(20))


def test_a_canonical_address_that_other_texts_state_too_swallows_none(press: Any) -> None:
    stated = "https://riverpost.example/2"
    pages = [
        press.page(f"https://riverpost.example/{number}", canonical=stated, text=long_text(subject))
        for number, subject in enumerate(("Blankets", "Medicine", "Water pump"), start=1)
    ]
    assert press.load(*pages) == LoadCounts(new=3)
    assert press.rows("SELECT url, url_key FROM articles ORDER BY id") == [
        (f"https://riverpost.example/{number}", f"riverpost.example/{number}") for number in (1, 2, 3)
    ]
    printed = press.page(f"{stated}/print", canonical=stated, text=long_text("Medicine") + " Printed.")
    assert press.load(printed) == LoadCounts(duplicate=1)
    assert broken_invariants(press.db) == []


def test_a_duplicate_stays_one_when_the_article_is_corrected_first(press: Any) -> None:
    first, other = "https://riverpost.example/1", "https://riverpost.example/b/1"
    press.load(press.page(first, text="Same."), press.page(other, text="Same."))
    press.load(press.page(first, text="Corrected.", last_fetched=LATER))
    assert press.load(press.page(other, text="Same.", last_fetched=LATER)) == LoadCounts(duplicate=1)


def test_looking_again_moves_only_last_seen(press: Any) -> None:
    url = "https://riverpost.example/1"
    press.load(press.page(url))
    (before,) = press.db.query("SELECT * FROM articles")
    counts = press.load(press.page(url, byline="Changed", last_fetched=LATER))
    again = press.load(press.page(url, "unchanged", status=304, last_fetched=LATER))
    assert counts == again == LoadCounts(unchanged=1)
    (after,) = press.db.query("SELECT * FROM articles")
    assert after == before | {"last_seen": LATER}


def test_extracting_the_same_page_anew_is_told_from_a_change_of_the_page(press: Any) -> None:
    url = "https://riverpost.example/1"
    press.load(press.page(url, text="Menu.\nText.", method="old"))
    assert press.load(press.page(url, text="Text.", method="new")) == LoadCounts(updated=1)
    assert press.load(press.page(url, text="Text.", method="newer")) == LoadCounts(unchanged=1)
    assert press.rows("SELECT cause, method FROM article_versions") == [("extraction", "old")]
    assert press.rows("SELECT method, version FROM articles") == [("newer", 2)]


def test_rejects_failures_and_what_is_pending(press: Any) -> None:
    off_topic = Relevance(1.5, "off_topic", (), (), "aid-1")
    counts = press.load(
        press.page("https://riverpost.example/cup", "off_topic", title="Cup final", relevance=off_topic),
        press.page("javascript:void(0)", "bad_url", stage="discover", last_fetched=""),
        press.page("https://riverpost.example/3", "blocked", status=403, stage="fetch"),
        press.page("https://riverpost.example/4", None),
    )
    assert counts == LoadCounts(
        rejected=2, failed=1, pending=1, reasons={"off_topic": 1, "bad_url": 1, "blocked": 1}
    )
    assert press.rows("SELECT reason, title, relevance FROM rejects ORDER BY page") == [
        ("off_topic", "Cup final", 1.5),
        ("bad_url", "", None),
    ]
    assert source_states(press.db) == [
        SourceState(
            source="riverpost",
            discovered=4,
            loaded=0,
            rejected=2,
            pending=1,
            failed=1,
            refused=1,
            articles=0,
            newest="",
            last_run="2026-03-01T12:00:00+00:00",
            last_state="completed",
            newest_within="P3D",
        )
    ]
    assert press.rows("SELECT day, verdict, discovered, blocked, failed FROM coverage") == [
        ("2026-03-01", "blocked", 4, 1, 1)
    ]
    assert broken_invariants(press.db) == []


def test_a_page_that_becomes_an_article_leaves_the_rejects(press: Any) -> None:
    url = "https://riverpost.example/1"
    press.load(press.page(url, "no_text", stage="extract"))
    assert press.load(press.page(url, last_fetched=LATER)) == LoadCounts(new=1)
    assert press.rows("SELECT * FROM rejects") == []
    assert press.load(press.page(url, "gone", status=410, last_fetched=LATER)) == LoadCounts(
        failed=1, reasons={"gone": 1}
    )
    assert press.rows("SELECT outcome, article FROM pages") == [("gone", 1)]
    assert broken_invariants(press.db) == []


def test_an_article_that_newer_rules_call_off_topic_stays_out_of_the_latest(press: Any) -> None:
    url = "https://riverpost.example/1"
    press.load(press.page(url))
    judged = Relevance(0.5, "off_topic", (), (), "aid-2")
    assert press.load(press.page(url, "off_topic", stage="judge", relevance=judged)).rejected == 1
    assert press.rows("SELECT verdict, relevance, rules FROM articles") == [("off_topic", 0.5, "aid-2")]
    assert press.rows("SELECT id FROM latest") == []
    assert press.load(press.page(url, last_fetched=LATER)) == LoadCounts(unchanged=1)
    assert press.rows("SELECT verdict, version FROM articles") == [("aid", 1)]
    assert press.rows("SELECT id FROM latest") == [(1,)]
    assert broken_invariants(press.db) == []


def test_a_source_without_the_right_to_its_texts_keeps_the_facts(press: Any) -> None:
    page = press.page("https://riverpost.example/1", text="Secret words. " * 20, description="A summary.")
    press.load(page, store_full_text=False)
    assert press.rows("SELECT title, text, text_withheld, description FROM articles") == [
        ("A title", "", 1, "A summary.")
    ]
    changed = press.page("https://riverpost.example/1", text="Other words. " * 20, last_fetched=LATER)
    assert press.load(changed, store_full_text=False) == LoadCounts(updated=1)
    assert broken_invariants(press.db) == []


def test_characters_that_sqlite_cannot_hold_do_not_stop_a_load(press: Any) -> None:
    fact = Fact("count", 4, 6, "27", value="27")
    page = press.page(
        "https://riverpost.example/\ud800",
        title="A\x00B",
        text="\x00ab\udfff27",
        description="\ud83d",
        facts=(fact,),
    )
    assert press.load(page) == LoadCounts(new=1)
    assert press.rows("SELECT title, text FROM articles") == [("A\ufffdB", "\ufffdab\ufffd27")]
    assert broken_invariants(press.db) == []


def test_loading_a_batch_twice_changes_nothing(press: Any, tables: Any) -> None:
    url = "https://riverpost.example/1"
    batch = press.batch(press.page(url), press.page(f"{url}?x=1"), press.page("x:y", "bad_url"))
    counts = load_batch(press.db, batch)
    before = tables(press.db)
    assert load_batch(press.db, batch) == counts
    assert tables(press.db) == before


def _load_and_die(path: Path, batch: Batch, after: int) -> None:
    def die(position: int) -> None:
        if position >= after:
            os.kill(os.getpid(), signal.SIGKILL)

    load_batch(open_database(path), batch, die)


def test_a_kill_in_the_middle_loses_and_repeats_nothing(press: Any, tables: Any, tmp_path: Path) -> None:
    def page(number: int) -> Any:
        words = " ".join(f"word{number * 7 + i % (number + 3)}" for i in range(30))
        return press.page(
            f"https://riverpost.example/{number % 1100}", text=f"Report: {words}", title=str(number)
        )

    batch = press.batch(*map(page, range(1300)))
    counts = load_batch(press.db, batch)
    killed = tmp_path / "killed" / "aid.db"
    for after in (1, 500, 900):
        process = multiprocessing.get_context("fork").Process(
            target=_load_and_die, args=(killed, batch, after)
        )
        process.start()
        process.join(30)
        assert process.exitcode == -signal.SIGKILL
    again = open_database(killed)
    assert load_batch(again, batch) == counts
    assert tables(again)["articles"] == tables(press.db)["articles"]
    without_segments = {name: rows for name, rows in tables(again).items() if not name.startswith("search")}
    assert without_segments == {
        name: r for name, r in tables(press.db).items() if not name.startswith("search")
    }
    assert broken_invariants(again) == []
    again.close()


def test_a_run_in_several_batches_adds_up(press: Any) -> None:
    one = press.batch(press.page("https://riverpost.example/1"), press.page("https://riverpost.example/2"))
    two = press.batch(press.page("https://riverpost.example/3", "timeout"))
    two = replace(two, run=replace(one.run, discovered=3, fetched=3))
    load_batch(press.db, one)
    load_batch(press.db, two)
    assert press.rows("SELECT id, discovered, fetched, new, failed FROM runs") == [("run-001", 3, 3, 2, 1)]
    assert press.rows("SELECT runs, discovered, new, failed FROM days") == [(1, 3, 2, 1)]


def test_an_article_that_leads_to_another_page_stays(press: Any) -> None:
    first, other = "https://riverpost.example/1", "https://riverpost.example/2"
    press.load(press.page(first), press.page(other))
    moved = press.page(first, "duplicate", stage="fetch", status=200, last_fetched=LATER)
    unknown = press.page("https://riverpost.example/3", "duplicate", stage="fetch")
    assert press.load(moved, unknown) == LoadCounts(duplicate=1, pending=1)
    assert press.rows("SELECT outcome, article FROM pages") == [
        ("duplicate", 1),
        ("article", 2),
        (None, None),
    ]
    assert broken_invariants(press.db) == []


def test_unchanged_for_a_page_that_this_database_never_had_is_pending(press: Any) -> None:
    assert press.load(press.page("https://riverpost.example/1", "unchanged")) == LoadCounts(pending=1)
    assert "reextract" in press.rows("SELECT detail FROM pages")[0][0]
    assert broken_invariants(press.db) == []
