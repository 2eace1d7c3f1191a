"""Fetches pages with a browser, through the guard's proxy. Needs the render extra."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeoutError
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from spiders.compression import MAX_BYTES
from spiders.download import GuardedHandler
from spiders.guard_proxy import REASON, GuardProxy
from spiders.outcomes import OutcomeError
from spiders.rendering import chromium_path

if TYPE_CHECKING:
    from playwright.async_api import Page
    from playwright.async_api import Request as BrowserRequest
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_QUIET_MS = 3000
_HEAVY = ("image", "media", "font")
_FLAGS = (
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)


class BrowserHandler(GuardedHandler, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # untyped library
    """Scrapy's download handler: requests marked ``playwright`` go through Chromium."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._starting = asyncio.Lock()
        self._proxy: GuardProxy | None = None

    async def download_request(self, request: Request) -> Response:
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        await self._prepare(request)
        try:
            response = await super().download_request(request)
        except BrowserTimeoutError as error:
            raise OutcomeError("timeout", "the browser got no complete page in time") from error
        except BrowserError as error:
            raise OutcomeError(_outcome_of(error.message), error.message.partition("\n")[0][:300]) from error
        self._check(request, response)
        return response

    async def close(self) -> None:
        await super().close()
        if self._proxy:
            self._proxy.close()

    async def _prepare(self, request: Request) -> None:
        async with self._starting:
            if self._proxy is None:
                await self._start_proxy()
        request.meta["playwright_context_kwargs"] = {"accept_downloads": False, "service_workers": "block"}
        request.meta["playwright_page_methods"] = [PageMethod(_settle)]

    async def _start_proxy(self) -> None:
        spider: Any = self._crawler.spider
        self._proxy = GuardProxy(spider.guard, lambda url: _upstream(url, spider.source.fetch.proxy))
        self.config.launch_options = {
            "executable_path": chromium_path(),
            "args": list(_FLAGS),
            # Chromium's sandbox refuses to run as root.
            "chromium_sandbox": os.geteuid() != 0,
            # "<-loopback>": the browser would reach loopback without the proxy.
            "proxy": {"server": await self._proxy.start(), "bypass": "<-loopback>"},
        }

    def _check(self, request: Request, response: Response) -> None:
        spider: Any = self._crawler.spider
        if reason := response.headers.get(REASON):
            raise OutcomeError("redirect_blocked", reason.decode("latin-1"))
        if request.meta.get("page") and not spider.scope.on_site(response.url):
            raise OutcomeError("redirect_blocked", f"redirected to another site: {response.url[:300]}")
        if len(response.body) > MAX_BYTES:
            raise OutcomeError("too_large", f"larger than {MAX_BYTES:,} bytes when rendered")


def is_heavy(request: BrowserRequest) -> bool:
    """Whether the browser need not load this: the text does not depend on it."""
    return request.resource_type in _HEAVY


async def _settle(page: Page) -> None:
    # Scripts that fetch the text end after "load"; pages that poll never fall silent.
    with suppress(BrowserTimeoutError):
        await page.wait_for_load_state("networkidle", timeout=_QUIET_MS)


def _upstream(url: str, proxy: str) -> str:
    parts = urlsplit(url)
    if proxy or proxy_bypass(parts.hostname or ""):
        return proxy
    return getproxies().get(parts.scheme, "")


def _outcome_of(message: str) -> str:
    if "ERR_TOO_MANY_REDIRECTS" in message:
        return "redirect_loop"
    broken = (
        "ERR_CONNECTION",
        "ERR_NAME_NOT",
        "ERR_ADDRESS",
        "ERR_TUNNEL",
        "ERR_EMPTY_RESPONSE",
        "ERR_PROXY",
    )
    return "connection_error" if any(mark in message for mark in broken) else "protocol_error"
