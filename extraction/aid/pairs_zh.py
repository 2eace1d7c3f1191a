"""Donor and recipient in Chinese: 对口支援, 向…捐赠, 中国援…, 援疆.

``X援疆指挥部`` names the donor and the region only: its recipients are the places of that region
which the text names, first those that the table of pairings (``pairs.csv``) gives to the donor,
else the only one there is, else the region itself. The table adds no side that the text does not
name; it holds the pairings of 援疆 as listed about 2010 and those of 援藏, 援青 and 东西部协作.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING

from extraction.aid.gazetteer import divisions
from extraction.aid.mentions import is_host
from extraction.aid.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extraction.aid.mentions import Mentions
    from extraction.aid.places import Place

Evidence = tuple[int, int, str, str, str]

_ORDINAL = r"(?:第[一二三四五六七八九十\d]{1,4}批)?"
_TO = re.compile("(?:[向给]|(?<![认因成作称改视])为|(?<![反针面应绝相])对)(?!口)")
_DENIED = re.compile("(?:拒绝|没有?|未|不|不[会再能愿]|反对|否认)$")
_GIVE = re.compile(
    "提供|捐赠|捐款|捐资|捐助|捐出|捐建|援助|赠送|移交|交付|援建|追加|派遣|派出|运送|运抵|投入|拨付|预拨|下拨|给予|发放|调拨|支援|交接"
)
_NOT_AID = re.compile("军事|军援|武器|导弹|法律援助|声援|增援")
_PAIRED = re.compile("对口(?:支援|帮扶|援助|援建|合作|协作)|结对帮扶|定点帮扶")
_DIRECT = re.compile("援助|援建|帮扶|支援|援赠|捐助")
_REGION = re.compile(
    rf"{_ORDINAL}[“”]?(?:组团式|柔性|对口|产业|医疗|教育|人才)?[“”]?(?:医疗|教育)?援([疆藏青])"
)
# What follows the last place of an enumeration that is the donor of the next: 支援甲县和乙市对口支援丙县.
_NEXT_HELP = re.compile("对口|结对|定点|向|[帮支]?[援扶]|政府|红十字会")
_NEAR = 40
_REGIONS = {"疆": "650000", "藏": "540000", "青": "630000"}
_AIDS = re.compile(rf"(?:政府|红十字会)?{_ORDINAL}(?:无偿|紧急)?援[助建赠]?")
_TOGETHER = re.compile("协作|结对|对口|携手")
_SHORT_PAIRS = {
    "闽宁": ("350000", "640000"),
    "沪滇": ("310000", "530000"),
    "粤桂": ("440000", "450000"),
    "粤黔": ("440000", "520000"),
    "苏陕": ("320000", "610000"),
    "京蒙": ("110000", "150000"),
    "鲁渝": ("370000", "500000"),
    "津甘": ("120000", "620000"),
    "浙川": ("330000", "510000"),
}
_SHORT = re.compile(f"({'|'.join(_SHORT_PAIRS)})(?:协作|合作|两地|产业|劳务|对口|干部|情)")


def chinese_pairs(text: str, mentions: Mentions) -> Iterator[Evidence]:
    """All evidence in the sentences of a Chinese ``text``, repeats included."""
    for start, end in sentence_spans(text):
        if not mentions.inside(start, end):
            continue  # every pair of a sentence has a place in it
        yield from _given(text, start, end, mentions)
        yield from _paired(text, start, end, mentions)
        yield from _side_by_side(text, start, end, mentions)
        yield from _in_table(text, start, end, mentions)
    yield from _to_a_region(text, mentions)
    for m in _SHORT.finditer(text):
        yield m.start(1), m.end(1), *_SHORT_PAIRS[m[1]], m.group()


def _given(text: str, start: int, end: int, mentions: Mentions) -> Iterator[Evidence]:
    """X向Y提供…"""
    for to in _TO.finditer(text, start, end):
        donor, recipient = _giver(text, to.start(), start, mentions), mentions.after(to.end(), 2)
        if donor is None or recipient is None or recipient.end > end:
            continue
        recipients = mentions.together(text, recipient)
        verb = _GIVE.search(text, recipients[-1].end, min(end, recipients[-1].end + 40))
        if verb and not _NOT_AID.search(text, donor.end, min(end, verb.end() + 24)):
            for giver, each in product(mentions.together_before(text, donor, start), recipients):
                yield giver.start, verb.end(), giver.code, each.code, verb.group()


def _giver(text: str, position: int, floor: int, mentions: Mentions) -> Place | None:
    """The last place before ``position`` that can give, if what it does is not denied."""
    place = mentions.before(position, floor)
    if place and is_host(text, place):
        place = mentions.before(place.start, max(floor, place.start - _NEAR))
    return place if place and not _DENIED.search(text, place.end, position) else None


def _paired(text: str, start: int, end: int, mentions: Mentions) -> Iterator[Evidence]:
    """X对口支援Y; Y … 由X对口支援."""
    for cue in _PAIRED.finditer(text, start, end):
        donor = mentions.before(cue.start(), max(start, cue.start() - 16))
        if donor is None:
            continue
        recipient = mentions.after(cue.end(), 6)
        if recipient is not None and recipient.end <= end:
            yield from _helping(text, donor, recipient, cue.group(), mentions)
        elif text.endswith("由", 0, mentions.chain_start(donor)):
            first = mentions.chain_start(donor)
            helped = mentions.before(first, max(0, first - 80))
            for each in mentions.together_before(text, helped, start) if helped else ():
                yield each.start, cue.end(), donor.code, each.code, cue.group()


def _side_by_side(text: str, start: int, end: int, mentions: Mentions) -> Iterator[Evidence]:
    """中国(第27批)援津巴布韦; 上海市帮扶…县."""
    for donor in mentions.inside(start, end):
        cue = _AIDS.match(text, donor.end) or _DIRECT.match(text, donor.end)
        recipient = mentions.after(cue.end(), 1) if cue else None
        if cue and recipient and recipient.end <= end and not is_host(text, donor):
            yield from _helping(text, donor, recipient, cue.group(), mentions)


def _helping(text: str, donor: Place, recipient: Place, cue: str, mentions: Mentions) -> Iterator[Evidence]:
    """The donor with the recipient and those named with it: 深圳市对口帮扶河源市、汕尾市."""
    recipients = mentions.together(text, recipient)
    if _NEXT_HELP.match(text, recipients[-1].end):
        recipients = [recipient]
    for each in recipients:
        yield donor.start, recipients[-1].end, donor.code, each.code, cue


def _in_table(text: str, start: int, end: int, mentions: Mentions) -> Iterator[Evidence]:
    """天津市与甘肃省…协作: two places of a sentence that the table pairs."""
    cue = _TOGETHER.search(text, start, end)
    if cue is None:
        return
    for donor in mentions.inside(start, end):
        recipients = _table().get(donor.code, ())
        # A sentence may be as long as a page.
        near = (max(start, donor.end - _NEAR), min(end, donor.start + _NEAR))
        for recipient in mentions.inside(*near) if recipients else ():
            first, last = min(donor.start, recipient.start), max(donor.end, recipient.end)
            if recipient.code in recipients and last - first <= _NEAR:
                yield first, last, donor.code, recipient.code, cue.group()


def _to_a_region(text: str, mentions: Mentions) -> Iterator[Evidence]:
    """湖州市援疆指挥部; 广东省第十批援藏工作队."""
    recipients: dict[tuple[str, str], list[str]] = {}
    for donor in mentions.places:
        cue = _REGION.match(text, donor.end)
        region = _REGIONS[cue[1]] if cue else ""
        if cue and donor.code[:2] != region[:2]:
            following, key = mentions.after(cue.end(), 0), (donor.code, region)
            if following is None and key not in recipients:
                recipients[key] = _recipients(*key, mentions)
            named = [following.code] if following else recipients[key]
            for recipient in named:
                yield donor.start, cue.end(), donor.code, recipient, cue.group()


def _recipients(donor: str, region: str, mentions: Mentions) -> list[str]:
    named = {place.code for place in mentions.places if place.code[:2] == region[:2]} - {region}
    if listed := named & _table().get(donor, frozenset()):
        return sorted(listed)
    below = {
        code for code in named if _table().get(donor, frozenset()).intersection(divisions()[code].parents)
    }
    if below:
        return sorted(below)
    exact = {code for code in named if not any(code in divisions()[other].parents for other in named)}
    return sorted(exact) if len(exact) == 1 else [region]


@cache
def _table() -> dict[str, frozenset[str]]:
    """Donor → recipients, by code."""
    text = files(__package__).joinpath("pairs.csv").read_text("utf-8")
    table: dict[str, set[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        table.setdefault(row["donor"], set()).add(row["recipient"])
    return {donor: frozenset(recipients) for donor, recipients in table.items()}
