"""Batches: whole or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage import batches
from storage.models import Article, Fact, Match, PageRecord, Relevance, RemovedLine, Run

if TYPE_CHECKING:
    from pathlib import Path

RUN = Run(
    id="a1",
    source="news",
    started="2026-11-23T10:00:00+00:00",
    ended="2026-11-23T10:01:00+00:00",
    state="completed",
    discovered=2,
    fetched=1,
    code_version="0.1",
    extractor_version="1",
)
RECORDS = (
    PageRecord(
        url="https://news.example/1",
        outcome="article",
        first_seen="2026-11-23T10:00:00+00:00",
        stage="judge",
        status=200,
        article=Article(
            url="https://news.example/1",
            title="援疆",
            text="帐篷\nTents \ud800",
            keywords=("aid",),
            removed=(RemovedLine("分享到:", "share_bar"),),
            flags=("date_ambiguous",),
        ),
        relevance=Relevance(9.5, "aid", ("pairing",), (Match("援疆", "pairing", "title", 0, 2, 5.0),), "1"),
        facts=(Fact("money", 0, 2, "帐篷", value="10"),),
    ),
    PageRecord(url="https://news.example/2", outcome=None, first_seen="2026-11-23T10:00:00+00:00"),
)


def write(outbox: Path) -> str:
    return batches.write(str(outbox), 0, RUN, {"id": "news"}, RECORDS)


def test_a_batch_comes_back_equal(tmp_path: Path) -> None:
    name = write(tmp_path)
    assert batches.waiting(str(tmp_path)) == [name]
    assert batches.read(str(tmp_path), name) == batches.Batch(name, RUN, {"id": "news"}, RECORDS)
    batches.remove(str(tmp_path), name)
    assert batches.waiting(str(tmp_path)) == []


def test_an_outbox_may_be_any_file_system() -> None:
    outbox = "memory://outbox"
    name = batches.write(outbox, 3, RUN, {"id": "news"}, RECORDS)
    assert batches.waiting(outbox) == [name]
    assert batches.read(outbox, name).records == RECORDS
    assert batches.set_aside(outbox, name) == f"{name}.bad"
    assert batches.waiting(outbox) == []


def test_what_is_not_whole_does_not_wait(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl.zst.part").write_bytes(b"half")
    assert batches.waiting(str(tmp_path)) == []
    assert batches.waiting(str(tmp_path / "none")) == []


@pytest.mark.parametrize("keep", [0, 10, -1])
def test_a_cut_batch_is_refused(tmp_path: Path, keep: int) -> None:
    path = tmp_path / write(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(batches.BatchError, match=path.name):
        batches.read(str(tmp_path), path.name)


def test_an_outbox_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(batches.BatchError, match="cannot be written"):
        write(tmp_path / "file")
