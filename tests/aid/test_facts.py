from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.aid.facts import FACT_RULES, find_facts
from extraction.aid.money import BY_WORDING
from extraction.aid.pairs import BY_SUBJECT
from storage.models import Fact

SENTENCES = [
    json.loads(line) for line in Path(__file__).with_name("sentences.jsonl").read_text("utf-8").splitlines()
]
KINDS = {"money": "money", "counts": "count", "places": "place", "pairs": "pair"}
FIELDS = {
    "money": ("text", "value", "value_max", "currency", "qualifier", "role"),
    "counts": ("value", "value_max", "unit", "qualifier"),
    "places": ("text", "code"),
    "pairs": ("donor", "recipient"),
}


def facts_as_gold(facts: tuple[Fact, ...]) -> dict[str, list[dict[str, str]]]:
    return {
        name: [{field: getattr(f, field) for field in FIELDS[name]} for f in facts if f.kind == kind]
        for name, kind in KINDS.items()
    }


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence["id"])
def test_a_sentence_gives_its_facts_and_no_others(sentence: dict[str, Any]) -> None:
    found = facts_as_gold(find_facts(sentence["text"], sentence["language"]))
    assert found == {name: sentence[name] for name in KINDS}


def test_there_are_enough_sentences_in_both_languages() -> None:
    languages = [sentence["language"] for sentence in SENTENCES]
    assert (len(SENTENCES) >= 100, min(languages.count("zh"), languages.count("en")) >= 40) == (True, True)


def test_a_whole_record() -> None:
    text = "湖州市向柯坪县拨付援疆资金3000万元，支持当地医院。"
    rules = {"rule_version": FACT_RULES}
    sides = {"donor": "湖州市", "recipient": "柯坪县", "code": "652929"}
    assert find_facts(text, "zh") == (
        Fact("place", 0, 3, "湖州市", code="330500", **rules),
        Fact("pair", 0, 9, "湖州市向柯坪县拨付", cue="拨付", **sides, **rules),
        Fact("place", 4, 7, "柯坪县", code="652929", **rules),
        Fact(
            "money", 13, 19, "3000万元", value="30000000", currency="CNY", qualifier="exact", role="aid",
            cue="援疆资金", **sides, **rules,
        ),
        Fact("sector", 24, 26, "医院", qualifier="about", cue="Health", code="120", **rules),
    )  # fmt: skip


@pytest.mark.parametrize("aid_news", [False, True])
def test_the_seed_page_gives_its_twelve_amounts_and_no_other(
    seed_text: str, seed_gold: dict[str, Any], *, aid_news: bool
) -> None:
    found = [f for f in find_facts(seed_text, "zh", aid_news=aid_news) if f.kind == "money"]
    gold = seed_gold["money"]
    assert [(f.text, f.value, f.currency, f.qualifier) for f in found] == [
        (g["text"], str(g["value"]), g["currency"], g["qualifier"]) for g in gold
    ]
    assert [f.text for f in found if f.role == "aid"] == [
        g["text"] for g in gold if g["role_note"].startswith("AID")
    ]


def test_the_seed_page_gives_its_counts(seed_text: str, seed_gold: dict[str, Any]) -> None:
    found = [f for f in find_facts(seed_text, "zh") if f.kind == "count"]
    missing = [
        gold["text"]
        for gold in seed_gold["counts"]
        if not any(
            (f.value, f.unit) == (str(gold["value"]), gold["unit"])
            and (f.text in gold["text"] or gold["text"] in seed_text[f.start - 4 : f.end])
            for f in found
        )
    ]
    assert missing == ["六大工程"]


