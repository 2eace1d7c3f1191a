"""The facts of an article about aid, each with its evidence in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.aid.counts import find_counts
from extraction.aid.money import find_money
from extraction.aid.places import find_places, place_facts

if TYPE_CHECKING:
    from storage.models import Fact

FACT_RULES = "aid-facts-1"


def find_facts(text: str, language: str = "") -> tuple[Fact, ...]:
    """All facts of ``text`` in order of place; ``text[fact.start:fact.end] == fact.text``."""
    tag = language.lower().split("-")[0]
    money = list(find_money(text, FACT_RULES))
    counts = find_counts(text, money, FACT_RULES)
    places = find_places(text, tag)
    facts = [*money, *counts, *place_facts(places, FACT_RULES)]
    return tuple(sorted(facts, key=lambda fact: (fact.start, fact.end, fact.kind)))
