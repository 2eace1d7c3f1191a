"""Load, near-duplicates, index size and the queries of docs/queries.md, all in one run.

    python -m benchmarks.storage                        # 100,000 records, a few minutes
    python -m benchmarks.storage --records 1000000      # most of an hour, 16 GB of disk

CPU time is that of this process, one core; the bars are those the project set itself.
"""

from __future__ import annotations

import argparse
import re
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import near_duplicates
from benchmarks.storage_corpus import PER_BATCH, batches
from storage.database import open_database
from storage.fingerprints import fingerprint
from storage.health import broken_invariants
from storage.load import load_batch
from storage.stories import find_similar, store_fingerprint

QUERIES = Path(__file__).resolve().parents[1] / "docs" / "queries.md"
TEN = (
    *("latest", "by_date", "per_month", "most_reposted", "carried_first", "changed", "coverage_gaps"),
    *("search", "provenance", "rejects"),
)
VALUES = {
    "source": "outlet-07",
    "language": "zh",
    "from": "2012-03-01",
    "until": "2012-04-01",
    "article": 777,
}
FIRST = 10_000


def main() -> None:
    """Run all parts and print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="keep the database here")
    options = parser.parse_args()
    print("── near-duplicates on real texts and bulletins")
    near_duplicates.measure(seed=1)
    near_duplicates.measure_index(seed=1)
    with tempfile.TemporaryDirectory() as scratch:
        path = (options.folder or Path(scratch)) / "aid.db"
        print(f"── load of {options.records:,} records of 5 KB")
        _load(path, options.records)
        _near_duplicates(path)
        _sizes(path)
        print("── ten queries, warm (bars: 50 ms at 100,000 articles, 300 ms at 1,000,000)")
        _queries(path)


def _load(path: Path, records: int) -> None:
    db = open_database(path)
    costs: list[float] = []
    for number, batch in enumerate(batches(records), 1):
        started = time.process_time()
        load_batch(db, batch)
        costs.append((time.process_time() - started) / len(batch.records))
        if number % 50 == 0:
            print(f"   {number * PER_BATCH:>9,} records, {1000 * costs[-1]:.2f} ms each", flush=True)
    first, last = _mean(costs[: FIRST // PER_BATCH]), _mean(costs[-FIRST // PER_BATCH :])
    print(f"   {1 / _mean(costs):.0f} records/s of CPU over all (bar: 400)")
    print(f"   {1000 * first:.2f} ms each in the first {FIRST:,}, {1000 * last:.2f} in the last")
    print(f"   the last cost {last / first:.2f} x the first (bar: 1.5 at 1,000,000)")
    print(f"   peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    broken = broken_invariants(db)
    db.close()
    if broken:
        sys.exit(f"invariants broken: {broken}")


def _near_duplicates(path: Path) -> None:
    """CPU of fingerprint, search for similar ones and index entry, per article, without the commit."""
    db = open_database(path)
    texts = [r.article.text for batch in batches(2 * PER_BATCH) for r in batch.records if r.article]
    highest = db.execute("SELECT max(id) FROM articles").fetchone()[0]
    started = time.process_time()
    db.execute("BEGIN IMMEDIATE")
    db.execute("PRAGMA defer_foreign_keys = ON")
    for number, text in enumerate(texts, highest + 1):
        mark = fingerprint(text[::-1])
        _, common = find_similar(db, number, mark, "")
        store_fingerprint(db, number, mark, common)
    spent = (time.process_time() - started) / len(texts)
    db.execute("ROLLBACK")
    db.close()
    print(f"   near-duplicates {1000 * spent:.2f} ms per article (bar: 1)")


def _sizes(path: Path) -> None:
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC").fetchall()
        (text,) = db.execute("SELECT sum(length(CAST(title || text AS BLOB))) FROM articles").fetchone()
    index = sum(size for name, size in rows if name.startswith("search"))
    total = sum(size for _, size in rows)
    print(
        f"   file {total / 1e6:.0f} MB, text {text / 1e6:.0f} MB, "
        f"search index {index / text:.2f} x the text (bar: 1.5)"
    )


def _queries(path: Path) -> None:
    statements = dict(re.findall(r"<!-- (\w+) -->\s*```sql\n(.*?)```", QUERIES.read_text("utf-8"), re.DOTALL))
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
    words = _frequent_word(db)
    print(f"   {articles:,} articles; the word searched for is {words}")
    for name in TEN:
        times, rows = [], []
        for _ in range(5):
            started = time.perf_counter()
            rows = db.execute(statements[name], VALUES | {"query": words}).fetchall()
            times.append(time.perf_counter() - started)
        print(f"   {name:14} {1000 * sorted(times)[2]:8.1f} ms  {len(rows):5} rows")
    db.close()


def _frequent_word(db: sqlite3.Connection) -> str:
    """A word of two characters that is in about one article in ten."""
    (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
    for word in ("援助", "中国", "教育", "医院", "学校"):
        (found,) = db.execute("SELECT count(*) FROM search WHERE search MATCH ?", [f'"{word}"']).fetchone()
        if found > articles / 20:
            return word
    return "援助"


def _mean(costs: list[float]) -> float:
    return sum(costs) / len(costs)


if __name__ == "__main__":
    main()
