"""How well aid relevance and facts are found, and what they cost.

    .venv/bin/python -m benchmarks.aid [--misses]

``aid_texts`` says what the texts are. The rules were tuned on the texts that are not ``held``, the
wording was learnt from them; the three rounds and the ``lesson`` texts are all tuned on. docs/aid.md
has what came of each batch when it was first judged. Sentences of ``tests/aid/sentences.jsonl`` were
tuned on, those of ``aid/sentences_held.jsonl`` were not.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.aid_facts import articles_table, facts_table, seed_page, sides_table
from benchmarks.aid_texts import (
    HERE,
    ROOT,
    SHARED,
    demo_texts,
    headlines,
    real_texts,
    second_reading,
    wilson,
    written_texts,
)
from extraction.aid.facts import find_facts
from extraction.aid.relevance import RULES, judge

if TYPE_CHECKING:
    from benchmarks.aid_texts import Labelled

REPEATS = 5


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


def categories_table(texts: list[Labelled]) -> None:
    """Of the aid news that is found: is its first category the one that the writer gave it?"""
    print("\nCategory of aid news: the first one right, among those named")
    for language in ("zh", "en"):
        asked = [t for t in texts if t.category and t.language == language and t.group.endswith("held")]
        named = [(judge(t.title, t.text, t.language).categories, t.category) for t in asked]
        first = sum(kinds[:1] == (category,) for kinds, category in named)
        among = sum(category in kinds for kinds, category in named)
        print(f"held, {language}{len(asked):6}  {wilson(first, len(asked)):24}{wilson(among, len(asked))}")


def cost(texts: list[Labelled]) -> None:
    core = f"this core does {_speed():.0f} million additions a second in Python"
    print(f"\nCPU per 1,000 characters, warm, best of {REPEATS}; {core}")
    for language in ("zh", "en"):
        chosen = [item for item in texts if item.language == language and item.text]
        characters = sum(len(item.title) + len(item.text) for item in chosen)
        if not characters:
            continue
        judged = facts = math.inf
        for _ in range(REPEATS):
            start = time.process_time()
            verdicts = [judge(item.title, item.text, item.language).verdict for item in chosen]
            middle = time.process_time()
            for item, verdict in zip(chosen, verdicts, strict=True):
                find_facts(item.text, item.language, aid_news=verdict == "aid")
            judged = min(judged, (middle - start) * 1e6 / characters)
            facts = min(facts, (time.process_time() - middle) * 1e6 / characters)
        total = f"judge {judged:.2f} ms, facts {facts:.2f} ms, together {judged + facts:.2f} ms"
        print(f"{language}: {total} ({characters:,} characters)")


def _speed() -> float:
    """Million additions a second in a plain loop: cores differ, and so does what else runs on them."""
    start, total = time.process_time(), 0
    for number in range(5_000_000):
        total += number
    return 5 / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description="Quality and cost of aid relevance and facts")
    parser.add_argument("--misses", action="store_true", help="print what was judged or read wrongly")
    options = parser.parse_args()
    if not SHARED.is_dir():
        print("../shared is not here: real texts, headlines and the seed page are left out")
    texts = [*real_texts(), *written_texts(), *demo_texts(), *headlines()]
    relevance_table(texts, misses=options.misses)
    agreed, read = second_reading()
    print(f"a second reader of {read} held texts agreed with {agreed} labels")
    categories_table(texts)
    facts_table(ROOT / "tests" / "aid" / "sentences.jsonl", misses=options.misses)
    facts_table(HERE / "sentences_held.jsonl", misses=options.misses)
    articles_table()
    sides_table()
    seed_page()
    cost(texts)


if __name__ == "__main__":
    main()
