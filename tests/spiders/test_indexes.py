"""Feeds, sitemaps, lists and JSON files: what they list, and what a bad one is called."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from spiders.feeds import MAX_ITEMS
from spiders.indexes import Index, read_index
from spiders.outcomes import OutcomeError
from spiders.scope import Scope
from spiders.sources import JsonRows, ListPage, source_from_table
from storage.models import Hint
from storage.visits import Link, Visit

if TYPE_CHECKING:
    from spiders.listing import Listing

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SITE = "https://courier.example"


def read(
    body: bytes | str,
    kind: str = "feed",
    rule: ListPage | JsonRows | None = None,
    kept: str = "text/html",
    **discover: object,
) -> tuple[Link, ...]:
    listing = listing_of(body, kind, rule, kept, **discover)
    assert (listing.remark, listing.broken) == ("", False)
    return listing.links


def listing_of(
    body: bytes | str,
    kind: str = "feed",
    rule: ListPage | JsonRows | None = None,
    kept: str = "text/html",
    **discover: object,
) -> Listing:
    table = {
        "name": "C",
        "homepage": f"{SITE}/",
        "language": "en",
        "discover": {"feeds": [f"{SITE}/feed"], **discover},
    }
    visit = Visit(None, 200, f"{SITE}/index", kept, body.encode() if isinstance(body, str) else body)
    return read_index(
        Index(f"{SITE}/index", kind, rule), visit, Scope(source_from_table("c", table, "c")), NOW
    )


def story(number: int, title: str = "", published: str = "", via: str = "feed", modified: str = "") -> Link:
    return Link(f"{SITE}/{number}", Hint(title, published, via), modified=modified)


RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Courier</title><link>https://courier.example/</link><description>d</description>
<item><title>Food &amp; water <![CDATA[<b>arrive</b>]]></title><link> https://courier.example/1 </link>
<pubDate>Mon, 23 Nov 2026 12:25:20 +0800</pubDate><description>long</description></item>
<item><title>Second</title><guid isPermaLink="true">https://courier.example/2</guid>
<dc:date>2026-11-22T08:00:00Z</dc:date></item>
<item><title>Third</title><link>/3</link><pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate></item>
</channel></rss>"""
RSS_LINKS = (
    story(1, "Food & water arrive", "2026-11-23T12:25:20+08:00"),
    story(2, "Second", "2026-11-22T08:00:00+00:00"),
    story(3, "Third"),
)