def test_the_seed_page_gives_its_pair_and_full_place_names(seed_text: str) -> None:
    facts = find_facts(seed_text, "zh")
    assert ("湖州市", "柯坪县") in {(f.donor, f.recipient) for f in facts if f.kind == "pair"}
    full_names = set(
        re.findall(
            r"\S+",
            "湖州市 吴兴区 浙江省 柯坪县 新疆 阿克苏地区 阿恰勒镇 玉尔其乡 玉尔其村 一师阿拉尔市 一师三团"
            " 三团甘泉镇 新疆生产建设兵团第一师三团 其曼村",
        )
    )
    assert full_names - {f.text for f in facts if f.kind == "place"} == set()


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("The club in Pune, India, gave Rs 1.92 crore for the flood victims.", "19200000", "INR"),
        ("Pakistan gets 3 lakh rupees for tents.", "300000", "PKR"),
        ("In Lusaka, Zambia, each family got K1,200 for maize.", "1200", "ZMW"),
        ("Each guest gave fifty dollars.", "50", "USD"),
        ("They sent twenty-five euros a month.", "25", "EUR"),
        ("坎帕拉来电：乌干达农户每家领到两万五千先令。", "25000", "UGX"),
        ("每人每天的口粮只值六美元。", "6", "USD"),
    ],
)
def test_an_amount_is_read_in_the_words_of_its_country(text: str, value: str, currency: str) -> None:
    assert [(f.value, f.currency) for f in find_facts(text) if f.kind == "money"] == [(value, currency)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They paid 900 rupees."),
        ("en", "India and Pakistan spent 900 rupees."),
        ("en", "Swiss experts in Chad have 150,000 francs left."),
        ("fr", "La coopération suisse au Tchad réserve 150 000 francs à l'entretien."),
        ("zh", "每户领到一万五千卢比。"),
    ],
)
def test_an_amount_in_the_currency_of_no_one_country_is_left_out(language: str, text: str) -> None:
    assert [f for f in find_facts(text, language) if f.kind == "money"] == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("The wells in Malawi were dug with $36,000 from a church in Leeds.", "$36,000"),
        ("基金会今年为县里三所小学配齐了图书，项目共使用资金48万元，惠及学生900名。", "48万元"),
    ],
)
def test_in_aid_news_an_amount_without_a_cue_is_aid_by_its_words(text: str, amount: str) -> None:
    roles = {}
    for aid_news in (False, True):
        [fact] = [f for f in find_facts(text, aid_news=aid_news) if f.kind == "money"]
        roles[aid_news] = (fact.text, fact.role, fact.rule_version.endswith(BY_WORDING))
    assert roles == {False: (amount, "unknown", False), True: (amount, "aid", True)}


@pytest.mark.parametrize(
    ("text", "donor", "recipient"),
    [
        (
            "Floods have cut off parts of Malawi. On Friday the Japanese embassy handed over 400 tents.",
            "Japan",
            "Malawi",
        ),
        (
            "缅甸强震后，灾区学校停课。缅甸教育部门说，首批板房本周启用。中方援建的五十二间教室同日交付。",
            "中国",
            "缅甸",
        ),
    ],
)
def test_in_aid_news_the_country_it_is_about_is_a_recipient(text: str, donor: str, recipient: str) -> None:
    def pairs(*, aid_news: bool) -> list[tuple[str, str, str]]:
        facts = find_facts(text, aid_news=aid_news)
        return [(f.donor, f.recipient, f.rule_version) for f in facts if f.kind == "pair"]

    assert pairs(aid_news=False) == []
    assert pairs(aid_news=True) == [(donor, recipient, FACT_RULES + BY_SUBJECT)]


@pytest.mark.parametrize(
    "text",
    [
        "Kenya and Uganda closed their border. Kenya protested, Uganda too. The Japanese embassy gave tents.",
        "Malawi is dry. Malawi waits. Japan won the match in Leeds.",
    ],
)
def test_no_one_country_or_no_help_makes_no_pair(text: str) -> None:
    assert [f for f in find_facts(text, aid_news=True) if f.kind == "pair"] == []


def test_words_of_other_languages_say_nothing_of_roles() -> None:
    text = "Les puits du Malawi ont été creusés avec 36 000 euros d'une église de Lyon."
    assert [f.role for f in find_facts(text, "fr", aid_news=True) if f.kind == "money"] == ["unknown"]


@pytest.mark.parametrize(
    "text", ["洪灾造成直接经济损失3.6亿元，群众已转移。", "The trader was fined $40 million for fraud."]
)
def test_what_a_cue_says_is_not_overruled_by_the_words(text: str) -> None:
    assert [f.role for f in find_facts(text, aid_news=True) if f.kind == "money"] == ["unknown"]


@given(
    st.text(
        alphabet=st.sampled_from(
            "中国援向捐赠3１.,，-至到元万亿$€ aidm\n余多约人个第十百千省县市镇的us toRMB"
        ),
        max_size=60,
    )
)
@settings(max_examples=400, deadline=None)
def test_facts_of_any_text_are_its_slices_in_order(text: str) -> None:
    facts = find_facts(text, aid_news=True)
    assert [text[f.start : f.end] for f in facts] == [f.text for f in facts]
    assert [f.start for f in facts] == sorted(f.start for f in facts)


