"""Commands on a loaded database: export, snapshot, backup, forget, reextract, browse."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.flows.asking import rows
from tests.flows.replaying import AIDWIRE, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Aidwire = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a finished demo."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    command = [str(AIDWIRE), "demo", "--data", str(folder)]
    subprocess.run(command, env=clean_environment(), check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture
def data(demo: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return shutil.copytree(demo, tmp_path / "data")


def test_json_lines_and_csv_hold_every_article(aidwire: Aidwire, demo: Path) -> None:
    titles = [title for (title,) in rows(demo / "aid.db", "SELECT title FROM articles ORDER BY id")]
    lines = aidwire("export", "--format", "jsonl", "--data", demo).stdout.splitlines()
    assert [json.loads(line)["title"] for line in lines] == titles
    table = csv.DictReader(io.StringIO(aidwire("export", "--format", "csv", "--data", demo).stdout))
    assert [row["title"] for row in table] == titles


def test_texts_without_a_licence_are_left_out_unless_asked_for(aidwire: Aidwire, demo: Path) -> None:
    def with_text(*options: str) -> set[str]:
        done = aidwire("export", "--format", "jsonl", "--data", demo, *options)
        return {row["source"] for line in done.stdout.splitlines() if (row := json.loads(line))["text"]}

    assert with_text() == {"demo_donor"}
    assert len(with_text("--full-text")) == 7


def test_parquet_and_warc_are_written_to_a_file(aidwire: Aidwire, demo: Path, tmp_path: Path) -> None:
    for kind in ("parquet", "warc"):
        file = tmp_path / f"articles.{kind}"
        done = aidwire("export", "--format", kind, "--output", file, "--full-text", "--data", demo)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert file.stat().st_size > 1000
    open_only = aidwire("export", "--format", "warc", "--output", tmp_path / "open.warc.gz", "--data", demo)
    assert open_only.stderr.startswith("left out for their rights: 19; --full-text takes them along")
    assert "needs --output" in aidwire("export", "--format", "parquet", "--data", demo).stderr


def test_a_backup_is_the_database(aidwire: Aidwire, demo: Path, tmp_path: Path) -> None:
    done = aidwire("backup", "kept/aid.db", "--data", demo)
    assert done.returncode == 0, done.stderr
    everything = "SELECT id, content_hash, version, story FROM articles ORDER BY id"
    assert rows(tmp_path / "kept" / "aid.db", everything) == rows(demo / "aid.db", everything)


def test_a_snapshot_is_described_by_its_manifest(aidwire: Aidwire, demo: Path, tmp_path: Path) -> None:
    assert aidwire("snapshot", "release", "--data", demo).returncode == 0
    manifest = json.loads((tmp_path / "release" / "manifest.json").read_text())
    assert {path.name for path in (tmp_path / "release").iterdir()} == {*manifest["files"], "manifest.json"}
    again = aidwire("snapshot", "release", "--data", demo)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)


def test_a_forgotten_article_leaves_no_trace_and_does_not_come_back(aidwire: Aidwire, data: Path) -> None:
    [(url, source, title, text)] = rows(
        data / "aid.db", "SELECT url, source, title, text FROM articles WHERE title LIKE '%阿瓦提县母婴%'"
    )
    done = aidwire("forget", url, "--data", data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the same story stays at") == 2
    assert rows(data / "aid.db", "SELECT count(*) FROM articles WHERE title LIKE '%阿瓦提县母婴%'") == [(0,)]
    archived = (data / "archive" / f"{source}.db").read_bytes()
    assert title.encode() not in (data / "aid.db").read_bytes()
    assert [line for line in (title, *text.split("\n")) if line.encode() in archived] == []
    again = aidwire("forget", url, "--data", data)
    assert (again.returncode, "was forgotten already" in again.stderr) == (1, True)
    assert aidwire("reextract", "--data", data, "--sources", data / "sources").returncode == 0
    assert rows(data / "aid.db", "SELECT count(*) FROM articles WHERE title LIKE '%阿瓦提县母婴%'") == [(0,)]
    assert "invariants hold" in aidwire("status", "--data", data).stdout


def test_an_unknown_address_is_not_barred_and_a_bar_can_be_lifted(aidwire: Aidwire, data: Path) -> None:
    barred = "SELECT url_key FROM forgotten"
    done = aidwire("forget", "http://typo.example/1", "--data", data)
    assert (done.returncode, "nothing was deleted" in done.stderr) == (1, True)
    assert rows(data / "aid.db", barred) == []
    [(url,)] = rows(data / "aid.db", "SELECT url FROM articles WHERE title LIKE '%阿瓦提县母婴%'")
    assert aidwire("forget", url, "--data", data).returncode == 0
    assert len(rows(data / "aid.db", barred)) == 1
    assert aidwire("forget", "--undo", url, "--data", data).returncode == 0
    assert rows(data / "aid.db", barred) == []
    assert aidwire("forget", "--undo", url, "--data", data).returncode == 1


def test_reextraction_by_the_same_rules_changes_nothing(aidwire: Aidwire, data: Path) -> None:
    everything = "SELECT id, content_hash, version, relevance, published_at FROM articles ORDER BY id"
    ledger = (
        "SELECT url, iif(outcome IN ('unchanged', 'new_version'), 'article', outcome) FROM pages ORDER BY url"
    )
    before = rows(data / "aid.db", everything), rows(data / "aid.db", ledger)
    done = aidwire("reextract", "--data", data, "--sources", data / "sources", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["changed"], told["outcomes"], told["pages"] > 30) == ([], [], True)
    after = rows(data / "aid.db", everything), rows(data / "aid.db", ledger)
    assert after == before


def test_other_rules_give_a_version_with_its_cause(aidwire: Aidwire, data: Path) -> None:
    source = data / "sources" / "demo_relief.toml"
    source.write_text(source.read_text() + '\n[extract]\ncontent = "article"\ndrop = ["p:first-of-type"]\n')
    done = aidwire("reextract", "demo_relief", "--data", data, "--sources", data / "sources", "--diff")
    assert done.returncode == 0, done.stderr
    causes = rows(
        data / "aid.db",
        "SELECT DISTINCT cause FROM article_versions JOIN articles ON id = article"
        " WHERE source = 'demo_relief'",
    )
    assert causes == [("extraction",)]
    assert "\n-" in done.stdout


@pytest.fixture
def browser(demo: Path, tmp_path: Path) -> Iterator[str]:
    """The address of ``aidwire browse``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [AIDWIRE, "browse", "--data", demo, "--port", str(port)],
        env=clean_environment(),
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/aid"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urlopen(f"{address}.json", timeout=5).close()
            break
        except (URLError, OSError):
            assert server.poll() is None
            time.sleep(0.1)
    yield address
    server.send_signal(signal.SIGINT)
    server.wait(20)


def test_the_search_box_finds_two_characters_and_queries_are_forms(browser: str, demo: Path) -> None:
    def asked(path: str) -> Any:
        with urlopen(f"{browser}{path}", timeout=10) as answer:
            return json.load(answer)

    found = asked(f"/articles.json?_search={quote('帐篷')}&_shape=array")
    held = rows(demo / "aid.db", "SELECT count(*) FROM articles WHERE title || text LIKE '%帐篷%'")
    assert [(len(found),)] == held
    assert len(found) > 0
    assert asked(f"/articles.json?_search={quote('《》')}&_shape=array") == []
    named = {query["name"] for query in asked(".json")["queries"]}
    assert {"latest", "most_reposted", "coverage_gaps", "rejects"} <= named
    assert asked("/most_reposted.json?_shape=array")[0]["copies"] == 3
