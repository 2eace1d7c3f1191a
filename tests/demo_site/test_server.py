"""What the demo site answers, seen through an HTTP client."""

from __future__ import annotations

import http.client
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from flows.demo_site.markup import OUTLETS
from flows.demo_site.server import DemoSite

if TYPE_CHECKING:
    from pathlib import Path

CORRECTED = "/yuanjiang/2026-11-05/detail-ihfxkqa2211051.shtml"
LYING = "/n2/2026/1113/c219188-41196640.html"
STATUS = {"not_found": 404, "gone": 410, "server_error": 500}


def ask(origin: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own: status, lower-case headers, body."""
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


def test_every_expected_address_answers_as_it_should(site: DemoSite, expected: list[dict[str, Any]]) -> None:
    answered = {(r["outlet"], r["path"]): ask(site.origins[r["outlet"]], r["path"])[0] for r in expected}
    assert answered == {(r["outlet"], r["path"]): STATUS.get(r["outcome"], 200) for r in expected}


def test_validators_save_every_good_answer(site: DemoSite, expected: list[dict[str, Any]]) -> None:
    good = [r for r in expected if r["outcome"] not in STATUS]
    indexes = [{"outlet": outlet, "path": path} for outlet in OUTLETS for path in ("/robots.txt", "/")]
    for record in good + indexes:
        origin = site.origins[record["outlet"]]
        _, headers, _ = ask(origin, record["path"])
        by_tag = ask(origin, record["path"], If_None_Match=headers["etag"])
        by_time = ask(origin, record["path"], If_Modified_Since=headers["last-modified"])
        assert (by_tag[0], by_tag[2], by_time[0], by_time[2]) == (304, b"", 304, b"")


@pytest.mark.parametrize(
    "stale",
    [
        {"If_None_Match": '"another"'},
        {"If_Modified_Since": "Sat, 01 Aug 2026 00:00:00 GMT"},
        {"If_Modified_Since": "once upon a time"},
        {"If_None_Match": '"another"', "If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_stale_or_unreadable_validators_get_the_page(site: DemoSite, stale: dict[str, str]) -> None:
    assert ask(site.origins["xj"], CORRECTED, **stale)[0] == 200


def test_head_has_the_headers_and_no_body(site: DemoSite) -> None:
    _, get_headers, body = ask(site.origins["wire"], "/")
    status, headers, nothing = ask(site.origins["wire"], "/", "HEAD")
    assert (status, nothing, headers["content-length"]) == (200, b"", str(len(body)))
    assert headers["etag"] == get_headers["etag"]


def test_an_unknown_address_is_not_found_and_a_query_is_ignored(site: DemoSite) -> None:
    assert ask(site.origins["relief"], "/wp-login.php")[0] == 404
    assert ask(site.origins["relief"], "/feed/?paged=1")[0] == 200


def test_content_types_and_encodings(site: DemoSite) -> None:
    answers = {
        (outlet, path): ask(site.origins[outlet], path)[1]["content-type"]
        for outlet, path in [
            ("gblist", "/GB/219188/index.html"),
            ("gblist", LYING),
            ("national", "/rss/scroll-news.xml"),
            ("wire", "/politics/ds_demo.json"),
            ("xj", "/tupian/2026-09-12/detail-ihfxkqa2209121.shtml"),
            ("donor", "/robots.txt"),
        ]
    }
    assert list(answers.values()) == [
        "text/html",
        "text/html; charset=utf-8",
        "application/xml; charset=utf-8",
        "application/json",
        "image/png",
        "text/plain; charset=utf-8",
    ]
    body = ask(site.origins["gblist"], LYING)[2]
    assert "白朗县" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_the_correction_changes_exactly_one_page(expected: list[dict[str, Any]]) -> None:
    def snapshot(running: DemoSite) -> dict[tuple[str, str], tuple[int, str, str, bytes]]:
        seen = {}
        for record in expected:
            status, headers, body = ask(running.origins[record["outlet"]], record["path"])
            validators = headers.get("etag", ""), headers.get("last-modified", "")
            seen[record["outlet"], record["path"]] = (status, *validators, body)
        return seen

    with DemoSite() as running:
        before = snapshot(running)
        running.correct()
        after = snapshot(running)
        revisit = ask(running.origins["xj"], CORRECTED, If_None_Match=before["xj", CORRECTED][1])[0]
    changed = [address for address in before if before[address] != after[address]]
    assert (changed, revisit) == ([("xj", CORRECTED)], 200)
    old, new = before["xj", CORRECTED], after["xj", CORRECTED]
    assert (old[2], new[2]) == ("Thu, 05 Nov 2026 02:02:33 GMT", "Fri, 06 Nov 2026 00:15:00 GMT")
    assert "850万元" in old[3].decode()
    assert "更正" in new[3].decode()


def test_requests_are_noted_in_order() -> None:
    with DemoSite() as running:
        ask(running.origins["xj"], "/robots.txt")
        ask(running.origins["donor"], "/nowhere?x=1")
        _, headers, _ = ask(running.origins["wire"], "/")
        ask(running.origins["wire"], "/", If_None_Match=headers["etag"])
    assert running.requests == [
        ("xj", "/robots.txt", 200),
        ("donor", "/nowhere", 404),
        ("wire", "/", 200),
        ("wire", "/", 304),
    ]


def test_source_files_allow_exactly_their_own_port(site: DemoSite, tmp_path: Path) -> None:
    site.write_sources(tmp_path / "sources")
    written = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in (tmp_path / "sources").iterdir()}
    assert {
        name: (t["homepage"], t["fetch"]["allow_private"], t["enabled"]) for name, t in written.items()
    } == {
        f"demo_{outlet}": (f"{origin}/", [origin.removeprefix("http://")], True)
        for outlet, origin in site.origins.items()
    }
