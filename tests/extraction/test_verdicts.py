"""Pages that are no articles end in the outcome that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extraction.page import extract_page
from storage.models import Reject

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.models import StoredPage

LINKS = "".join(
    f"<li><a href='/{n}'>Headline number {n} of the day about something</a></li>" for n in range(40)
)


def _short(title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


PAGES: dict[str, list[str | bytes]] = {
    "empty": ["", "   \n", "<html><body></body></html>"],
    "not_text": [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n....", b"PK\x03\x04zip", b"\x1f\x8b\x08rest"],
    "soft_404": [
        _short("Page not found - Daily", "<h1>404</h1><p>Try the home page.</p>"),
        _short("提示信息", "<p>您访问的页面不存在或已被删除</p><a href='/'>返回首页</a>"),
        _short("Страница не найдена", "<p>Вернитесь на главную.</p>"),
    ],
    "login_wall": [
        _short("Daily", "<h1>Please log in</h1><p>Subscribe to continue reading.</p>"),
        _short("新闻", "<p>请先登录后查看全文</p>"),
    ],
    "consent_wall": [_short("Before you continue", "<p>We use cookies and need your consent.</p>")],
    "blocked": [
        _short("Just a moment...", "<p>Checking your browser</p>"),
        _short("安全验证", "<p>请输入验证码</p>"),
    ],
    "soft_error": [_short("Database Error", "<h1>Error establishing a database connection</h1>")],
    "no_text": [
        _short("Daily home", f"<ul>{LINKS}</ul>"),
        _short("Video: the bridge opens", "<h1>Video: the bridge opens</h1><video></video>"),
    ],
}


@pytest.mark.parametrize(
    ("outcome", "body"), [(outcome, body) for outcome, bodies in PAGES.items() for body in bodies]
)
def test_outcome(page: Callable[..., StoredPage], outcome: str, body: str | bytes) -> None:
    answer = extract_page(page(body))
    assert isinstance(answer, Reject), answer
    assert answer.outcome == outcome


def test_an_article_about_a_wall_is_an_article(page: Callable[..., StoredPage]) -> None:
    text = "".join(
        f"<p>Part {n}: the site asked readers to log in and to prove with a captcha that they are human, "
        "the report found, and many gave up.</p>"
        for n in range(8)
    )
    answer = extract_page(
        page(_short("Why captchas fail readers", f"<h1>Why captchas fail readers</h1>{text}"))
    )
    assert not isinstance(answer, Reject), answer


def test_undecodable_bytes_are_suspect(page: Callable[..., StoredPage]) -> None:
    text = "".join(f"<p>救灾物资运抵受灾地区第{n}批，志愿者连夜分发棉被和饮用水。</p>" for n in range(9))
    data = f"<html><head><title>救灾物资运抵受灾地区</title></head><body>{text}</body></html>".replace(
        "灾", "\ufffd"
    )
    answer = extract_page(page(data))
    assert isinstance(answer, Reject)
    assert answer.outcome == "encoding_suspect"
