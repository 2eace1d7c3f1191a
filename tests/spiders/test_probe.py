"""Looking without storing: single addresses, the health of a source, the draft of a new one."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from spiders.checkup import IndexCheck, check_source
from spiders.probe import probe, source_for
from spiders.sources import source_from_table
from spiders.suggest import NothingFoundError, suggest
from tests.spiders.loopback import item, page, reply, rss

if TYPE_CHECKING:
    from tests.spiders.loopback import MakeSource, Site


def test_probe_gives_the_visit_and_the_robots_verdict(site: Site) -> None:
    body = "<html><p>救灾</p></html>".encode("gb18030")
    site.routes |= {
        "/robots.txt": reply(f"User-agent: *\nDisallow: /private\nSitemap: {site.url('/map.xml')}\n"),
        "/story": reply(body, Content_Type="text/html", ETag='"a"'),
        "/private": page(),
        "/gone": reply("", "410 Gone"),
    }
    urls = [site.url(path) for path in ("/story", "/private", "/gone")] + ["http://192.168.0.1/"]

    seen = probe(urls, source_for(site.url(), [site.endpoint], delay=0))

    assert [(one.url, one.visit.outcome, one.visit.status, one.visit.body, one.robots) for one in seen] == [
        (urls[0], None, 200, body, "allowed"),
        (urls[1], "robots_disallowed", None, b"", "robots.txt forbids it"),
        (urls[2], "gone", 410, b"", "allowed"),
        (urls[3], "bad_url", None, b"", "not asked"),
    ]
    assert seen[0].sitemaps == (site.url("/map.xml"),)


def test_check_reads_every_index_and_fetches_the_newest(site: Site, make_source: MakeSource) -> None:
    site.routes |= {
        "/feed": rss(item("/old", date="2026-11-01T08:00:00Z"), item("/new", date="2026-11-20T08:00:00Z")),
        "/list": reply("<html><title>Wall</title><script>window._cf_chl_opt={}</script>", "403 Forbidden"),
        "/new": page("Newest"),
        "/old": page("Oldest"),
    }
    source = make_source(site, feeds=[site.url("/feed")], lists=[{"url": site.url("/list"), "links": "li a"}])

    found = check_source(source, samples=1)

    assert found.indexes == (
        IndexCheck(
            site.url("/feed"),
            "feed",
            None,
            "",
            "allowed",
            (site.url("/new"), site.url("/old")),
            "2026-11-20T08:00:00+00:00",
        ),
        IndexCheck(site.url("/list"), "list", "blocked", "Cloudflare challenge (HTTP 403)", "allowed"),
    )
    assert [(one.url, one.visit.outcome) for one in found.pages] == [(site.url("/new"), None)]


def test_check_tells_sitemaps_that_are_all_refused(site: Site, make_source: MakeSource) -> None:
    site.routes |= {
        "/map.xml": reply(f"<sitemapindex><sitemap><loc>{site.url('/a.xml')}</loc></sitemap></sitemapindex>"),
        "/a.xml": reply("no", "403 Forbidden"),
    }

    found = check_source(make_source(site, sitemaps=[site.url("/map.xml")]))

    assert [check.outcome for check in found.indexes] == ["forbidden", "forbidden"]


def test_suggest_finds_the_feed(site: Site) -> None:
    site.routes |= {
        "/": reply(
            "<html lang=fr-FR><head><title>Une | Le Courrier</title>"
            "<link rel=alternate type='application/rss+xml' href=/rss></head><body></body></html>"
        ),
        "/rss": rss(item("/1", date="2026-11-20T08:00:00Z")),
    }

    drafted = suggest(site.url(), allow_private=[site.endpoint], delay=0)

    assert tomllib.loads(drafted.toml) == {
        "name": "Le Courrier",
        "homepage": site.url(),
        "language": "fr",
        "timezone": "UTC",
        "enabled": False,
        "schedule": "0 * * * *",
        "discover": {"feeds": [site.url("/rss")]},
        "fetch": {"allow_private": [site.endpoint]},
    }
    assert drafted.page == site.url("/1")
    assert drafted.notes == (f"feed {site.url('/rss')}: 1 addresses, newest 2026-11-20T08:00:00+00:00",)


def test_suggest_takes_the_site_that_the_address_leads_to_and_no_comments(site: Site) -> None:
    port = site.endpoint.partition(":")[2]
    home = f"http://localhost:{port}/home"
    feeds = "".join(
        f"<link rel=alternate type='application/rss+xml' href={path}>" for path in ("/comments/feed/", "/rss")
    )
    site.routes |= {
        "/": reply("", "302 Found", Location=home),
        "/home": reply(f"<html><head><title>Courier</title>{feeds}</head></html>"),
        "/rss": rss(item("/1")),
        "/comments/feed/": rss(item("/1#comment")),
    }

    drafted = suggest(site.url(), allow_private=[site.endpoint, f"localhost:{port}"], delay=0)

    table = tomllib.loads(drafted.toml)
    assert (drafted.id, table["homepage"], table["discover"]) == (
        "localhost",
        home,
        {"feeds": [f"http://localhost:{port}/rss"]},
    )
    assert drafted.page == f"http://localhost:{port}/1"


@pytest.mark.parametrize(
    "odd",
    ["<base href='http://[bad/'>", "<link rel=alternate type='application/rss+xml' href='http://[bad'>"],
)
def test_suggest_reads_an_odd_page(site: Site, odd: str) -> None:
    site.routes["/"] = reply(f"<html><head>{odd}</head></html>", Content_Type="text/html; charset=hex")
    site.routes["/rss.xml"] = rss(item("/1"))

    drafted = suggest(site.url(), allow_private=[site.endpoint], delay=0)

    assert drafted.page == site.url("/1")


def test_suggest_finds_how_a_list_is_built(site: Site) -> None:
    rows = "".join(
        f"<div class='row big'><a href='/yuanjiang/2026-11-0{day}/detail-{day}.shtml'>"
        f"援疆医疗队为牧民义诊{day}</a> 11-0{day}</div>"
        for day in range(1, 7)
    )
    menu = "".join(f"<li><a href='/channel{name}/'>地方各频道新闻导航{name}</a></li>" for name in "abcdefgh")
    site.routes["/"] = reply(
        f"<html><head><title>援疆-山谷信使</title></head><ul>{menu}</ul>{rows}<a href=/2>下一页</a></html>"
    )

    drafted = suggest(site.url(), allow_private=[site.endpoint], delay=0)

    table = tomllib.loads(drafted.toml)
    assert table["discover"]["lists"] == [
        {"url": site.url(), "links": "div.row a", "next": "a:contains('下一页')", "pages": 2}
    ]
    assert table["language"] == "zh"
    assert source_from_table(drafted.id, table, "draft").enabled is False
    assert drafted.page == site.url("/yuanjiang/2026-11-01/detail-1.shtml")


def test_suggest_says_what_it_tried(site: Site) -> None:
    site.routes["/"] = reply("<html><p>Under construction</p></html>")

    with pytest.raises(NothingFoundError, match="no feed, no sitemap and no list of articles; tried"):
        suggest(site.url(), allow_private=[site.endpoint], delay=0)
