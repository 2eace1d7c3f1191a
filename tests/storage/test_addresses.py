"""The key of an address, its site, and the address without a session."""

from __future__ import annotations

import pytest

from storage.addresses import site_of, url_key, without_session


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.xj.chinanews.com.cn", "chinanews.com.cn"),
        ("news.people.com.cn", "people.com.cn"),
        ("WWW.新闻.中国", "xn--efvy88h.xn--fiqs8s"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_the_site_of_a_host_is_its_registered_domain(host: str, site: str) -> None:
    assert site_of(host) == site


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://a.example/1.html;jsessionid=AB12F0?x=1#top", "https://a.example/1.html?x=1#top"),
        ("https://a.example/s.php?id=9&PHPSESSID=ab12", "https://a.example/s.php?id=9"),
        ("https://a.example/s.php?PHPSESSID=ab12", "https://a.example/s.php"),
        (f"https://a.example/t?sid={'0a' * 16}&t=5", "https://a.example/t?t=5"),
        (f"https://a.example/(S({'a1' * 12}))/1.aspx", "https://a.example/1.aspx"),
        ("https://a.example/article.php?sid=1234", "https://a.example/article.php?sid=1234"),
        ("https://a.example/obsession=1/?session=5&", "https://a.example/obsession=1/?session=5&"),
    ],
)
def test_a_session_is_no_part_of_an_address(url: str, plain: str) -> None:
    assert without_session(url) == plain
    assert url_key(url) == url_key(plain)
