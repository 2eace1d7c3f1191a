"""Invented articles of any number, with the character statistics of real Chinese news.

A Markov chain over neighbouring characters gives texts that share no long passage by chance, as real
articles do not, with the pairs of characters (and so the search index) of real ones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storage.batches import Batch
from storage.models import Article, Fact, Match, PageRecord, Relevance, RemovedLine, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

PAGES = Path(__file__).resolve().parents[2] / "shared" / "pages"
LENGTH = 1700  # characters, 5 KB in UTF-8
PER_BATCH = 1000
SOURCES = 50
_ENDS = ("off_topic", "no_text", "timeout", "blocked", None)
_WORDS = "援助物资医疗队抵达灾区帐篷棉被发放学校医院建设项目资金投入万元群众就业培训产业园区"


def real_texts(*sets: str) -> list[str]:
    """The gold texts of the open sets named; empty where they are absent."""
    files = [PAGES / name / "gold.jsonl" for name in sets]
    return [
        json.loads(line)["text"]
        for file in files
        if file.exists()
        for line in file.read_text("utf-8").split("\n")
        if line
    ]


class Chain:
    """A first-order Markov chain over the characters of real texts (of a few words without them)."""

    def __init__(self) -> None:
        text = "\n".join(real_texts("daniel-zh", "gne")).replace(" ", "") or _WORDS * 50
        self._codes, states = np.unique(np.array(list(text)), return_inverse=True)
        order = np.argsort(states[:-1], kind="stable")
        self._followers = states[1:][order]
        self._starts = np.searchsorted(states[:-1][order], np.arange(len(self._codes) + 1))
        self._random = np.random.default_rng(20260301)

    def texts(self, count: int) -> list[str]:
        """So many new texts of LENGTH characters."""
        state = self._followers[self._random.integers(0, len(self._followers), count)]
        drawn = np.empty((LENGTH, count), dtype=np.int64)
        for step in range(LENGTH):
            drawn[step] = state
            first, after = self._starts[state], self._starts[state + 1]
            place = first + (self._random.random(count) * (after - first)).astype(np.int64)
            state = self._followers[np.minimum(place, len(self._followers) - 1)]
        return ["".join(row) for row in self._codes[drawn.T]]

    def numbers(self, high: int, count: int) -> NDArray[np.int64]:
        """Random whole numbers below ``high``."""
        return self._random.integers(0, high, count)


def batches(articles: int) -> Iterator[Batch]:
    """Batches of PER_BATCH records: 70 % new articles, 15 % reposts with another head and foot, 4 %
    corrected, 3 % unchanged, 3 % further addresses of articles of that batch, 5 % rejects and failures."""
    chain = Chain()
    for number in range(articles // PER_BATCH):
        texts, kinds = chain.texts(PER_BATCH), chain.numbers(100, PER_BATCH)
        yield batch_of(number, _records(number, texts, [int(kind) for kind in kinds]))


def batch_of(number: int, records: Sequence[PageRecord]) -> Batch:
    """A batch of one of SOURCES outlets in turn."""
    source, now = f"outlet-{number % SOURCES:02}", f"{_day(number)}T12:00:00+00:00"
    run = Run(
        id=f"run-{number:06}", source=source, started=now, ended=now, state="completed",
        discovered=len(records), fetched=len(records), code_version="0", extractor_version="0",
    )  # fmt: skip
    facts: dict[str, str | int | bool] = {
        "id": source, "name": source, "homepage": f"https://{source}.example/", "language": "zh",
        "country": "CN", "timezone": "Asia/Shanghai", "licence": "", "store_full_text": True,
        "enabled": True, "newest_within": "P3D",
    }  # fmt: skip
    return Batch(f"{number:06}", run, facts, tuple(records))


def record_of(
    url: str, text: str, *, title: str = "", canonical: str = "", day: str = "2026-03-01", hour: int = 12
) -> PageRecord:
    """A page with an article, five facts, five removed lines and ten matched terms."""
    matches = tuple(Match("援助", "humanitarian", "text", i, i + 2, 2.0) for i in range(10))
    article = Article(
        url=url, title=title or text[:20], text=text, language="zh", canonical=canonical,
        origin="天山通讯社", published_at=f"{day}T08:00:00+08:00", published_precision="minute",
        published_from="hidden_input", method="bench",
        removed=tuple(RemovedLine(f"分享到 {i}", "share_bar") for i in range(5)),
    )  # fmt: skip
    return PageRecord(
        url=url, outcome="article", first_seen=f"{day}T11:00:00+00:00", stage="judge", status=200,
        last_fetched=f"{day}T{hour:02}:00:00+00:00", article=article,
        relevance=Relevance(12.0, "aid", ("humanitarian",), matches, "aid-1"),
        facts=tuple(Fact("money", i, i + 4, text[i : i + 4], "1000", role="aid") for i in range(0, 50, 10)),
    )  # fmt: skip


def _day(number: int) -> str:
    return f"{2010 + number % 16}-{1 + number // 16 % 12:02}-{1 + number // 192 % 28:02}"


def _records(number: int, texts: list[str], kinds: list[int]) -> list[PageRecord]:
    day, records = _day(number), list[PageRecord]()
    for place, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
        url = f"https://outlet-{number % SOURCES:02}.example/{day}/{number}-{place}.html"
        earlier = records[place - 1 - kind % min(place, 50)].article if place else None
        if kind < len(_ENDS):
            records.append(PageRecord(url=url, outcome=_ENDS[kind], first_seen=f"{day}T11:00:00+00:00"))
        elif earlier is None or kind < 75:
            records.append(record_of(url, text, day=day))
        else:
            records.append(_again(earlier, url, place, kind, day))
    return records


def _again(earlier: Article, url: str, place: int, kind: int, day: str) -> PageRecord:
    """An article that has to do with an earlier one of its batch."""
    text = earlier.text
    if kind < 90:
        return record_of(url, f"据本报消息 {place}\n{text[: LENGTH - 100]}\n记者第{place}次报道", day=day)
    if kind < 97:
        text = text.replace("\n", f"\n更正第{place}次。", 1) if kind < 94 else text
        return record_of(earlier.url, text, title=earlier.title, day=day, hour=13)
    return record_of(url, text, title=earlier.title, canonical=earlier.canonical or earlier.url, day=day)
