"""Whatever is wrong is said in one line, and changes nothing: exit 2 where the command has to be given
otherwise, 1 where it could not be done."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlite_utils

from flows.places import Places
from storage.database import open_database
from tests.flows.replaying import AIDWIRE, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    Aidwire = Callable[..., subprocess.CompletedProcess[str]]

SOURCE = """\
name = "News"
homepage = "http://news.example/"
language = "en"
enabled = true
[discover]
feeds = ["http://news.example/feed.xml"]
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    file = tmp_path / "sources" / "news.toml"
    file.write_text(SOURCE)
    return file


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def refused(done: subprocess.CompletedProcess[str], code: int = 2) -> str:
    """The one line of a refusal."""
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert done.stderr.startswith("aidwire: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("colour = 1", ["news.toml", "colour"]),
        ("language = 1", ["news.toml", "language"]),
        ("[fetch]\ndelay = 'soon'", ["news.toml", "delay"]),
        ("[extract]\ncontent = 'div['", ["news.toml", "content"]),
        ("allow = ['(']", ["news.toml", "allow"]),
        ("lists = [{ url = 'http://news.example/', links = 'a..b' }]", ["news.toml", "links"]),
        ("[health]\nnewest_within = 'a week'", ["news.toml", "newest_within"]),
        ("[[", ["news.toml", "TOML"]),
    ],
)
def test_a_wrong_source_file(
    aidwire: Aidwire, source: Path, tmp_path: Path, line: str, words: list[str]
) -> None:
    lines = SOURCE.replace('language = "en"\n', "") if line.startswith("language") else SOURCE
    top_level = line.split(" ")[0] in ("colour", "language")
    source.write_text(f"{line}\n{lines}" if top_level else f"{lines}{line}\n")
    before = tree(tmp_path)
    for command in ("crawl", "sources"):
        message = refused(aidwire(command))
        assert [word for word in words if word not in message] == []
    assert tree(tmp_path) == before


def test_an_unknown_source(aidwire: Aidwire, source: Path) -> None:
    assert "unknown source 'new', did you mean 'news'?" in refused(aidwire("crawl", "new"))


def test_another_file_may_be_wrong_where_a_source_is_named(aidwire: Aidwire, source: Path) -> None:
    source.with_name("broken.toml").write_text("[[")
    assert "broken.toml" in refused(aidwire("crawl"))
    assert "broken.toml" in refused(aidwire("crawl", "broken"))
    source.write_text(SOURCE.replace("language", "tongue"))
    assert "news.toml" in refused(aidwire("crawl", "news"))


def test_no_enabled_source(aidwire: Aidwire, source: Path) -> None:
    source.write_text(SOURCE.replace("enabled = true", "enabled = false"))
    assert "no source in sources is enabled" in refused(aidwire("crawl"))


def test_a_folder_of_sources_that_is_not_there(aidwire: Aidwire) -> None:
    assert "nowhere" in refused(aidwire("crawl", "--sources", "nowhere"))


