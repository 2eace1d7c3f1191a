from __future__ import annotations

import re

import pytest

from extraction.aid.matching import Hit, OverlappingMatcher, SubstringMatcher, WordMatcher, one_of, simplified


def test_the_longest_term_wins_at_the_leftmost_place() -> None:
    matcher = SubstringMatcher(["援助", "对外援助", "外援", "救援队"])
    assert matcher.find("对外援助与外援") == [Hit(0, 4, "对外援助"), Hit(5, 7, "外援")]


def test_half_a_surrogate_pair_does_not_stop_the_search() -> None:
    assert SubstringMatcher(["援助"]).find("\ud83d援助") == [Hit(1, 3, "援助")]
    assert OverlappingMatcher(["援助"]).find("\ud83d援助") == ["援助"]


def test_overlapping_terms_are_all_told() -> None:
    assert OverlappingMatcher(["外援", "援助", "助"]).find("外援助") == ["外援", "援助", "助"]


def test_words_match_whole_without_case_across_hyphens() -> None:
    matcher = WordMatcher(["aid", "first aid", "food aid*", "flood-hit"])
    assert matcher.find("First-aid, FOOD AIDS; aide in flood hit areas: aid") == [
        Hit(0, 9, "first aid"),
        Hit(11, 20, "food aid*"),
        Hit(30, 39, "flood-hit"),
        Hit(47, 50, "aid"),
    ]


def test_a_shorter_term_is_found_where_a_longer_one_breaks_off() -> None:
    matcher = WordMatcher(["world food programme", "food", "food program*", "world"])
    assert [hit.term for hit in matcher.find("World food programmes")] == ["world", "food program*"]
    assert [hit.term for hit in matcher.find("World food, and the programme")] == ["world", "food"]
    assert [hit.term for hit in matcher.find("the World -- food programme")] == ["world", "food program*"]


def test_one_of_many_terms_is_the_longest_that_fits() -> None:
    pattern = re.compile(one_of(["us$", "us", "lakh crore", "^"]), re.IGNORECASE)
    found = [m.group() for m in pattern.finditer("US$ 5 lakh\u00a0crore ^")]
    assert found == ["US$", "lakh\u00a0crore", "^"]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("гуманитарн* помощ*", "Гуманитарную помощь доставили"),
        ("aide humanitaire", "L’aide humanitaire arrive"),
        ("مساعدات إنسانية", "وصلت المساعدات الإنسانية أمس"),
        ("médicos sin fronteras", "MÉDICOS SIN FRONTERAS abrió"),
    ],
)
def test_terms_of_other_languages_match_their_forms(term: str, text: str) -> None:
    assert [hit.term for hit in WordMatcher([term]).find(text)] == [term]


def test_simplifying_keeps_every_offset() -> None:
    text = "賑災物資運抵災區，乾旱緩解"
    assert (simplified(text), len(simplified(text))) == ("赈灾物资运抵灾区，乾旱缓解", len(text))
