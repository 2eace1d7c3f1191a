"""What the wording of a text adds to the rules, and where it stays silent."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from extraction.aid.lexicon import CATEGORIES, language_of
from extraction.aid.relevance import AID, MAYBE, by_rules, judge
from extraction.aid.wording import AID_NEWS, CONSTANT, LANGUAGES, RULES_FACTOR, WORDING, Wording, words

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
    assert by_rules(title, text, language)[0] < AID
    found = judge(title, text, language)
    assert found.verdict == "aid"
    said = [match for match in found.matches if match.category == WORDING]
    assert said
    for match in said:
        place = (title if match.where == "title" else text)[match.start : match.end].lower()
        assert place.startswith(match.term.split(" ")[0])


@pytest.mark.parametrize(("language", "category"), [("zh", "pairing"), ("en", "development")], ids=LANGUAGES)
def test_a_feature_has_a_category_without_a_term_of_the_lexicon(language: str, category: str) -> None:
    assert judge(*FEATURES[language], language).categories[0] == category


def test_other_news_has_no_category() -> None:
    text = (
        "The bank said profits rose by a tenth in the first half as lending margins widened. Its shares "
        "fell after the chief executive warned of higher costs. Analysts had expected a dividend. The "
        "lender, which sponsors a charity marathon, said it would close forty branches by December."
    )
    found = judge("Bank profits rise", text, "en")
    assert "charity" in {match.category for match in found.matches}
    assert (found.verdict, found.categories) == ("off_topic", ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_or_a_headline_is_left_to_the_rules(language: str) -> None:
    title, text = FEATURES[language]
    for line in ("", text[:50]):
        assert not Wording(title, line, language).tells
        assert judge(title, line, language).score == round(by_rules(title, line, language)[0], 2)


def test_other_languages_are_left_to_the_rules() -> None:
    text = (
        "Le convoi de la coopérative a traversé la vallée avec des tentes et de l'eau pour les familles. " * 5
    )
    assert not Wording("Un convoi", text, language_of(text, "fr")).tells


def test_a_text_of_unknown_words_is_left_to_the_rules() -> None:
    assert not Wording("", "엘제이의 리벤지인가 류화영의 코스프레인가 " * 20 + "co", "en").tells


def test_what_the_rules_call_aid_is_at_least_maybe() -> None:
    title = "Red Cross sends food aid and tents to flood victims in Malawi"
    text = (
        f"{title}. " + "The striker scored twice and the coach praised the defence in the second half. " * 8
    )
    found = judge(title, text, "en")
    assert found.verdict in ("maybe", "aid")
    assert found.score >= MAYBE


def test_traditional_characters_have_the_same_wording() -> None:
    simple, traditional = (
        judge(*pair, "zh").score
        for pair in (("为孩子送书", "为学生们送书。" * 12), ("為孩子送書", "為學生們送書。" * 12))
    )
    assert simple == traditional


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_learnt_word_is_of_the_form_that_texts_are_cut_into(language: str) -> None:
    text = files("extraction.aid").joinpath("wording.csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["language"] == language]
    assert {row["of"] for row in rows} == {AID_NEWS, *CATEGORIES}
    for of in (AID_NEWS, *CATEGORIES):
        listed = [row["word"] for row in rows if row["of"] == of]
        learnt = set(listed) - {CONSTANT, RULES_FACTOR}
        assert len(learnt) == len(listed) - 2
        if language == "zh":
            assert all(list(words(word, language)) == [word] for word in learnt)
        else:
            assert all(word.replace(" ", "").isalpha() and len(word.split()) <= 2 for word in learnt)
