"""``try``, ``check`` and ``add`` on the demo site: looking without writing, and a new source."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from flows.demo_site.server import DemoSite

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Aidwire = Callable[..., subprocess.CompletedProcess[str]]

STORY = "/yuanjiang/2026-08-31/detail-ihfxkqa2208311.shtml"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[DemoSite]:
    with DemoSite() as site:
        site.write_sources(tmp_path / "sources")
        yield site


def test_try_shows_everything_and_writes_nothing(aidwire: Aidwire, site: DemoSite, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = aidwire("try", site.origins["xj"] + STORY, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["source"], told["robots"], told["status"], told["outcome"], told["encoding"]) == (
        "demo_xj",
        "allowed",
        200,
        "article",
        "utf-8",
    )
    assert told["article"]["published_at"] == "2026-08-31T12:25:20+08:00"
    assert told["relevance"]["verdict"] == "aid"
    assert ("2600万元", "aid") in {(fact["text"], fact["role"]) for fact in told["facts"]}
    assert {line["rule"] for line in told["article"]["removed"]} >= {"origin"}
    assert sorted(tmp_path.rglob("*")) == before
    plain = aidwire("try", site.origins["xj"] + STORY).stdout
    assert "2600万元援疆资金" in plain


def test_try_says_why_an_address_gives_no_article(aidwire: Aidwire, site: DemoSite) -> None:
    def outcome(url: str, *options: str) -> tuple[int, str]:
        done = aidwire("try", url, "--json", *options)
        return done.returncode, json.loads(done.stdout)["outcome"]

    assert outcome(site.origins["xj"] + "/ghost") == (1, "not_found")
    # No source file covers it there, so loopback is refused; unless it is allowed by name.
    elsewhere = site.origins["xj"] + STORY
    assert outcome(elsewhere, "--sources", "none") == (1, "bad_url")
    place = site.origins["xj"].removeprefix("http://")
    assert outcome(elsewhere, "--sources", "none", "--allow-private", place) == (0, "article")


def test_check_says_how_a_source_is(aidwire: Aidwire, site: DemoSite, tmp_path: Path) -> None:
    done = aidwire("check", "demo_xj", "demo_donor", "--json")
    assert done.returncode == 0, done.stdout
    xj, donor = json.loads(done.stdout)
    assert [(c["source"], c["health"]) for c in (xj, donor)] == [("demo_xj", "ok"), ("demo_donor", "ok")]
    assert {index["robots"] for index in xj["indexes"]} == {"allowed"}
    assert xj["newest"] == "2026-11-05T10:02:33+08:00"
    assert xj["filled"]["title"] == xj["articles"] > 0

    frozen = tmp_path / "sources" / "demo_xj.toml"
    frozen.write_text(frozen.read_text().replace("P520W", "PT1M"))
    assert aidwire("check", "demo_xj").stdout.startswith("demo_xj: silent: the newest item is")
    feedless = tmp_path / "sources" / "demo_relief.toml"
    feedless.write_text(feedless.read_text().replace("/feed/", "/no-feed/"))
    done = aidwire("check", "demo_relief")
    assert (done.returncode, done.stdout.startswith("demo_relief: failed: not_found")) == (1, True)


def test_add_drafts_a_source_that_works_once_reviewed(
    aidwire: Aidwire, site: DemoSite, tmp_path: Path
) -> None:
    place = site.origins["xj"].removeprefix("http://")
    options = ("--sources", "mine", "--id", "camel", "--allow-private", place)
    done = aidwire("add", f"{site.origins['xj']}/dizhou/", *options)
    assert done.returncode == 0, done.stderr
    source = tmp_path / "mine" / "camel.toml"
    assert tomllib.loads(source.read_text())["discover"]["lists"][0]["links"]
    assert "enabled = false" in source.read_text()
    again = aidwire("add", f"{site.origins['xj']}/dizhou/", *options)
    assert (again.returncode, "exists; choose another name" in again.stderr) == (2, True)

    # Not trusted before a person has read what it extracts, nor after the page gives something else.
    source.write_text(source.read_text() + 'delay = 0.0\n\n[health]\nnewest_within = "P520W"\n')
    assert "is not reviewed" in aidwire("check", "camel", "--sources", "mine").stdout
    record = tmp_path / "mine" / "snapshots" / "camel.json"
    record.write_text(record.read_text().replace('"reviewed": false', '"reviewed": true'))
    assert aidwire("check", "camel", "--sources", "mine").returncode == 0
    record.write_text(record.read_text().replace('"title": "', '"title": "另'))
    assert "camel: drift" in aidwire("check", "camel", "--sources", "mine").stdout


def test_add_says_what_it_tried(aidwire: Aidwire, site: DemoSite, tmp_path: Path) -> None:
    place = site.origins["xj"].removeprefix("http://")
    done = aidwire("add", site.origins["xj"] + STORY, "--sources", "mine", "--allow-private", place)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "tried" in done.stderr
    assert not (tmp_path / "mine").exists()
