"""What crawls of one machine share for a host: delay, places, pauses."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING

import pytest

from spiders.hosts import Hosts
from spiders.outcomes import OutcomeError
from tests.spiders.loopback import item, page, reply, rss

if TYPE_CHECKING:
    from pathlib import Path

    from tests.spiders.loopback import Asked, MakeSource, RunCrawl, Site


async def _take_turns(hosts: list[Hosts], turns: int, hold: float = 0.0) -> tuple[list[float], int]:
    """Let each Hosts take turns; return the moments, and how many were held at once at most."""
    moments: list[float] = []
    held = most = 0

    async def one(host: Hosts) -> None:
        nonlocal held, most
        async with host.turn("courier.example"):
            moments.append(time.monotonic())
            held += 1
            most = max(most, held)
            await asyncio.sleep(hold)
            held -= 1

    await asyncio.gather(*(one(host) for host in hosts for _ in range(turns)))
    return sorted(moments), most


def test_two_crawls_keep_one_delay(tmp_path: Path) -> None:
    moments, _ = asyncio.run(_take_turns([Hosts(tmp_path, delay=0.1, places=4) for _ in range(2)], 3))

    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert min(gaps) > 0.09


def test_two_crawls_share_the_places(tmp_path: Path) -> None:
    _, most = asyncio.run(_take_turns([Hosts(tmp_path, delay=0, places=2) for _ in range(3)], 2, hold=0.1))

    assert most == 2


def test_crawl_delay_is_kept_where_it_is_longer(tmp_path: Path) -> None:
    hosts = Hosts(tmp_path, delay=0, places=4)
    hosts.slow_down("courier.example", 0.1)

    moments, _ = asyncio.run(_take_turns([hosts], 3))

    assert moments[-1] - moments[0] > 0.19


def test_a_crawl_delay_of_hours_is_left_to_later_runs(tmp_path: Path) -> None:
    for delay in (3 * 3600, float("inf")):
        hosts = Hosts(tmp_path / str(delay), delay=0, places=4)
        hosts.slow_down("courier.example", delay)

        asyncio.run(_take_turns([hosts], 1))
        with pytest.raises(OutcomeError, match=r"robots\.txt of courier\.example asks for \d+ s") as error:
            asyncio.run(_take_turns([hosts], 1))

        assert error.value.outcome == "rate_limited"


def test_a_long_pause_is_not_waited_for_and_holds_for_others(tmp_path: Path) -> None:
    Hosts(tmp_path, delay=0, places=1).pause("courier.example", 3600)

    with pytest.raises(OutcomeError, match=r"courier\.example asked for a pause of 3600 s") as error:
        asyncio.run(_take_turns([Hosts(tmp_path, delay=0, places=1)], 1))

    assert error.value.outcome == "rate_limited"


def test_a_crawl_waits_as_long_as_retry_after_says(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    moments: dict[str, float] = {}

    def limited(asked: Asked) -> bytes:
        moments["refused"] = time.monotonic()
        return reply("slow down", "429 Too Many Requests", Retry_After="1")

    def later(asked: Asked) -> bytes:
        moments["next"] = time.monotonic()
        return page()

    site.routes |= {
        "/feed": rss(
            item("/1", date="Mon, 23 Nov 2026 12:00:00 GMT"), item("/2", date="Sun, 22 Nov 2026 12:00:00 GMT")
        ),
        "/1": limited,
        "/2": later,
    }
    source = make_source(site, feeds=[site.url("/feed")], fetch={"delay": 0.05})

    done = crawl(source)

    assert done.pages == {"/1": "rate_limited", "/2": None}
    assert moments["next"] - moments["refused"] > 0.9


def test_a_site_that_does_not_answer_is_left_alone(
    site: Site, make_source: MakeSource, crawl: RunCrawl
) -> None:
    site.routes["/feed"] = rss(*(item(f"/{number}") for number in range(60)))
    site.routes |= {f"/{number}": b"" for number in range(60)}

    done = crawl(make_source(site, feeds=[site.url("/feed")]))

    assert done.report.state == "stopped"
    assert done.report.detail.startswith("connection_error 10 times in a row (")
    assert list(done.pages.values()).count(None) > 40


def test_a_site_that_refuses_is_left_alone(site: Site, make_source: MakeSource, crawl: RunCrawl) -> None:
    site.routes["/feed"] = rss(*(item(f"/{number}") for number in range(40)))
    site.routes |= {
        f"/{number}": reply("", "503 Service Unavailable", Retry_After="86400") for number in range(40)
    }

    done = crawl(make_source(site, feeds=[site.url("/feed")]))

    assert done.report.state == "stopped"
    assert done.report.detail.startswith("rate_limited 5 times in a row (")
    assert len(site.paths) < 12
    assert list(done.pages.values()).count(None) > 20
