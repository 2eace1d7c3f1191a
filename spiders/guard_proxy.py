"""A proxy on loopback through which the browser must go, so that each of its connections is judged.

A browser follows redirects, loads scripts and resolves names by itself. Here every host it asks for
is judged as text and by the addresses it resolves to, and the connection is made to those addresses.
"""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from spiders.guard import AddressRefusedError, plain_host

if TYPE_CHECKING:
    from collections.abc import Callable

    from spiders.guard import Guard

REASON = "X-Aidwire-Refused"

_HEAD_BYTES = 64 * 1024
_CONNECT_SECONDS = 15.0


class GuardProxy:
    """Listens on a free port of 127.0.0.1 after ``start``."""

    def __init__(self, guard: Guard, upstream: Callable[[str], str]) -> None:
        """``upstream`` gives the proxy to go on to for an address, empty for none."""
        self._guard = guard
        self._upstream = upstream
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Start and return the proxy's address."""
        self._server = await asyncio.start_server(self._client, "127.0.0.1", 0, limit=_HEAD_BYTES)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
            tunnel = method == "CONNECT"
            url = f"https://{target}" if tunnel else target
            self._guard.check(url)
            onward = self._upstream(url)
            far_reader, far_writer = await (self._dial(onward) if onward else self._connect(url))
        except AddressRefusedError as error:
            await _refuse(writer, "403 Forbidden", str(error))
        except (
            OSError,
            ValueError,
            TimeoutError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
        ) as error:
            await _refuse(writer, "502 Bad Gateway", str(error))
        else:
            if tunnel and not onward:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                far_writer.write(head if onward else _direct(head, target))
            await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))

    async def _connect(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        answers = await asyncio.get_running_loop().getaddrinfo(host, port)
        addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        for address in addresses:
            self._guard.check_ip(ipaddress.ip_address(address.partition("%")[0]), plain_host(host), port)
        return await asyncio.wait_for(asyncio.open_connection(addresses[0], port), _CONNECT_SECONDS)

    async def _dial(self, proxy: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(proxy)
        return await asyncio.wait_for(
            asyncio.open_connection(parts.hostname, parts.port or 80), _CONNECT_SECONDS
        )


def _direct(head: bytes, target: str) -> bytes:
    """The head as the server itself wants it: with the path alone, and one answer a connection (the
    next request on it might name another host)."""
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    first, _, rest = head.partition(b"\r\n")
    kept = [line for line in rest.split(b"\r\n") if not line.lower().startswith((b"connection:", b"proxy-"))]
    method = first.split(b" ", 1)[0]
    return b"\r\n".join([method + b" " + path.encode("latin-1") + b" HTTP/1.1", b"Connection: close", *kept])


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side hung up: the other is closed below
    finally:
        writer.close()


async def _refuse(writer: asyncio.StreamWriter, status: str, reason: str) -> None:
    # With a body: Chromium makes an error of its own of an empty refusal, and hides the header.
    told = reason[:200].encode("ascii", "replace")
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(told)}\r\nConnection: close\r\n{REASON}: ".encode()
    writer.write(head + told.replace(b"\n", b" ") + b"\r\n\r\n" + told)
    writer.close()
