"""Every way in which a page's fetch can end, each against a server that really does it."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import zlib
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.spiders.loopback import bare, item, page, reply, rss

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from tests.spiders.loopback import MakeSource, RunCrawl, Site

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
HTML = b"<html><body><p>Relief goods reach the valley.</p></body></html>"
NOTE = "<p>Please enable JavaScript to view the page.</p>"


@bare
def _silent(connection: socket.socket, over: threading.Event) -> None:
    over.wait(30)


@bare
def _drip(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(OK + b"Content-Length: 100000\r\n\r\n")
    while not over.wait(0.1):
        connection.sendall(b"x")


@bare
def _reset(connection: socket.socket, over: threading.Event) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@bare
def _endless(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(OK + b"\r\n")
    while not over.is_set():
        connection.sendall(b"<p>relief</p>" * 5000)


def _gzipped(body: bytes) -> bytes:
    return reply(body, Content_Encoding="gzip")


def _bomb(megabytes: int) -> bytes:
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(pack.compress(bytes(1 << 20)) for _ in range(megabytes)), pack.flush()])


def test_every_ending(
    site: Site, make_source: MakeSource, crawl: RunCrawl, new_site: Callable[[], Site]
) -> None:
    canary = new_site()
    canary.routes["/secret"] = page("secret")
    packed = gzip.compress(HTML * 50)
    cases: dict[str, tuple[object, str | None]] = {
        "/fine": (page(), None),
        "/challenge": (reply("<script>window._cf_chl_opt={}</script>", "403 Forbidden"), "blocked"),
        "/gzipped": (_gzipped(packed), None),
        "/two-gzip-members": (_gzipped(packed + gzip.compress(HTML)), None),
        "/deflated": (reply(zlib.compress(HTML), Content_Encoding="deflate"), None),
        "/moved": (reply("", "301 Moved Permanently", Location="/fine"), None),
        "/silent": (_silent, "timeout"),
        "/drip": (_drip, "timeout"),
        "/reset": (_reset, "connection_error"),
        "/short": (OK + b"Content-Length: 5000\r\n\r\n" + HTML, "truncated"),
        "/challenge-202": (reply("", "202 Accepted", x_amzn_waf_action="challenge"), "blocked"),
        "/half-chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nrelief", "truncated"),
        "/gzip-without-end": (_gzipped(packed[:-20]), "truncated"),
        "/gzip-bad-sum": (_gzipped(packed[:-8] + b"\0\0\0\0" + packed[-4:]), "truncated"),
        "/not-modified": (reply("", "304 Not Modified"), "protocol_error"),
        "/part": (reply(HTML, "206 Partial Content"), "truncated"),
        "/brotli-unasked": (reply(HTML, Content_Encoding="br"), "protocol_error"),
        "/no-http": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "protocol_error"),
        "/bad-length": (OK + b"Content-Length: many\r\n\r\n", "protocol_error"),
        "/loop": (reply("", "302 Found", Location="/loop"), "redirect_loop"),
        "/to-canary": (reply("", "302 Found", Location=canary.url("/secret")), "redirect_blocked"),
        "/to-file": (reply("", "302 Found", Location="file:///etc/passwd"), "redirect_blocked"),
        "/to-other-site": (reply("", "302 Found", Location="http://elsewhere.example/"), "redirect_blocked"),
        "/nowhere": (reply("", "300 Multiple Choices"), "redirect_blocked"),
        "/private/page": (page(), "robots_disallowed"),
        "/login": (reply("who are you", "401 Unauthorized"), "forbidden"),
        "/teapot": (reply("no", "418 I'm a teapot"), "forbidden"),
        "/gone": (reply("", "410 Gone"), "gone"),
        "/missing": (reply("", "404 Not Found"), "not_found"),
        "/broken": (reply("oops", "500 Internal Server Error"), "server_error"),
        "/huge": (OK + b"Content-Length: 99000000\r\n\r\n" + HTML, "too_large"),
        "/challenge-200": (reply("<html><script>var arg1='A';acw_sc__v2=1</script></html>"), "blocked"),
        "/imperva": (reply(f"<html><iframe src='/_Incapsula_Resource?x=1'>{NOTE}</iframe>"), "blocked"),
        "/imperva-script": (reply(f"<html>{NOTE * 9}<script src='/_Incapsula_Resource?x=1'></script>"), None),
        "/f5": (reply(f"<html><script src='/TSPD/08'></script>{NOTE}<script>{'x' * 999}"), "blocked"),
        "/f5-script": (reply(f"<html><script src='/TSPD/08?type=9'></script><body>{NOTE * 9}"), None),
        "/safedog": (reply("<html><title>网站防火墙</title>您的请求带有不合法参数".encode("gbk")), "blocked"),
        "/endless": (_endless, "too_large"),
        "/bomb": (_gzipped(_bomb(200)), "too_large"),
        "/nothing": (reply(b""), "empty"),
        "/blank": (reply(b" \r\n\t "), "empty"),
        "/no-content": (reply(b"", "204 No Content"), "empty"),
        "/film": (reply(b"\x00\x00", Content_Type="video/mp4", Content_Length="900000000"), "not_text"),
        "/type-of-no-kind": (reply(HTML, Content_Type="html"), None),
        "/type-unknown": (reply(HTML, Content_Type="unknown/unknown"), None),
        "/odd-pause": (b"HTTP/1.1 503 x\r\nRetry-After: \xb2\r\nContent-Length: 0\r\n\r\n", "rate_limited"),
        "/pdf": (reply(b"%PDF-1.7 relief", Content_Type=""), "not_text"),
    }  # fmt: skip
    site.routes |= {path: route for path, (route, _) in cases.items()}
    site.routes["/robots.txt"] = reply("User-agent: *\nDisallow: /private/\n")
    found = {
        "http://elsewhere.example/story": "off_site",
        "mailto:desk@courier.example": "bad_url",
        "ftp://courier.example/story": "bad_url",
    }
    site.routes["/feed"] = rss(*(item(link) for link in [*cases, *found]))

    done = crawl(make_source(site, feeds=[site.url("/feed")], fetch={"timeout": 1.5}))

    assert done.pages == {path: outcome for path, (_, outcome) in cases.items()} | found
    assert (done.report.state, done.report.discovered) == ("completed", len(cases) + len(found))
    assert canary.asked == []


def test_a_certificate_that_nobody_vouches_for(
    site: Site, make_source: MakeSource, crawl: RunCrawl, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path / "pair.pem"))
    site.listener = context.wrap_socket(site.listener, server_side=True)
    feed = f"https://{site.endpoint}/feed"

    done = crawl(make_source(site, feeds=[feed]))

    assert done.indexes == {feed: "robots_unreachable"}
    assert "certificate verify failed" in done.details[feed]


def self_signed(path: Path) -> Path:
    """A key and its certificate for 127.0.0.1 in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "courier.example")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
    )
    san = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    certificate = builder.add_extension(san, critical=False).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return path
