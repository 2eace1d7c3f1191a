"""The facts of an article about aid, each with its evidence in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.aid.money import find_money

if TYPE_CHECKING:
    from storage.models import Fact

FACT_RULES = "aid-facts-1"


def find_facts(text: str, language: str = "") -> tuple[Fact, ...]:
    """All facts of ``text`` in order of place; ``text[fact.start:fact.end] == fact.text``."""
    facts = [*find_money(text, FACT_RULES)]
    return tuple(sorted(facts, key=lambda fact: (fact.start, fact.end, fact.kind)))
