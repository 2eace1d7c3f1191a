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
        ("审 核：徐国", "editor"),
        ("记 者：何帆", "byline"),
        ("总 监 制：钱伟", "editor"),
        ("点赞 12 在看 5", "counter"),
        ("点击“阅读原文”了解更多", "share_bar"),
        ("【打印本页】【关闭窗口】", "share_bar"),
        ("下一条：没有了", "paging"),
        ("Story continues below advertisement", "advertisement"),
        ("Listen to this article · 4 min", "advertisement"),
        ("Updated March 2, 2026 at 3:45 p.m.", "byline"),
        ("转载并不代表天河网赞同其观点", "rights"),
        ("违法和不良信息举报电话：010-00000000", "contact"),
    ],
)
def test_rules(line: str, rule: str) -> None:
    assert rule_for(line) == rule


@pytest.mark.parametrize(
    "line",
    [
        "活动由团市委发起，全市大中小学生踊跃参与。",
        "会上，与会人员围绕建材供应提出了意见建议。",
        "他说，离职与此事无关。",
        "相关报道刊发后，热心读者纷纷伸出援手。",
        "更多相关部门也参与了救助。",
        "共有300人受灾。",
        "学生可通过“天河教育”公众号提交申请，也可到社区加入登记。",
        "侵犯老人权益的，可联系法律援助中心。",
        "县里公布了举报电话，请村民监督。",
        "没有许可证2026年起将无法营业。",
        "来源：捐款均来自街坊。",
        "The army said its troops had entered the building without permission.",
        "More from the state reserve is due on Friday, officials said.",
        "« Partager l’eau, c’est la paix. »",
        "Created in 2004, the fund has paid for 212 wells.",
        "Get our children home, the mothers chanted.",
        "Continue reading lessons by radio, the ministry told teachers.",
        "Recommended doses were halved",
    ],
)
def test_sentences_fall_under_no_rule(line: str) -> None:
    assert rule_for(line) == ""


def test_labels_above_a_short_text_do_not_count_towards_the_limit() -> None:
    labels = "来源：天河日报 作者：秦川 发布时间：2026-03-02 08:15"
    trimmed = trim_edges([labels, NARRATIVE[0]], "救灾物资运抵灾区")
    assert (trimmed.lines, trimmed.capped) == ((NARRATIVE[0],), False)


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
