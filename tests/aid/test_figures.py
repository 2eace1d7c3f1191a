"""Amounts and counts in the ways that the press of several languages writes them."""

from __future__ import annotations

import pytest

from extraction.aid.facts import find_facts


def found(text: str, language: str, kind: str) -> list[tuple[str, ...]]:
    facts = [fact for fact in find_facts(text, language) if fact.kind == kind]
    return [
        (f.text, f.value, *([f.value_max] if f.value_max else []), f.currency or f.unit, f.qualifier)
        for f in facts
    ]


@pytest.mark.parametrize(
    ("language", "text", "text_of_amount", "value", "currency"),
    [
        ("es", "Recibieron 300.000 euros.", "300.000 euros", "300000", "EUR"),
        ("es", "Un fondo de €1.650 millones.", "€1.650 millones", "1650000000", "EUR"),
        ("es", "Dieron US$ 3,5 millones.", "US$ 3,5 millones", "3500000", "USD"),
        ("es", "Dieron 5 millones de dólares.", "5 millones de dólares", "5000000", "USD"),
        ("fr", "Soit 3,5 millions d'euros.", "3,5 millions d'euros", "3500000", "EUR"),
        ("fr", "Soit 250 000 $ en tout.", "250 000 $", "250000", "USD"),
        ("fr", "Un don de 3 M€ en mai.", "3 M€", "3000000", "EUR"),
        ("ru", "Выделено $4,5 млн.", "$4,5 млн", "4500000", "USD"),
        ("ru", "Выделено 15 тыс. рублей.", "15 тыс. рублей", "15000", "RUB"),
        ("ar", "قدمت 5 ملايين دولار", "5 ملايين دولار", "5000000", "USD"),
        ("pt", "Foram R$ 1.200,50 por casa.", "R$ 1.200,50", "1200.5", "BRL"),
        ("de", "Es waren 3 Mio. Euro.", "3 Mio. Euro", "3000000", "EUR"),
        ("en", "They sent $300.000 by May.", "$300.000", "300000", "USD"),
        ("en", "They sent Rs 1,00,000 to India.", "Rs 1,00,000", "100000", "INR"),
        ("en", "It cost half a million dollars.", "half a million dollars", "500000", "USD"),
        ("en", "It cost a quarter of a million pounds.", "a quarter of a million pounds", "250000", "GBP"),
        ("en", "One and a half million euros came.", "One and a half million euros", "1500000", "EUR"),
        ("zh", "救灾资金2亿3千万元。", "2亿3千万元", "230000000", "CNY"),
        ("zh", "共计12万3456元。", "12万3456元", "123456", "CNY"),
        ("zh", "共计1亿2345万6789元。", "1亿2345万6789元", "123456789", "CNY"),
        ("zh", "援疆资金３．５亿元。", "３．５亿元", "350000000", "CNY"),
    ],
)
def test_an_exact_amount(language: str, text: str, text_of_amount: str, value: str, currency: str) -> None:
    assert found(text, language, "money") == [(text_of_amount, value, currency, "exact")]


@pytest.mark.parametrize(
    "text", ["Was it $1,2,3 million?", "See $1.2.3 there.", "One dollar is 1.085 dollars."]
)
def test_what_cannot_be_read_is_left_out(text: str) -> None:
    assert [amount for amount in found(text, "en", "money") if amount[1] != "1"] == []


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("The grant rose from $5 million to $8 million.", ["5000000", "8000000"]),
        ("Grants range from $5 million to $8 million.", ["5000000-8000000"]),
        ("Between $5 million and $8 million came.", ["5000000-8000000"]),
        ("救灾资金三至五万元。", ["30000-50000"]),
        ("救灾资金3000－4000万元。", ["30000000-40000000"]),
        ("救灾资金两三百万元。", ["2000000-3000000"]),
    ],
)
def test_a_range_and_a_change(text: str, amounts: list[str]) -> None:
    facts = [fact for fact in find_facts(text) if fact.kind == "money"]
    assert [f"{f.value}-{f.value_max}" if f.value_max else f.value for f in facts] == amounts


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Two dozen trucks came.", [("Two dozen trucks", "24", "trucks", "exact")]),
        ("Half a million people fled.", [("Half a million people", "500000", "people", "exact")]),
        ("A hundred volunteers helped.", [("A hundred volunteers", "100", "volunteers", "exact")]),
        ("They fed 60 to 70 families.", [("60 to 70 families", "60", "70", "families", "range")]),
        ("They sent 5–10 doctors.", [("5–10 doctors", "5", "10", "doctors", "range")]),
        ("One in five children is out of school.", []),
        ("Three out of four families fled; nine in 10 people are poor.", []),
        ("They handed over 400 tents.", [("400 tents", "400", "tents", "exact")]),
        ("三四名医生赶到。", [("三四名医生", "3", "4", "名", "range")]),
        ("十七八名医生赶到。", [("十七八名医生", "17", "18", "名", "range")]),
        ("集中签约12个项目。", [("12个项目", "12", "个", "exact")]),
        ("附近30户受灾。", [("30户", "30", "户", "exact")]),
        ("约30户受灾。", [("30户", "30", "户", "about")]),
        ("线上3000名学生听课。", [("3000名学生", "3000", "名", "exact")]),
        ("上百名医生赶到。", [("百名医生", "100", "名", "lower_bound")]),
        ("资助过3名学生。", [("3名学生", "3", "名", "exact")]),
        ("不过3名学生。", [("3名学生", "3", "名", "upper_bound")]),
        ("过上一个好年。", []),
    ],
)
def test_counts(text: str, counts: list[tuple[str, ...]]) -> None:
    assert found(text, "", "count") == counts


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("民眾損失3500元，罰款由業者負擔，居民盼望早日恢復。", ""),
        ("香港特區政府撥款1000萬元賑災，並派出醫療隊。", "HKD"),
        ("慈濟基金會捐贈人民幣300萬元給災民重建家園。", "CNY"),
        ("民众损失3500元，罚款由业者负担，居民盼望早日恢复。", "CNY"),
    ],
)
def test_whose_yuan(text: str, currency: str) -> None:
    assert [fact.currency for fact in find_facts(text, "zh") if fact.kind == "money"] == [currency]


@pytest.mark.parametrize(
    ("text", "role", "cue"),
    [
        ("The government will cut its bilateral aid by £120 million.", "unknown", "cut"),
        ("The $120 million cut to aid hurts clinics.", "unknown", "cut"),
        ("该国去年削减了对非洲的援助约5.6亿美元。", "unknown", "削减"),
        ("To reduce poverty the bank approved a $5m grant.", "aid", "grant"),
        ("该国今年援助3亿美元。", "aid", "援助"),
    ],
)
def test_aid_that_is_cut_is_not_given(text: str, role: str, cue: str) -> None:
    [amount] = [fact for fact in find_facts(text, aid_news=True) if fact.kind == "money"]
    assert (amount.role, amount.cue) == (role, cue)
