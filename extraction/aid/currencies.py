"""Names and signs of currencies with their ISO 4217 codes, from ``currencies.csv``.

A name that several countries use (rupees, 先令) has all their codes, joined by ``|``, until the
countries that a text names settle which one it is.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from babel.numbers import get_territory_currencies

from extraction.aid.matching import one_of

if TYPE_CHECKING:
    from collections.abc import Set

Place = Literal["before", "after_zh", "after_en"]
_SPACES = re.compile(r"\s+")


@cache
def forms(place: Place) -> dict[str, str]:
    """Form (lower case) → code, of the forms that stand before a number or after it."""
    text = files(__package__).joinpath("currencies.csv").read_text("utf-8")
    return {row["form"]: row["code"] for row in csv.DictReader(text.splitlines()) if row["place"] == place}


def pattern(place: Place) -> str:
    """A regular expression for the forms; behind a number a word ends, and no number follows a sign."""
    if place != "after_en":
        return one_of(forms(place))
    words = [form for form in forms(place) if form[-1].isalpha()]
    signs = [form for form in forms(place) if not form[-1].isalpha()]
    return rf"(?:{one_of(words)})\b|(?:{one_of(signs)})(?!\s?\d)"


def code(form: str | None, place: Place) -> str:
    """The code of a form as it stands in a text, or the empty string."""
    return forms(place).get(_SPACES.sub(" ", form or "").lower(), "")


def settled(codes: str, countries: Set[str]) -> str:
    """The one code of ``codes`` that is the currency of one of ``countries`` (ISO 3166), or the empty
    string where none is or several are."""
    if "|" not in codes:
        return codes
    used = {code for country in countries for code in get_territory_currencies(country)}
    [only, *others] = sorted(used.intersection(codes.split("|"))) or [""]
    return "" if others else only
