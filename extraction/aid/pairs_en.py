"""Donor and recipient in English: X gives … to Y, X-aided … in Y, X's medical team in Y."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from extraction.aid.gazetteer import codes_of
from extraction.aid.mentions import is_host
from extraction.aid.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extraction.aid.mentions import Mentions
    from extraction.aid.places import Place

Evidence = tuple[int, int, str, str, str]

_GIVE = re.compile(
    r"\b(?:(?:donat|provid|pledg|deliver|grant|offer|allocat|announc|contribut|commit|airlift|approv|boost|increas)\w*"
    r"|send|sends|sent|sending|lend|lends|lent|lending|give|gives|given|gave|ship|ships|shipped|fly|flies|flew"
    r"|sign|signs|signed|(?:extend|doubl|financ|fund|hand)\w*|bring|brings|brought|build|builds|built)\b",
    re.IGNORECASE,
)
_GOODS = re.compile(
    r"\b(?:aid|relief|assistance|donat\w+|grants?|humanitarian|supplies|food|tents|blankets|medic\w+|loans?|rice|wheat"
    r"|vaccines?|millions?|billions?|ambulances|generators|school|hospital|clinic|development|concessional)\b"
    r"|\d(?:m|bn)\b",
    re.IGNORECASE,
)
_NOT_AID = re.compile(
    r"\b(?:military|weapons?|arms|missiles?|troops|ammunition|fighter|tanks|state aid|invest\w*)\b",
    re.IGNORECASE,
)
_TO = re.compile(r"\b(?:to|for|in|into|with|across)\s(?:the\s)?(?:[\w’'-]+\s){0,3}$", re.IGNORECASE)
_LED_TO = re.compile(r"\b(?:to|for|in|into)\s(?:the\s)?$", re.IGNORECASE)
_PREPOSITION = 12
_WHO = re.compile(r",?\s(?:which|who)\s")
_DENIED = re.compile(
    r"(?:\b(?:refus\w+|declin\w+|fail\w*|unwilling|reluctant|not|never|cannot)|n['’]t)"
    r"\s(?:(?:to|be|been|have|yet|ever|even)\s){0,3}$",
    re.IGNORECASE,
)
_DENIAL = 30
_MADE_BY = re.compile(
    r"[-\s](?:aided|funded|built|backed|donated|financed|supported|assisted)\b", re.IGNORECASE
)
_TEAM = (
    r"(?:[\s-][\w-]+){0,3}?[\s-](?:medical (?:team|mission|brigade)s?|doctors|surgeons|medics|rescuers"
    r"|rescue teams?|aid|assistance|grants?|loans?|engineers|experts|funding|humanitarian support)\b"
)
_AID_TO = re.compile(
    r"(?:['’]s)?(?:[\s-][\w-]+){0,2}?[\s-](?:aid|assistance|relief|grants?|support)\b"
    r"(?=[^.]{0,40}\b(?:to|for|in)\s)",
    re.IGNORECASE,
)


def english_pairs(text: str, mentions: Mentions) -> Iterator[Evidence]:
    """All evidence in the sentences of an English ``text``, repeats included."""
    for start, end in sentence_spans(text):
        if (
            not mentions.inside(start, end)
            or _NOT_AID.search(text, start, end)
            or not _GOODS.search(text, start, end)
        ):
            continue
        for first, donor, said, cue in _givers(text, start, end, mentions):
            for recipient, last in _receivers(text, said, end, mentions):
                yield first, last, donor, recipient, cue


def _givers(text: str, start: int, end: int, mentions: Mentions) -> Iterator[tuple[int, str, int, str]]:
    """Where a giver is named, its code, where the words that say so end, and those words."""
    for verb in _GIVE.finditer(text, start, end):
        if _DENIED.search(text, max(start, verb.start() - _DENIAL), verb.start()):
            continue
        before = mentions.inside(max(start, verb.start() - 60), verb.start())
        # Not the receiver of an act before: Japan gave … to Kenya and sent … to Chad.
        donor = next((p for p in reversed(before) if not _led_to(text, start, p)), None)
        for giver in _joint(text, donor, before[0].start, mentions) if donor else ():
            yield giver.start, giver.code, verb.end(), verb.group()
    for donor in mentions.inside(start, end):
        cue = _MADE_BY.match(text, donor.end) or _AID_TO.match(text, donor.end)
        if cue and not is_host(text, donor):
            yield donor.start, donor.code, cue.end(), cue.group().strip(" -")
    for team in _teams().finditer(text, start, end):
        yield team.start(), codes_of("en-adjective")[team[1].lower()], team.end(), team.group()


def _receivers(text: str, start: int, end: int, mentions: Mentions) -> Iterator[tuple[str, int]]:
    """The first place after ``start`` that a preposition leads to, or that follows the verb, with those
    named together with it: the code of each, and where the last one ends."""
    for place in mentions.inside(start, min(end, start + 120)):
        if text[start : place.start].strip() == "" or _TO.search(text[start : place.start]):
            together = mentions.together(text, place)
            for each in together:
                yield each.code, together[-1].end
            return


def _joint(text: str, donor: Place, floor: int, mentions: Mentions) -> list[Place]:
    """All that give together: Japan and Norway gave …; not … to Kenya and China gave …."""
    givers = mentions.together_before(text, donor, floor)
    return [donor] if _led_to(text, 0, givers[0]) else givers


def _led_to(text: str, start: int, place: Place) -> bool:
    # The country of a relative clause acts: to Pakistan, which gave …; a sentence may be as long as a page.
    if _WHO.match(text, place.end):
        return False
    return _LED_TO.search(text, max(start, place.start - _PREPOSITION), place.start) is not None


@cache
def _teams() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(codes_of('en-adjective'))}){_TEAM}", re.IGNORECASE)
