from __future__ import annotations

import time

import pytest

from extraction.aid.facts import find_facts


def pairs_of(text: str, language: str = "", *, aid_news: bool = False) -> set[tuple[str, str]]:
    facts = find_facts(text, language, aid_news=aid_news)
    return {(fact.donor, fact.recipient) for fact in facts if fact.kind == "pair"}


@pytest.mark.parametrize(
    "piece",
    [
        "中国向肯尼亚、",
        "湖州市向柯坪县拨付援疆资金3000万元和",
        "湖州市援疆、柯坪县",
        "天津市与甘肃省协作",
        "由济南市对口支援",
        "深圳市对口帮扶河源市、",
        "驻肯尼亚向",
        "Japan gave $3 million to Kenya and ",
        "$5 to Kenya and Chad, ",
    ],
)
def test_a_sentence_as_long_as_a_page_is_read_in_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        before = time.process_time()
        find_facts(text, aid_news=True)
        return time.process_time() - before

    seconds(2_000)  # patterns are compiled once
    short, long = (min(seconds(length) for _ in range(3)) for length in (20_000, 80_000))
    # Four times the text takes four times as long; 16 times as long where time is quadratic.
    assert long < 10 * short


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("中国驻肯尼亚大使馆向乌干达捐赠大米。", {("中国", "乌干达")}),
        ("中国驻日本大使馆向缅甸捐赠药品。", {("中国", "缅甸")}),
        ("中国驻埃及大使向苏丹难民捐赠药品。", {("中国", "苏丹")}),
        ("驻肯尼亚使馆向乌干达捐赠大米。", set()),
        ("中非合作论坛北京峰会宣布向乍得提供3亿元援助。", set()),
        ("中国在达沃斯论坛前的杭州峰会宣布向乍得提供援助。", {("中国", "乍得")}),
        ("日本在博鳌论坛上向乍得提供援助。", {("日本", "乍得")}),
        ("沙特向也门马里卜省发放食品。", {("沙特阿拉伯", "也门")}),
        ("The Chinese embassy in Japan donated rice to Myanmar.", set()),
    ],
)
def test_the_host_of_an_embassy_or_a_meeting_is_no_donor(text: str, pairs: set[tuple[str, str]]) -> None:
    assert pairs_of(text) == pairs


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("中国反对美国向缅甸提供援助。", {("美国", "缅甸")}),
        ("法国拒绝向马里提供援助。", set()),
        ("法国不断向马里提供援助。", {("法国", "马里")}),
        ("France refused to give Mali aid.", set()),
        ("France has not given aid to Mali.", set()),
        ("France not only gave aid to Mali.", {("France", "Mali")}),
        (
            "Kenya exported $4 million of tea to Pakistan, which gave aid to Yemen.",
            {("Pakistan", "Yemen")},
        ),
    ],
)
def test_who_gives_is_the_one_that_the_verb_says(text: str, pairs: set[tuple[str, str]]) -> None:
    assert pairs_of(text) == pairs


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("深圳市对口帮扶河源市、汕尾市。", {("深圳市", "河源市"), ("深圳市", "汕尾市")}),
        (
            "湖州市对口支援柯坪县和嘉兴市对口支援沙雅县。",
            {("湖州市", "柯坪县"), ("嘉兴市", "沙雅县")},
        ),
        (
            "日本、韩国向菲律宾、越南提供援助。",
            {("日本", "菲律宾"), ("日本", "越南"), ("韩国", "菲律宾"), ("韩国", "越南")},
        ),
        ("中国援助乍得和马里。", {("中国", "乍得"), ("中国", "马里")}),
        ("Japan and Norway have donated aid to Kenya.", {("Japan", "Kenya"), ("Norway", "Kenya")}),
        (
            "Japan gave aid to Chad, Kenya and China gave aid to Mali.",
            {("Japan", "Chad"), ("China", "Mali")},
        ),
    ],
)
def test_each_of_an_enumeration_gives_or_receives(text: str, pairs: set[tuple[str, str]]) -> None:
    assert pairs_of(text) == pairs
