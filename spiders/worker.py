"""The child process that fetches: ``python -m spiders.worker`` with its task as JSON on stdin.

It prints one JSON object a line: for a crawl its progress and at the end the report, for a look
the visits.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess

from spiders.hosts import Hosts
from spiders.looker import Looker
from spiders.options import CrawlOptions
from spiders.rendering import missing_for_rendering
from spiders.settings import crawl_settings, host_places
from spiders.sources import Source, source_from_table
from spiders.spider import SourceSpider
from storage.archive import Archive

if TYPE_CHECKING:
    from spiders.fetcher import Fetcher

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Do the task that stdin describes."""
    task = json.load(sys.stdin)
    # What a library prints must not come between the lines for the parent.
    sys.stdout = sys.stderr
    _die_with(task["parent"])
    source = source_from_table(task["id"], task["source"], task["id"])
    hosts = Hosts(Path(task["hosts"]), delay=source.fetch.delay, places=host_places(source))
    if source.fetch.render and (missing := missing_for_rendering()):
        if "urls" in task:
            raise SystemExit(missing)
        _say({"report": {"state": "failed", "discovered": 0, "fetched": 0, "detail": missing}})
    elif "urls" in task:
        _look(source, hosts, task)
    else:
        _crawl(source, hosts, task)


def _crawl(source: Source, hosts: Hosts, task: dict[str, Any]) -> None:
    options = CrawlOptions(**task["options"])
    with Archive(Path(task["archive"])) as archive:
        archive.begin(options.run, revisit=options.revisit, since=options.since)
        spider, reason = _run(
            SourceSpider,
            task["log"],
            source=source,
            archive=archive,
            hosts=hosts,
            options=options,
            report=lambda: _say({"progress": asdict(archive.progress())}),
        )
    if isinstance(spider, SourceSpider):
        _say({"report": spider.summary(interrupted=reason == "shutdown")})


def _look(source: Source, hosts: Hosts, task: dict[str, Any]) -> None:
    spider, _ = _run(Looker, task["log"], source=source, hosts=hosts, urls=task["urls"], pages=task["pages"])
    for visit, robots, sitemaps in spider.seen if isinstance(spider, Looker) else ():
        body = base64.b64encode(visit.body).decode("ascii")
        _say({"visit": {**asdict(visit), "body": body}, "robots": robots, "sitemaps": sitemaps})


def _run(spider: type[Fetcher], log: str, source: Source, **arguments: Any) -> tuple[object, str]:
    """Run a spider to its end; return it, and why Scrapy says it ended."""
    process = AsyncCrawlerProcess(crawl_settings(source, log))
    crawler = process.create_crawler(spider)
    process.crawl(crawler, source=source, **arguments)
    process.start()
    return crawler.spider, str(crawler.stats.get_value("finish_reason"))


def _die_with(parent: int) -> None:
    """End when the parent does, also if it was killed; leave at once if it is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)


def _say(message: dict[str, Any]) -> None:
    # Nobody listens any more where the parent is gone; its death ends this process anyway.
    with suppress(BrokenPipeError):
        print(json.dumps(message), file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    main()
