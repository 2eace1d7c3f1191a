"""Amounts of money with exact value, currency, qualifier and role.

The value is what is written: ``1.1807亿元`` is ``118070000``. A vague amount without a number
(``数百万元``, ``millions of dollars``) is left out. ``$`` without a country is read as US dollars and
``¥`` as yuan; ``卢比`` or ``rupees`` without a country names no one currency and is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.aid import numbers
from extraction.aid.amounts import Amount, find_amounts
from extraction.aid.qualifiers import qualifier
from extraction.aid.roles import role_of
from storage.models import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator


def find_money(text: str, rules: str) -> Iterator[Fact]:
    """Every amount of ``text`` in order, marked with ``rules``."""
    for amount in find_amounts(text):
        yield _fact(text, amount, rules)


def _fact(text: str, amount: Amount, rules: str) -> Fact:
    role, cue = role_of(text, amount.start, amount.end)
    exactness = qualifier(text, amount.start, amount.end, more=amount.more)
    return Fact(
        kind="money",
        start=amount.start,
        end=amount.end,
        text=text[amount.start : amount.end],
        value=numbers.plain(amount.low),
        value_max="" if amount.high is None else numbers.plain(amount.high),
        currency=amount.currency,
        qualifier=exactness if amount.high is None else "range",
        role=role,
        cue=cue,
        rule_version=rules,
    )
