"""How well aid relevance and facts are found, and what they cost.

    .venv/bin/python -m benchmarks.aid [--misses]

Real texts are those of ../shared/pages, labelled by address in ``aid/labels.csv``; written texts
(``aid/written.jsonl``) are invented, since the real ones hold few pieces of aid news. A text is
``held`` where the SHA-256 of its address is odd; the rules were tuned on the others only. The three
rounds were written after the rules of the day and tuned on afterwards; docs/aid.md has their first
results. The demo site's pages and the ``fresh``, ``more``, ``late`` and ``lesson`` texts were written
independently; every ``lesson`` text is tuned on. Sentences of ``tests/aid/sentences.jsonl`` were tuned
on, those of ``aid/sentences_held.jsonl`` were not.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import time
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extraction.aid.facts import FACT_RULES, find_facts
from extraction.aid.relevance import RULES, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.models import Fact

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "aid"
SHARED = ROOT.parent / "shared"
SETS = ("daniel-zh", "gne", "daniel-en", "scrapinghub", "fundus", "daniel-ru")
KINDS = {
    "money, no role": ("text", "value", "value_max", "currency", "qualifier"),
    "money": ("text", "value", "value_max", "currency", "qualifier", "role"),
    "counts": ("value", "value_max", "unit", "qualifier"),
    "places": ("text", "code"),
    "pairs": ("donor", "recipient"),
}
WRITTEN = ("written", "lessons", "retold")
BATCHES = ("fresh", "more", "late", "lesson", "retold")
REPEATS = 5


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
        if batch == "retold":
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


def relevance_table(texts: list[Labelled], *, misses: bool) -> None:
    print(f"\nRelevance, rules {RULES}: verdict `aid` against the label")
    print(f"{'':32}{'TP':>5}{'FN':>5}{'FP':>5}{'TN':>6}{'maybe':>7}  {'precision':<24}{'recall':<24}")
    tables: dict[str, Counter[str]] = {}
    for item in texts:
        verdict = judge(item.title, item.text, item.language).verdict
        cell = {(True, True): "TP", (True, False): "FN", (False, True): "FP", (False, False): "TN"}[
            item.aid, verdict == "aid"
        ]
        both = [item.group, *([f"held, {item.language}"] if "held" in item.group else [])]
        both += ["held, all"] if "held" in item.group else []
        for group in both:
            tables.setdefault(group, Counter()).update([cell, *([verdict] if verdict == "maybe" else [])])
        if misses and cell in ("FN", "FP"):
            print(f"  {cell} {item.group}: {item.title[:60] or item.text[:60]} ({item.address[-60:]})")
    for group in sorted(tables):
        t = tables[group]
        precision, recall = wilson(t["TP"], t["TP"] + t["FP"]), wilson(t["TP"], t["TP"] + t["FN"])
        counts = f"{t['TP']:>5}{t['FN']:>5}{t['FP']:>5}{t['TN']:>6}{t['maybe']:>7}"
        print(f"{group:32}{counts}  {precision:<24}{recall:<24}")


def facts_table(path: Path, *, misses: bool) -> None:
    sentences = read_jsonl(path)
    print(f"\nFacts, rules {FACT_RULES}: {path.relative_to(ROOT)}, {len(sentences)} sentences, whole records")
    for kind, fields in KINDS.items():
        right = wanted = found = 0
        for sentence in sentences:
            stated = sentence[kind.partition(",")[0]]
            gold = Counter(tuple(fact[field] for field in fields) for fact in stated)
            ours = Counter(_records(find_facts(sentence["text"], sentence["language"]), kind, fields))
            right, wanted, found = right + (gold & ours).total(), wanted + gold.total(), found + ours.total()
            if misses and gold != ours:
                print(f"  {sentence['id']} {kind}: missing {list(gold - ours)}, extra {list(ours - gold)}")
        print(f"{kind:15}{wanted:>5} precision {wilson(right, found):<24} recall {wilson(right, wanted):<24}")


def _records(facts: Iterable[Fact], kind: str, fields: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for fact in facts:
        if fact.kind == kind.partition(",")[0].removesuffix("s"):
            yield tuple(getattr(fact, field) for field in fields)


def seed_page() -> None:
    page, gold_file = SHARED / "seed" / "page.txt", SHARED / "seed" / "gold.json"
    if not page.is_file():
        return
    text, gold = page.read_text("utf-8"), json.loads(gold_file.read_text("utf-8"))
    facts = find_facts(text, "zh")
    money = [(f.text, f.value) for f in facts if f.kind == "money"]
    aid = [f.text for f in facts if f.kind == "money" and f.role == "aid"]
    counts = {(f.value, f.unit) for f in facts if f.kind == "count"}
    right = sum((g["text"], str(g["value"])) in money for g in gold["money"])
    counted = sum((str(g["value"]), g["unit"]) in counts for g in gold["counts"])
    pairs = sorted({f"{f.donor} → {f.recipient}" for f in facts if f.kind == "pair"})
    print(f"\nSeed page: {right} of {len(gold['money'])} amounts, {len(money) - right} false;", end=" ")
    print(f"aid: {', '.join(aid)}; {counted} of {len(gold['counts'])} counts; pairs: {', '.join(pairs)}")


def cost(texts: list[Labelled]) -> None:
    print("\nCPU per 1,000 characters, warm, best of", REPEATS)
    for language in ("zh", "en"):
        chosen = [item for item in texts if item.language == language and item.text]
        characters = sum(len(item.title) + len(item.text) for item in chosen)
        if not characters:
            continue
        judged = facts = math.inf
        for _ in range(REPEATS):
            start = time.process_time()
            for item in chosen:
                judge(item.title, item.text, item.language)
            middle = time.process_time()
            for item in chosen:
                find_facts(item.text, item.language)
            judged = min(judged, (middle - start) * 1e6 / characters)
            facts = min(facts, (time.process_time() - middle) * 1e6 / characters)
        print(
            f"{language}: judge {judged:.2f} ms, facts {facts:.2f} ms, together {judged + facts:.2f} ms",
            end="",
        )
        print(f" ({characters:,} characters)")


def main() -> None:
    parser = argparse.ArgumentParser(description="Quality and cost of aid relevance and facts")
    parser.add_argument("--misses", action="store_true", help="print what was judged or read wrongly")
    options = parser.parse_args()
    if not SHARED.is_dir():
        print("../shared is not here: real texts, headlines and the seed page are left out")
    texts = [*real_texts(), *written_texts(), *demo_texts(), *headlines()]
    relevance_table(texts, misses=options.misses)
    facts_table(ROOT / "tests" / "aid" / "sentences.jsonl", misses=options.misses)
    facts_table(HERE / "sentences_held.jsonl", misses=options.misses)
    seed_page()
    cost(texts)


if __name__ == "__main__":
    main()