@pytest.mark.parametrize(
    "piece",
    [
        "3",
        "万",
        "援",
        "中国向",
        "a ",
        "$1 to ",
        "第一师",
        "市",
        "1,000",
        "\n",
        "向柯坪县、",
        "Japan gave Malawi. ",
    ],
)
def test_hostile_repeats_stay_linear(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    facts = find_facts(text, aid_news=True)
    assert all(text[f.start : f.end] == f.text for f in facts)


@pytest.mark.parametrize(
    ("text", "amount", "donor", "recipient"),
    [
        (
            "湖州市对口支援柯坪县。湖州市今年安排援疆资金920万元，为学校添置设备。",
            "920万元", "湖州市", "柯坪县",
        ),
        (
            "柯坪县连日暴雨，自治区紧急下拨救灾资金1500万元。湖州市对口支援柯坪县，派出医生9名。",
            "1500万元", "", "柯坪县",
        ),
        (
            "中国政府向马拉维捐赠大米。这批援助价值约1200万元人民币。",
            "1200万元人民币", "中国", "马拉维",
        ),
        (
            "The United Kingdom gave £3.2 million in aid to Mozambique. The grant brings its aid to £7m.",
            "£7m", "United Kingdom", "Mozambique",
        ),
        (
            "The United Kingdom gave £3.2 million in aid to Mozambique. A wider appeal is for US$18 million.",
            "US$18 million", "", "Mozambique",
        ),
        (
            "天津市向甘肃省环县、古浪县、靖远县投入协作资金1.1亿元，支持牛羊养殖。",
            "1.1亿元", "天津市", "甘肃省",
        ),
        (
            "Japan donated $4 million to Kenya and China gave $3 million in aid to Mali.",
            "$4 million", "Japan", "Kenya",
        ),
        (
            "Japan donated $4 million to Kenya and China gave $3 million in aid to Mali.",
            "$3 million", "China", "Mali",
        ),
        (
            "Japan donated $4 million in aid to Kenya and donated $3 million in aid to Chad.",
            "$3 million", "Japan", "Chad",
        ),
        (
            "Japan and Norway have donated $4 million in aid to Kenya.",
            "$4 million", "", "Kenya",
        ),
        (
            "Malawi is dry and Malawi is poor. Japan never gave aid of $5 million.",
            "$5 million", "", "Malawi",
        ),
        (
            "国务院拨付救灾资金2亿元支持河南、河北两省。",
            "2亿元", "", "",
        ),
        (
            "Japan has donated US$4 million to Kenya, Chad and Mali after the drought.",
            "US$4 million", "Japan", "",
        ),
        (
            "Japan sent aid worth $3 million to Syria, Turkey said on Friday.",
            "$3 million", "Japan", "Syria",
        ),
    ],
)  # fmt: skip
def test_an_amount_has_the_sides_that_its_sentence_speaks_of(
    text: str, amount: str, donor: str, recipient: str
) -> None:
    [fact] = [fact for fact in find_facts(text, aid_news=True) if fact.text == amount]
    assert (fact.role, fact.donor, fact.recipient) == ("aid", donor, recipient)


def test_all_of_an_enumeration_are_recipients() -> None:
    text = "Japan has donated US$4 million to Kenya, Chad and Mali after the drought."
    pairs = {(f.donor, f.recipient) for f in find_facts(text) if f.kind == "pair"}
    assert pairs == {("Japan", "Kenya"), ("Japan", "Chad"), ("Japan", "Mali")}


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("Wells in Malawi have run dry. The grant pays for 40 new pumps and is worth $2 million.", "Malawi"),
        ("Malawi and Zambia are hungry. The grant pays for maize and is worth $2 million.", ""),
        (
            "Malawi is poor. Malawi asks in Malawi's name. An aid grant of $2 million is spent on Zambia.",
            "Zambia",
        ),
        ("马拉维多口水井干涸。这笔援助价值200万美元，将新打水井40口。", "马拉维"),
    ],
)
def test_an_amount_is_for_the_country_that_the_article_is_about(text: str, recipient: str) -> None:
    [fact] = [fact for fact in find_facts(text, aid_news=True) if fact.kind == "money"]
    assert (fact.role, fact.recipient) == ("aid", recipient)
    assert (BY_SUBJECT in fact.rule_version) is bool(recipient)
    [alone] = [fact for fact in find_facts(text) if fact.kind == "money"]
    assert BY_SUBJECT not in alone.rule_version