def test_a_data_folder_that_cannot_be_written(aidwire: Aidwire, source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    before = tree(tmp_path)
    assert "choose another with --data" in refused(aidwire("crawl", "--data", "file/data"))
    assert tree(tmp_path) == before


@pytest.mark.parametrize("command", [["crawl"], ["load"], ["search", "aid"], ["status"]])
def test_a_database_of_a_newer_schema(
    aidwire: Aidwire, source: Path, tmp_path: Path, command: list[str]
) -> None:
    database = tmp_path / "data" / "aid.db"
    open_database(database).close()
    with sqlite_utils.Database(database) as db:
        db["_sqlite_migrations"].insert(
            {"migration_set": "aidwire.database", "name": "9999_later", "applied_at": "2030-01-01"}
        )
    before = database.read_bytes()
    assert "newer" in refused(aidwire(*command))
    assert database.read_bytes() == before
    assert not (tmp_path / "data" / "archive" / "news.db").exists()


@pytest.mark.parametrize("command", [["crawl"], ["load"], ["search", "aid"], ["status"]])
def test_a_damaged_database(aidwire: Aidwire, source: Path, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "aid.db").write_bytes(b"no database at all" * 99)
    assert "restore it from a backup" in refused(aidwire(*command), 1)


def test_a_source_that_is_being_collected(aidwire: Aidwire, source: Path, tmp_path: Path) -> None:
    places = Places.at(tmp_path / "data", tmp_path / "sources")
    places.prepare()
    with places.lock("news").acquire(timeout=0):
        assert "by another process; try again" in refused(aidwire("crawl"), 1)


def test_one_that_is_being_collected_does_not_keep_the_others(
    aidwire: Aidwire, source: Path, tmp_path: Path
) -> None:
    closed = SOURCE.replace("news.example", "127.0.0.1:9") + '[fetch]\nallow_private = ["127.0.0.1:9"]\n'
    source.with_name("other.toml").write_text(closed)
    places = Places.at(tmp_path / "data", tmp_path / "sources")
    places.prepare()
    with places.lock("news").acquire(timeout=0):
        done = aidwire("crawl")
    assert done.returncode == 1
    assert "aidwire: news failed: it is being collected by another process" in done.stderr
    assert "aidwire: other failed: robots_unreachable" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["crwl"], "No such command"),
        (["crawl", "--limit", "0"], "--limit"),
        (["crawl", "--since", "yesterday"], "--since"),
        (["crawl", "--colour"], "--colour"),
        (["search"], "QUERY"),
        (["search", " ?"], "nothing to search for"),
        (["search", "aid", "--limit", "9" * 20], "--limit"),
        (["maintain", "--keep-days", "9" * 11], "--keep-days"),
        (["add", "http://news.example/", "--id", "../x"], "--id"),
        (["backup", "copy.db", "--data", "typo"], "name the folder with --data"),
        (["snapshot", "release", "--data", "typo"], "name the folder with --data"),
        (["forget", "http://news.example/1", "--data", "typo"], "name the folder with --data"),
    ],
)
def test_wrong_arguments(aidwire: Aidwire, source: Path, arguments: list[str], words: str) -> None:
    assert words in refused(aidwire(*arguments))


@pytest.mark.parametrize("command", [["try"], ["add"], ["forget"], ["extract", "-", "--url"]])
@pytest.mark.parametrize("address", ["http://[::1", "notaurl"])
def test_what_is_no_address(aidwire: Aidwire, source: Path, command: list[str], address: str) -> None:
    assert "is not a web address" in refused(aidwire(*command, address))


def test_a_backup_onto_the_database_itself(aidwire: Aidwire, tmp_path: Path) -> None:
    database = tmp_path / "data" / "aid.db"
    open_database(database).close()
    assert "is the database itself" in refused(aidwire("backup", "data/aid.db"))


def test_a_copy_that_cannot_be_written_is_named_with_another_place(aidwire: Aidwire, tmp_path: Path) -> None:
    open_database(tmp_path / "data" / "aid.db").close()
    (tmp_path / "file").write_text("")
    assert "name another place" in refused(aidwire("backup", "file/copy.db"))
    assert "name another place" in refused(aidwire("snapshot", "file/release"))


@pytest.mark.parametrize("command", [["status"], ["export", "--format", "csv"], ["sources", "--json"]])
def test_standard_output_that_is_full(source: Path, tmp_path: Path, command: list[str]) -> None:
    open_database(tmp_path / "data" / "aid.db").close()
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [AIDWIRE, *command], cwd=tmp_path, env=clean_environment(), stdout=full, stderr=subprocess.PIPE,
            text=True, timeout=60, check=False,
        )  # fmt: skip
    expected = "aidwire: standard output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr.endswith(expected)) == (1, True), done.stderr


def test_a_new_database_and_a_missing_folder_of_sources_are_said(aidwire: Aidwire) -> None:
    loaded = aidwire("load", "--data", "fresh")
    assert (loaded.returncode, "a new one is made" in loaded.stderr) == (0, True)
    assert (
        "no folder of source files at nowhere"
        in aidwire("status", "--data", "fresh", "--sources", "nowhere").stderr
    )


def test_no_verb_shows_the_help_as_it_is_laid_out(aidwire: Aidwire) -> None:
    done = aidwire()
    assert (done.returncode, "\n  crawl " in done.stderr) == (2, True)


def test_a_database_that_is_not_there(aidwire: Aidwire) -> None:
    assert "run a crawl first" in refused(aidwire("search", "aid"))


def test_help_explains_every_command(aidwire: Aidwire) -> None:
    listing = aidwire("--help").stdout
    commands = [line.split()[0] for line in listing.partition("Commands:")[2].splitlines() if line.strip()]
    assert {"demo", "crawl", "load", "extract", "sources", "search", "status", "schedule"} <= set(commands)
    for command in commands:
        done = aidwire(command, "--help")
        assert (done.returncode, len(done.stdout) > 200) == (0, True), command
