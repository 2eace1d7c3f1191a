from __future__ import annotations

import pytest

from extraction.aid.matching import Hit, SubstringMatcher, WordMatcher, simplified


def test_the_longest_term_wins_at_the_leftmost_place() -> None:
    matcher = SubstringMatcher(["援助", "对外援助", "外援", "救援队"])
    assert matcher.find("对外援助与外援") == [Hit(0, 4, "对外援助"), Hit(5, 7, "外援")]


def test_half_a_surrogate_pair_does_not_stop_the_search() -> None:
    assert SubstringMatcher(["援助"]).find("\ud83d援助") == [Hit(1, 3, "援助")]


def test_words_match_whole_without_case_across_hyphens() -> None:
    matcher = WordMatcher(["aid", "first aid", "food aid*", "flood-hit"])
    assert matcher.find("First-aid, FOOD AIDS; aide in flood hit areas: aid") == [
        Hit(0, 9, "first aid"),
        Hit(11, 20, "food aid*"),
        Hit(30, 39, "flood-hit"),
        Hit(47, 50, "aid"),
    ]


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
