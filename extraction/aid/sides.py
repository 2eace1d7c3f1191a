"""Whose money an amount of aid is, and for whom, where the text around it says so.

The amount's own sentence comes first: the pair whose evidence stands there (of several recipients that
it names together, the division that has all of them), the place that the amount is spent on (支持, to,
for), the place that gives it (X provides …). Else the recipient is the country that the article is about,
or the other one that the sentence names; such a fact is marked BY_SUBJECT. Where the article is about no
country but knows one pair only, and the paragraph names one of its sides, the recipient is the pair's, and
the donor, too, if the sentence names it or speaks of what was given before (这批, the grant).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from extraction.aid.gazetteer import listed, official_name, shared
from extraction.aid.mentions import Mentions
from extraction.aid.pairs import BY_SUBJECT, distinct
from extraction.aid.places import named_as
from extraction.aid.roles import is_neutral
from extraction.aid.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extraction.aid.pairs import Pair
    from extraction.aid.places import Place
    from storage.models import Fact

_FOR = re.compile(
    r"(?:支持|用于|帮助|助力|支援|援助|援建|投向|捐给|给|向|为)(?:当地|重建|建设)?$"
    r"|\b(?:to|for|in|help)\s(?:the\s)?(?:[\w'’-]+\s){0,2}$",
    re.IGNORECASE,
)
# What follows a place that gives, up to the verb: a company or a fund of that place is not the place.
_GIVES = {
    "zh": re.compile(
        r"(?:(?!企业|公司|集团|基金|慈善|机构|协会|银行|同胞|[、，；：和与对由])[^。\s]){0,10}?"
        r"(?:提供|捐|赠|拨|投入|安排|出资|拿出|给予|追加|承诺)"
    ),
    "en": re.compile(
        r"[^.;,]{0,40}?\b(?:(?:donat|provid|pledg|deliver|grant|offer|allocat|contribut|commit|budget|financ"
        r"|fund)\w*|sends?|sent|lends?|lent|gives?|given|gave|pa(?:ys?|id)|puts?|putting)\b",
        re.IGNORECASE,
    ),
}
_AND_BEFORE = re.compile(r"[、和与及]$|\band\s$", re.IGNORECASE)
_GIVER_REACH = 60
_SAID_BEFORE = re.compile(
    r"这[批笔些项]|[该此][批笔项]|此次援|上述"
    r"|\bth(?:e|is|ese)\s(?:aid|assistance|grants?|donations?|gifts?|money|funds?|funding|packages?|shipments?"
    r"|consignments?|loans?|support|project)\b",
    re.IGNORECASE,
)


def with_sides(
    text: str,
    money: list[Fact],
    evidence: list[Pair],
    places: list[Place],
    rules: str,
    *,
    subject: str,
    language: str,
) -> Iterator[Fact]:
    """The same facts, those of role aid with ``donor``, ``recipient`` and the recipient's ``code``.

    ``evidence`` is all that tells of pairs; ``subject`` is the country that an article of aid news is
    about, or empty; ``language`` is ``zh`` or ``en``.
    """
    spans = sentence_spans(text)
    phrases = [pair for pair in evidence if not pair.by_subject]
    people = named_as("demonym", text, language) if subject else []
    article = _Article(text, language, money, phrases, evidence, Mentions(places), Mentions(people), subject)
    for stated in money:
        fact = _given(stated, phrases)
        if fact.role != "aid":
            yield fact
            continue
        sides = article.sides(fact, *spans[bisect_right(spans, (fact.start, len(text))) - 1])
        yield replace(
            fact,
            donor=official_name(sides.donor, language) if sides.donor else "",
            recipient=official_name(sides.recipient, language) if sides.recipient else "",
            code=sides.recipient,
            rule_version=_marked(fact.rule_version, rules) if sides.by_subject else fact.rule_version,
        )


def _marked(rule_version: str, rules: str) -> str:
    """``rules``, BY_SUBJECT, and what else the version says."""
    return rules + BY_SUBJECT + rule_version.removeprefix(rules)


def _given(fact: Fact, pairs: list[Pair]) -> Fact:
    """An amount without a telling cue that stands inside a pair's evidence is what is given."""
    pair = next((pair for pair in pairs if pair.start <= fact.start <= pair.end), None)
    if pair is None or fact.role != "unknown" or not is_neutral(fact.cue):
        return fact
    return replace(fact, role="aid", cue=pair.cue)


