"""The facts of an article about aid, each with its evidence in the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction.aid.counts import find_counts
from extraction.aid.money import find_money
from extraction.aid.pairs import find_pairs, pair_facts
from extraction.aid.places import find_places, place_facts
from extraction.aid.sectors import find_sectors
from extraction.aid.sides import with_sides

if TYPE_CHECKING:
    from storage.models import Fact

FACT_RULES = "aid-facts-1"
_HAN = re.compile("[\u4e00-\u9fff]")


def find_facts(text: str, language: str = "") -> tuple[Fact, ...]:
    """All facts of ``text`` in order of place; ``text[fact.start:fact.end] == fact.text``."""
    names = "zh" if _HAN.search(text) else "en"
    money = list(find_money(text, FACT_RULES))
    spans = {position for fact in money for position in range(fact.start, fact.end)}
    named = find_places(text, language.lower().split("-")[0])
    places = [place for place in named if place.start not in spans]
    pairs = find_pairs(text, places)
    facts = [
        *with_sides(text, money, pairs, places, names),
        *find_counts(text, money, FACT_RULES),
        *place_facts(places, FACT_RULES),
        *pair_facts(text, pairs, names, FACT_RULES),
        *find_sectors(text, FACT_RULES),
    ]
    return tuple(sorted(facts, key=lambda fact: (fact.start, fact.end, fact.kind)))
