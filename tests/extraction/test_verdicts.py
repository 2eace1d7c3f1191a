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


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("Aid convoy access denied at Korra bridge, agency says", ""),
        ("Water trucks sent to Dorra", "<p>Piped water there is temporarily unavailable after shelling.</p>"),
        ("Grants for flooded shops open", "<h2>We value your privacy</h2>"),
        ("志愿者送春联", "<h3>用户登录</h3><p>申请人请先登录“民政通”小程序，按提示上传困难证明。</p>"),
    ],
)
def test_a_short_report_is_an_article(page: Callable[..., StoredPage], title: str, more: str) -> None:
    text = "<p>Nine trucks with flour and medicine were sent on Tuesday, for the third time in a week.</p>"
    body = f"<h1>{title}</h1>{text}<p>About 18,000 people live north of the river, the agency said.</p>{more}"
    answer = extract_page(page(_short(title, body)))
    assert not isinstance(answer, Reject), answer


@pytest.mark.parametrize(
    ("outcome", "body"),
    [
        ("login_wall", "<h2>Subscribe to continue reading</h2>"),
        ("login_wall", "<p>请登录后查看全文</p>"),
    ],
)
def test_a_teaser_before_a_wall_is_told(page: Callable[..., StoredPage], outcome: str, body: str) -> None:
    text = (
        "<p>Nine trucks with flour and medicine were sent on Tuesday, for the third time in a week.</p>" * 2
    )
    answer = extract_page(page(_short("Nine trucks", f"<h1>Nine trucks</h1>{text}{body}")))
    assert isinstance(answer, Reject)
    assert answer.outcome == outcome


def test_a_list_with_dates_is_no_article(page: Callable[..., StoredPage]) -> None:
    items = "".join(
        f"<li><a href='/{n}'>第{n}批救灾物资运抵灾区受助群众</a><span>2026-03-0{n}</span></li>"
        for n in range(1, 9)
    )
    answer = extract_page(page(_short("公益新闻", f"<h1>公益新闻</h1><ul>{items}</ul>")))
    assert isinstance(answer, Reject)
    assert answer.outcome == "no_text"


def test_undecodable_bytes_are_suspect(page: Callable[..., StoredPage]) -> None:
    text = "".join(f"<p>救灾物资运抵受灾地区第{n}批，志愿者连夜分发棉被和饮用水。</p>" for n in range(9))
    data = f"<html><head><title>救灾物资运抵受灾地区</title></head><body>{text}</body></html>".replace(
        "灾", "\ufffd"
    )
    answer = extract_page(page(data))
    assert isinstance(answer, Reject)
    assert answer.outcome == "encoding_suspect"
