"""Donor and recipient of an amount, told from the words around it."""

from __future__ import annotations

import pytest

from extraction.aid.facts import find_facts


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("廿四桥公益基金会近日向贵州省从江县捐赠380万元，用于修建学校。", [("", "从江县")]),
        ("恒远集团向云南省贡山县捐赠300万元。", [("", "贡山独龙族怒族自治县")]),
        (
            "上海市捐赠200万元，浙江省捐赠300万元，支援云南省怒江州。",
            [("上海市", "怒江傈僳族自治州"), ("浙江省", "怒江傈僳族自治州")],
        ),
        ("WASHINGTON - The World Bank approved a $200 million grant to Yemen.", [("", "Yemen")]),
        ("NAIROBI, Kenya - The agency granted $3 million in aid in Ethiopia.", [("", "Ethiopia")]),
        (
            "Canada will provide C$30 million and Norway 100 million Norwegian kroner in aid to Chad.",
            [("Canada", "Chad"), ("Norway", "Chad")],
        ),
        (
            "Saudi Arabia donated $10 million and Qatar donated $10 million to Yemen.",
            [("Saudi Arabia", "Yemen"), ("Qatar", "Yemen")],
        ),
    ],
)
def test_whose_money_and_for_whom(text: str, sides: list[tuple[str, str]]) -> None:
    facts = [fact for fact in find_facts(text, aid_news=True) if fact.kind == "money"]
    assert [(fact.donor, fact.recipient) for fact in facts] == sides


@pytest.mark.parametrize(
    "text",
    [
        "WASHINGTON - The World Bank approved a $200 million grant to Yemen.",
        "NAIROBI, Kenya - The agency provided 4,000 tents in Ethiopia.",
    ],
)
def test_a_dateline_is_no_donor(text: str) -> None:
    assert [fact.donor for fact in find_facts(text, aid_news=True) if fact.kind == "pair"] == []
