"""The labelled texts from which aid relevance and facts are learnt and measured.

Real texts are those of ../shared/pages, labelled by address in ``aid/labels.csv``; all others are
invented, since the real ones hold few pieces of aid news. ``aid/written.jsonl`` has texts of several
batches, ``aid/retold.jsonl`` and ``aid/unseen.jsonl`` texts told after the build of real articles, by four
writers each, all held, ``aid/lessons.jsonl`` texts that everything may learn from. A text of the other
batches is ``held`` where the SHA-256 of its address is odd. ``aid/facts.jsonl`` says of texts what they
state, ``aid/sides.jsonl`` of some whose money it is and for whom, ``aid/second_reading.csv`` how a second
reader, who saw no label, labelled the held ones.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "aid"
SHARED = ROOT.parent / "shared"
SETS = ("daniel-zh", "gne", "daniel-en", "scrapinghub", "fundus", "daniel-ru")
WRITTEN = ("written", "lessons", "retold", "unseen")
BATCHES = ("fresh", "more", "late", "lesson", "retold", "unseen")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its label; ``group`` is the row of the table it counts in, ``category`` is empty where
    it was not asked for."""

    address: str
    group: str
    language: str
    title: str
    text: str
    aid: bool
    category: str = ""


def half(address: str) -> str:
    """``held`` or ``tuned``, by the hash of the address."""
    return "held" if int(hashlib.sha256(address.encode()).hexdigest(), 16) % 2 else "tuned"


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text("utf-8").split("\n") if path.is_file() else []
    return [json.loads(line) for line in lines if line]


def real_texts() -> Iterator[Labelled]:
    with (HERE / "labels.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["address"]: row["aid"] == "1" for row in csv.DictReader(file)}
    for name in SETS:
        for page in read_jsonl(SHARED / "pages" / name / "gold.jsonl"):
            if page["url"] not in labels:
                continue
            title, text = page.get("title") or "", page["text"].strip()
            if not title and name.startswith("daniel"):
                title, _, text = text.partition("\n")
            yield Labelled(
                page["url"], f"real, {half(page['url'])}", page["lang"], title.strip(), text.strip(),
                labels[page["url"]],
            )  # fmt: skip


def written_texts() -> Iterator[Labelled]:
    for row in chain.from_iterable(read_jsonl(HERE / f"{name}.jsonl") for name in WRITTEN):
        batch = row["address"].partition(":")[0]
        split = "tuned" if batch.startswith(("round", "lesson")) else half(row["address"])
        if batch in ("retold", "unseen"):
            split = "held"
        kinds = {"written": "written", **{name: f"{name} {row.get('kind')}" for name in BATCHES}}
        part = kinds.get(batch, f"written, {batch}")
        group = f"{part}, {split}"
        yield Labelled(
            row["address"], group, row["language"], row["title"], row["text"], bool(row["aid"]),
            row.get("category", "") if row["aid"] else "",
        )  # fmt: skip


def labelled_facts() -> Iterator[tuple[Labelled, dict[str, Any]]]:
    """Written texts with what they say: ``money`` as [start, end, role], ``pairs`` of codes, ``sectors``."""
    labels = {row["address"]: row for row in read_jsonl(HERE / "facts.jsonl")}
    for item in written_texts():
        if item.address in labels:
            yield item, labels[item.address]


def labelled_sides() -> Iterator[tuple[Labelled, dict[tuple[int, int], tuple[str, str]]]]:
    """Written texts with the codes of donor and recipient ("" for none) of every amount of aid, by place."""
    labels = {row["address"]: row["sides"] for row in read_jsonl(HERE / "sides.jsonl")}
    for item in written_texts():
        if item.address in labels:
            yield (
                item,
                {(start, end): (donor, for_whom) for start, end, donor, for_whom in labels[item.address]},
            )


def second_reading() -> tuple[int, int]:
    """On how many of how many held texts the second reader has the label of the first."""
    with (HERE / "second_reading.csv").open(encoding="utf-8", newline="") as file:
        again = {row["address"]: row["aid"] == "1" for row in csv.DictReader(file)}
    both = [item for item in written_texts() if item.address in again]
    return sum(again[item.address] == item.aid for item in both), len(both)


def demo_texts() -> Iterator[Labelled]:
    path = ROOT / "flows" / "demo_site" / "expected.json"
    for page in json.loads(path.read_text("utf-8")) if path.is_file() else ():
        if page.get("text"):
            language = page.get("language", "")
            aid = page["outcome"] != "off_topic"
            yield Labelled(page["path"], "demo site", language, page["title"], page["text"], aid)


def headlines() -> Iterator[Labelled]:
    path = SHARED / "domain" / "trap_headlines.csv"
    for row in csv.DictReader(path.read_text("utf-8").splitlines()) if path.is_file() else ():
        yield Labelled(row["headline"], "headlines", row["lang"], row["headline"], "", row["label"] == "1")


def wilson(hits: int, total: int) -> str:
    """A share with its 95 % Wilson score interval, as text."""
    if not total:
        return "–"
    z, share = 1.96, hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    spread = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return f"{share:.3f} [{max(0.0, middle - spread):.3f}, {min(1.0, middle + spread):.3f}]"
