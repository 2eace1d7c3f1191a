"""The pages themselves: complete, linked, and true to their gold."""

from __future__ import annotations

import json
import re
import tomllib
import urllib.request
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from xml.etree import ElementTree

from lxml import etree

from flows.demo_site.markup import ENCODINGS, read_answers, read_source
from storage.models import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.demo_site.server import DemoSite

ARTICLE_KEYS = {"outlet", "path", "outcome", "title", "text", "published_at", "origin", "editor", "byline"}
CONTENT = {
    "xj": ".left_zw",
    "national": ".left_zw",
    "gblist": ".rm_txt_con",
    "relief": ".entry-content",
    "donor": ".gem-c-govspeak",
    "courrier": ".corps",
    "wire": "#detailContent",
}
SITE_LINE = re.compile(
    "来 源：|分享让更多人看到|Read more:|Facebook$|Email$|Locust watch:|Warehouse diary:"
    "|This article was first published by|À lire aussi"
)
REPOSTED = [
    {
        ("xj", "/yuanjiang/2026-08-31/detail-ihfxkqa2208311.shtml"),
        ("national", "/gn/2026/08-31/10297415.shtml"),
        ("gblist", "/n2/2026/0901/c219188-41150872.html"),
    },
    {("xj", "/dizhou/2026-08-20/detail-ihfxkqa2208201.shtml"), ("wire", "/local/20260821/7f3a19/c.html")},
    {
        ("relief", "/2026/09/cholera-kits-zambezi-floods/"),
        ("donor", "/news/emergency-health-kits-mozambique/"),
    },
]


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as response:
        body: bytes = response.read()
        return body


def list_links(url: str, links: str, next_page: str | None) -> Iterator[str]:
    page = etree.fromstring(fetch(url), etree.HTMLParser())
    yield from (urljoin(url, row.get("href", "")) for row in page.cssselect(links))
    for step in page.cssselect(next_page) if next_page else ():
        yield from list_links(urljoin(url, step.get("href", "")), links, next_page)


def feed_links(url: str) -> Iterator[str]:
    root = ElementTree.fromstring(fetch(url))
    yield from (link.text or "" for link in root.iterfind("channel/item/link"))
    atom = "{http://www.w3.org/2005/Atom}"
    yield from (link.get("href", "") for link in root.iterfind(f"{atom}entry/{atom}link"))


def sitemap_links(url: str) -> Iterator[str]:
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(fetch(url))
    yield from (loc.text or "" for loc in root.iterfind(f"{name}url/{name}loc"))
    for child in root.iterfind(f"{name}sitemap/{name}loc"):
        yield from sitemap_links(child.text or "")


def discovered(discover: dict[str, Any]) -> Iterator[str]:
    for url in discover.get("feeds", []):
        yield from feed_links(url)
    for url in discover.get("sitemaps", []):
        yield from sitemap_links(url)
    for row in discover.get("lists", []):
        yield from list_links(row["url"], row["links"], row.get("next"))
    for row in discover.get("json", []):
        yield from (item[row["link"]] for item in json.loads(fetch(row["url"]))[row["rows"]])


def test_the_sources_lead_to_every_expected_address_once(
    site: DemoSite, expected: list[dict[str, Any]]
) -> None:
    found = []
    for outlet, origin in site.origins.items():
        source = tomllib.loads(read_source(outlet, origin))
        links = list(discovered(source["discover"]))
        allow = source["discover"].get("allow", [""])
        assert all(any(re.search(rule, link) for rule in allow) for link in links)
        found += [(outlet, link.removeprefix(origin)) for link in links]
    assert sorted(found) == sorted((r["outlet"], r["path"]) for r in expected)


def test_records_are_complete_and_their_outcomes_known(expected: list[dict[str, Any]]) -> None:
    assert len(expected) >= 30
    for record in expected:
        is_text = record["outcome"] in {"article", "off_topic"}
        assert record["outcome"] in OUTCOMES
        assert set(record) - {"corrected"} == (ARTICLE_KEYS if is_text else {"outlet", "path", "outcome"})


def test_article_times_are_aware_and_between_august_and_november(expected: list[dict[str, Any]]) -> None:
    times = [datetime.fromisoformat(r["published_at"]) for r in expected if "published_at" in r]
    assert all(time.tzinfo and (2026, 8) <= (time.year, time.month) <= (2026, 11) for time in times)


def line(element: etree._Element) -> str:
    """An element's text on one line, white space squeezed."""
    return " ".join(str(element.xpath("string()")).split())


def test_gold_is_all_that_the_pages_say_but_the_site_s_own_lines(expected: list[dict[str, Any]]) -> None:
    for corrected in (False, True):
        for record in (r for r in expected if "text" in r):
            answers = read_answers(record["outlet"], "http://127.0.0.1:1", corrected=corrected)
            gold = record | record.get("corrected", {}) if corrected else record
            html = answers[record["path"]].body.decode(ENCODINGS.get(record["outlet"], "utf-8"))
            content = etree.fromstring(html, etree.HTMLParser()).cssselect(CONTENT[record["outlet"]])[0]
            blocks = [line(block) for block in content.cssselect("p, h2, li, figcaption, .pictext")]
            body = [text for text in blocks if text and not SITE_LINE.match(text)]
            assert body == [" ".join(paragraph.split()) for paragraph in gold["text"].split("\n")]
            facts = (gold[field] for field in ("title", "origin", "editor", "byline"))
            assert [fact for fact in facts if fact not in html] == []


def shingles(text: str, size: int = 8) -> set[str]:
    squeezed = "".join(text.split())
    return {squeezed[i : i + size] for i in range(len(squeezed) - size + 1)}


def containment(one: str, other: str) -> float:
    """The share of the shorter text's 8-character shingles that the other text has too."""
    small, large = sorted((shingles(one), shingles(other)), key=len)
    return len(small & large) / len(small)


def test_copies_of_a_story_are_near_duplicates_and_nothing_else_is(expected: list[dict[str, Any]]) -> None:
    texts = {(r["outlet"], r["path"]): r["text"] for r in expected if "text" in r}
    stories = [frozenset(pair) for story in REPOSTED for pair in combinations(sorted(story), 2)]
    scores = {frozenset(p): containment(texts[p[0]], texts[p[1]]) for p in combinations(texts, 2)}
    assert {pair for pair, score in scores.items() if score > 0.8} == set(stories)
    assert max(score for pair, score in scores.items() if pair not in stories) < 0.2
    assert all(texts[a] != texts[b] for a, b in (sorted(pair) for pair in stories))


def test_no_placeholder_is_left_and_every_page_is_in_its_own_encoding(site: DemoSite) -> None:
    for outlet, origin in site.origins.items():
        for path, answer in read_answers(outlet, origin).items():
            if not answer.content_type.startswith("image/"):
                text = answer.body.decode("gb18030" if outlet == "gblist" else "utf-8")
                assert "§" not in text, path
