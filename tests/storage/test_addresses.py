"""The key of an address, and its site."""

from __future__ import annotations

import pytest

from storage.addresses import site_of


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.xj.chinanews.com.cn", "chinanews.com.cn"),
        ("news.people.com.cn", "people.com.cn"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_the_site_of_a_host_is_its_registered_domain(host: str, site: str) -> None:
    assert site_of(host) == site
