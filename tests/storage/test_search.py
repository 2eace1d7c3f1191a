"""Search against the truth of substrings, from Python and from the plain shell."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storage.database import open_database
from storage.health import broken_invariants
from storage.search import Hit, rebuild_search, search

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "queries.md"
CHARACTERS = "援疆助建设医疗队物资教育学校产业乡村振兴对口支新华社记者报道日月年在了的是和有不人"
BLANKS = ["援疆\u3000建设", "\u3000援疆\t", "27\t医疗", " 27\u3000\u3000建设 ", "援疆\n27"]
SEPARATORS = ["，", "。", "\n", " ", "27", "COVID-19", "“", "km"]


@pytest.fixture
def library(press: Any) -> Any:
    """200 texts of few different characters, so that most strings of two are in several."""
    chance = random.Random(5)

    def text() -> str:
        runs = ("".join(chance.choices(CHARACTERS, k=chance.randint(1, 12))) for _ in range(25))
        return "".join(run + chance.choice(SEPARATORS) for run in runs)

    press.load(
        *(press.page(f"https://riverpost.example/{n}", title=f"第{n}号", text=text()) for n in range(200))
    )
    return press


def _truth(press: Any, words: str) -> set[int]:
    return {
        i
        for i, title, text in press.rows("SELECT id, title, text FROM articles")
        if words in title + "\n" + text
    }


def _queries(press: Any, count: int = 120) -> list[str]:
    """Strings of 1 to 8 characters, half of them from the texts, half put together at random."""
    chance = random.Random(6)
    texts = [text for (text,) in press.rows("SELECT text FROM articles")]
    runs = [run for text in texts for run in re.findall("[\u4e00-\u9fff]{8,}", text)]
    queries = []
    for number in range(count):
        length = 1 + number % 8
        start = chance.randint(0, 8 - length)
        run = chance.choice(runs)[start:]
        queries.append(run[:length] if number % 2 else "".join(chance.choices(CHARACTERS, k=length)))
    return queries


def test_chinese_words_of_1_to_8_characters_are_found_exactly(library: Any) -> None:
    for words in _queries(library):
        found = {hit.id for hit in search(library.db, words, limit=1000)}
        assert found == _truth(library, words), words


def test_the_statement_of_the_documentation_finds_the_same(library: Any) -> None:
    statement = _documented("search")
    plain = sqlite3.connect(_path(library))
    for words in [*_queries(library, 40), "COVID-19", "援疆 COVID-19", "记者27", *BLANKS]:
        found = {row[0] for row in plain.execute(statement, {"query": words})}
        assert found == {hit.id for hit in search(library.db, words, limit=20)}, words
    plain.close()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 shell is not installed")
def test_the_statement_works_in_the_plain_shell(library: Any) -> None:
    script = f".parameter set :query '援疆'\n{_documented('search')}"
    shell = ["sqlite3", "-readonly", "-list", _path(library)]
    answer = subprocess.run(shell, input=script, capture_output=True, text=True, check=True, timeout=20)
    found = {int(line.split("|")[0]) for line in answer.stdout.splitlines()}
    assert found == {hit.id for hit in search(library.db, "援疆", limit=20)} != set()


def test_words_phrases_and_beginnings_in_other_scripts(press: Any) -> None:
    texts = {
        1: "The Red Cross sent tents. Café owners helped.",
        2: "A cross on red ground; aids and aiding.",
        3: "Красный Крест направил помощь.",
        4: "أرسلت الجمعية مساعدات إلى القرية",
        5: "援疆 doctors of team 27 arrived：COVID疫情防控",
        6: "ทีมแพทย์อาสา",
        7: "支援部隊が到着した",
    }
    press.load(*(press.page(f"https://riverpost.example/{n}", text=t, title="x") for n, t in texts.items()))

    def found(query: str) -> set[int]:
        return {hit.id for hit in search(press.db, query)}

    expected: dict[str, set[int]] = {
        "red cross": {1, 2},
        '"red cross"': {1},
        "CAFE": {1},
        "tents.": {1},
        "aid*": {2},
        "AND": {2},
        "крест": {3},
        "مساعدات": {4},
        "COVID疫情": {5},
        "疫情 27 doctors": {5},
        "แพทย์": {6},
        "到着": {7},
        "ント": set(),
        "red NOT cross": set(),
        'unclosed "phrase': set(),
    }
    assert {query: found(query) for query in expected} == expected
    assert [query for query in ('"', "***", "", "(", "\x00", "\ud800") if found(query)] == []


def test_a_hit_shows_where_the_words_are_and_titles_weigh_more(press: Any) -> None:
    press.load(
        press.page(
            "https://riverpost.example/1", title="Other", text="A. " * 40 + "Flood relief came." + " B." * 60
        ),
        press.page("https://riverpost.example/2", title="Flood relief", text="Words. " * 60),
    )
    first, second = search(press.db, "flood relief")
    assert (first.id, second.id) == (2, 1)
    assert second == Hit(
        id=1,
        title="Other",
        source="riverpost",
        url="https://riverpost.example/1",
        published_at="",
        snippet=second.snippet,
        score=second.score,
    )
    assert "Flood relief came." in second.snippet
    assert second.snippet.startswith("…")


def test_a_stray_rebuild_is_refused_and_does_no_harm(library: Any) -> None:
    before = {hit.id for hit in search(library.db, "援疆", limit=1000)}
    path = _path(library)
    subprocess.run(
        [str(Path(sys.executable).with_name("sqlite-utils")), "rebuild-fts", path],
        capture_output=True,
        check=False,
        timeout=60,
    )
    subprocess.run(
        [str(Path(sys.executable).with_name("sqlite-utils")), "rebuild-fts", path, "search"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    with sqlite3.connect(path) as plain, pytest.raises(sqlite3.Error, match="rebuild"):
        plain.execute("INSERT INTO search (search) VALUES ('rebuild')")
    assert {hit.id for hit in search(library.db, "援疆", limit=1000)} == before != set()


def test_rebuilding_gives_exactly_the_same_index(library: Any) -> None:
    library.load(
        library.page(
            "https://riverpost.example/0", text="援疆改了。", last_fetched="2026-03-05T00:00:00+00:00"
        )
    )
    library.db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, 'search', 'instance')")
    before = library.rows("SELECT * FROM temp.words")
    library.db.execute("INSERT INTO search (search) VALUES ('delete-all')")
    assert any("search" in line for line in broken_invariants(library.db))
    assert rebuild_search(library.db) == 200
    assert library.rows("SELECT * FROM temp.words") == before
    assert broken_invariants(library.db) == []


def test_the_index_is_at_most_one_and_a_half_times_the_text(library: Any) -> None:
    library.db.execute("INSERT INTO search (search) VALUES ('optimize')")
    (index,) = library.rows("SELECT sum(length(block)) FROM search_data")[0]
    (text,) = library.rows("SELECT sum(length(CAST(title || text AS BLOB))) FROM articles")[0]
    assert index <= 1.5 * text


def test_search_reads_a_file_that_another_process_wrote(library: Any) -> None:
    readonly = open_database(Path(_path(library)), readonly=True)
    assert search(readonly, "第7号") == search(library.db, "第7号") != []
    readonly.close()


def _path(press: Any) -> str:
    return str(press.rows("PRAGMA database_list")[0][2])


def _documented(name: str) -> str:
    """The SQL under the heading of this name in docs/queries.md."""
    found = re.search(rf"<!-- {name} -->\s*```sql\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found, f"docs/queries.md has no statement {name}"
    return found[1]
