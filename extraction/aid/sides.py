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
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from extraction.aid.datelines import without_datelines
from extraction.aid.gazetteer import listed, official_name, shared
from extraction.aid.mentions import Mentions, is_host
from extraction.aid.pairs import BY_SUBJECT, distinct, same_place
from extraction.aid.places import named_as
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
_TOWARDS = re.compile("[向给为对赴往在]$")
_AND_BEFORE = re.compile(r"(?:[、和与及]|,?\sand\s)$", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:never|not|cannot)\b|n['’]t\b|从未|没有|尚未")
_GIVER_REACH = 60
_FARTHEST, _PARAGRAPH = 400, 1000
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
    article = _Article(text, language, money, evidence, places, subject)
    for stated in money:
        fact = _given(stated, _within(article.phrases, stated.start - _FARTHEST, stated.start + 1))
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
    pair = next((pair for pair in pairs if _holds(pair, fact)), None)
    if pair is None or fact.role != "unknown" or not is_neutral(fact.cue):
        return fact
    return replace(fact, role="aid", cue=pair.cue)


class _Sides(NamedTuple):
    """Codes of donor and recipient, empty where unknown."""

    donor: str
    recipient: str
    by_subject: bool = False


class _Article:
    """An article of aid news, with what its amounts are looked up in, by place."""

    def __init__(
        self,
        text: str,
        language: str,
        money: list[Fact],
        evidence: list[Pair],
        places: list[Place],
        subject: str,
    ) -> None:
        self.text, self.language, self.subject = text, language, subject
        self.starts = [fact.start for fact in money]
        self.ends = [fact.end for fact in money]
        self.mentions = Mentions(without_datelines(text, places))
        self.people = Mentions(named_as("demonym", text, language) if subject else [])
        self.helping = sorted(pair for pair in evidence if pair.by_subject)
        self.phrases = sorted(pair for pair in evidence if not pair.by_subject)
        self.pairs = distinct(self.phrases)
        self.all_donors = {pair.donor for pair in evidence}
        self.donors_of: dict[str, set[str]] = defaultdict(set)
        for pair in self.pairs:
            self.donors_of[pair.recipient].add(pair.donor)

    def sides(self, fact: Fact, start: int, end: int) -> _Sides:
        """The sides of an amount in the sentence ``start:end``."""
        # A sentence may be as long as a page.
        start, end = max(start, fact.start - _FARTHEST), min(end, fact.end + _FARTHEST)
        if here := _within(self.phrases, start, end):
            nearest = min(here, key=lambda pair: (not _holds(pair, fact), abs(pair.end - fact.start)))
            said_together = {pair.recipient for pair in here if pair[:3] == nearest[:3]}
            return _Sides(self._donor(fact, nearest, here, start), shared(said_together))
        giver = self._giver(fact, start)
        if places := self._spent_on(fact, end):
            donors = set[str]().union(*(self.donors_of.get(code, ()) for code in places)) or {giver}
            return _Sides(donors.pop() if len(donors) == 1 else "", shared(places))
        if receiver := self._receiver(fact, start):
            return _Sides("", receiver)
        if self.subject:
            named = (*self.mentions.inside(start, end), *self.people.inside(start, end))
            helped = {place.code for place in named} & listed("aid-country") or {self.subject}
            return _Sides(giver, helped.pop(), by_subject=True) if len(helped) == 1 else _Sides(giver, "")
        return self._of_the_only_pair(fact, start, end, giver)

    def _spent_on(self, fact: Fact, end: int) -> set[str]:
        for link in self.mentions.inside(fact.end, end):
            place = self.mentions.after(link.start, 0) or link
            # In an article about a country a town in China is where people met.
            can_receive = place.code in listed("aid-country") or (place.code.isdigit() and not self.subject)
            if can_receive and _FOR.search(self.text[max(fact.end, link.start - 30) : link.start]):
                return {each.code for each in self.mentions.together(self.text, place)}
        return set()

    def _donor(self, fact: Fact, pair: Pair, here: list[Pair], start: int) -> str:
        """The donor of an amount that a pair's phrase holds: the pair's, or who stands between the amount
        before and this one (Canada will provide C$30 million and Norway 100 million kroner to Chad)."""
        before = bisect_right(self.ends, fact.start) - 1
        if before >= 0 and self.starts[before] >= max(start, pair.start):
            between = {place.code for place in self.mentions.inside(self.ends[before], fact.start)}
            others = between - listed("aid-country")
            others = {code for code in others if not same_place(code, pair.recipient)}
            if others and pair.donor not in others:
                return others.pop() if len(others) == 1 else ""
        phrase = (pair.end, pair.cue)
        together = [each for each in here if each.start <= fact.start and (each.end, each.cue) == phrase]
        several = len({each.donor for each in together}) > 1
        return "" if several or self._several(pair.start, {each.end for each in here}) else pair.donor

    def _before(self, fact: Fact, start: int) -> Place | None:
        """The last place before the amount, if a verb of giving and no other amount stands between."""
        place = self.mentions.before(fact.start, max(start, fact.start - _GIVER_REACH))
        if place is None or not _GIVES[self.language].match(self.text, place.end, fact.start):
            return None
        others = bisect_left(self.starts, place.end) < bisect_left(self.starts, fact.start)
        return None if others else place

    def _is_towards(self, place: Place) -> bool:
        first = self.mentions.chain_start(place)
        return _TOWARDS.search(self.text, max(0, first - 1), first) is not None

    def _receiver(self, fact: Fact, start: int) -> str:
        """The place that somebody gives to before the amount is named: 基金会向从江县捐赠380万元."""
        place = self._before(fact, start)
        return place.code if place and self._is_towards(place) else ""

    def _giver(self, fact: Fact, start: int) -> str:
        """The place that the sentence shows as giving the amount."""
        if _DENIED.search(self.text, start, fact.start):
            return ""
        place = self._before(fact, start)
        can_give = place and place.code not in listed("aid-country") and not is_host(self.text, place)
        if place and can_give and not self._is_towards(place) and not self._several(place.start):
            return place.code
        donors = {pair.donor for pair in _within(self.helping, start, fact.start)}
        if not donors and _SAID_BEFORE.search(self.text, start, fact.start):
            donors = self.all_donors
        return next(iter(donors)) if len(donors) == 1 else ""

    def _several(self, start: int, ends: Iterable[int] = ()) -> bool:
        """Whether the place at ``start`` is the last of an enumeration.

        It is none where other evidence ends before the ``and``: ``… to Kenya and China gave …``.
        """
        m = _AND_BEFORE.search(self.text, max(0, start - 6), start)
        return m is not None and m.start() not in ends

    def _of_the_only_pair(self, fact: Fact, start: int, end: int, giver: str) -> _Sides:
        # Several recipients may be named together in the one phrase.
        if len({pair[:3] for pair in self.pairs}) == 1:
            pair = self.pairs[0]._replace(recipient=shared({pair.recipient for pair in self.pairs}))
            low = self.text.rfind("\n", max(0, fact.start - _PARAGRAPH), fact.start) + 1
            high = self.text.find("\n", fact.end, fact.end + _PARAGRAPH)
            near = self.mentions.inside(
                low or max(0, fact.start - _PARAGRAPH), high if high >= 0 else fact.end + _PARAGRAPH
            )
            if {place.code for place in near} & {pair.donor, *self.donors_of}:
                named = {place.code for place in self.mentions.inside(start, end)}
                return _Sides(giver or (pair.donor if pair.donor in named else ""), pair.recipient)
        return _Sides(giver, "")


def _within(pairs: list[Pair], start: int, end: int) -> list[Pair]:
    """Of ``pairs`` in order those that begin in ``start:end``."""
    return pairs[bisect_left(pairs, (start,)) : bisect_left(pairs, (end,))]


def _holds(pair: Pair, fact: Fact) -> bool:
    return pair.start <= fact.start <= pair.end
