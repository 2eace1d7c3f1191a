"""Of which kinds the aid is that an article tells of."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from extraction.aid.acts import ACT
from extraction.aid.lexicon import CATEGORIES, GENERAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from extraction.aid.wording import Wording
    from storage.models import Match

# One strong term alone settles no category.
_LITTLE = 8
# A further category is named where its odds are no worse than about one to three.
_FURTHER = -2.0


def by_evidence(matches: Iterable[Match]) -> tuple[str, ...]:
    """The categories of the matched terms, the weightiest first; a plain act of giving is charity
    where nothing else is said."""
    found = list(matches)
    total = _weights(found)
    acts = any(match.term == ACT for match in found)
    return tuple(category for category, _ in total.most_common()) or (("charity",) if acts else ())


def by_wording(wording: Wording, matches: Iterable[Match]) -> tuple[str, ...]:
    """The likeliest category by words and matched terms, and others that are likely, too."""
    odds = wording.points_of_kinds(shares(matches))
    ranked = sorted(odds, key=lambda category: -odds[category])
    return (ranked[0], *(category for category in ranked[1:] if odds[category] >= _FURTHER))


def shares(matches: Iterable[Match]) -> Mapping[str, float]:
    """The share of every category in the weight of the matched terms, all zero where there are none."""
    total = _weights(matches)
    return {category: total[category] / max(_LITTLE, total.total()) for category in CATEGORIES}


def _weights(matches: Iterable[Match]) -> Counter[str]:
    total: Counter[str] = Counter()
    for match in matches:
        if match.category != GENERAL:
            total[match.category] += int(match.weight * (2 if match.where == "title" else 1))
    return total
