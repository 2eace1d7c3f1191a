"""The address guard: every spelling, every answer of a resolver, every hop of a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from spiders.guard import AddressRefusedError, Guard, GuardedResolver
from tests.spiders.loopback import item, page, reply, rss

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.spiders.loopback import MakeSource, RunCrawl, Site

LOOPBACK = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "017700000001", "127.0.0.1.", "１２７.０.０.１", "127。0。0。1", "%31%32%37.0.0.1", "[::1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "0.0.0.0", "0", "[::]", "localhost", "LOCALHOST", "localhost.",
    "a.localhost", "ip6-localhost",
]  # fmt: skip
PRIVATE = [
    "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "2852039166", "100.100.100.200",
    "192.0.0.192", "168.63.129.16", "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25eth0]",
    "[fc00::1]", "224.0.0.1", "[ff02::1]", "255.255.255.255", "198.18.0.1",
    "metadata.google.internal", "printer.local", "redis", "intranet.corp",
]  # fmt: skip


@pytest.mark.parametrize("host", LOOPBACK + PRIVATE)
@pytest.mark.parametrize("form", ["http://{}/", "https://{}:8443/x?y", "http://news.example@{}/"])
def test_refused_in_every_spelling(host: str, form: str) -> None:
    with pytest.raises(AddressRefusedError):
        Guard([]).check(form.format(host))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://news.example/", "gopher://news.example/", "//x", "x", ""]
)
def test_only_http(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        Guard([]).check(url)


@pytest.mark.parametrize(
    "url",
    ["http://news.example/", "https://新闻.example/", "http://93.184.215.14/", "http://[2606:2800:21f::1]/",
     "http://1.1.1.1:8080/", "http://127.0.0.1.news.example/"],
)  # fmt: skip
def test_public_addresses_pass(url: str) -> None:
    Guard([]).check(url)


def test_allowed_endpoints_are_exact() -> None:
    guard = Guard(["127.0.0.1:8000", "[::1]:8001", "wiki.corp:80"])
    for allowed in (
        "http://127.0.0.1:8000/x",
        "http://127.1:8000/",
        "http://[::1]:8001/",
        "http://wiki.corp/",
    ):
        guard.check(allowed)
    for refused in (
        "http://127.0.0.1:8001/",
        "http://127.0.0.1/",
        "http://127.0.0.2:8000/",
        "https://wiki.corp/",
    ):
        with pytest.raises(AddressRefusedError):
            guard.check(refused)


class Names:
    """A resolver that answers from a table, as Twisted's would."""

    def __init__(self, table: dict[str, list[str]]) -> None:
        self._table = table

    def resolveHostName(self, receiver: Any, host: str, port: int, *_: Any, **__: Any) -> None:  # noqa: N802
        receiver.resolutionBegan(None)
        for ip in self._table[host]:
            receiver.addressResolved((IPv6Address if ":" in ip else IPv4Address)("TCP", ip, port))
        receiver.resolutionComplete()


class Receiver:
    """Collects what a connection would be made to."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def resolutionBegan(self, _: Any) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.found.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        pass


@pytest.mark.parametrize(
    ("answer", "port", "passed"),
    [
        (["93.184.215.14", "2606:2800:21f::1"], 80, ["93.184.215.14", "2606:2800:21f::1"]),
        (["10.1.2.3"], 80, []),
        (["93.184.215.14", "127.0.0.1"], 80, []),
        (["::ffff:169.254.169.254"], 80, []),
        (["127.0.0.1"], 8000, ["127.0.0.1"]),
        ([], 80, []),
    ],
)
def test_names_are_judged_by_what_they_resolve_to(answer: list[str], port: int, passed: list[str]) -> None:
    receiver = Receiver()
    resolver = GuardedResolver(Names({"news.example": answer}), Guard(["127.0.0.1:8000"]))

    resolver.resolveHostName(receiver, "news.example", portNumber=port)

    assert receiver.found == passed
    assert bool(resolver.refused) == (bool(answer) and not passed)


def test_the_proxy_itself_may_be_anywhere() -> None:
    receiver = Receiver()
    resolver = GuardedResolver(Names({"proxy.corp": ["10.0.0.9"]}), Guard([]), ["proxy.corp:3128"])

    resolver.resolveHostName(receiver, "proxy.corp", portNumber=3128)

    assert receiver.found == ["10.0.0.9"]


def test_no_hop_of_a_crawl_reaches_a_neighbour(
    site: Site, make_source: MakeSource, crawl: RunCrawl, new_site: Callable[[], Site]
) -> None:
    canary = new_site()
    canary.routes |= {"/": page("secret"), "/robots.txt": reply("")}
    port = canary.endpoint.rpartition(":")[2]
    hops = {f"/hop{number}": f"http://{host}:{port}/" for number, host in enumerate(LOOPBACK)}
    site.routes |= {path: reply("", "302 Found", Location=target) for path, target in hops.items()}
    site.routes |= {
        "/twice": reply("", "301 Moved Permanently", Location="/hop0"),
        "/feed": rss(*(item(path) for path in [*hops, "/twice"]), item(canary.url("/direct"))),
        "/moved-feed": reply("", "302 Found", Location=canary.url("/feed")),
        "/sitemap.xml": reply(
            f"<sitemapindex><sitemap><loc>{canary.url('/map.xml')}</loc></sitemap></sitemapindex>",
            Content_Type="text/xml",
        ),
    }
    source = make_source(
        site,
        feeds=[site.url("/feed"), site.url("/moved-feed"), canary.url("/feed")],
        sitemaps=[site.url("/sitemap.xml")],
    )

    done = crawl(source)

    assert {path: done.pages[path] for path in [*hops, "/twice"]} == dict.fromkeys(
        [*hops, "/twice"], "redirect_blocked"
    )
    assert done.pages[canary.url("/direct")] == "bad_url"
    assert done.indexes["/moved-feed"] == "redirect_blocked"
    assert done.indexes[canary.url("/feed")] == "bad_url"
    assert canary.asked == []
