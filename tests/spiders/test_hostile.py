"""Documents made to be expensive: each ends in an outcome, in bounded time and memory."""

from __future__ import annotations

import gzip
import re
import time
from typing import TYPE_CHECKING

from tests.spiders.loopback import item, page, reply, rss

if TYPE_CHECKING:
    from tests.spiders.loopback import MakeSource, RunCrawl, Site

MEGABYTE = 1 << 20
RULE = {"links": "li a", "next": "a.next", "pages": 5}


def test_expensive_indexes_end_in_time_and_memory(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    entry = "<url><loc>{}</loc><lastmod>2026-11-20</lastmod></url>"
    many = "".join(entry.format(site.url(f"/s{number}")) for number in range(5_000))
    feeds = {
        "/good": (rss(item("/story")), None),
        "/elements": (reply(b"<rss>" + b"<i/>" * (2 * MEGABYTE)), "too_large"),
        "/elements-within": (reply(b"<rss>" + b"<i/>" * (MEGABYTE + MEGABYTE // 2)), "xml_rejected"),
        "/attributes": (reply("<rss>" + "".join(f"<i a{n}='1'/>" for n in range(40_000)) + "</rss>"), None),
        "/names": (
            reply("<rss><i " + " ".join(f"a{n}='1'" for n in range(60_000)) + "/></rss>"),
            "xml_rejected",
        ),
        "/items": (rss(*(item(f"/f{number}") for number in range(40_000))), None),
        "/text": (rss(item("/text", "relief " * MEGABYTE)), None),
        "/bomb": (reply(gzip.compress(bytes(300 * MEGABYTE), 9), Content_Encoding="gzip"), "too_large"),
        "/json": (reply(b"{" + b'"a":{' * MEGABYTE), "not_xml"),
    }
    sitemaps = {
        "/map.xml": (reply(f"<urlset>{many}</urlset>"), None),
        "/map.xml.gz": (
            reply(gzip.compress(bytes(300 * MEGABYTE), 9), Content_Type="application/gzip"),
            "too_large",
        ),
    }
    lists = {
        "/nested": (reply("<div>" * 400_000 + "<li><a href=/n>x</a>"), "too_complex"),
        "/links": (
            reply("".join(f"<li><a href=/l{number}>x</a>" for number in range(200_000))),
            "too_complex",
        ),
        "/rows": (reply("".join(f"<li><a href=/r{number}>x</a>" for number in range(12_000))), None),
        "/names.html": (
            reply("<p " + " ".join(f"a{n}" for n in range(60_000)) + "><li><a href=/n>x</a>"),
            "too_complex",
        ),
        "/unclosed": (reply("<p><b><li>" * 200_000 + "<a href=/u>x</a>"), "too_complex"),
    }
    site.routes |= {path: route for path, (route, _) in (feeds | sitemaps | lists).items()}
    site.routes["/story"] = page()
    source = make_source(
        site,
        fetch={"timeout": 30.0},
        feeds=[site.url(path) for path in feeds],
        sitemaps=[site.url(path) for path in sitemaps],
        lists=[{"url": site.url(path), **RULE} for path in lists],
    )

    begun = time.monotonic()
    done = crawl(source, limit=1)

    assert done.indexes == {path: outcome for path, (_, outcome) in (feeds | sitemaps | lists).items()}
    assert time.monotonic() - begun < 60
    logged = (done.archive.parent.parent / "crawl.log").read_text()
    assert [int(peak) < 400 for peak in re.findall(r"peak memory (\d+) MB", logged)] == [True]
