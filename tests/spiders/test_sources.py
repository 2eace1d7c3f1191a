"""Source files: what is accepted, and what each mistake is told."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from spiders.sources import (
    Discover,
    Extract,
    Fetch,
    Health,
    JsonRows,
    ListPage,
    Rights,
    Source,
    SourceError,
    read_source,
    read_sources,
    source_from_table,
    source_table,
)

ROOT = Path(__file__).parents[2]
KNOWN = ROOT.parent / "shared" / "domain" / "sources.csv"

FULL = r"""
name = "山谷信使"
homepage = "https://courier.example/"
language = "zh"
country = "CN"
timezone = "Asia/Shanghai"
enabled = true
schedule = "*/30 6-22 * * 1-5"
[discover]
feeds = ["https://courier.example/rss.xml"]
sitemaps = ["https://courier.example/sitemap.xml"]
lists = [
    { url = "https://courier.example/relief/", links = "div.row a", next = "a.next", pages = 3 },
    { url = "https://courier.example/relief/{page}.html", links = "li a", pages = 9 },
]
json = [{ url = "https://courier.example/d.json", rows = "list", link = "url", title = "name", date = "at" }]
allow = ['/relief/\d{4}/']
deny = ['/video/']
sites = ["courier-archive.example"]
[fetch]
delay = 1.5
max_pages = 50
timeout = 10
render = true
proxy = "http://127.0.0.1:3128"
allow_private = ["127.0.0.1:8000", "[::1]:8000"]
[extract]
content = "div.text"
drop = [".share"]
[relevance]
always = true
[rights]
licence = "OGL-3.0"
store_full_text = false
[run]
pool = "near"
[health]
newest_within = "P1DT12H"
"""
SMALL = """
name = "Valley Courier"
homepage = "https://courier.example/"
language = "en"
[discover]
feeds = ["https://courier.example/rss.xml"]
"""


def write(folder: Path, text: str, name: str = "courier.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    assert read_source(write(tmp_path, FULL)) == Source(
        id="courier",
        name="山谷信使",
        homepage="https://courier.example/",
        language="zh",
        country="CN",
        timezone="Asia/Shanghai",
        enabled=True,
        schedule="*/30 6-22 * * 1-5",
        discover=Discover(
            feeds=("https://courier.example/rss.xml",),
            sitemaps=("https://courier.example/sitemap.xml",),
            lists=(
                ListPage("https://courier.example/relief/", "div.row a", "a.next", 3),
                ListPage("https://courier.example/relief/{page}.html", "li a", "", 9),
            ),
            json=(JsonRows("https://courier.example/d.json", "list", "url", "name", "at"),),
            allow=(r"/relief/\d{4}/",),
            deny=("/video/",),
            sites=("courier-archive.example",),
        ),
        fetch=Fetch(1.5, 50, 10.0, True, "http://127.0.0.1:3128", ("127.0.0.1:8000", "[::1]:8000")),
        extract=Extract("div.text", (".share",)),
        relevance_always=True,
        rights=Rights("OGL-3.0", False),
        pool="near",
        health=Health("P1DT12H"),
    )


def test_what_may_be_left_out(tmp_path: Path) -> None:
    assert read_source(write(tmp_path, SMALL)) == Source(
        id="courier",
        name="Valley Courier",
        homepage="https://courier.example/",
        language="en",
        discover=Discover(feeds=("https://courier.example/rss.xml",)),
    )


def test_a_source_survives_the_way_to_the_child(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, FULL))

    assert source_from_table("courier", source_table(source), "courier.toml") == source


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nmae = 'x'", "nmae: unknown key; did you mean 'name'?"),
        ("enabled = 'yes'", "enabled: must be true or false, not 'yes'"),
        ("language = 7", "language: must be a text in quotes, not 7"),
        ("language = 'Chinese'", "language: must be a language tag such as zh or pt-BR, not 'Chinese'"),
        ("country = 'China'", "country: must be an ISO 3166 code such as CN, not 'China'"),
        ("timezone = 'Beijing'", "timezone: must be a time zone such as Asia/Shanghai, not 'Beijing'"),
        ("schedule = 'hourly'", "schedule: must have five cron fields, as in */30 * * * *, not 'hourly'"),
        ("schedule = '75 * * * *'", "schedule: must be a cron schedule; its minute must be *, 0-59, a list"),
        ("homepage = 'courier.example'", "homepage: must be an http or https address"),
        ("discover = []", "discover: must be a table, as in [discover], not []"),
        ("[discover]\nfeeds = 'x'", "discover.feeds: must be a list of texts, as in [\"…\"], not 'x'"),
        ("[discover]\nfeeds = [1]", "discover.feeds[0]: must be a text in quotes, not 1"),
        ("[discover]\nfeeds = ['ftp://x.example/']", "discover.feeds[0]: must be an http or https address"),
        ("[discover]\nfeeds = []", "discover.feeds: nothing to read; add a feed, a sitemap, a list"),
        ("[discover]\nlists = ['x']", "discover.lists[0]: must be a table, as in { url = \"…\" }, not 'x'"),
        (
            "[discover]\nlists = [{ url = 'https://x.example/' }]",
            "discover.lists[0].links: is missing; add it",
        ),
        (
            "[discover]\nlists = [{ url = 'https://x.example/', links = 'a[' }]",
            "discover.lists[0].links: must be a CSS selector (",
        ),
        (
            "[discover]\nlists = [{ url = 'https://x.example/', links = 'a', pages = 3 }]",
            "discover.lists[0].pages: needs next, the CSS of the link to the next page, or {page} in url",
        ),
        ("[discover]\nfeeds = ['https://x.example/']\nallow = ['(']", "discover.allow[0]: must be a regular"),
        ("[fetch]\ndelay = -1", "fetch.delay: must be a number from 0 to 3600, not -1"),
        ("[fetch]\nmax_pages = 1.5", "fetch.max_pages: must be a whole number from 1 to 1000000, not 1.5"),
        ("[fetch]\nproxy = 'socks5://x:1'", "fetch.proxy: must be an HTTP proxy as in http://host:port"),
        ("[fetch]\nallow_private = ['127.0.0.1']", "fetch.allow_private[0]: must be host:port, as in"),
        ("[extract]\ncontent = 'div..'", "extract.content: must be a CSS selector ("),
        (
            "[health]\nnewest_within = '3 days'",
            "health.newest_within: must be a duration such as P3D or PT12H",
        ),
        ("[relevance]\nalways = 1", "relevance.always: must be true or false, not 1"),
        ("[run]\npools = 'x'", "run.pools: unknown key; did you mean 'pool'?"),
        ("name = ", "not valid TOML:"),
    ],
)
def test_mistakes_are_told_in_one_line(tmp_path: Path, line: str, told: str) -> None:
    rest = SMALL if line.startswith("[") and "[discover]" not in line else SMALL.split("[discover]")[0]
    rest = "\n".join(kept for kept in rest.splitlines() if kept.split(" ")[0] != line.split(" ")[0])
    discover = (
        "" if "discover" in line or line.startswith("[") else "\n[discover]\nfeeds = ['https://x.example/']"
    )
    path = write(tmp_path, f"{rest}\n{line}\n{discover}")

    with pytest.raises(SourceError) as error:
        read_source(path)

    assert str(error.value).startswith(f"{path}: {told}")
    assert "\n" not in str(error.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes("name = 'Münster'".encode("latin-1"))
    named = write(tmp_path, SMALL, "Valley Courier.toml")

    for path, told in [
        (tmp_path / "none.toml", "No such file or directory"),
        (latin, "not UTF-8 at byte 9; save it as UTF-8"),
        (named, "the file name is the id: use a-z, 0-9 and _ only"),
    ]:
        with pytest.raises(SourceError) as error:
            read_source(path)
        assert str(error.value) == f"{path}: {told}"
    with pytest.raises(SourceError, match="name the folder of source files"):
        read_sources(tmp_path / "nowhere")


def test_the_project_s_sources() -> None:
    sources = read_sources(ROOT / "sources")

    assert len(sources) >= 40
    assert all(source.health.newest_within for source in sources.values())
    assert not any(source.fetch.allow_private or source.fetch.proxy for source in sources.values())


@pytest.mark.skipif(
    not KNOWN.exists(), reason="needs ../shared/domain/sources.csv, which is not part of the project"
)
def test_every_known_address_is_a_source_and_only_sure_ones_are_enabled() -> None:
    with KNOWN.open(encoding="utf-8") as file:
        known = {row["id"]: row for row in csv.DictReader(file) if row["entry_url"].startswith("http")}
    sources = read_sources(ROOT / "sources")

    assert set(known) <= set(sources)
    enabled = {source.id for source in sources.values() if source.enabled}
    assert all(known[name]["status"] == "live" and known[name]["confidence"] == "high" for name in enabled)
