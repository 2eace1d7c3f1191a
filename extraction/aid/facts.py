"""The facts of an article about aid, each with its evidence in the text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from extraction.aid.counts import find_counts
from extraction.aid.matching import is_traditional, simplified
from extraction.aid.money import find_money
from extraction.aid.pairs import distinct, pair_evidence, pair_facts
from extraction.aid.pairs_of_subject import subject_of
from extraction.aid.places import find_places, place_facts
from extraction.aid.sectors import find_sectors
from extraction.aid.sides import with_sides

if TYPE_CHECKING:
    from storage.models import Fact

FACT_RULES = "aid-facts-4"
_HAN = re.compile("[\u4e00-\u9fff]")


def find_facts(text: str, language: str = "", *, aid_news: bool = False) -> tuple[Fact, ...]:
    """All facts of ``text`` in order of place; ``text[fact.start:fact.end] == fact.text``.

    ``aid_news`` tells that the whole text is an article about aid: then the words around an amount,
    too, may say that it is aid, and the country that it is about may be a recipient.
    """
    plain = simplified(text)
    lang = (language or "").lower().split("-")[0]
    # What words say was learnt, and what a country's people are called is known, in these only.
    known = lang in ("", "en", "zh")
    aid_news = aid_news and known
    names = "zh" if _HAN.search(plain) else "en"
    named = find_places(plain, lang)
    money = list(
        find_money(
            plain,
            named if known else (),
            FACT_RULES,
            aid_news=aid_news,
            traditional=is_traditional(text, plain),
        )
    )
    spans = {position for fact in money for position in range(fact.start, fact.end)}
    places = [place for place in named if place.start not in spans]
    subject = subject_of(plain, places, names) if aid_news else ""
    evidence = pair_evidence(plain, places, subject=subject)
    pairs = distinct(evidence)
    facts = [
        *with_sides(plain, money, evidence, places, FACT_RULES, subject=subject, language=names),
        *find_counts(plain, money, FACT_RULES),
        *place_facts(places, FACT_RULES),
        *pair_facts(plain, pairs, names, FACT_RULES),
        *find_sectors(plain, FACT_RULES),
    ]
    facts.sort(key=lambda fact: (fact.start, fact.end, fact.kind))
    return tuple(facts) if plain == text else tuple(_as_written(fact, text) for fact in facts)


def _as_written(fact: Fact, text: str) -> Fact:
    return replace(fact, text=text[fact.start : fact.end])
