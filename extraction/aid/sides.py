"""Whose money an amount of aid is, and for whom, where the text around it says so.

In the amount's own sentence: the pair whose evidence stands there (of several recipients that it names
together, the division that has all of them), or the place that the amount is spent on (支持, to, for).
Else in its paragraph, where the article knows one pair only and the paragraph names one of its sides: the
recipient, and the donor, too, if the amount's sentence names it or speaks of what was given before (这批,
the grant). Other amounts have no sides.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from extraction.aid.gazetteer import official_name, shared
from extraction.aid.mentions import Mentions
from extraction.aid.roles import is_neutral
from extraction.aid.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extraction.aid.pairs import Pair
    from extraction.aid.places import Place
    from storage.models import Fact

_FOR = re.compile(
    r"(?:支持|用于|帮助|助力|支援|援助|援建|投向|捐给|给|向|为)(?:当地|重建|建设)?$"
    r"|\b(?:to|for|in|help)\s(?:the\s)?(?:[\w'’-]+\s){0,2}$",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(
    r"这[批笔些项]|[该此][批笔项]|此次援|上述"
    r"|\bth(?:e|is|ese)\s(?:aid|assistance|grants?|donations?|gifts?|money|funds?|funding|packages?|shipments?"
    r"|consignments?|loans?|support|project)\b",
    re.IGNORECASE,
)


def with_sides(
    text: str, money: Iterable[Fact], pairs: list[Pair], places: list[Place], language: str
) -> Iterator[Fact]:
    """The same facts, those of role aid with ``donor``, ``recipient`` and the recipient's ``code``."""
    spans = sentence_spans(text)
    mentions = Mentions(places)
    for stated in money:
        fact = _given(stated, pairs)
        if fact.role != "aid":
            yield fact
            continue
        sentence = spans[bisect_right(spans, (fact.start, len(text))) - 1]
        donor, recipient = _sides(text, fact, sentence, pairs, mentions)
        yield replace(
            fact,
            donor=official_name(donor, language) if donor else "",
            recipient=official_name(recipient, language) if recipient else "",
            code=recipient,
        )


def _given(fact: Fact, pairs: list[Pair]) -> Fact:
    """An amount without a telling cue that stands inside a pair's evidence is what is given."""
    pair = next((pair for pair in pairs if pair.start <= fact.start <= pair.end), None)
    if pair is None or fact.role != "unknown" or not is_neutral(fact.cue):
        return fact
    return replace(fact, role="aid", cue=pair.cue)


def _sides(
    text: str, fact: Fact, sentence: tuple[int, int], pairs: list[Pair], mentions: Mentions
) -> tuple[str, str]:
    start, end = sentence
    here = [pair for pair in pairs if start <= pair.start < end]
    if here:
        nearest = min(here, key=lambda pair: abs(pair.end - fact.start))
        said_together = {p.recipient for p in here if p[:3] == nearest[:3]}
        return nearest.donor, shared(said_together)
    for place in mentions.inside(fact.end, end):
        if _FOR.search(text[max(fact.end, place.start - 30) : place.start]):
            donors = {pair.donor for pair in pairs if pair.recipient == place.code}
            return (donors.pop() if len(donors) == 1 else ""), place.code
    if len(pairs) == 1:
        [pair] = pairs
        low, high = text.rfind("\n", 0, fact.start) + 1, text.find("\n", fact.end)
        around = {place.code for place in mentions.inside(low, high if high >= 0 else len(text))}
        if around & {pair.donor, pair.recipient}:
            named = {place.code for place in mentions.inside(start, end)}
            gives = pair.donor in named or _SAID_BEFORE.search(text, start, fact.start)
            return (pair.donor if gives else ""), pair.recipient
    return "", ""
