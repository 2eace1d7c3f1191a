from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from extraction.aid.lexicon import CATEGORIES, GENERAL, LANGUAGES, MASK, OTHER_TOPIC, all_terms, language_of
from extraction.aid.matching import WordMatcher
from extraction.aid.relevance import RULES, judge
from storage.models import Match, Relevance

if TYPE_CHECKING:
    from pathlib import Path

    from extraction.aid.lexicon import Term

MASKS = [term for term in all_terms() if term.category == MASK]


def test_every_trap_headline_is_judged_right(shared: Path) -> None:
    rows = list(csv.DictReader((shared / "domain" / "trap_headlines.csv").read_text("utf-8").splitlines()))
    wrong = [
        row["headline"]
        for row in rows
        if (judge(row["headline"], "", row["lang"]).verdict == "aid") != (row["label"] == "1")
    ]
    assert (len(rows), wrong) == (80, [])


@pytest.mark.parametrize("mask", MASKS, ids=lambda mask: f"{mask.language}-{mask.term}")
def test_a_trap_compound_is_no_evidence(mask: Term) -> None:
    word = mask.term.replace("*", "")
    headline = f"昨日{word}一事" if mask.language == "zh" else f"xx {word} xx"
    assert judge(headline, headline, mask.language) == Relevance(0.0, "off_topic", (), (), RULES)


@pytest.mark.parametrize(
    ("headline", "term"),
    [
        ("中国对外援助白皮书发布", "对外援助"),
        ("中国国际救援队抵达灾区", "国际救援队"),
        ("First aid convoy in weeks reaches the besieged town", "first aid convoy*"),
        ("Debt relief for Zambia agreed", "debt relief"),
    ],
)
def test_a_longer_term_wins_over_the_trap_inside_it(headline: str, term: str) -> None:
    verdict = judge(headline, "", "")
    assert (verdict.verdict, term in {match.term for match in verdict.matches}) == ("aid", True)


@pytest.mark.parametrize(
    ("language", "title", "text", "verdict", "category"),
    [
        ("zh", "金湾市援疆医疗队启程", "12名医生将在阿克苏工作一年半。", "aid", "pairing"),
        ("zh-TW", "慈濟基金會賑災 災區發放毛毯", "志工在災區發放毛毯與善款。", "aid", "disaster_relief"),
        ("zh", "外援梅开二度", "球队引援到位，后援会应援声不断。", "off_topic", ""),
        ("en", "Trucks reach Darfur", "The food aid fed 900 people.", "aid", "humanitarian"),
        ("en", "Legal aid lawyers on strike", "Barristers want higher legal aid fees.", "off_topic", ""),
        ("fr", "Sahel : l'aide alimentaire arrive", "Un convoi est arrivé.", "aid", "humanitarian"),
        ("fr", "L'aide juridictionnelle en débat", "Le barreau demande une réforme.", "off_topic", ""),
        ("es", "Llega ayuda humanitaria a Lambaré", "La Cruz Roja reparte alimentos.", "aid", "humanitarian"),
        ("es", "Curso de primeros auxilios", "Cien vecinos aprendieron primeros auxilios.", "off_topic", ""),
        ("ar", "قافلة مساعدات إنسانية تصل إلى المخيم", "وزع الهلال الأحمر سلالا.", "aid", "humanitarian"),
        ("ar", "دورة في الإسعافات الأولية", "تعلم السكان الإسعافات الأولية.", "off_topic", ""),
        ("ru", "Гуманитарная помощь прибыла", "Раздали палатки.", "aid", "humanitarian"),
        ("ru", "Скорая помощь получила новые машины", "Машины скорой помощи в пути.", "off_topic", ""),
    ],
)  # fmt: skip
def test_every_language_tells_aid_from_its_traps(
    language: str, title: str, text: str, verdict: str, category: str
) -> None:
    found = judge(title, text, language)
    assert (found.verdict, "".join(found.categories[:1])) == (verdict, category)


