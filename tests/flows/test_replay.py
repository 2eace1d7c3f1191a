"""Whole runs over saved pages of eight real sites, replayed under their own addresses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from storage.models import OUTCOMES
from tests.flows.asking import rows
from tests.flows.replaying import SHARED, Replay, write_replay_sources

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Aidwire = Callable[..., subprocess.CompletedProcess[str]]

HOSTS = 8


@pytest.fixture
def hosts(replay: Replay) -> dict[str, int]:
    """The hosts with most pages."""
    return dict(sorted(replay.hosts.items(), key=lambda host: -host[1])[:HOSTS])


def test_every_page_ends_in_one_outcome_and_a_second_run_fetches_none(
    aidwire: Aidwire, replay: Replay, hosts: dict[str, int], tmp_path: Path
) -> None:
    ids = write_replay_sources(tmp_path / "sources", list(hosts))
    first = aidwire("crawl", "--json", http_proxy=replay.proxy)
    assert first.returncode == 0, first.stderr
    reports = {report["source"]: report for report in json.loads(first.stdout)}
    expected = {ids[host]: (pages, pages, "completed") for host, pages in hosts.items()}
    assert {
        source: (report["discovered"], report["fetched"], report["state"])
        for source, report in reports.items()
    } == expected

    database = tmp_path / "data" / "aid.db"
    outcomes = rows(
        database, "SELECT source, count(*), count(outcome), count(DISTINCT url_key) FROM pages GROUP BY 1"
    )
    assert sorted(outcomes) == sorted((ids[host], pages, pages, pages) for host, pages in hosts.items())
    assert {row[0] for row in rows(database, "SELECT DISTINCT outcome FROM pages")} <= set(OUTCOMES)
    assert "invariants hold" in aidwire("status").stdout

    ledger = "SELECT url, outcome, article FROM pages ORDER BY url"
    articles = "SELECT id, url, content_hash, version, story FROM articles ORDER BY id"
    before = rows(database, ledger), rows(database, articles)
    second = aidwire("crawl", "--json", http_proxy=replay.proxy)
    assert {(r["fetched"], r["discovered"], r["new"]) for r in json.loads(second.stdout)} == {(0, 0, 0)}
    assert (rows(database, ledger), rows(database, articles)) == before


def test_a_revisit_of_unchanged_pages_changes_nothing(
    aidwire: Aidwire, replay: Replay, hosts: dict[str, int], tmp_path: Path
) -> None:
    [host, *_] = hosts
    write_replay_sources(tmp_path / "sources", [host])
    source = tmp_path / "sources" / f"{host.replace('.', '_')}.toml"
    source.write_text(source.read_text() + "[relevance]\nalways = true\n")
    aidwire("crawl", http_proxy=replay.proxy)
    [first] = rows(tmp_path / "data" / "aid.db", "SELECT count(*), sum(version) FROM articles")
    [report] = json.loads(aidwire("crawl", "--revisit", "--json", http_proxy=replay.proxy).stdout)
    assert (report["fetched"], report["unchanged"], report["updated"]) == (first[0], first[0], 0)
    assert rows(tmp_path / "data" / "aid.db", "SELECT count(*), sum(version) FROM articles") == [first]


def test_the_limit_leaves_the_rest_for_the_next_run(
    aidwire: Aidwire, replay: Replay, hosts: dict[str, int], tmp_path: Path
) -> None:
    *_, host = hosts
    write_replay_sources(tmp_path / "sources", [host])
    reports = [
        json.loads(aidwire("crawl", "--limit", "6", "--json", http_proxy=replay.proxy).stdout)[0]
        for _ in range(hosts[host] // 6 + 2)
    ]
    fetched = [report["fetched"] for report in reports]
    assert fetched == [6] * (hosts[host] // 6) + [hosts[host] % 6, 0]
    left = [hosts[host] - sum(fetched[: n + 1]) for n in range(len(fetched))]
    assert [report["pending"] for report in reports] == left


def test_a_manifest_of_real_pages(aidwire: Aidwire, tmp_path: Path) -> None:
    gold = SHARED / "pages" / "gne" / "gold.jsonl"
    if not gold.exists():
        pytest.skip("the saved pages (../shared/pages) are not on this machine")
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text(
        "\n".join(json.dumps({"file": str(gold.parent / row["file"]), "url": row["url"]}) for row in rows)
    )
    done = aidwire("extract", "--manifest", manifest)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["url"] for row in found] == [row["url"] for row in rows]
    assert sum(row["outcome"] == "article" for row in found) >= 0.9 * len(rows)
