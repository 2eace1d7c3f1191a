from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.aid.facts import FACT_RULES, find_facts
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


def test_the_seed_page_gives_its_twelve_amounts_and_no_other(
    seed_text: str, seed_gold: dict[str, Any]
) -> None:
    found = [f for f in find_facts(seed_text, "zh") if f.kind == "money"]
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
    facts = find_facts(text)
    assert [text[f.start : f.end] for f in facts] == [f.text for f in facts]
    assert [f.start for f in facts] == sorted(f.start for f in facts)


@pytest.mark.parametrize(
    "piece", ["3", "万", "援", "中国向", "a ", "$1 to ", "第一师", "市", "1,000", "\n", "向柯坪县、"]
)
def test_hostile_repeats_stay_linear(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    facts = find_facts(text)
    assert all(text[f.start : f.end] == f.text for f in facts)
