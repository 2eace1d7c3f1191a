"""The questions of docs/queries.md, and the views behind them, on a small true case."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from storage.models import Fact

STATEMENTS = dict(
    re.findall(
        r"<!-- (\w+) -->\s*```sql\n(.*?)```",
        (Path(__file__).resolve().parents[2] / "docs" / "queries.md").read_text("utf-8"),
        re.DOTALL,
    )
)
STORY = (
    "The province will give 5 million yuan to rebuild three schools in the valley, officials said on Monday. "
    "Work starts in May and should be done before the rains. Forty teachers are to be trained as well, and "
    "two mobile clinics will visit the remote villages until the new health post has opened its doors."
)
DAY = "2026-03-{:02}T12:00:00+00:00"


def _money(role: str, **fields: Any) -> Fact:
    start = STORY.index("5 million")
    words = "5 million yuan"
    return Fact("money", start, start + len(words), words, "5000000", currency="CNY", role=role, **fields)


@pytest.fixture
def news(press: Any) -> Any:
    """Three outlets, one story carried by two of them, one corrected article, one source that blocks."""
    pair = Fact("pair", 4, 12, "province", donor="Hubei", recipient="Bozhou")
    first = press.page(
        "https://first.example/1", title="Schools", text=STORY, published_at="2026-03-01T08:00:00+08:00",
        origin="Hill Agency", facts=(_money("unknown"), pair), stage="judge", status=200,
    )  # fmt: skip
    press.load(first, source="first", ended=DAY.format(1))
    second = press.page(
        "https://second.example/1", title="Schools", text=STORY, published_at="2026-03-02T09:00:00+08:00",
        origin="Hill Agency", facts=(_money("aid", recipient="Bozhou"), pair), last_fetched=DAY.format(2),
    )  # fmt: skip
    press.load(second, press.page("https://second.example/x", "soft_404", stage="extract"), source="second")
    other = press.page(
        "https://first.example/2", text="A short note.", published_at="2026-03-03T08:00:00+08:00"
    )
    press.load(other, source="first", ended=DAY.format(3))
    corrected = press.page("https://first.example/2", text="A shorter note.", last_fetched=DAY.format(4))
    press.load(corrected, source="first", ended=DAY.format(4))
    for day, outcome in ((1, "blocked"), (2, "timeout")):
        page = press.page("https://third.example/1", outcome, last_fetched=DAY.format(day))
        press.load(page, source="third", ended=DAY.format(day))
    press.load(source="third", ended=DAY.format(3))
    return press


def _ask(press: Any, name: str, **values: Any) -> list[tuple[Any, ...]]:
    path = press.rows("PRAGMA database_list")[0][2]
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as plain:
        return plain.execute(STATEMENTS[name], values).fetchall()


def test_the_latest_of_a_source(news: Any) -> None:
    assert _ask(news, "latest", source="first") == [
        ("", "A title", "https://first.example/2", 1),
        ("2026-03-01T08:00:00+08:00", "Schools", "https://first.example/1", 2),
    ][::-1]  # fmt: skip


def test_by_date_and_language_and_per_month(news: Any) -> None:
    values = {"language": "en", "from": "2026-03-01", "until": "2026-03-02"}
    assert [row[3] for row in _ask(news, "by_date", **values)] == ["https://first.example/1"]
    assert _ask(news, "per_month") == [("first", None, 1), ("first", "2026-03", 1), ("second", "2026-03", 1)]


def test_stories_and_who_carried_them_first(news: Any) -> None:
    url = "https://first.example/1"
    assert _ask(news, "most_reposted") == [(2, 2, 1, "2026-03-01T00:00:00+00:00", "first", "Schools", url)]
    assert [row[1] for row in _ask(news, "carried_first", article=2)] == ["first", "second"]
    assert [row[:2] for row in _ask(news, "similar")] == [(1.0, 1.0)]


def test_what_changed_after_publication(news: Any) -> None:
    assert [row[1:4] for row in _ask(news, "changed")] == [
        ("first", "A title", "@@ -2 +2 @@\n-A short note.\n+A shorter note.")
    ]


def test_absence_is_told_from_refusal(news: Any) -> None:
    gaps = _ask(news, "coverage_gaps", **{"from": "2026-03-01", "until": "2026-03-04"})
    assert [(source, day[-2:], verdict) for source, day, verdict, *_ in gaps] == [
        ("first", "02", "not_looked"),
        ("first", "04", "nothing_new"),
        ("second", "01", "not_looked"),
        ("second", "03", "not_looked"),
        ("second", "04", "not_looked"),
        ("third", "01", "blocked"),
        ("third", "02", "failed"),
        ("third", "03", "nothing_new"),
        ("third", "04", "not_looked"),
    ]


@pytest.mark.parametrize(
    ("state", "detail", "verdict"),
    [
        ("failed", "forbidden: https://new.example/feed (HTTP 403)", "blocked"),
        ("failed", "timeout: https://new.example/a; robots_disallowed: https://new.example/b", "blocked"),
        ("failed", "blocked: https://new.example/feed (a challenge page)", "blocked"),
        ("failed", "connection_error: https://new.example/feed (refused)", "failed"),
        ("failed", "robots_unreachable: https://new.example/feed (robots.txt: HTTP 500)", "failed"),
        ("completed", "server_error: https://new.example/feed (HTTP 500)", "failed"),
        ("completed", "lists nothing: https://new.example/feed", "empty"),
        ("completed", "budget_stop: https://new.example/sitemap9.xml", "empty"),
    ],
)
def test_a_day_without_news_says_why(press: Any, state: str, detail: str, verdict: str) -> None:
    press.load(source="new", state=state, detail=detail)
    press.load(press.page("https://new.example/1"), source="new", ended=DAY.format(2))
    press.load(source="new", ended=DAY.format(3), started=DAY.format(3))
    assert press.rows("SELECT day, verdict FROM coverage ORDER BY day") == [
        ("2026-03-01", verdict),
        ("2026-03-02", "news"),
        ("2026-03-03", "nothing_new"),
    ]


def test_provenance_and_rejects(news: Any) -> None:
    [row] = _ask(news, "provenance", article=1)
    assert (row[4], row[5], row[20], row[21]) == ("First", "Hill Agency", "run-001", "0.1.0")
    assert [row[:3] for row in _ask(news, "rejects")] == [("soft_404", "second", 1)]


def test_money_is_counted_once_and_by_the_role_that_a_copy_tells(news: Any) -> None:
    assert _ask(news, "aid_money") == [
        ("Bozhou", "5000000", "", "CNY", "", "5 million yuan", "Schools", "2026-03-01T00:00:00+00:00")
    ]
    assert news.rows("SELECT role, article, articles FROM amounts_by_story") == [("aid", 2, 2)]
    assert _ask(news, "pairs") == [("Hubei", "Bozhou", "2026-03", 2, 1)]


def _gifts(text: str, *gifts: tuple[str, str, str]) -> tuple[Fact, ...]:
    """One amount of aid, given as (value, donor, recipient), for each word of ``text``."""
    words = text.split()
    return tuple(
        Fact("money", text.index(word), text.index(word) + len(word), word, value, currency="CNY",
             role="aid", donor=donor, recipient=recipient)
        for word, (value, donor, recipient) in zip(words, gifts, strict=True)
    )  # fmt: skip


def _told(press: Any, *articles: list[tuple[str, str, str]]) -> list[tuple[Any, ...]]:
    """What one story of these articles, each by an outlet of its own, gives in the view."""
    for number, gifts in enumerate(articles):
        text = " ".join(f"word{place}" for place in range(len(gifts)))
        page = press.page(f"https://o{number}.example/1", text=text, facts=_gifts(text, *gifts))
        press.load(page, source=f"outlet{number}")
    press.db.execute("UPDATE articles SET story = 1")
    told: list[tuple[Any, ...]] = press.rows(
        "SELECT donor, recipient, amount, articles FROM amounts_by_story ORDER BY donor, recipient, amount"
    )
    return told


SUM = "2000000"


def test_equal_gifts_of_two_donors_or_for_two_recipients_are_two(press: Any) -> None:
    gifts = [(SUM, "上海市", "喀什"), (SUM, "浙江省", "喀什"), (SUM, "浙江省", "和田")]
    assert _told(press, gifts, gifts) == [
        ("上海市", "喀什", 2000000.0, 2),
        ("浙江省", "和田", 2000000.0, 2),
        ("浙江省", "喀什", 2000000.0, 2),
    ]


def test_a_gift_told_in_part_is_the_one_that_another_outlet_tells_whole(press: Any) -> None:
    assert _told(press, [(SUM, "", "")], [(SUM, "上海市", "新疆")], [(SUM, "上海市", "")]) == [
        ("上海市", "新疆", 2000000.0, 3)
    ]


def test_among_several_equal_gifts_a_part_joins_the_one_it_fits(press: Any) -> None:
    whole = [(SUM, "上海市", "喀什"), (SUM, "浙江省", "和田")]
    parts = [(SUM, "上海", ""), (SUM, "", "和田")]
    assert [row[::3] for row in _told(press, whole, parts)] == [("上海市", 2), ("浙江省", 2)]


def test_amounts_are_compared_and_sorted_as_numbers(press: Any) -> None:
    _told(press, [("9000000", "A", "B"), ("50000000.5", "A", "B"), ("", "A", "B")])
    assert [row[0] for row in _ask(press, "large_amounts", currency="CNY", least="10000000")] == [50000000.5]
    assert [row[0] for row in _ask(press, "large_amounts", currency="CNY", least=1)] == [
        50000000.5,
        9000000.0,
    ]
    assert press.rows("SELECT amount, amount_max FROM facts WHERE value = ''") == [(None, None)]


@pytest.mark.parametrize(
    "name",
    sorted(set(STATEMENTS) - {"search", "aid_money", "large_amounts", "pairs", "rejects", "per_month"}),
)
def test_no_question_reads_all_articles(name: str, news: Any) -> None:
    words = set(re.findall(r"(?<=:)\w+", STATEMENTS[name]))
    cursor = news.db.execute(f"EXPLAIN QUERY PLAN {STATEMENTS[name]}", dict.fromkeys(words, "1"))
    texts = [detail for *_, detail in cursor]
    assert [line for line in texts if re.match(r"SCAN (a|p|v|articles|pages)\b(?!.*INDEX)", line)] == []
