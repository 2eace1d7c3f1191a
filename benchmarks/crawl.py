"""Crawling into the archive against bare Scrapy, on one site, in one run.

    python -m benchmarks.crawl [--pages 3000] [--kilobytes 57] [--rounds 3]

A server on loopback gives list pages and the pages they link. Each round fetches all of them with
bare Scrapy (its defaults, CONCURRENT_ITEMS=4, an item a page, nothing stored) and with a crawl into
a fresh archive. Time runs on the server, from the first page asked for to the last one sent, so
that neither side pays for its start. Memory and CPU (start included) are those of the crawling
process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from spiders.crawl import Crawl, CrawlOptions
from spiders.sources import source_from_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response


LISTED = 1000


def lists(url: str, pages: int) -> list[str]:
    """The addresses of the list pages, each of which links 1,000 pages."""
    return [f"{url}list/{number}" for number in range(-(-pages // LISTED))]


class Bare(Spider):
    """Scrapy as it comes: the list pages, then their links, an item a page."""

    name = "bare"

    def parse(self, response: Response) -> Iterator[Request]:
        for href in response.css("a::attr(href)").getall():
            yield response.follow(href, self.page)

    def page(self, response: Response) -> Iterator[dict[str, str | bytes]]:
        yield {"url": response.url, "body": response.body}


class Server:
    """Serves pages and notes when the first was asked for and the last one sent."""

    def __init__(self, pages: int, kilobytes: int) -> None:
        words = [f"relief{number}" for number in range(4000)]
        chooser = random.Random(7)
        self._bodies = []
        for _ in range(50):
            text = " ".join(chooser.choices(words, k=kilobytes * 1024 // 11))
            self._bodies.append(f"<html><body><h1>Story</h1><p>{text}</p></body></html>".encode())
        self._pages = pages
        self.first = self.last = 0.0
        self.sent = 0

    def reset(self) -> None:
        self.first = self.last = 0.0
        self.sent = 0

    async def client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                path = line.split()[1].decode()
                writer.write(self._answer(path))
                await writer.drain()
                if path.startswith("/story/"):
                    self.last = time.perf_counter()
                    self.sent += 1
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str) -> bytes:
        if path.startswith("/story/"):
            self.first = self.first or time.perf_counter()
            number = int(path.rpartition("/")[2])
            body = self._bodies[number % 50] + f"<!-- {number} -->".encode()
        elif path.startswith("/list/"):
            first = int(path.rpartition("/")[2]) * LISTED
            numbers = range(first, min(first + LISTED, self._pages))
            rows = "".join(f"<li><a href='/story/{number}'>Story {number}</a></li>" for number in numbers)
            body = f"<html><body><ul>{rows}</ul></body></html>".encode()
        else:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def crawl_once(url: str, pages: int) -> None:
    """One side, in a process of its own: our crawl of the site into a fresh archive."""
    endpoint = url.removeprefix("http://").rstrip("/")
    source = source_from_table(
        "bench",
        {
            "name": "Bench",
            "homepage": url,
            "language": "en",
            "discover": {"lists": [{"url": listed, "links": "li a"} for listed in lists(url, pages)]},
            "fetch": {"delay": 0, "allow_private": [endpoint], "max_pages": pages},
        },
        "bench.toml",
    )
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        report = Crawl(source, root / "archive" / "bench.db", root / "log", CrawlOptions("bench")).wait()
    if report.fetched != pages:
        raise SystemExit(f"fetched {report.fetched} of {pages}: {report.detail}")


def run_side(side: str, url: str, pages: int) -> tuple[float, float]:
    """Run one side; return its crawling process's peak memory in MB and CPU seconds, start included."""
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.crawl", "--side", side, "--url", url, "--pages", str(pages)],
        check=True,
        stdout=subprocess.PIPE,
    )
    peak, cpu = json.loads(child.stdout)
    return peak, cpu


async def compare(pages: int, kilobytes: int, rounds: int) -> None:
    """Run both sides in turn and print the table."""
    server = Server(pages, kilobytes)
    listening = await asyncio.start_server(server.client, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    rates: dict[str, list[float]] = {"bare": [], "ours": []}
    peaks: dict[str, list[float]] = {"bare": [], "ours": []}
    costs: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(rounds):
        for side in rates:
            server.reset()
            peak, cpu = await asyncio.to_thread(run_side, side, url, pages)
            peaks[side].append(peak)
            costs[side].append(cpu * 1000 / pages)
            if server.sent < pages:
                raise SystemExit(f"{side} fetched {server.sent} of {pages} pages")
            rates[side].append(pages / (server.last - server.first))
    listening.close()
    print(f"{pages} pages of {kilobytes} KB, {rounds} rounds, median (least to most)")
    for side, name in (("bare", "bare Scrapy"), ("ours", "aidwire")):
        low, middle, high = min(rates[side]), statistics.median(rates[side]), max(rates[side])
        print(
            f"{name:12} {middle:6.0f} pages/s ({low:.0f} to {high:.0f})   "
            f"{min(costs[side]):.2f} ms CPU a page   peak {max(peaks[side]):.0f} MB"
        )
    ratios = [ours / bare for ours, bare in zip(rates["ours"], rates["bare"], strict=True)]
    print(f"ratio        {statistics.median(ratios):6.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--kilobytes", type=int, default=57)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", choices=("bare", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side is None:
        asyncio.run(compare(options.pages, options.kilobytes, options.rounds))
        return
    if options.side == "bare":
        process = AsyncCrawlerProcess({"CONCURRENT_ITEMS": 4, "LOG_LEVEL": "WARNING"})
        process.crawl(Bare, start_urls=lists(options.url, options.pages))
        process.start()
        used = resource.getrusage(resource.RUSAGE_SELF)
    else:
        crawl_once(options.url, options.pages)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps([used.ru_maxrss / 1024, used.ru_utime + used.ru_stime]))


if __name__ == "__main__":
    main()
