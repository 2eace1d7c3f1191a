"""Lines at the edges of an article and lines of its site: taken out, recorded, never too many."""

from __future__ import annotations

import pytest

from extraction.edges import rule_for, trim_edges
from extraction.site_lines import boilerplate, without_site_lines
from storage.models import Article, RemovedLine

NARRATIVE = [
    f"第{n}批救灾物资于当日上午运抵灾区，志愿者和民警连夜向受灾群众分发棉被、帐篷和饮用水。" for n in range(9)
]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("【编辑:林禾】", "editor"),
        ("(责任编辑：钱朵、孙一)", "editor"),
        ("来 源:柯坪县融媒体中心", "origin"),
        ("Source: Ridge Relief", "origin"),
        ("2012-01-17 15:32:50 | 我来说两句 (0)", "share_bar"),
        ("2012-01-17 20:00 晚間新聞", "dateline"),
        ("11 مايو 2024 - 14:40", "dateline"),
        ("分享到：", "share_bar"),
        ("Share this:", "share_bar"),
        ("相关新闻", "related"),
        ("Lire aussi : La crue en images", "related"),
        ("Copyright ©1999-2024 example.cn. All Rights Reserved", "copyright"),
        ("[京ICP证000001号] [京公网安备 11010000000001号]", "icp"),
        ("未经授权禁止转载、摘编、复制及建立镜像,违者将依法追究法律责任。", "rights"),
        ("您所在的位置：首页 > 新闻 > 正文", "breadcrumb"),
        ("この記事は会員限定です。", "paywall"),
        ("Il vous reste 61.2% de cet article à lire. La suite est réservée aux abonnés.", "paywall"),
        ("Follow the Ridge Herald on Google News and add us as a preferred source.", "subscribe"),
        ("Got a story? Write to our newsroom or send us a picture.", "subscribe"),
        ("Reporting by Ada Lund; Editing by Tom Marsh", "editor"),
        ("Reporting by drone is new to the valley, but it has found three more villages.", ""),
        ("2023年4月，第十批援疆工作队抵达柯坪县，开始接续工作。", ""),
        ("The source of the river lies in the upper valley.", ""),
        (NARRATIVE[0], ""),
    ],
)
def test_rules(line: str, rule: str) -> None:
    assert rule_for(line) == rule


def test_edges_go_and_the_middle_stays() -> None:
    lines = [
        "救灾物资运抵灾区",
        "2024-01-30 10:49 来源：甲报",
        *NARRATIVE[:5],
        "来源：甲报",
        *NARRATIVE[5:],
        "【编辑:林禾】",
    ]
    middle = lines.index("来源：甲报")
    lines[middle:middle] = NARRATIVE[:4]
    lines[middle + 5 : middle + 5] = [f"{line}又讯" for line in NARRATIVE] * 2
    trimmed = trim_edges(lines, "救灾物资运抵灾区")
    assert trimmed.removed == (
        RemovedLine("救灾物资运抵灾区", "title"),
        RemovedLine("2024-01-30 10:49 来源：甲报", "dateline"),
        RemovedLine("【编辑:林禾】", "editor"),
    )
    assert "来源：甲报" in trimmed.lines


def test_a_text_of_nothing_but_edge_lines_is_not_wiped() -> None:
    lines = [f"来源：第{n}家报社" for n in range(10)]
    trimmed = trim_edges(lines, "标题")
    assert trimmed.capped
    assert sum(map(len, trimmed.lines)) >= 0.8 * sum(map(len, lines))


def test_boilerplate_needs_a_share_and_three_pages() -> None:
    counts = {"often": 30, "seldom": 29, "twice": 2}
    assert (boilerplate(counts, 100), boilerplate({"twice": 2, "thrice": 3}, 4)) == (
        frozenset({"often"}),
        frozenset({"thrice"}),
    )


def test_site_lines_are_recorded_and_reversible() -> None:
    article = Article(url="u", title="t", text="\n".join([NARRATIVE[0], "关注本报客户端", *NARRATIVE[1:]]))
    cleaned = without_site_lines(article, frozenset({"关注本报客户端"}))
    assert (cleaned.text, cleaned.removed, cleaned.flags) == (
        "\n".join(NARRATIVE),
        (RemovedLine("关注本报客户端", "site_line"),),
        (),
    )
    assert without_site_lines(article, frozenset()) is article


def test_site_lines_stop_at_the_limit() -> None:
    article = Article(url="u", title="t", text="\n".join(NARRATIVE))
    cleaned = without_site_lines(article, frozenset(NARRATIVE))
    assert (len(cleaned.text.split("\n")), cleaned.flags) == (8, ("removal_capped",))