def test_rss() -> None:
    assert read(RSS.format(encoding="utf-8")) == RSS_LINKS


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "gb2312", "big5", "utf-16", "utf-8-sig"])
def test_feeds_in_other_encodings(encoding: str) -> None:
    named = {"gbk": "gb2312", "utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = RSS.format(encoding=named).replace("Second", "捐贈救災物資")
    links = read(text.encode("gbk" if encoding == "gb2312" else encoding))

    assert [link.hint.title for link in links] == ["Food & water arrive", "捐贈救災物資", "Third"]


def test_atom_takes_the_page_and_not_its_comments() -> None:
    assert read(
        """<feed xmlns="http://www.w3.org/2005/Atom"><title>C</title><id>urn:c</id><updated>2026-11-23T00:00:00Z</updated>
        <entry><title type="html">Relief &lt;i&gt;now&lt;/i&gt;</title><id>urn:1</id>
        <link rel="replies" href="https://courier.example/1#comments"/><link href="/1"/>
        <published>2026-11-20T10:00:00+02:00</published><updated>2026-11-23T00:00:00Z</updated></entry></feed>"""
    ) == (story(1, "Relief now", "2026-11-20T10:00:00+02:00"),)


def test_rdf() -> None:
    assert read(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://courier.example/"><title>C</title></channel>
        <item rdf:about="https://courier.example/1"><title>Wells dug</title><link>https://courier.example/1</link>
        <dc:date>2026-11-21</dc:date></item></rdf:RDF>"""
    ) == (story(1, "Wells dug", "2026-11-21"),)


def test_json_feed() -> None:
    items = [{"id": "1", "url": f"{SITE}/1", "title": "Tents", "date_published": "2026-11-21T09:00:00+01:00"}]

    assert read(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "C", "items": items})
    ) == (story(1, "Tents", "2026-11-21T09:00:00+01:00"),)


def test_an_empty_feed_is_no_error() -> None:
    assert read("<rss version='2.0'><channel><title>C</title></channel></rss>") == ()


def test_a_cut_feed_gives_what_it_has_and_says_so() -> None:
    text = RSS.format(encoding="utf-8")
    listing = listing_of(text[: text.index("<item><title>Third")])

    assert listing.links == RSS_LINKS[:2]
    assert (listing.remark, listing.broken) == ("cut off inside <rss>", True)


def test_a_feed_with_stray_characters_is_read() -> None:
    links = read(RSS.format(encoding="utf-8").replace("Third", "Third\x00 & last&nbsp;caf&eacute; &x;"))

    assert [link.url for link in links] == [f"{SITE}/{number}" for number in (1, 2, 3)]
    assert links[2].hint.title == "Third & last café &x;"


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize("address", ["/s?cat=3&id=5", "/s?cat=3&amp;id=5", "<![CDATA[/s?cat=3&id=5]]>"])
def test_a_bare_ampersand_in_an_address(kind: str, address: str) -> None:
    bodies = {
        "feed": f"<rss><channel><item><link>{address}</link></item></channel></rss>",
        "sitemap": f"<urlset><url><loc>{address}</loc></url></urlset>",
    }

    assert [link.url for link in read(bodies[kind], kind)] == [f"{SITE}/s?cat=3&id=5"]


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_halves_of_characters_are_joined_or_left_out(kind: str) -> None:
    title = "Tents &#55357;&#56832; &#xD83D;&#xDE00; and&#xD800; wells &#20154;"
    bodies = {
        "feed": f"<rss xmlns:x='urn:&#xD800;'><item><link>/1</link><title>{title}</title></item></rss>",
        "sitemap": f"<urlset><url><loc>/1</loc><news><title>{title}</title></news></url></urlset>",
    }

    assert [link.hint.title for link in read(bodies[kind], kind)] == ["Tents 😀 😀 and wells 人"]


def test_halves_of_characters_in_json() -> None:
    links = read(
        '[{"u": "/1", "t": "Tents\\ud83d"}, {"u": "/\\ud83d"}]', "json", JsonRows(SITE, "", "u", "t")
    )

    assert [(link.url, link.hint.title, link.outcome) for link in links] == [
        (f"{SITE}/1", "Tents", None),
        ("/", "", "bad_url"),
    ]


def test_charsets_that_are_misnamed_or_named_in_the_header_only() -> None:
    text = RSS.format(encoding="utf-16").replace("Second", "救灾物资")
    bare = text.partition("?>")[2].encode("gbk")

    assert read(text)[1].hint.title == "救灾物资"
    assert read(bare, kept="text/xml; charset=gb2312")[1].hint.title == "救灾物资"


@pytest.mark.parametrize("base", ["http://[bad/", "https://host:abc/", "javascript:void(0)"])
@pytest.mark.parametrize("charset", ["utf-8", "hex", "undefined"])
def test_a_list_with_an_odd_base_or_charset(base: str, charset: str) -> None:
    body = f"<html><head><base href='{base}'></head><li><a href='/1'>Tents</a></li>"
    links = read(body, "list", ListPage(f"{SITE}/index", "li a"), f"text/html; charset={charset}")

    assert links == (story(1, "Tents", via="list"),)


def test_an_item_without_a_usable_link_costs_itself_only() -> None:
    listing = listing_of(RSS.format(encoding="utf-8").replace("<link>/3</link>", "<link>http://[bad</link>"))

    assert listing.links == RSS_LINKS[:2]
    assert (listing.remark, listing.broken) == ("1 items without a usable link", False)


def test_links_of_items_are_addresses() -> None:
    listing = listing_of(
        "<rss><channel><item><link/><guid>https://courier.example/1</guid></item><item><guid>4711</guid></item>"
        "<item><link>/2</link><guid>4712</guid></item></channel></rss>"
    )

    assert [link.url for link in listing.links] == [f"{SITE}/1", f"{SITE}/2"]
    assert listing.remark == "1 items without a usable link"


def test_a_huge_feed_is_read_to_its_limit_in_little_time() -> None:
    items = "".join(
        f"<item><title>T{n}</title><link>{SITE}/{n}</link><description>x</description></item>"
        for n in range(80_000)
    )
    begun = time.process_time()
    listing = listing_of(f"<rss version='2.0'><channel>{items}</channel></rss>")

    assert len(listing.links) == MAX_ITEMS
    assert listing.remark == f"{80_000 - MAX_ITEMS:,} items after the first {MAX_ITEMS:,} left out"
    assert time.process_time() - begun < 15


BOMB = "<!DOCTYPE r [<!ENTITY a 'relief'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12)
)


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize(
    ("body", "outcome", "told"),
    [
        ("", "empty", "the answer had no content"),
        ("<!DOCTYPE html><html><title>Wait</title>", "not_xml", "a web page came instead, titled 'Wait'"),
        ("News of the valley", "not_xml", "not XML: "),
        ("<page/>", "not_xml", "not a "),
        (BOMB + "]><rss><channel><title>&m;</title></channel></rss>", "xml_rejected", "it declares entities"),
        (
            "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel>&x;</channel></rss>",
            "xml_rejected",
            "it declares entities",
        ),
        (
            "<!DOCTYPE r [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x'>%x;]><rss/>",
            "xml_rejected",
            "it declares entities",
        ),
        ("<a>" * 3000, "xml_rejected", "nested too deeply"),
        ("<rss>" + "<i/>" * 400_001 + "</rss>", "xml_rejected", "more than 400,000 elements"),
    ],
)  # fmt: skip
def test_what_is_no_index(kind: str, body: str, outcome: str, told: str) -> None:
    with pytest.raises(OutcomeError) as error:
        listing_of(body, kind)

    assert error.value.outcome == outcome
    assert str(error.value).startswith(told)


URLSET = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://courier.example/1</loc><lastmod>2026-11-20</lastmod></url>
<url><loc>https://courier.example/2</loc><lastmod>2026-11-22T10:00:00Z</lastmod><news:news><news:publication>
<news:name>Courier</news:name></news:publication><news:publication_date>2026-11-21T09:30:00+08:00</news:publication_date>
<news:title>Bridge &amp; road</news:title></news:news></url></urlset>"""
URLSET_LINKS = (
    story(2, "Bridge & road", "2026-11-21T09:30:00+08:00", "sitemap", "2026-11-22T10:00:00+00:00"),
    story(1, "", "2026-11-20", "lastmod", "2026-11-20"),
)


def test_sitemap_newest_first_plain_and_gzipped() -> None:
    assert read(URLSET, "sitemap") == URLSET_LINKS
    assert read(gzip.compress(URLSET.encode()), "sitemap") == URLSET_LINKS


def test_a_lastmod_without_an_offset_is_of_the_source_s_zone() -> None:
    body = f"<urlset><url><loc>{SITE}/1</loc><lastmod>2026-11-20T08:00:00</lastmod></url></urlset>"
    [link] = listing_of(body, "sitemap").links
    assert (link.modified, link.hint.via) == ("2026-11-20T08:00:00+08:00", "lastmod")


def test_pictures_of_a_page_are_not_the_page() -> None:
    picture = "<i:image xmlns:i='urn:image'><i:loc>https://courier.example/1.jpg</i:loc><i:title>Map</i:title></i:image>"
    body = URLSET.replace(
        "<url><loc>https://courier.example/2", f"<url>{picture}<loc>https://courier.example/2"
    )

    assert read(body, "sitemap") == URLSET_LINKS


def test_sitemap_index() -> None:
    listing = listing_of(
        f"<sitemapindex><sitemap><loc>{SITE}/a.xml</loc><lastmod>2025-01-01</lastmod></sitemap>"
        f"<sitemap><loc>{SITE}/b.xml</loc><lastmod>2026-01-01</lastmod></sitemap>"
        "<sitemap><loc>file:///etc/passwd</loc></sitemap><sitemap><loc>https://other.example/c.xml</loc></sitemap>"
        "</sitemapindex>",
        "sitemap",
    )

    assert (listing.links, listing.follow) == ((), (f"{SITE}/b.xml", f"{SITE}/a.xml"))
    assert listing.remark == "2 sitemaps that are not the source's left out"


def test_sitemaps_without_a_time_are_taken_from_both_ends() -> None:
    named = "".join(f"<sitemap><loc>{SITE}/{n}</loc></sitemap>" for n in range(5))
    dated = f"<sitemap><loc>{SITE}/d</loc><lastmod>2026-01-01</lastmod></sitemap>"
    listing = listing_of(f"<sitemapindex>{named}{dated}</sitemapindex>", "sitemap")

    assert [url.removeprefix(f"{SITE}/") for url in listing.follow] == ["d", "4", "0", "3", "1", "2"]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (gzip.compress(URLSET.encode())[:-9], "truncated"),
        (b"\x1f\x8b not gzip", "truncated"),
        (zlib.compress(b"")[:1] and gzip.compress(bytes(60 << 20), 9), "too_large"),
    ],
)
def test_gzipped_sitemaps_that_are_cut_or_bombs(body: bytes, outcome: str) -> None:
    begun = time.process_time()
    with pytest.raises(OutcomeError) as error:
        listing_of(body, "sitemap")

    assert error.value.outcome == outcome
    assert time.process_time() - begun < 5


