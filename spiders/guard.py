"""The address guard: no request leaves for a private, loopback, link-local or metadata address.

Names are judged as text, then by every address they resolve to, at the moment of connecting: the
connection is made to the addresses that were judged, so an answer that changes later gains nothing.
Behind a proxy the proxy resolves, and only names and literals can be judged.
"""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twisted.internet.interfaces import IAddress, IHostResolution

    IP = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
_REFUSED = (
    ipaddress.ip_network("192.0.0.0/24"),  # protocol assignments; a metadata service lives there
    ipaddress.ip_network("168.63.129.16/32"),  # Azure's metadata service
)
_LOCAL_NAMES = frozenset(
    {"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "localdomain"}
)


class AddressRefusedError(Exception):
    """An address that must not be fetched; the message says why."""


class Guard:
    """Judges addresses. ``allowed`` are exact host:port that may be private or loopback."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = {_split(endpoint) for endpoint in allowed}

    def check(self, url: str) -> None:
        """Judge an address as text, in any spelling of its host. Raises AddressRefusedError."""
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme)
        except ValueError as error:
            raise AddressRefusedError(f"not a usable address: {error}") from error
        if port is None:
            raise AddressRefusedError(f"scheme {parts.scheme!r} is not http or https")
        host = plain_host(parts.hostname or "")
        if (host, port) in self._allowed:
            return
        address = literal(host)
        if address is not None:
            self.check_ip(address, host, port)
        elif "." not in host or host.rpartition(".")[2] in _LOCAL_NAMES:
            raise AddressRefusedError(f"{host or 'no host'} is a local name")

    def check_ip(self, address: IP, host: str, port: int) -> None:
        """Judge an address that ``host`` stands for. Raises AddressRefusedError."""
        if is_public(address) or (host, port) in self._allowed or (str(address), port) in self._allowed:
            return
        place = f"{host} is at {address}, which" if host != str(address) else host
        raise AddressRefusedError(f"{place} is not a public address")


def plain_host(host: str) -> str:
    """A host without percent escapes, full-width forms, final dot and letter case."""
    return unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").rstrip(".").lower()


def literal(host: str) -> IP | None:
    """The IP address that a host spells in any form that a resolver takes (127.1, 0x7f.1, 017700000001)."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def is_public(address: IP) -> bool:
    """Whether an address is on the public internet, also seen through IPv6 wrappings of IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and (address in _NAT64 or address in _COMPATIBLE):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not any(address in net for net in _REFUSED)


def _split(endpoint: str) -> tuple[str, int]:
    host, _, port = endpoint.rpartition(":")
    host = plain_host(host.strip("[]"))
    return str(literal(host) or host), int(port)


class GuardedResolver:
    """A name resolver that gives a connection only addresses that the guard lets through.

    One refused address refuses the name: ``refused`` keeps the reason by host. Works as Twisted's
    IHostnameResolver. ``proxies`` are host:port of the proxies in use, which may be anywhere.
    """

    def __init__(self, resolver: Any, guard: Guard, proxies: Iterable[str] = ()) -> None:
        self._resolver = resolver
        self._guard = guard
        self._proxies = {_split(proxy) for proxy in proxies}
        self.refused: dict[str, str] = {}

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self, receiver: Any, host: str, port: int = 0, *args: Any, **options: Any
    ) -> IHostResolution:
        """Resolve with the resolver given, off the reactor's thread, and pass on what is allowed."""
        port = options.pop("portNumber", port)
        if (plain_host(host), port) not in self._proxies:
            receiver = _Judge(receiver, self, self._guard, host, port)
        resolution: IHostResolution = self._resolver.resolveHostName(receiver, host, port, *args, **options)
        return resolution


class _Judge:
    def __init__(self, receiver: Any, resolver: GuardedResolver, guard: Guard, host: str, port: int) -> None:
        self._receiver = receiver
        self._resolver = resolver
        self._guard = guard
        self._host = plain_host(host)
        self._port = port
        self._found: list[IAddress] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's interface
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's interface
        self._found.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's interface
        self._resolver.refused.pop(self._host, None)
        try:
            for address in self._found:
                ip = ipaddress.ip_address(str(getattr(address, "host", "")).partition("%")[0])
                self._guard.check_ip(ip, self._host, self._port)
        except AddressRefusedError as error:
            self._resolver.refused[self._host] = str(error)
        else:
            for address in self._found:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()
