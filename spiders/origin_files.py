"""A site's files about itself (robots.txt, tdmrep.json), asked for at most once in 24 hours.

Answers lie in a folder that all crawls of one machine share. What could not be read for the
server's fault is asked for again by the next crawl.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from spiders.outcomes import failed_visit, visit_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from scrapy.http import Response

_KEPT_SECONDS = 24 * 3600
_MAX_BYTES = 512 * 1024  # RFC 9309, 2.5


@dataclass(frozen=True, slots=True)
class OriginFile:
    """A file's text, empty where there is none. ``problem`` says why it could not be read."""

    text: str
    problem: str = ""


class OriginFiles:
    """Fetches with ``download`` and keeps in ``folder``."""

    def __init__(self, folder: Path, download: Callable[[Request], Awaitable[Response]]) -> None:
        self._folder = folder
        self._download = download
        self._asked: dict[str, asyncio.Task[OriginFile]] = {}

    async def get(self, url: str, path: str, proxy: str | None) -> OriginFile:
        """The file at ``path`` of the address's origin."""
        parts = urlsplit(url)
        address = f"{parts.scheme}://{parts.netloc}{path}"
        if address not in self._asked:
            self._asked[address] = asyncio.ensure_future(self._load(address, proxy))
        return await asyncio.shield(self._asked[address])

    async def _load(self, address: str, proxy: str | None) -> OriginFile:
        kept = self._folder / f"{re.sub(r'[^a-z0-9.-]', '_', address.lower())[:200]}.json"
        if (file := _read(kept)) is None:
            file = await self._fetch(address, proxy)
            if not file.problem:
                part = kept.with_suffix(f".{id(file)}.part")
                part.write_text(json.dumps({"fetched": time.time(), "file": asdict(file)}), "utf-8")
                part.replace(kept)
        return file

    async def _fetch(self, address: str, proxy: str | None) -> OriginFile:
        meta = {"without_robots": True} | ({} if proxy is None else {"proxy": proxy})
        try:
            response = await self._download(Request(address, callback=NO_CALLBACK, meta=meta))
        except Exception as error:  # noqa: BLE001 - whatever it is, the file was not read
            return OriginFile("", failed_visit(error, 0.0).detail)
        visit = visit_of(response, 0.0, binary=True)
        if visit.outcome in (None, "empty"):
            wide = visit.body.startswith((b"\xff\xfe", b"\xfe\xff"))
            return OriginFile(visit.body[:_MAX_BYTES].decode("utf-16" if wide else "utf-8", "replace"))
        if 400 <= response.status < 500 and response.status != 429 and visit.outcome != "blocked":
            return OriginFile("")
        return OriginFile("", visit.detail or f"HTTP {response.status}")


def _read(kept: Path) -> OriginFile | None:
    try:
        record = json.loads(kept.read_text("utf-8"))
        fresh = 0 <= time.time() - record["fetched"] < _KEPT_SECONDS
        return OriginFile(**record["file"]) if fresh else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