def test_the_matches_explain_the_score_with_their_places() -> None:
    assert judge("斐济收到救灾物资", "两国代表出席了救灾物资交接仪式。", "zh") == Relevance(
        score=23.2,
        verdict="aid",
        categories=("disaster_relief", "foreign_aid"),
        matches=(
            Match("斐济", "general", "title", 0, 2, 1.0),
            Match("救灾物资", "disaster_relief", "title", 4, 8, 5.0),
            Match("救灾物资", "disaster_relief", "text", 7, 11, 5.0),
            Match("交接仪式", "foreign_aid", "text", 11, 15, 2.0),
        ),
        rules=RULES,
    )


@pytest.mark.parametrize(
    ("language", "sentence", "verdict"),
    [
        ("zh", "一位牙医自费为山区孤儿修建图书馆。", "aid"),
        ("zh", "一位牙医为客户修建图书馆，利润翻番。", "off_topic"),
        ("en", "A dentist paid for a library for orphans in the hills of Nepal.", "aid"),
        ("en", "A dentist paid for shares in a library startup in Nepal.", "off_topic"),
    ],
)
def test_an_act_of_giving_needs_no_stock_phrase(language: str, sentence: str, verdict: str) -> None:
    assert judge(sentence, sentence, language).verdict == verdict


def test_aid_in_passing_in_a_long_article_is_not_aid_news() -> None:
    filler = "市场今天继续上涨，分析师认为行情还会延续。" * 60
    text = filler + "该公司去年曾参与救灾。" + filler
    assert judge("股市连涨三日", text, "zh").verdict == "off_topic"


def test_the_same_text_is_judged_the_same_whatever_language_is_stated() -> None:
    title, text = "第十批援藏医疗队抵达", "医疗队将在拉萨工作一年。"
    assert len({judge(title, text, stated) for stated in ("zh", "zh-CN", "en", "")}) == 1


def test_the_commonest_words_tell_the_language_where_none_is_stated() -> None:
    samples = {
        "fr": "Le gouvernement a annoncé des aides pour les familles du nord.",
        "es": "El gobierno anunció ayudas para las familias del norte.",
        "en": "The government announced help for the families of the north.",
    }
    assert {language: language_of(text, "") for language, text in samples.items()} == {
        language: language for language in samples
    }


def test_the_lexicon_is_well_formed() -> None:
    terms = all_terms()
    assert {term.language for term in terms} == set(LANGUAGES)
    assert {term.category for term in terms} == {*CATEGORIES, GENERAL, MASK, OTHER_TOPIC}
    assert len({(term.language, term.term) for term in terms}) == len(terms)
    assert all(
        (term.weight == 0) == (term.category == MASK) and (term.weight < 0) == (term.category == OTHER_TOPIC)
        for term in terms
    )


def test_empty_input_is_off_topic() -> None:
    assert judge("", "", "") == Relevance(0.0, "off_topic", (), (), RULES)


def test_a_bare_word_that_is_short_for_a_trap_is_no_evidence() -> None:
    text = "法律援助中心为工人追回工资，援助律师调取了考勤记录。中心今年受理法律援助申请百余件。"
    assert judge("法律援助律师追回欠款", text, "zh").verdict == "off_topic"


def test_an_act_is_not_read_inside_names_and_traps() -> None:
    text = "本报讯 徐州市铜山区法律援助中心日前办结一起劳动争议，为31名骑手追回配送费26.8万元。"
    assert judge("骑手讨薪", text, "zh").matches == ()


def test_a_title_of_another_topic_halves_the_lead() -> None:
    text = "The forward from Senegal will provide relief for the injured captain, the head coach said."
    assert judge("Spurs land striker on loan", text, "en").verdict != "aid"


def test_a_word_as_written_goes_before_a_stem_of_its_length() -> None:
    assert [hit.term for hit in WordMatcher(["grant*", "grants"]).find("grants")] == ["grants"]