LIST = """<html><body><div class=nav><a href="/about">About us</a></div>
<div class="CLtitle"><a href="/yuanjiang/1.shtml" title="Wells for the &lt;valley&gt;">Wells…</a>
 [2026.08.31 12:25]</div>
<div class="CLtitle"><a href="/yuanjiang/2.shtml">Doctors arrive</a><!-- 2020-01-01 --> [2026.08.30 09:05]
</div>
<div class="CLtitle"><a href="http://[bad/">Broken</a></div>
<div class="CLtitle"><a href="https://other.example/3.shtml">Elsewhere</a></div>
<a class=next href="index_2.shtml">Next</a></body></html>"""
RULE = ListPage(f"{SITE}/index", "div.CLtitle a", "a.next", 3)


def test_list_page() -> None:
    listing = listing_of(LIST, "list", RULE)

    assert listing.links == (
        Link(f"{SITE}/yuanjiang/1.shtml", Hint("Wells for the <valley>", "2026-08-31T12:25", "list")),
        Link(f"{SITE}/yuanjiang/2.shtml", Hint("Doctors arrive", "2026-08-30T09:05", "list")),
        Link("http://[bad/", Hint("Broken", "", "list"), "bad_url", "Invalid IPv6 URL"),
        Link("https://other.example/3.shtml", Hint("Elsewhere", "", "list"), "off_site", "on another site"),
    )
    assert listing.follow == (f"{SITE}/index_2.shtml",)


