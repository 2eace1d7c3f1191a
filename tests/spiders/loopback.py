"""A site on loopback that does exactly what each test says, and what a crawl of it left."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from storage.archive import Archive

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from spiders.crawl import CrawlReport
    from spiders.sources import Source


@dataclass(frozen=True)
class Asked:
    """One request as the site saw it; header names in lower case."""

    path: str
    headers: dict[str, str]


def reply(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; header names with _ for -, Content-Length as it should be unless given."""
    content = body.encode() if isinstance(body, str) else body
    lines = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(content)),
        "Connection": "close",
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + content


def page(title: str = "Relief goods reach the valley") -> bytes:
    """An ordinary article page."""
    return reply(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>Trucks arrived.</p></body></html>"
    )


@dataclass
class Site:
    """A server on 127.0.0.1. A route is an answer, a function of the request, or a function that is
    handed the bare connection and an event that is set when the test is over."""

    listener: socket.socket
    routes: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.endpoint}{path}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for so far, without robots.txt and the TDM file."""
        return [
            asked.path
            for asked in self.asked
            if asked.path not in ("/robots.txt", "/.well-known/tdmrep.json")
        ]

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                if self.over.is_set():
                    return
                continue  # a handshake that failed
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        # The client may hang up at any time; some tests want it to.
        with connection, suppress(OSError):
            asked = _read_request(connection)
            if asked is None:
                return
            self.asked.append(asked)
            default = reply("User-agent: *\nAllow: /\n") if asked.path == "/robots.txt" else None
            route = self.routes.get(asked.path, default or reply("not here", "404 Not Found"))
            if isinstance(route, bytes):
                connection.sendall(route)
            elif getattr(route, "bare", False):
                route(connection, self.over)
            else:
                connection.sendall(route(asked))


def _read_request(connection: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    head, *lines = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Asked(head.split(" ")[1], headers)


def bare(route: Callable[[socket.socket, threading.Event], None]) -> Callable[..., None]:
    """Mark a route that is handed the bare connection."""
    route.bare = True  # type: ignore[attr-defined]  # read by Site._answer
    return route


class MakeSource(Protocol):
    """A source on the site, without delay, whose loopback address is allowed."""

    def __call__(self, site: Site, *, fetch: dict[str, Any] | None = None, **discover: Any) -> Source: ...


@dataclass(frozen=True)
class Crawled:
    """What a crawl left: its report, and by path the outcome of every page and index."""

    report: CrawlReport
    pages: dict[str, str | None]
    indexes: dict[str, str | None]
    details: dict[str, str]
    archive: Path
    root: str

    def body(self, path: str) -> bytes:
        """The stored body of a page."""
        with Archive(self.archive, readonly=True) as archive:
            return archive.page(f"{self.root}{path}").body

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.archive) as db:
            return db.execute(sql).fetchall()


class RunCrawl(Protocol):
    """Crawl a source in its child process, into one archive for the whole test."""

    def __call__(self, source: Source, run: str = "run-1", limit: int | None = None) -> Crawled: ...


def rss(*items: str) -> bytes:
    """A feed with these items."""
    return reply(
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Valley Courier</title>"
        f"<link>http://courier.example/</link><description>News</description>{''.join(items)}</channel></rss>",
        Content_Type="application/rss+xml",
    )


def item(link: str, title: str = "A story", date: str = "") -> str:
    """A feed item."""
    stated = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><title>{title}</title><link>{link}</link>{stated}</item>"
