"""The child process of one crawl: ``python -m spiders.worker`` with its task as JSON on stdin.

It prints one JSON object a line: progress while it runs, the report at the end.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from spiders.hosts import Hosts
from spiders.options import CrawlOptions
from spiders.settings import crawl_settings, host_places
from spiders.sources import Source, source_from_table
from spiders.spider import SourceSpider
from storage.archive import Archive

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Run the crawl that stdin describes; exit 0 if it completed or was stopped."""
    task = json.load(sys.stdin)
    _die_with(task["parent"])
    source = source_from_table(task["id"], task["source"], task["id"])
    with Archive(Path(task["archive"])) as archive:
        report = _crawl(source, archive, Path(task["log"]), CrawlOptions(**task["options"]))
    _say({"report": report})
    return 0 if report["state"] != "failed" else 1


def _crawl(source: Source, archive: Archive, log: Path, options: CrawlOptions) -> dict[str, Any]:
    archive.begin(options.run, revisit=options.revisit, since=options.since)
    hosts = Hosts(archive.path.parent / "hosts", delay=source.fetch.delay, places=host_places(source))
    process = AsyncCrawlerProcess(crawl_settings(source, log))
    crawler = process.create_crawler(SourceSpider)
    process.crawl(
        crawler,
        source=source,
        archive=archive,
        hosts=hosts,
        options=options,
        report=lambda: _say({"progress": _progress(archive)}),
    )
    process.start()
    spider = crawler.spider
    if not isinstance(spider, SourceSpider):
        return {
            "state": "failed",
            "discovered": 0,
            "fetched": 0,
            "detail": f"the crawl did not start; see {log}",
        }
    return spider.summary(interrupted=crawler.stats.get_value("finish_reason") == "shutdown")


def _progress(archive: Archive) -> dict[str, int]:
    progress = archive.progress()
    return {"known": progress.known, "due": progress.due, "fetched": progress.fetched}


def _die_with(parent: int) -> None:
    """End when the parent does, also if it was killed; leave at once if it is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
