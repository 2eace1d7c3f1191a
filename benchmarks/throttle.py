"""AutoThrottle's settings on a site that takes its time.

    python -m benchmarks.throttle [--pages 60] [--latency 0.2]

Two sites on loopback answer each page after ``latency`` seconds; the second takes longer the more
it is asked at once (half a latency for each further request under way), as a small server does. Each
row crawls both: Scrapy with AutoThrottle as it comes, Scrapy with a target of 4 and no slow start,
and aidwire with a delay of 0.05 s. Printed are pages a second and the most requests under way.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from spiders.crawl import Crawl, CrawlOptions
from spiders.sources import source_from_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

AUTO = {"AUTOTHROTTLE_ENABLED": True, "LOG_LEVEL": "WARNING", "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
SIDES: dict[str, dict[str, Any] | None] = {
    "AutoThrottle as it comes": AUTO,
    "target 4, start 0": {**AUTO, "AUTOTHROTTLE_TARGET_CONCURRENCY": 4, "AUTOTHROTTLE_START_DELAY": 0},
    "aidwire, delay 0.05": None,
}


class Listed(Spider):
    """The list page, then its links."""

    name = "listed"

    def parse(self, response: Response) -> Iterator[Request]:
        for href in response.css("a::attr(href)").getall():
            yield response.follow(href, self.page)

    def page(self, response: Response) -> None:
        """Nothing is kept."""


class Slow:
    """A site that answers after a while; ``strain`` is added for each further request under way."""

    def __init__(self, pages: int, latency: float, strain: float) -> None:
        links = "".join(f"<li><a href='/story/{number}'>Story {number}</a></li>" for number in range(pages))
        self._list = f"<html><body>{links}</body></html>".encode()
        self._latency, self._strain = latency, strain
        self.under_way = self.most = self.sent = 0
        self.first = self.last = 0.0

    async def client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                path = line.split()[1].decode()
                body = await self._story() if path.startswith("/story/") else self._list
                status = "200 OK" if path == "/" or path.startswith("/story/") else "404 Not Found"
                head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    async def _story(self) -> bytes:
        self.first = self.first or time.perf_counter()
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(self._latency + self._strain * (self.under_way - 1))
        self.under_way -= 1
        self.sent += 1
        self.last = time.perf_counter()
        return b"<html><body><p>Relief goods reach the valley.</p></body></html>"


def crawl_with_aidwire(url: str) -> None:
    """Crawl the site into a fresh archive."""
    endpoint = url.removeprefix("http://").rstrip("/")
    fetch = {"delay": 0.05, "allow_private": [endpoint]}
    discover = {"lists": [{"url": url, "links": "li a"}]}
    table = {"name": "Slow", "homepage": url, "language": "en", "discover": discover, "fetch": fetch}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        source = source_from_table("slow", table, "slow.toml")
        Crawl(source, root / "archive" / "slow.db", root / "log", CrawlOptions("bench")).wait()


async def measure(pages: int, latency: float) -> None:
    """Print a row for each side."""
    print(f"{pages} pages, {latency:g} s an answer: steady site, strained site")
    for side in SIDES:
        row = f"{side:26}"
        for strain in (0.0, latency / 2):
            site = Slow(pages, latency, strain)
            listening = await asyncio.start_server(site.client, "127.0.0.1", 0)
            url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
            command = [sys.executable, "-m", "benchmarks.throttle", "--side", side, "--url", url]
            await asyncio.to_thread(subprocess.run, command, check=True)
            listening.close()
            rate = site.sent / (site.last - site.first)
            row += f"  {rate:5.1f} pages/s, {site.most} at once"
        print(row, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side is None:
        asyncio.run(measure(options.pages, options.latency))
        return
    if (settings := SIDES[options.side]) is None:
        crawl_with_aidwire(options.url)
        return
    process = AsyncCrawlerProcess(settings)
    process.crawl(Listed, start_urls=[options.url])
    process.start()


if __name__ == "__main__":
    main()
