"""Names of countries that stand for something else: persons, streets, towns of the United States.

Chad le Clos, Lisa Jordan, Jamaica Avenue, Lebanon, Pennsylvania.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction.aid.gazetteer import listed

if TYPE_CHECKING:
    from extraction.aid.matching import Hit

_GIVEN_NAMES = frozenset(("chad", "jordan", "georgia", "israel"))
# Given names, too, but mostly countries: only where a person speaks or has an age.
_MAYBE_GIVEN = frozenset(("cuba", "india", "jamaica", "kenya"))
_NEXT_NAME = re.compile(r"\s(?:(?:le|la|de|van|von|al|bin)\s)?[A-Z][a-z]")
_PERSON = re.compile(
    r"\s(?!(?:Airlines|Airways|Army|Bank|Council|Cross|Government|Power|Police|Railways|Times|Today)\b)[A-Z][a-z]+"
    r"(?:,\s(?:aged\s)?\d\d\b|\s(?:said|says|told|tells|wrote|writes|sang|sings|starred|smiles|laughs)\b)"
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Dame|Prof)\.?\s$")
_WORD_BEFORE = re.compile(r"([A-Z][a-z]+)\s$")
_ADDRESS = re.compile(
    r"\s(?:Avenue|Street|Lane|Drive|Boulevard|Terrace|Crescent|Road(?!\sand))\b"
    r"|,\s(?:Alabama|Arizona|Arkansas|Connecticut|Illinois|Indiana|Iowa|Kansas|Kentucky|Maine|Maryland"
    r"|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Nebraska|New Hampshire|New Jersey|New York"
    r"|North Carolina|Ohio|Oklahoma|Oregon|Pennsylvania|South Carolina|South Dakota|Tennessee|Vermont"
    r"|Virginia|Wisconsin)\b"
)
_REACH = 16


def is_no_place(text: str, hit: Hit) -> bool:
    """Whether the words around a name of a country say that it is none."""
    before = text[max(0, hit.start - _REACH) : hit.start]
    named = _WORD_BEFORE.search(before)
    return bool(
        _TITLE.search(before)
        or (named and named[1].lower() in listed("given-name"))
        or (hit.term in _GIVEN_NAMES and _NEXT_NAME.match(text, hit.end))
        or (hit.term in _MAYBE_GIVEN and _PERSON.match(text, hit.end))
        or _ADDRESS.match(text, hit.end)
    )
