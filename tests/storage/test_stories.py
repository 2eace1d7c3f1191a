"""Copies, series and rewrites: what joins a story, and what is only noted."""

from __future__ import annotations

import random
from typing import Any

import opencc
import pytest

from storage import stories
from storage.fingerprints import SAME, SAME_NUMBERS, Likeness
from storage.health import broken_invariants

LATER = "2026-03-03T00:00:00+00:00"
STORY = (
    "示例省第九批援疆医疗队的27名队员昨日抵达河谷县人民医院，开始为期一年半的帮扶工作。\n"
    "队长李示例介绍，队员们来自省内6家三甲医院，涵盖心内科、骨科、儿科等12个专业，将通过门诊、手术带教和巡回义诊，"
    "帮助当地建立胸痛中心。\n"
    "县医院院长王样本说，上一批医疗队留下的培训班已经走出了43名骨干医生，乡亲们看病不用再跑300公里去地区医院。\n"
    "据悉，医疗队还带来了价值180万元的超声设备，并将在4个乡镇设立流动诊室。"
)
REWRITTEN = (
    "据了解，这些专家将常驻一年多，乡亲们在家门口就能做检查、看专科，孩子和老人也能得到更好的照顾。"
    "当地居民对此表示欢迎，认为今后的生活会更加方便；卫生部门表示，流动诊室下月起轮流开到各个村子。"
)
BULLETIN = (
    "{0}日0时至24时，河谷县灾区新增转移安置群众{1}人，累计转移安置{2}人；发放帐篷{3}顶、棉被{4}床，抢通道路{5}公里。"
    "县抗震救灾指挥部提醒广大群众注意防范余震和次生灾害，服从统一安排，不信谣不传谣，遇到险情及时拨打救援电话。"
    "医疗和防疫人员已进驻各安置点，电力和通信正在逐步恢复，学校将根据校舍鉴定结果分批复课。"
)


FORMULA = (
    "本网声明：凡注明来源的作品，均为本网合法拥有版权的作品，"
    "未经授权不得转载、摘编或利用其它方式使用上述作品。"
)


def _page(press: Any, outlet: str, text: str, hour: int = 8, **fields: Any) -> Any:
    time = f"2026-03-01T{hour:02}:00:00+08:00"
    return press.page(f"https://{outlet}.example/{hour}", text=text, published_at=time, **fields)


def test_reposts_excerpts_and_both_scripts_are_one_story(press: Any) -> None:
    traditional = opencc.OpenCC("s2t").convert(STORY).replace("，", ", ")
    excerpt = (
        "据天山通讯社消息：\n" + STORY.split("\n")[1] + "\n" + STORY.split("\n")[2] + "\n版权所有 不得转载"
    )
    press.load(_page(press, "second", STORY + "\n分享到微信", 10, origin="天山通讯社"), source="second")
    press.load(_page(press, "first", STORY, 9, origin="天山通讯社"), source="first")
    press.load(_page(press, "third", traditional, 11), source="third")
    press.load(_page(press, "fourth", excerpt, 12, title="Other"), source="fourth")
    press.load(
        _page(press, "fifth", "An article about quite another thing, long enough to be compared. " * 2)
    )
    assert press.rows("SELECT * FROM stories_by_copies") == [
        (1, 4, 4, 3, "2026-03-01T01:00:00+00:00", "first", "天山通讯社", "A title", "https://first.example/9")
    ]
    assert press.rows("SELECT copies FROM stories ORDER BY id") == [(4,), (1,)]
    assert broken_invariants(press.db) == []


def test_an_outlet_and_those_who_credit_it_are_one_origin(press: Any) -> None:
    origins = "SELECT origins FROM stories"
    press.load(_page(press, "first", STORY, 9), source="first", name="Hill Agency")
    press.load(_page(press, "second", STORY, 10, origin="hill　agency"), source="second")
    assert press.rows(origins) == [(1,)]
    press.load(_page(press, "third", STORY, 11, origin="Another"), source="third")
    assert press.rows(origins) == [(2,)]
    press.load(source="first", name="Hill News")
    assert press.rows(origins) == [(3,)]
    assert broken_invariants(press.db) == []