def test_list_rows_without_an_element_of_their_own() -> None:
    links = read(
        "<div id=l><a href='/1'>Floods</a> 2026-11-02<br><a href='/2'>Harvest</a> 11-01 08:30<br></div>",
        "list",
        ListPage(f"{SITE}/index", "#l a"),
    )

    assert [link.hint.published for link in links] == ["2026-11-02", "2026-11-01T08:30"]


def test_list_in_gb18030_with_a_year_in_the_link_only() -> None:
    body = """<html><head><meta charset=gb2312></head><body><ul class=content_list>
    <li><div class=dd_bt><a href="/gn/2026/01-05/10.shtml">对口支援物资运抵柯坪</a></div>
    <div class=dd_time>1-5 12:25</div></li>
    <li><div class=dd_bt><a href="/gn/2025/12-31/9.shtml">㐂救灾</a></div>
    <div class=dd_time>12-31 23:59</div></li></ul>"""
    links = read(
        body.encode("gb18030"), "list", ListPage(f"{SITE}/index", ".content_list li .dd_bt a"), "text/html"
    )

    assert links == (
        Link(f"{SITE}/gn/2026/01-05/10.shtml", Hint("对口支援物资运抵柯坪", "2026-01-05T12:25", "list")),
        Link(f"{SITE}/gn/2025/12-31/9.shtml", Hint("㐂救灾", "2025-12-31T23:59", "list")),
    )


def test_queries_of_a_page_in_gbk() -> None:
    body = "<meta charset=gb2312><a href='/s?q=救灾&p=1'>Search</a><a href='/救'>Relief</a>".encode("gbk")

    assert [link.url for link in read(body, "list", ListPage(f"{SITE}/index", "a"))] == [
        f"{SITE}/s?q=%BE%C8%D4%D6&p=1",
        f"{SITE}/救",
    ]


