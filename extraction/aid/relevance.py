"""How far an article is aid news: a score that its matched terms and words explain.

The rules come first. Their evidence is terms of the lexicon, frames, pairs of donor and recipient,
and acts of giving. It weighs most in the title and much in the lead; the rest of the text adds by its
density, so that a long article that touches aid in passing stays low. A term counts once in title and
lead. Evidence of weight 2 counts only beside other evidence. For texts in Chinese and English the
wording is weighed with their score (``wording.py``). docs/aid.md has the formula and how it was
measured.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from extraction.aid.acts import ACT, find_acts
from extraction.aid.categories import by_evidence, by_wording
from extraction.aid.frames import frames
from extraction.aid.gazetteer import listed
from extraction.aid.lexicon import GENERAL, MASK, OTHER_TOPIC, Lexicon, language_of, lexicon
from extraction.aid.matching import simplified
from extraction.aid.pairs import distinct, pair_evidence
from extraction.aid.places import find_places
from extraction.aid.wording import Wording
from storage.models import Match, Relevance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extraction.aid.pairs import Pair

Span = tuple[int, int]

AID = 8.0
MAYBE = 4.0
MOST_BY_RULES = 40.0
RULES = f"aid-7, aid from {AID:g}, maybe from {MAYBE:g}"

_STRONG = 4
_TITLE_FACTOR = 2.0
_LEAD_FACTOR = 1.6
_LEAD = {"zh": 160}
_LEAD_WORDS = 480
_BODY_UNIT = 2.5
_BODY_CAP = 8.0
_FRAME_WEIGHT = 5.0
_PAIR_WEIGHT = 5.0
_COUNTRY_WEIGHT = 1.0
_ACT_WEIGHT = 5.0
_INTO = re.compile(r"\b(?:to|for|in|into|across|of|on|from)\s(?:[\w'-]+\s){0,2}$")


def judge(title: str, text: str, language: str) -> Relevance:
    """Score an article, or a headline where ``text`` is empty.

    ``language`` is a tag such as ``zh``, ``en-GB`` or empty; the script of the text overrules it.
    The verdict is ``aid`` from AID points on, ``maybe`` from MAYBE, else ``off_topic``.
    """
    title, text = simplified(title), simplified(text)
    lang = language_of(f"{title}\n{text}", language)
    ruled, found = by_rules(title, text, lang)
    wording = Wording(title, text, lang)
    score = wording.points(min(ruled, MOST_BY_RULES)) if wording.tells else ruled
    if ruled >= AID:
        score = max(score, MAYBE)  # what the rules alone call aid is worth a look, however it is worded
    elif not ruled and score < AID:
        score = 0.0  # half a case made of common words alone is none
    score = round(max(score, 0.0), 2)
    if not wording.tells:
        return Relevance(score, _verdict(score), by_evidence(found), found, RULES)
    kinds = by_wording(wording, found) if score >= MAYBE else ()
    return Relevance(score, _verdict(score), kinds, (*found, *wording.heaviest()), RULES)


def _verdict(score: float) -> str:
    return "aid" if score >= AID else "maybe" if score >= MAYBE else "off_topic"


def by_rules(title: str, text: str, lang: str) -> tuple[float, tuple[Match, ...]]:
    """The score by the rules alone, with its evidence.

    ``title`` and ``text`` are in simplified characters, ``lang`` is the language of a lexicon.
    """
    words = lexicon(lang)
    in_title, off_topic, masked = _matches(title, "title", lang, words)
    in_text, _, masked_in_text = _matches(text, "text", lang, words)
    traps = [title[start:end] for start, end in masked] + [text[start:end] for start, end in masked_in_text]
    short = _short_forms((*in_title, *in_text), traps)
    in_title, in_text = ([m for m in found if m.term not in short] for found in (in_title, in_text))
    lead_end = _LEAD.get(lang, _LEAD_WORDS)
    if lang in ("zh", "en"):
        in_title = _in_order([*in_title, *_sides(title, "title", lang, masked)])
        in_text = _in_order([*in_text, *_sides(text[:lead_end], "text", lang, masked_in_text)])
    lead = [match for match in in_text if match.start < lead_end]
    rest = [match for match in in_text if match.start >= lead_end]
    title_points = _points(in_title, company=bool(lead))
    lead_points = _points(lead, company=bool(in_title))
    if off_topic and not any(match.weight >= _STRONG for match in in_title):
        title_points = 0.0
        lead_points /= 2
    score = _TITLE_FACTOR * title_points + _LEAD_FACTOR * lead_points
    score += _body_points(rest, len(text) - lead_end, lead_end)
    return score, (*in_title, *in_text)


def _matches(text: str, where: str, lang: str, words: Lexicon) -> tuple[list[Match], bool, list[Span]]:
    """What counts, whether a word of another topic stands there, and the traps."""
    found: list[Match] = []
    off_topic = False
    masked: list[Span] = []
    for start, end, spelling in words.matcher.find(text):
        term = words.terms[spelling]
        if term.category == MASK:
            masked.append((start, end))
        elif term.category == OTHER_TOPIC:
            off_topic = True
        else:
            found.append(Match(spelling, term.category, where, start, end, term.weight))
    for frame in frames(lang):
        found.extend(
            Match(frame.name, frame.category, where, m.start(), m.end(), _FRAME_WEIGHT)
            for m in frame.pattern.finditer(text)
            if not any(start < m.end() and m.start() < end for start, end in masked)
        )
    return _in_order(found), off_topic, masked


def _short_forms(found: Sequence[Match], masked: Sequence[str]) -> frozenset[str]:
    """The terms that stand for a trap: where 法律援助 is written at least as often as the bare 援助,
    援助律师 means the former."""
    bare = Counter(match.term for match in found if match.weight < _STRONG)
    return frozenset(
        term for term, count in bare.items() if sum(term in compound for compound in masked) >= count
    )


def _in_order(matches: list[Match]) -> list[Match]:
    return sorted(matches, key=lambda match: (match.start, match.end))


def _sides(text: str, where: str, lang: str, masked: Sequence[Span]) -> list[Match]:
    """Who helps whom, by the grammar of pairs, and a country that receives aid, as companions.

    A pair counts where the recipient is such a country or both sides are divisions of China.
    """
    places = find_places(text, lang)
    helped = listed("aid-country")
    found = [
        Match("donor → recipient", _pair_category(pair), where, pair.start, pair.end, _PAIR_WEIGHT)
        for pair in distinct(pair_evidence(text, places))
        if pair.recipient in helped or (pair.donor.isdigit() and pair.recipient.isdigit())
    ]
    countries = [place for place in places if place.code in helped]
    found += [Match(p.text, GENERAL, where, p.start, p.end, _COUNTRY_WEIGHT) for p in countries[:1]]
    receivers = [
        p.start for p in countries if lang == "zh" or _INTO.search(text, max(0, p.start - 60), p.start)
    ]
    acts = find_acts(text, lang, receivers, [*masked, *((p.start, p.end) for p in places)])
    category = "foreign_aid" if countries else GENERAL
    found += [Match(ACT, category, where, start, end, _ACT_WEIGHT) for start, end in acts]
    return found


def _pair_category(pair: Pair) -> str:
    return "pairing" if pair.donor.isdigit() and pair.recipient.isdigit() else "foreign_aid"


def _points(matches: Iterable[Match], *, company: bool) -> float:
    weights = {match.term: match.weight for match in matches}
    if len(weights) == 1 and not company:
        return sum(weight for weight in weights.values() if weight > 2)
    return sum(weights.values())


def _body_points(matches: list[Match], length: int, unit: int) -> float:
    if not matches:
        return 0.0
    per_term = Counter(match.term for match in matches)
    weight = {match.term: match.weight for match in matches}
    points = sum(weight[term] * min(count, 3) for term, count in per_term.items() if weight[term] > 2)
    return min(points / max(length / unit, _BODY_UNIT), _BODY_CAP)
