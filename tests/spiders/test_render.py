"""Pages that need JavaScript, through a real browser where one is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spiders.rendering import chromium_path, missing_for_rendering
from tests.spiders.loopback import item, page, reply, rss

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.spiders.loopback import MakeSource, RunCrawl, Site

needs_browser = pytest.mark.skipif(bool(missing_for_rendering()), reason=missing_for_rendering() or "-")

SCRIPTED = """<html><body><h1>Loading</h1><script>
  fetch('/text.json').then(a => a.json()).then(a => { document.querySelector('h1').textContent = a.title });
  fetch('{canary}').catch(() => 0);
</script><img src='/picture.png'></body></html>"""


@needs_browser
def test_browser_runs_scripts_and_stays_guarded(
    site: Site, make_source: MakeSource, crawl: RunCrawl, new_site: Callable[[], Site]
) -> None:
    canary = new_site()
    canary.routes["/"] = page("secret")
    site.routes |= {
        "/feed": rss(item("/story"), item("/to-canary"), item("/missing")),
        "/story": reply(SCRIPTED.replace("{canary}", canary.url())),
        "/text.json": reply('{"title": "Relief flight lands"}', Content_Type="application/json"),
        "/to-canary": reply("", "302 Found", Location=canary.url()),
    }

    done = crawl(make_source(site, feeds=[site.url("/feed")], fetch={"render": True, "timeout": 10.0}))

    assert done.pages == {"/story": None, "/to-canary": "redirect_blocked", "/missing": "not_found"}
    assert b"<h1>Relief flight lands</h1>" in done.body("/story")
    assert canary.asked == []
    assert "/picture.png" not in site.paths


def test_without_a_browser_the_crawl_says_what_to_install(
    site: Site, make_source: MakeSource, crawl: RunCrawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes["/feed"] = rss(item("/story"))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("AIDWIRE_CHROMIUM", raising=False)
    assert chromium_path() == ""

    done = crawl(make_source(site, feeds=[site.url("/feed")], fetch={"render": True}))

    assert done.report.state == "failed"
    assert done.report.detail == missing_for_rendering()
    assert site.asked == []
