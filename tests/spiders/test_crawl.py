"""Whole crawls in their child process: what is asked again, what survives, what is told."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from spiders.crawl import Crawl, CrawlOptions, CrawlReport
from spiders.sources import source_table
from storage.archive import Archive
from tests.spiders.loopback import item, page, reply, rss

if TYPE_CHECKING:
    from pathlib import Path

    from tests.spiders.loopback import Asked, MakeSource, RunCrawl, Site


def conditional(content: bytes, tag: str = '"one"') -> object:
    """A route that knows ETags."""

    def answer(asked: Asked) -> bytes:
        if asked.headers.get("if-none-match") == tag:
            return reply("", "304 Not Modified", ETag=tag)
        return reply(content, ETag=tag)

    return answer


def urlset(*paths: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{path}</loc></url>' for path in paths)}</urlset>".encode()


def test_a_crawl_of_all_kinds_and_nothing_asked_twice(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    listed = b"<ul><li><a href='/l1'>Wells</a> 2026-11-20</li></ul>"
    rows = b'{"rows": [{"url": "/j1", "title": "Tents"}]}'
    site.routes |= {
        "/feed": conditional(rss(item("/f1", "Flour")).partition(b"\r\n\r\n")[2]),
        "/map.xml": conditional(urlset(site.url("/m1"), site.url("/f1"))),
        "/list": conditional(listed),
        "/data.json": conditional(rows),
    } | {path: conditional(page(path).partition(b"\r\n\r\n")[2]) for path in ("/f1", "/m1", "/l1", "/j1")}
    source = make_source(
        site,
        feeds=[site.url("/feed")],
        sitemaps=[site.url("/map.xml")],
        lists=[{"url": site.url("/list"), "links": "li a"}],
        json=[{"url": site.url("/data.json"), "rows": "rows", "link": "url", "title": "title"}],
    )
    indexes = ["/data.json", "/feed", "/list", "/map.xml"]

    first = crawl(source, "run-1")
    asked = sorted(site.paths)
    site.asked.clear()
    second = crawl(source, "run-2")

    assert first.report == CrawlReport("completed", 4, 4, "")
    assert first.pages == dict.fromkeys(["/f1", "/m1", "/l1", "/j1"])
    assert asked == sorted([*indexes, "/f1", "/m1", "/l1", "/j1"])
    assert second.report == CrawlReport("completed", 0, 0, "")
    # Not even robots.txt: one conditional request for each index.
    assert sorted(one.path for one in site.asked) == indexes
    assert {one.headers.get("if-none-match") for one in site.asked} == {'"one"'}
    assert second.indexes == dict.fromkeys(indexes, "unchanged")


def test_we_say_who_we_are(
    site: Site, make_source: MakeSource, crawl: RunCrawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIDWIRE_CONTACT", "desk@courier.example")
    site.routes |= {"/feed": rss(item("/1")), "/1": reply("x", Set_Cookie="a=b")}

    crawl(make_source(site, feeds=[site.url("/feed")]))

    agents = {one.headers["user-agent"] for one in site.asked}
    assert agents == {"aidwire/0.1.0 (+desk@courier.example)"}
    assert not any("cookie" in one.headers or "referer" in one.headers for one in site.asked)


def test_bodies_are_kept_byte_for_byte(site: Site, make_source: MakeSource, crawl: RunCrawl) -> None:
    bodies = {
        f"/{name}": f"<html><head><meta charset={claimed}></head><p>救灾物资 № {name}</p>".encode(
            name, "replace"
        )
        for name, claimed in [("gb18030", "utf-8"), ("utf-8", "gbk"), ("utf-16", "utf-8"), ("big5", "gb2312")]
    }
    site.routes |= {
        path: reply(body, Content_Type="text/html; charset=latin-1") for path, body in bodies.items()
    }
    site.routes["/feed"] = rss(*map(item, bodies))

    done = crawl(make_source(site, feeds=[site.url("/feed")]))

    assert {path: done.body(path) for path in bodies} == bodies


def test_list_pages_are_followed_and_numbered(site: Site, make_source: MakeSource, crawl: RunCrawl) -> None:
    def listed(path: str, following: str = "") -> bytes:
        return reply(f"<li><a href='{path}'>Story</a></li><a class=next href='{following}'>Next</a>")

    site.routes |= {
        "/a": listed("/s1", "/b"),
        "/b": listed("/s2", "/c"),
        "/c": listed("/s3", "/a"),
        "/n1": listed("/s4"),
        "/n2": listed("/s5"),
    } | {f"/s{number}": page() for number in range(1, 6)}
    source = make_source(
        site,
        lists=[
            {"url": site.url("/a"), "links": "li a", "next": "a.next", "pages": 9},
            {"url": site.url("/n{page}"), "links": "li a", "pages": 3},
        ],
    )

    done = crawl(source)

    assert done.pages == dict.fromkeys(["/s1", "/s2", "/s3", "/s4", "/s5"])
    assert done.indexes == dict.fromkeys(["/a", "/b", "/c", "/n1", "/n2"]) | {"/n3": "not_found"}
    assert sorted(site.paths) == sorted([*done.pages, *done.indexes])
    assert done.report.state == "completed"


def test_an_endless_sitemap_index_is_read_to_its_limit(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    def index(paths: list[str]) -> bytes:
        named = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in paths)
        return reply(f"<sitemapindex>{named}</sitemapindex>")

    site.routes["/map.xml"] = index([f"/map{number}.xml" for number in range(60)])
    site.routes |= {f"/map{number}.xml": reply(urlset(site.url(f"/s{number}"))) for number in range(60)}
    site.routes["/map0.xml"] = index(["/deeper.xml", "/map.xml"])

    done = crawl(make_source(site, sitemaps=[site.url("/map.xml")]), limit=1)

    assert list(done.indexes.values()).count(None) == 51
    assert sum(outcome == "budget_stop" for outcome in done.indexes.values()) == 11
    assert done.report.discovered == 49


def test_a_limit_leaves_the_rest_for_the_next_run(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    dated = [item(f"/{day}", date=f"2026-11-{day:02}T08:00:00Z") for day in range(1, 10)]
    site.routes |= {"/feed": rss(*dated)} | {f"/{day}": page() for day in range(1, 10)}
    source = make_source(site, feeds=[site.url("/feed")])

    first = crawl(source, "run-1", limit=4)
    newest = sorted(path for path in site.paths if path != "/feed")
    second = crawl(source, "run-2")

    assert first.report == CrawlReport("completed", 9, 4, "")
    assert newest == ["/6", "/7", "/8", "/9"]
    assert second.report == CrawlReport("completed", 0, 5, "")
    assert sorted(path for path in site.paths if path != "/feed") == [f"/{day}" for day in range(1, 10)]


def test_blocked_is_not_empty(site: Site, make_source: MakeSource, crawl: RunCrawl) -> None:
    site.routes |= {
        "/page": reply("<html><title>Welcome</title>"),
        "/wall": reply("<script>window._cf_chl_opt={}</script>", "503 Service Unavailable"),
    }
    feeds = [site.url(path) for path in ("/page", "/wall", "/none")]

    done = crawl(make_source(site, feeds=feeds))

    assert (done.report.state, done.report.discovered, done.report.fetched) == ("failed", 0, 0)
    assert set(done.report.detail.split("; ")) == {
        f"not_xml: {feeds[0]} (a web page came instead, titled 'Welcome')",
        f"blocked: {feeds[1]} (Cloudflare challenge (HTTP 503))",
        f"not_found: {feeds[2]} (HTTP 404)",
    }


def test_a_later_list_page_that_failed_once_is_read_by_the_next_run(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    site.routes |= {
        "/l1": conditional(b"<li><a href='/1'>Tents</a></li>"),
        "/l2": reply("", "503 Service Unavailable"),
        "/l3": conditional(b"<li><a href='/3'>Wells</a></li>"),
    } | {f"/{number}": page() for number in (1, 2, 3)}
    source = make_source(site, lists=[{"url": site.url("/l{page}"), "links": "li a", "pages": 4}])

    crawl(source, "run-1")
    site.routes["/l2"] = conditional(b"<li><a href='/2'>Flour</a></li>")
    second = crawl(source, "run-2")
    third = crawl(source, "run-3")

    assert second.pages == dict.fromkeys(["/1", "/2", "/3"])
    assert third.indexes == {"/l1": "unchanged", "/l2": None, "/l3": None, "/l4": "not_found"}


def test_sitemaps_that_are_all_refused_are_no_absence_of_news(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    named = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in ("/a.xml", "/b.xml"))
    site.routes |= {
        "/map.xml": reply(f"<sitemapindex>{named}</sitemapindex>"),
        "/a.xml": reply("no", "403 Forbidden"),
        "/b.xml": reply("no", "403 Forbidden"),
    }
    source = make_source(site, sitemaps=[site.url("/map.xml")])

    refused = crawl(source, "run-1")
    site.routes["/b.xml"] = reply(urlset(site.url("/1")))
    half = crawl(source, "run-2")

    assert (refused.report.state, half.report.state) == ("failed", "completed")
    assert f"forbidden: {site.url('/b.xml')} (HTTP 403)" in refused.report.detail


def test_of_two_rules_for_one_list_each_is_told_every_time(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    site.routes |= {"/list": conditional(b"<li><a href='/1'>Tents</a></li>"), "/1": page()}
    source = make_source(site, lists=[{"url": site.url("/list"), "links": css} for css in ("li a", "dd a")])

    for run in ("run-1", "run-2"):
        told = f"empty: {site.url('/list')} (no link matches 'dd a': the list changed or is empty)"
        assert crawl(source, run).report.detail == told


def test_an_index_that_trips_us_is_told_and_the_others_are_read(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    site.routes |= {
        "/feed": rss(item("/1")),
        "/odd": reply("<feed xml:base='http://[bad/'><entry><link href='1'/></entry></feed>"),
        "/list": reply(
            "<base href='https://host:abc/'><a href='/2'>Tents</a>", Content_Type="text/html;charset=hex"
        ),
        "/map.xml": reply("<urlset><url><loc>/3</loc><title>&#xD800;</title></url></urlset>"),
    } | {f"/{number}": page() for number in (1, 2, 3)}
    feeds = [site.url("/feed"), site.url("/odd")]
    lists = [{"url": site.url("/list"), "links": "a"}]

    done = crawl(make_source(site, feeds=feeds, lists=lists, sitemaps=[site.url("/map.xml")]))

    assert done.report.state == "completed"
    assert done.pages == dict.fromkeys(["/1", "/2", "/3"])


def test_empty_is_not_blocked(site: Site, make_source: MakeSource, crawl: RunCrawl) -> None:
    site.routes["/feed"] = rss()

    done = crawl(make_source(site, feeds=[site.url("/feed"), site.url("/none")]))

    assert (done.report.state, done.report.discovered) == ("completed", 0)
    assert set(done.report.detail.split("; ")) == {
        f"lists nothing: {site.url('/feed')}",
        f"not_found: {site.url('/none')} (HTTP 404)",
    }


def test_reservations_are_recorded_with_each_page(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    rules = '[{"location": "/reserved/*", "tdm-reservation": 1, "tdm-policy": "https://courier.example/tdm"}]'
    site.routes |= {
        "/.well-known/tdmrep.json": reply(rules, Content_Type="application/json"),
        "/feed": rss(*map(item, ["/free", "/header", "/meta", "/reserved/1"])),
        "/free": page(),
        "/header": reply("<p>Relief</p>", tdm_reservation="1", tdm_policy="https://courier.example/p"),
        "/meta": reply('<html><head><meta name="tdm-reservation" content="1"></head><p>Relief</p>'),
        "/reserved/1": page(),
    }

    done = crawl(make_source(site, feeds=[site.url("/feed")]))

    assert done.pages == dict.fromkeys(["/free", "/header", "/meta", "/reserved/1"])
    assert done.details == {
        "/header": "tdm-reservation: 1 (header), policy https://courier.example/p",
        "/meta": "tdm-reservation: 1 (meta)",
        "/reserved/1": "tdm-reservation: 1 (tdmrep.json), policy https://courier.example/tdm",
    }


def test_a_page_that_leads_to_the_front_is_not_there(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    site.routes |= {
        "/news": reply("".join(f"<a href='{path}'>Story</a>" for path in ("/a/1", "/a/2", "/a/3?id=4"))),
        "/": page("Home"),
        "/a/1": reply("", "302 Found", Location="/"),
        "/a/2": reply("", "301 Moved Permanently", Location="/news"),
        "/a/3?id=4": reply("", "302 Found", Location="/a/3/new"),
        "/a/3/new": page(),
    }

    done = crawl(make_source(site, lists=[{"url": site.url("/news"), "links": "a"}]))

    assert done.pages == {"/a/1": "soft_404", "/a/2": "soft_404", "/a/3?id=4": None}
    assert done.details["/a/1"] == f"redirected to {site.url()}, which is no article"


class Gate:
    """Pages that are answered at once up to a number, and then held until ``open`` is set."""

    def __init__(self, site: Site, pages: int, quick: int) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self._left = quick
        site.routes["/feed"] = rss(*(item(f"/{number}") for number in range(pages)))
        site.routes |= {f"/{number}": self._answer for number in range(pages)}

    def _answer(self, asked: Asked) -> bytes:
        self._left -= 1
        if self._left < 0:
            self.reached.set()
            self.open.wait(20)
        return page()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_stopped_or_killed_it_keeps_its_pages_and_repeats_none(
    site: Site, make_source: MakeSource, crawl: RunCrawl, tmp_path: Path, how: signal.Signals
) -> None:
    gate = Gate(site, pages=40, quick=12)
    source = make_source(site, feeds=[site.url("/feed")], fetch={"timeout": 20.0})
    archive = tmp_path / "archive" / "courier.db"

    running = Crawl(source, archive, tmp_path / "log", CrawlOptions("run-1"))
    assert gate.reached.wait(20)
    begun = time.monotonic()
    if how == signal.SIGTERM:
        running.stop()
    else:
        os.kill(running.pid, signal.SIGKILL)
    report = running.wait()
    took = time.monotonic() - begun
    kept = stored(archive)
    gate.open.set()
    again = crawl(source, "run-2")

    if how == signal.SIGTERM:
        assert report == CrawlReport("stopped", 40, len(kept), "asked to stop")
    else:
        assert (report.state, report.fetched) == ("failed", 0)
    assert took < 5
    assert len(kept) >= 5  # eight of the thirteen asked for may have been under way
    assert again.report == CrawlReport("completed", 0, 40 - len(kept), "")
    assert again.rows("SELECT count(*), count(DISTINCT url) FROM fetches WHERE kind = 'page'") == [(40, 40)]


def stored(archive: Path) -> list[str]:
    with Archive(archive, readonly=True) as opened:
        return [found.record.url for found in opened.unbatched(1000) if found.waiting]


PARENT = """
import sys
from pathlib import Path
from spiders.crawl import Crawl, CrawlOptions
from spiders.sources import source_from_table
import json
source = source_from_table("courier", json.loads(sys.argv[1]), "courier")
running = Crawl(source, Path(sys.argv[2]), Path(sys.argv[3]), CrawlOptions("run-1"))
print(running.pid, flush=True)
running.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="parent-death signals are Linux's")
def test_a_killed_parent_takes_its_crawl_along(site: Site, make_source: MakeSource, tmp_path: Path) -> None:
    gate = Gate(site, pages=20, quick=5)
    source = make_source(site, feeds=[site.url("/feed")], fetch={"timeout": 20.0})
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            PARENT,
            json.dumps(source_table(source)),
            str(tmp_path / "a.db"),
            str(tmp_path / "log"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert gate.reached.wait(20)

    watched = os.pidfd_open(child)

    parent.kill()
    parent.wait()

    ended, _, _ = select.select([watched], [], [], 5)
    assert ended


def test_an_error_of_ours_is_told(site: Site, make_source: MakeSource, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    archive.write_bytes(b"not a database" * 100)

    report = Crawl(
        make_source(site, feeds=[site.url("/feed")]), archive, tmp_path / "log", CrawlOptions("run-1")
    ).wait()

    assert (report.state, report.fetched) == ("failed", 0)
    assert str(archive) in report.detail
