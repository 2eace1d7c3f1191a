"""Who helps whom: pairs of donor and recipient, each read from a phrase that names the two.

The grammar is in ``pairs_zh`` and ``pairs_en``. In aid news there are those of ``pairs_of_subject``,
too, which no one phrase says. A pair is kept once, with its first evidence, a phrase before others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from extraction.aid.datelines import datelines, without_datelines
from extraction.aid.gazetteer import divisions, official_name
from extraction.aid.mentions import Mentions
from extraction.aid.pairs_en import english_pairs
from extraction.aid.pairs_of_subject import pairs_of_subject
from extraction.aid.pairs_zh import chinese_pairs
from extraction.aid.places import Place
from storage.models import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


BY_SUBJECT = ", by subject"
_HAN = re.compile("[\u4e00-\u9fff]")
_OURSELVES = re.compile("中方|我国")


class Pair(NamedTuple):
    """Codes of donor and recipient, with the evidence ``start:end`` and the words it turns on.

    ``by_subject`` is True where the recipient is only what the article is about.
    """

    start: int
    end: int
    donor: str
    recipient: str
    cue: str
    by_subject: bool = False


def distinct(evidence: Iterable[Pair]) -> list[Pair]:
    """Every pair once, with its first evidence."""
    kept: dict[tuple[str, str], Pair] = {}
    for pair in sorted(evidence, key=lambda pair: (pair.by_subject, pair)):
        kept.setdefault((pair.donor, pair.recipient), pair)
    return sorted(kept.values())


def pair_evidence(text: str, places: list[Place], *, subject: str = "") -> list[Pair]:
    """All evidence of pairs; ``subject`` is the country that an article of aid news is about."""
    ourselves = [Place(m.start(), m.end(), m.group(), "CN") for m in _OURSELVES.finditer(text)]
    named = without_datelines(text, places)
    mentions = Mentions(sorted([*named, *ourselves], key=lambda place: place.start))
    language = "zh" if _HAN.search(text) else "en"
    grammar = chinese_pairs if language == "zh" else english_pairs
    found = [Pair(*evidence) for evidence in grammar(text, mentions)]
    if subject:
        helping = pairs_of_subject(text, named, subject, language)
        filed = datelines(text)
        found += [
            Pair(*evidence, by_subject=True)
            for evidence in helping
            if not any(start <= evidence[0] < end for start, end in filed)
        ]
    return [pair for pair in found if not same_place(pair.donor, pair.recipient)]


def same_place(one: str, other: str) -> bool:
    """Whether two codes are one place or one lies within the other."""
    places = divisions()
    return one == other or any(
        code in places and above in places[code].parents for code, above in ((one, other), (other, one))
    )


def pair_facts(text: str, pairs: Iterable[Pair], language: str, rules: str) -> Iterator[Fact]:
    """The pairs as facts; ``donor`` and ``recipient`` are names, ``code`` is the recipient's."""
    for pair in pairs:
        yield Fact(
            kind="pair",
            start=pair.start,
            end=pair.end,
            text=text[pair.start : pair.end],
            cue=pair.cue,
            code=pair.recipient,
            donor=official_name(pair.donor, language),
            recipient=official_name(pair.recipient, language),
            rule_version=rules + BY_SUBJECT if pair.by_subject else rules,
        )
