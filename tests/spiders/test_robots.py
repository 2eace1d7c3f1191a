"""robots.txt: what each answer means, and how it is obeyed."""

from __future__ import annotations

import socket
import struct
import time
from typing import TYPE_CHECKING

import pytest

from spiders.origin_files import OriginFile
from spiders.outcomes import OutcomeError
from spiders.robots import Rules
from tests.spiders.loopback import bare, item, page, reply, rss

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from tests.spiders.loopback import MakeSource, RunCrawl, Site


def allows(text: str, path: str = "/story") -> bool:
    try:
        Rules(OriginFile(text)).check(f"http://courier.example{path}")
    except OutcomeError as error:
        return error.outcome != "robots_disallowed"
    return True


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/story", True),
        ("<html>not a robots file</html>", "/story", True),
        ("User-agent: *\nDisallow: /", "/story", False),
        ("User-agent: *\nDisallow:", "/story", True),
        ("User-agent: aidwire\nDisallow: /\n\nUser-agent: *\nAllow: /", "/story", False),
        ("User-agent: AidWire\nAllow: /\n\nUser-agent: *\nDisallow: /", "/story", True),
        ("User-agent: otherbot\nDisallow: /", "/story", True),
        ("User-agent: *\nDisallow: /news\nAllow: /news/relief", "/news/relief/1", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
        ("User-agent: *\nDisallow: /%E6%8F%B4", "/援疆", False),
        ("\ufeffUser-agent: *\r\nDisallow: /story\r\n", "/story", False),
    ],
)
def test_rules(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path) is allowed


def test_wildcards_cannot_make_matching_slow() -> None:
    begun = time.process_time()
    hostile = "User-agent: *\n" + f"Disallow: /{'a*' * 500}b\n" * 50 + f"Allow: /{'a*' * 500}\n"

    assert allows(hostile, "/" + "a" * 2000) is False
    assert time.process_time() - begun < 5


def test_delays() -> None:
    def delay(text: str) -> float:
        return Rules(OriginFile(f"User-agent: *\n{text}")).crawl_delay

    assert [delay("Crawl-delay: 4"), delay("Request-rate: 1/10s"), delay("Crawl-delay: x"), delay("")] == [
        4,
        10,
        0,
        0,
    ]


@bare
def _reset(connection: socket.socket, over: threading.Event) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@bare
def _silent(connection: socket.socket, over: threading.Event) -> None:
    over.wait(30)


UNREACHABLE = "robots_unreachable"


ANSWERS: dict[str, tuple[object, str | None]] = {
    "not found": (reply("", "404 Not Found"), None),
    "unauthorized": (reply("", "401 Unauthorized"), None),
    "gone": (reply("", "410 Gone"), None),
    "no content": (reply("", "204 No Content"), None),
    "rules": (reply("User-agent: *\nDisallow: /feed"), "robots_disallowed"),
    "wide": (reply("User-agent: *\nDisallow: /feed".encode("utf-16")), "robots_disallowed"),
    "moved": (reply("", "301 Moved Permanently", Location="/rules.txt"), "robots_disallowed"),
    "error": (reply("", "500 Internal Server Error"), UNREACHABLE),
    "unavailable": (reply("", "503 Service Unavailable"), UNREACHABLE),
    "limited": (reply("", "429 Too Many Requests", Retry_After="0"), UNREACHABLE),
    "challenge": (reply("<script>window._cf_chl_opt={}</script>", "403 Forbidden"), UNREACHABLE),
    "loop": (reply("", "302 Found", Location="/robots.txt"), UNREACHABLE),
    "to metadata": (reply("", "302 Found", Location="http://169.254.169.254/robots.txt"), UNREACHABLE),
    "cut": (reply("User-agent: *", Content_Length="5000"), UNREACHABLE),
    "reset": (_reset, UNREACHABLE),
    "silent": (_silent, UNREACHABLE),
}


def test_what_each_answer_means(
    site: Site, make_source: MakeSource, crawl: RunCrawl, new_site: Callable[[], Site]
) -> None:
    sites = {name: new_site() for name in ANSWERS}
    for name, other in sites.items():
        disallow = reply("User-agent: *\nDisallow: /")
        other.routes |= {"/robots.txt": ANSWERS[name][0], "/rules.txt": disallow, "/feed": rss()}
    feeds = [other.url("/feed") for other in sites.values()]
    allowed = [other.endpoint for other in sites.values()]

    done = crawl(make_source(site, feeds=feeds, fetch={"timeout": 1.0, "allow_private": allowed}))

    assert {name: done.indexes[other.url("/feed")] for name, other in sites.items()} == {
        name: outcome for name, (_, outcome) in ANSWERS.items()
    }
    asked = {name for name, other in sites.items() if "/feed" in other.paths}
    assert asked == {name for name, (_, outcome) in ANSWERS.items() if outcome is None}


def test_asked_for_once_a_day_and_again_after_a_failure(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    source = make_source(site, feeds=[site.url("/feed")])
    site.routes |= {"/feed": rss(item("/1"), item("/2")), "/1": page(), "/2": page()}

    site.routes["/robots.txt"] = reply("", "502 Bad Gateway")
    failed = crawl(source, "run-1")
    site.routes["/robots.txt"] = reply("User-agent: *\nDisallow: /2")
    first = crawl(source, "run-2")
    asked = len([one for one in site.asked if one.path == "/robots.txt"])
    second = crawl(source, "run-3")

    assert (failed.report.state, failed.indexes) == ("failed", {"/feed": UNREACHABLE})
    assert first.pages == second.pages == {"/1": None, "/2": "robots_disallowed"}
    assert len([one for one in site.asked if one.path == "/robots.txt"]) == asked