def test_a_list_without_rows_is_empty_and_no_news_is_not_claimed() -> None:
    with pytest.raises(OutcomeError, match="the list changed or is empty") as error:
        listing_of("<html><body>Under maintenance</body></html>", "list", RULE)

    assert error.value.outcome == "empty"


def test_a_list_of_many_links_takes_little_time() -> None:
    rows = "".join(f"<a href='/{number}'>Story number {number}</a>" for number in range(30_000))
    begun = time.process_time()
    listing = listing_of(f"<div id=l>{rows}</div>", "list", ListPage(f"{SITE}/index", "#l a"))

    assert len(listing.links) == 1000
    assert listing.remark == "29,000 links after the first 1,000 left out"
    assert time.process_time() - begun < 5


def test_a_list_of_one_link_many_times_takes_little_time() -> None:
    begun = time.process_time()
    listing = listing_of(
        f"<div>{'<a href=/1>Story</a>' * 30_000}</div>", "list", ListPage(f"{SITE}/index", "a")
    )

    assert len(listing.links) == 1000
    assert time.process_time() - begun < 5


def test_allow_and_deny() -> None:
    links = read(
        "<a href='/relief/1'>Relief</a><a href='/sport/2'>Sport</a><a href='/relief/video/3'>Film</a>",
        "list",
        ListPage(f"{SITE}/index", "a"),
        allow=["/relief/"],
        deny=["/video/"],
    )

    assert [(link.outcome, link.detail) for link in links] == [
        (None, ""),
        ("off_site", "matches no allow rule"),
        ("off_site", "matches a deny rule"),
    ]


@pytest.mark.parametrize("home", ["http://新闻.中国/", "http://xn--efvy88h.xn--fiqs8s/"])
def test_a_host_in_chinese_and_in_ascii_is_one_site(home: str) -> None:
    table = {"name": "C", "homepage": home, "language": "zh", "discover": {"feeds": [home]}}
    scope = Scope(source_from_table("c", table, "c"))

    for host in ("新闻.中国", "www.新闻.中国", "XN--efvy88h.xn--fiqs8s", "m.xn--efvy88h.xn--fiqs8s."):
        assert scope.link(home, f"http://{host}/1", Hint()).outcome is None


ROWS = JsonRows(f"{SITE}/index", "data.list", "url", "meta.title", "time")
ROW = {"url": "/1", "meta": {"title": "<a href='x'>Blankets</a>"}, "time": "2026-11-23 12:25:20"}


@pytest.mark.parametrize(
    "wrapped",
    ["{}", "\ufeff{}", "news({});", "/**/jQuery.cb_1( {} )", "var news = {};", "window.data={}"],
)
def test_json_and_jsonp_rows(wrapped: str) -> None:
    body = wrapped.replace("{}", json.dumps({"data": {"list": [ROW, {"url": None}, "text", {}]}}))
    listing = listing_of(body, "json", ROWS)

    assert listing.links == (story(1, "Blankets", "2026-11-23T12:25:20", "json"),)
    assert listing.remark == "3 rows without a usable link"


@pytest.mark.parametrize(
    "body", ["news" + " " * 2_000_000 + "x", "a." * 1_000_000, "news(" + " " * 2_000_000]
)
def test_jsonp_of_blanks_takes_little_time(body: str) -> None:
    begun = time.process_time()
    with pytest.raises(OutcomeError):
        listing_of(body, "json", ROWS)

    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("body", "outcome", "told"),
    [
        ("", "empty", "the answer had no content"),
        ("<html><title>Log in</title>", "not_xml", "a web page came instead of JSON, titled 'Log in'"),
        ('{"data": {}}', "not_xml", "JSON without a list at 'data.list'"),
        ('{"data": {"list": [{"href": "/1"}]}}', "not_xml", "JSON rows without a text at 'url'"),
        ('{"data": {"list": [', "not_xml", "not JSON: "),
        ("[" * 200_000, "not_xml", "not JSON: "),
    ],
)
def test_what_is_no_json(body: str, outcome: str, told: str) -> None:
    with pytest.raises(OutcomeError) as error:
        listing_of(body, "json", ROWS)

    assert error.value.outcome == outcome
    assert str(error.value).startswith(told)