def test_serial_bulletins_are_a_series_and_not_a_story(press: Any) -> None:
    numbers = [(3, 120, 4500, 300, 1200, 17), (4, 86, 4586, 410, 1650, 23), (5, 31, 4617, 95, 700, 41)]
    press.load(*(_page(press, "gov", BULLETIN.format(*n), n[0]) for n in numbers))
    assert press.rows("SELECT copies FROM stories") == [(1,), (1,), (1,)]
    assert press.rows("SELECT DISTINCT relation FROM similar") == [("series",)]


def test_a_rewrite_is_noted_as_related(press: Any) -> None:
    half = STORY[: len(STORY) * 9 // 20] + REWRITTEN
    press.load(_page(press, "first", STORY, 9), _page(press, "second", half, 10))
    assert press.rows("SELECT relation, article, other FROM similar") == [("related", 2, 1)]


def test_the_same_short_notice_in_two_outlets_is_one_story(press: Any) -> None:
    press.load(_page(press, "first", "快讯：停。", 9))
    press.load(_page(press, "second", "快讯：停。", 10), source="second")
    assert press.rows("SELECT copies, outlets FROM stories") == [(2, 2)]


def test_a_correction_keeps_the_story_and_its_counts(press: Any) -> None:
    press.load(_page(press, "first", STORY, 9))
    press.load(_page(press, "second", STORY, 10), source="second")
    corrected = _page(press, "second", STORY.replace("43名", "44名"), 10, last_fetched=LATER)
    assert press.load(corrected, source="second").updated == 1
    assert press.rows("SELECT copies, outlets FROM stories") == [(2, 2)]
    again = _page(press, "first", STORY.replace("43名", "44名"), 9, last_fetched=LATER)
    pairs = "SELECT article, other, round(numbers, 2) FROM near_duplicates"
    assert press.rows(pairs) == [(2, 1, 0.86)]
    assert press.load(again).updated == 1
    assert press.rows(pairs) == [(2, 1, 1.0)]
    assert broken_invariants(press.db) == []


def test_formulas_that_everybody_uses_join_nothing(press: Any) -> None:
    pages = []
    for number in range(150):
        own = "".join(map(chr, random.Random(number).choices(range(0x4E00, 0x9F00), k=200)))
        pages.append(_page(press, f"outlet{number}", own + FORMULA))
    press.load(*pages)
    assert press.rows("SELECT max(copies) FROM stories") == [(1,)]
    assert press.rows("SELECT max(n) FROM (SELECT count(*) AS n FROM fingerprint_recent GROUP BY hash)") == [
        (64,)
    ]


@pytest.mark.parametrize("numbers", [SAME_NUMBERS - 0.01, SAME_NUMBERS])
@pytest.mark.parametrize("score", [SAME - 0.01, SAME])
def test_the_view_draws_the_line_where_the_load_does(press: Any, score: float, numbers: float) -> None:
    press.load(press.page("https://riverpost.example/1"), press.page("https://riverpost.example/2"))
    press.db.execute("INSERT INTO near_duplicates VALUES (2, 1, ?, ?)", [score, numbers])
    relation = press.rows("SELECT relation FROM similar")[0][0]
    assert (relation == "copy") == Likeness(score, numbers).is_copy


def test_similar_articles_are_found_in_either_part_of_the_index(press: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(stories, "_SETTLED_AT", 1)
    press.load(_page(press, "first", STORY, 9))
    assert press.rows("SELECT count(*) > 0 FROM fingerprint_index") == [(1,)]
    assert press.rows("SELECT count(*) FROM fingerprint_recent") == [(0,)]
    monkeypatch.setattr(stories, "_SETTLED_AT", 1_000_000)
    press.load(_page(press, "second", STORY + "完。", 10), source="second")
    press.load(_page(press, "third", "续：" + STORY, 11), source="third")
    assert press.rows("SELECT copies FROM stories") == [(3,)]
    assert press.rows("SELECT article, other FROM near_duplicates") == [(2, 1), (3, 1), (3, 2)]
