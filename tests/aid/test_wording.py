"""What the wording of a text adds to the rules, and where it stays silent."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from extraction.aid.lexicon import language_of
from extraction.aid.relevance import AID, judge, rule_score
from extraction.aid.wording import CONSTANT, LANGUAGES, MOST, WORDING, wording_points, words

# Told through people, with hardly a term of the lexicon: what the rules alone miss.
FEATURES = {
    "zh": (
        "陆医生的第二个冬天",
        (
            "早上八点，帕米尔的风还没停，陆明远已经在县医院的走廊里走了两个来回。去年九月，他从绍兴来"
            "到这座海拔三千多米的小城，行李箱一半是听诊器和缝合模型。那时外科只有两名年轻医生，遇到胆"
            "囊手术，病人要坐六个小时的车去喀什。\n他带着徒弟古丽从打结练起，从绍兴的医院要来一台旧腹"
            "腔镜，又请同事寄来三十箱器械。今年开春，古丽第一次主刀，他站在对面，没有说话。牧民老人出"
            "院那天，送来一条自己织的毯子。陆明远把毯子铺在宿舍床上，说等期满回家，留下的应该是会做手"
            "术的人。"
        ),
    ),
    "en": (
        "The pump that came on a lorry from Leeds",
        (
            "Before the pump, Amina Osei's daughters left at four in the morning with jerrycans and "
            "came back after the school bell. The spring was two hours away and the children of the "
            "village fell ill every rainy season.\n"
            "Then a retired plumber from Leeds, who had once spent a week here with his church, wrote "
            "to ask what the village needed most. His friends sold cakes and an old van. In March a "
            "lorry came with pipes, a solar pump and four strangers, who dug beside the villagers for "
            "nineteen days. Now water runs at the clinic and at the school, and two local women "
            "have been trained to mend the pump. The friends in Leeds are saving for a second well, "
            "for the families across the valley who still walk."
        ),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_feature_is_found_by_its_wording(language: str) -> None:
    title, text = FEATURES[language]
    assert rule_score(title, text, language) < AID
    found = judge(title, text, language)
    assert found.verdict == "aid"
    said = [match for match in found.matches if match.category == WORDING]
    assert said
    assert WORDING not in found.categories
    for match in said:
        place = (title if match.where == "title" else text)[match.start : match.end].lower()
        assert place.startswith(match.term.split(" ")[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_or_a_headline_is_left_to_the_rules(language: str) -> None:
    title, text = FEATURES[language]
    for line in ("", text[:50]):
        assert wording_points(title, line, language) == (0.0, [])


def test_other_languages_are_left_to_the_rules() -> None:
    text = (
        "Le convoi de la coopérative a traversé la vallée avec des tentes et de l'eau pour les familles. " * 5
    )
    assert wording_points("Un convoi", text, language_of(text, "fr")) == (0.0, [])


def test_a_text_of_unknown_words_gets_no_aid_from_its_wording() -> None:
    points, said = wording_points("", "엘제이의 리벤지인가 류화영의 코스프레인가 " * 20 + "co", "en")
    assert points < AID
    assert len(said) <= 1


def test_traditional_characters_have_the_same_wording() -> None:
    simple, traditional = (
        judge(*pair, "zh").score
        for pair in (("为孩子送书", "为学生们送书。" * 12), ("為孩子送書", "為學生們送書。" * 12))
    )
    assert simple == traditional


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_points_are_bounded_and_every_word_can_be_found(language: str) -> None:
    text = files("extraction.aid").joinpath("wording.csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["language"] == language]
    learnt = [row["word"] for row in rows if row["word"] != CONSTANT]
    assert len(learnt) == len(set(learnt)) == len(rows) - 1
    if language == "zh":
        assert all(2 <= len(word) <= 3 and word in {w for w, _, _ in words(word, "zh")} for word in learnt)
    else:
        assert all(word.replace(" ", "").isascii() and len(word.split()) <= 2 for word in learnt)
    for sample in (learnt, learnt[::7], learnt[:20]):
        joined = ("，" if language == "zh" else " . ").join(sample)
        assert abs(wording_points("", joined * 3, language)[0]) <= MOST
