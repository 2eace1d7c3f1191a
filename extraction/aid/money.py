"""Amounts of money with exact value, currency, qualifier and role.

The value is what is written: ``1.1807亿元`` is ``118070000``. A vague amount without a number
(``数百万元``, ``millions of dollars``) is left out. ``$`` without a country is read as US dollars and
``¥`` as yuan; ``卢比`` or ``rupees`` is the currency of the one country of rupees that the text speaks
of, and left out where it speaks of none or several. A bare ``元`` in traditional characters is Taiwan's,
Hong Kong's, Macao's or the mainland's, by the places that the text names; it has no currency where they
do not tell.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from extraction.aid import currencies, numbers
from extraction.aid.amounts import Amount, find_amounts
from extraction.aid.places import named_as
from extraction.aid.qualifiers import qualifier
from extraction.aid.role_wording import is_aid
from extraction.aid.roles import is_neutral, role_of
from storage.models import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extraction.aid.places import Place

BY_WORDING = ", by wording"

_YUAN = "CNY|TWD|HKD|MOP"
_NAMED_YUAN = ("人民币", "RMB", "CNY", "¥", "￥")
_DIVISIONS = {"71": "TW", "81": "HK", "82": "MO"}
_HAN = re.compile("[\u4e00-\u9fff]")


def find_money(
    text: str, places: Iterable[Place], rules: str, *, aid_news: bool = False, traditional: bool = False
) -> Iterator[Fact]:
    """Every amount of ``text`` in order, marked with ``rules``; ``places`` are those it names.
    ``traditional`` tells in which characters it was written.

    In aid news an amount that no cue settles is aid where the words around it say so; such an amount
    is marked BY_WORDING, too.
    """
    amounts = [_of_whose_yuan(text, amount) if traditional else amount for amount in find_amounts(text)]
    shared = any("|" in amount.currency for amount in amounts)
    countries = _countries(text, places) if shared else frozenset()
    for amount in amounts:
        currency = currencies.settled(amount.currency, countries)
        if currency or amount.currency == _YUAN:
            fact = _fact(text, amount, currency, rules)
            yield (
                _by_wording(text, fact)
                if aid_news and fact.role == "unknown" and is_neutral(fact.cue)
                else fact
            )


def _countries(text: str, places: Iterable[Place]) -> frozenset[str]:
    """The countries that a text names or whose people and bodies it speaks of."""
    spoken_of = (mention.code for kind in ("adjective", "demonym") for mention in named_as(kind, text, "en"))
    return frozenset((*(_country(place.code) for place in places), *spoken_of))


def _country(code: str) -> str:
    """The ISO 3166 code of a country, or that of a division of China."""
    return _DIVISIONS.get(code[:2], "CN") if code[:2].isdigit() else code


def _of_whose_yuan(text: str, amount: Amount) -> Amount:
    written = text[amount.start : amount.end]
    bare = amount.currency == "CNY" and written.endswith("元") and not written.startswith(_NAMED_YUAN)
    return replace(amount, currency=_YUAN) if bare else amount


def _by_wording(text: str, fact: Fact) -> Fact:
    language = "zh" if _HAN.search(text, max(0, fact.start - 20), fact.end + 20) else "en"
    aid, word = is_aid(text, fact.start, fact.end, language, fact.role)
    return replace(fact, role="aid", cue=word, rule_version=fact.rule_version + BY_WORDING) if aid else fact


def _fact(text: str, amount: Amount, currency: str, rules: str) -> Fact:
    role, cue = role_of(text, amount.start, amount.end)
    exactness = qualifier(text, amount.start, amount.end, more=amount.more)
    return Fact(
        kind="money",
        start=amount.start,
        end=amount.end,
        text=text[amount.start : amount.end],
        value=numbers.plain(amount.low),
        value_max="" if amount.high is None else numbers.plain(amount.high),
        currency=currency,
        qualifier=exactness if amount.high is None else "range",
        role=role,
        cue=cue,
        rule_version=rules,
    )
