"""Looking up the places around a position of a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extraction.aid.places import Place

_AND = re.compile(r"[、和及与]|,?\sand\s(?:the\s)?|(?P<comma>,\s(?:the\s)?)")
_VERB = re.compile(
    r"\s(?:also\s)?(?:has|have|had|is|was|are|were|will|would|could|may|said|says?|told|gave|gives?|sent|sends?|put"
    r"|paid|pays?|went|\w+ed|agrees?|wants?)\b"
)
# What stands before the country where an embassy is: 中国驻肯尼亚大使馆, the ambassador to Kenya.
_POSTED = re.compile(
    r"驻$|\b(?:embassy|ambassador|envoy|consulate|high\scommission\w*)\s(?:to|in)\s(?:the\s)?$", re.IGNORECASE
)
_POSTED_REACH = 24
# What follows the town where others meet: 中非合作论坛北京峰会.
_MEETING = re.compile("[^在于出参主举对向赴为\\W]{0,2}?(?:峰会|论坛|博览会|进博会|奥运会)")


def is_host(text: str, place: Place) -> bool:
    """Whether ``place`` is only where another country has its embassy or envoy, or where others meet."""
    posted = _POSTED.search(text, max(0, place.start - _POSTED_REACH), place.start)
    return bool(posted or _MEETING.match(text, place.end))


class Mentions:
    """The coded places of a text in order. Positions and reaches are in characters."""

    def __init__(self, places: list[Place]) -> None:
        self.places = [place for place in places if place.code]
        self._starts = [place.start for place in self.places]

    def inside(self, start: int, end: int) -> list[Place]:
        """The places that begin in ``start:end``."""
        return self.places[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def before(self, position: int, floor: int) -> Place | None:
        """The last place that begins at ``floor`` or later and ends at ``position`` or earlier."""
        for index in range(bisect_left(self._starts, position) - 1, -1, -1):
            place = self.places[index]
            if place.start < floor or place.end <= position:
                return place if place.start >= floor else None
        return None

    def after(self, position: int, reach: int) -> Place | None:
        """The first place that begins within ``reach`` of ``position``: of a chain such as
        喀什地区疏附县 its last and most exact link."""
        near = self.inside(position, position + reach + 1)
        if not near:
            return None
        place = near[0]
        for follower in self.inside(place.end, place.end + 12):
            if follower.start != place.end:
                break
            place = follower
        return place

    def together(self, text: str, place: Place) -> list[Place]:
        """``place`` and those named with it: 环县、古浪县和靖远县; Kenya, Chad and Mali.

        A comma alone joins none (``to Syria, Turkey said``), nor does the ``and`` of a next clause
        (``to Kenya and China gave``).
        """
        places, joined = [place], 1
        while (m := _AND.match(text, places[-1].end)) and (following := self.after(m.end(), 0)):
            places.append(following)
            if m["comma"] is None:
                joined = len(places)
        return places[: 1 if _VERB.match(text, places[joined - 1].end) else joined]

    def together_before(self, text: str, place: Place, floor: int) -> list[Place]:
        """``place`` and those of its enumeration named before it, from ``floor`` on."""
        places = [place]
        while (before := self.before(places[0].start, floor)) and _AND.fullmatch(
            text, before.end, places[0].start
        ):
            places.insert(0, before)
        return places

    def chain_start(self, place: Place) -> int:
        """Where the chain of adjoining places (山东省济南市) begins that ends with ``place``."""
        start = place.start
        while (before := self.before(start, max(0, start - 12))) and before.end == start:
            start = before.start
        return start
