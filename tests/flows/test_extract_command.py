"""``aidwire extract`` from outside."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Aidwire = Callable[..., subprocess.CompletedProcess[str]]

STORIES = (
    "The ministry sent forty tents and two water trucks to the flooded district of Marrow on Monday.",
    "Doctors from the port city opened a field clinic in the hill villages after the earthquake.",
    "A relief fund of three million was agreed for farmers whose stores were lost in the storm.",
    "Volunteers rebuilt the school at Low Ford with timber that was given by the neighbouring county.",
)
NOTICE = "Readers can send letters about our coverage to the desk in Harbour Street number nine."


def page(story: str) -> bytes:
    paragraphs = "".join(f"<p>{story} Part {part} of the report says more about it.</p>" for part in range(4))
    return (
        f"<html><head><title>{story[:40]}</title></head><body><article><h1>{story[:40]}</h1>"
        f"{paragraphs}<p>{NOTICE}</p></article></body></html>"
    ).encode()


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    files = [tmp_path / f"{number}.html" for number in range(len(STORIES))]
    for file, story in zip(files, STORIES, strict=True):
        file.write_bytes(page(story))
    return files


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_files_come_out_in_order_with_every_field(aidwire: Aidwire, pages: list[Path]) -> None:
    found = rows(aidwire("extract", *pages))
    assert [str(row["title"]) for row in found] == [story[:40] for story in STORIES]
    assert {
        "url",
        "outcome",
        "title",
        "text",
        "language",
        "published_at",
        "published_precision",
        "published_from",
        "byline",
        "origin",
        "editor",
        "rights",
        "description",
        "method",
        "removed",
    } <= set(found[0])


def test_standard_input_and_gzip(aidwire: Aidwire, pages: list[Path]) -> None:
    raw = pages[0].read_bytes()
    [plain] = rows(aidwire("extract", "-", "--url", "https://news.example/0", stdin=raw))
    [packed] = rows(aidwire("extract", "-", "--url", "https://news.example/0", stdin=gzip.compress(raw)))
    assert plain == packed
    assert (plain["url"], plain["outcome"]) == ("https://news.example/0", "article")


def test_a_manifest_takes_out_lines_that_repeat_across_a_site(
    aidwire: Aidwire, pages: list[Path], tmp_path: Path
) -> None:
    manifest = tmp_path / "pages.jsonl"
    lines = [{"file": file.name, "url": f"https://news.example/{file.stem}"} for file in pages]
    manifest.write_text("\n".join(json.dumps(line) for line in lines))
    assert NOTICE in str(rows(aidwire("extract", pages[0]))[0]["text"])
    for row in rows(aidwire("extract", "--manifest", manifest)):
        assert NOTICE not in str(row["text"])
        assert {"line": NOTICE, "rule": "site_line"} in row["removed"]  # type: ignore[operator]


def test_what_is_no_article_says_why(aidwire: Aidwire, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "image.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    found = rows(aidwire("extract", "empty.html", "image.html"))
    assert [row["outcome"] for row in found] == ["empty", "not_text"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.html"], "none.html: no such file"),
        (["."], ".: is a folder, name the files in it"),
        ([], "name FILEs"),
        (["--manifest", "none.jsonl"], "none.jsonl: cannot be read"),
        (["0.html", "1.html", "--url", "https://news.example/"], "--url goes with exactly one FILE"),
        (["--manifest", "0.html"], "0.html, line 1: not an object like"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(
    aidwire: Aidwire, pages: list[Path], arguments: list[str], message: str
) -> None:
    done = aidwire("extract", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