class _Sides(NamedTuple):
    """Codes of donor and recipient, empty where unknown."""

    donor: str
    recipient: str
    by_subject: bool = False


@dataclass(frozen=True, slots=True)
class _Article:
    text: str
    language: str
    money: list[Fact]
    phrases: list[Pair]
    evidence: list[Pair]
    mentions: Mentions
    people: Mentions
    subject: str

    def sides(self, fact: Fact, start: int, end: int) -> _Sides:
        """The sides of an amount in the sentence ``start:end``."""
        here = [pair for pair in self.phrases if start <= pair.start < end]
        if here:
            nearest = min(here, key=lambda pair: abs(pair.end - fact.start))
            said_together = {pair.recipient for pair in here if pair[:3] == nearest[:3]}
            return _Sides(nearest.donor, shared(said_together))
        giver = self._giver(fact, start)
        if places := self._spent_on(fact, end):
            donors = {pair.donor for pair in self.phrases if pair.recipient in places} or {giver}
            return _Sides(donors.pop() if len(donors) == 1 else "", shared(places))
        if self.subject:
            named = (*self.mentions.inside(start, end), *self.people.inside(start, end))
            helped = {place.code for place in named} & listed("aid-country") or {self.subject}
            return _Sides(giver, helped.pop(), by_subject=True) if len(helped) == 1 else _Sides(giver, "")
        return self._of_the_only_pair(fact, start, end, giver)

    def _spent_on(self, fact: Fact, end: int) -> set[str]:
        for place in self.mentions.inside(fact.end, end):
            # In an article about a country a town in China is where people met.
            can_receive = place.code in listed("aid-country") or (place.code.isdigit() and not self.subject)
            if can_receive and _FOR.search(self.text[max(fact.end, place.start - 30) : place.start]):
                return {each.code for each in self.mentions.together(self.text, place)}
        return set()

    def _giver(self, fact: Fact, start: int) -> str:
        """The place that the sentence shows as giving the amount."""
        before = self.mentions.inside(max(start, fact.start - _GIVER_REACH), fact.start)
        if before and before[-1].code not in listed("aid-country"):
            place = before[-1]
            gives = _GIVES[self.language].match(self.text, place.end, fact.start)
            several = _AND_BEFORE.search(self.text, max(start, place.start - 6), place.start)
            others = any(place.end <= other.start < fact.start for other in self.money)
            if gives and not several and not others:
                return place.code
        helping = {p.donor for p in self.evidence if p.by_subject and start <= p.start < fact.start}
        if not helping and _SAID_BEFORE.search(self.text, start, fact.start):
            helping = {pair.donor for pair in self.evidence}
        return helping.pop() if len(helping) == 1 else ""

    def _of_the_only_pair(self, fact: Fact, start: int, end: int, giver: str) -> _Sides:
        pairs = distinct(self.phrases)
        if len(pairs) == 1:
            [pair] = pairs
            low, high = self.text.rfind("\n", 0, fact.start) + 1, self.text.find("\n", fact.end)
            near = self.mentions.inside(low, high if high >= 0 else len(self.text))
            if {place.code for place in near} & {pair.donor, pair.recipient}:
                named = {place.code for place in self.mentions.inside(start, end)}
                return _Sides(giver or (pair.donor if pair.donor in named else ""), pair.recipient)
        return _Sides(giver, "")
