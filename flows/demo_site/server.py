"""The demo site's server: one port of 127.0.0.1 per outlet, validators on every page."""

from __future__ import annotations

import selectors
import socket
import sys
import threading
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from flows.demo_site.markup import OUTLETS, Answer, read_answers, read_source

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

NOT_FOUND = b"<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>\n"


class DemoSite:
    """Serves the bundled outlets from ``with`` to its end.

    ``origins`` maps an outlet to its address (``http://127.0.0.1:PORT``); ``requests`` notes every
    request answered as (outlet, path, status), in order.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, int]] = []
        self._servers = {outlet: _OutletServer(self.requests, outlet) for outlet in OUTLETS}
        self.origins = {outlet: server.home for outlet, server in self._servers.items()}
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="demo-site", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.close()
        self._thread.join()
        self._stopped.close()
        for server in self._servers.values():
            server.server_close()

    def correct(self) -> None:
        """Phase 2: from now on the corrected article is served; nothing else changes."""
        for server in self._servers.values():
            server.answers = read_answers(server.outlet, server.home, corrected=True)

    def write_sources(self, folder: Path) -> None:
        """Write ``demo_<outlet>.toml`` for every outlet into the folder, which is made if missing."""
        folder.mkdir(parents=True, exist_ok=True)
        for outlet, home in self.origins.items():
            (folder / f"demo_{outlet}.toml").write_text(read_source(outlet, home), encoding="utf-8")

    def _accept(self) -> None:
        """Hand connections to their outlet's server until the stop socket closes."""
        with selectors.DefaultSelector() as ready:
            ready.register(self._stopped, selectors.EVENT_READ)
            for server in self._servers.values():
                server.timeout = 0
                ready.register(server, selectors.EVENT_READ, server)
            while True:
                for key, _ in ready.select():
                    if key.data is None:
                        return
                    key.data.handle_request()


class _OutletServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client may keep its connection open for as long as it likes

    def __init__(self, requests: list[tuple[str, str, int]], outlet: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.outlet = outlet
        self.home = f"http://127.0.0.1:{self.server_address[1]}"
        self.requests = requests
        self.answers = read_answers(outlet, self.home)

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Report what went wrong, but not a client that hung up: stopped crawls do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _OutletServer
    protocol_version = "HTTP/1.1"
    # Header and body leave in one packet: unbuffered, each answer waits for a delayed ACK.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        answer = self.server.answers.get(path)
        if answer is None:
            self._send(path, HTTPStatus.NOT_FOUND, {"Content-Type": "text/html"}, NOT_FOUND)
            return
        headers = {"Content-Type": answer.content_type}
        if answer.status == HTTPStatus.OK:
            headers["ETag"] = answer.etag
            headers["Last-Modified"] = format_datetime(answer.last_modified, usegmt=True)
            if self._is_current(answer):
                self._send(path, HTTPStatus.NOT_MODIFIED, headers, b"")
                return
        self._send(path, answer.status, headers, answer.body)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def _is_current(self, answer: Answer) -> bool:
        """Whether the client's copy is the one we would send (RFC 9110, 13.2.2: the ETag decides)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return answer.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return answer.last_modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):  # an unreadable date, or one without a zone
            return False

    def _send(self, path: str, status: int, headers: dict[str, str], body: bytes) -> None:
        self.server.requests.append((self.server.outlet, path, status))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server names it
        """Say nothing: the requests are noted in ``DemoSite.requests``."""
