from __future__ import annotations

import pytest

from extraction.aid.facts import find_facts


def places_of(text: str, language: str) -> dict[str, str]:
    return {fact.text: fact.code for fact in find_facts(text, language) if fact.kind == "place"}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("沙特向也门马里卜省发放食品。", {"沙特": "SA", "也门": "YE"}),
        ("马里乌波尔的马里奥和阿曼达。", {}),
        ("古巴比伦展览。", {}),
        ("更加纳入规划，参加纳米比亚的展会，参加沙特的会。", {"纳米比亚": "NA", "沙特": "SA"}),
        ("文莱苏丹访问埃及。", {"文莱苏丹": "BN", "埃及": "EG"}),
        ("出海地点待定，海地震后重建。", {"海地": "HT"}),
        ("大凉山的孩子。", {}),
        ("拉美国家和欧美国家的其中国家一栏。", {}),
        ("理查德检查德国捐的黑山羊。", {"德国": "DE"}),
        ("全年日照时数长，长治久安，出海口在此。", {}),
        ("翻越南山，完美国际。越南和美国。", {"越南": "VN", "美国": "US"}),
        ("江南非遗与南非。", {"南非": "ZA"}),
        ("哈萨克族牧民、塔吉克族向导与哈萨克小伙。", {}),
        ("临夏州东乡县布楞沟村。", {"临夏州": "622900", "东乡县": "622926", "布楞沟村": ""}),
    ],
)
def test_a_name_within_another_word_is_no_place(text: str, places: dict[str, str]) -> None:
    assert places_of(text, "zh") == places


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        ("en", "Lisa Jordan, 34, and Mr Guinea met Chad le Clos.", {}),
        ("en", "India Ferrah, 30, waved. Kenya Moore said no.", {}),
        ("en", "Kenya Airways said so.", {}),
        ("en", "India Tents, the firm, went to India.", {"India": "IN"}),
        ("en", "On Jamaica Avenue, Turkey Street and Cuba Road; in Lebanon, Pennsylvania.", {}),
        ("en", "Off Port Sudan; at Lake Chad and on the Niger River.", {"Port Sudan": "SD"}),
        ("en", "Aid from the Netherlands.", {"the Netherlands": "NL"}),
        ("es", "El salvador de la empresa. El Salvador.", {"El Salvador": "SV"}),
        ("es", "EE. UU. y Gran Bretaña.", {"EE. UU.": "US", "Gran Bretaña": "GB"}),
        ("es", "Palestina: Cisjordania y Gaza.", {"Palestina": "PS", "Cisjordania": "PS", "Gaza": "PS"}),
        (
            "fr",
            "La RDC, ou République démocratique du Congo; Gaza; la Grande-Bretagne; la Centrafrique.",
            {
                "RDC": "CD", "République démocratique du Congo": "CD", "Gaza": "PS", "Grande-Bretagne": "GB",
                "Centrafrique": "CF",
            },
        ),
        (
            "ar",
            "السعودية وغزة وقطاع غزة وفلسطين والإمارات",
            {"السعودية": "SA", "غزة": "PS", "قطاع غزة": "PS", "فلسطين": "PS", "الإمارات": "AE"},
        ),
        ("ar", "لبنان ولبنان ومصر للسودان بالسودان", {"لبنان": "LB", "مصر": "EG", "للسودان": "SD"}),
    ],
)  # fmt: skip
def test_names_of_other_languages(language: str, text: str, places: dict[str, str]) -> None:
    assert places_of(text, language) == places


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("查德", "TD"), ("寮國", "LA"), ("葉門", "YE"), ("肯亞", "KE"), ("奈及利亞", "NG"),
        ("衣索比亞", "ET"), ("辛巴威", "ZW"), ("莫三比克", "MZ"), ("盧安達", "RW"), ("敘利亞", "SY"),
        ("黎巴嫩", "LB"), ("沙烏地阿拉伯", "SA"), ("烏干達", "UG"), ("尚比亞", "ZM"), ("甘比亞", "GM"),
        ("塞席爾", "SC"), ("汶萊", "BN"), ("南韓", "KR"), ("多明尼加", "DO"), ("索馬利蘭", "SO"),
        ("蒙特內哥羅", "ME"),
    ],
)  # fmt: skip
def test_names_as_in_taiwan_and_hong_kong(name: str, code: str) -> None:
    assert places_of(f"援助{name}。", "zh-TW") == {name: code}
