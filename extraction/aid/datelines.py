"""Datelines: where an article was filed, which tells neither who gives nor who receives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extraction.aid.places import Place

_CHINESE = re.compile(r"\s?\d{1,2}月\d{1,2}日[电讯]|[^。]{0,6}\d{1,2}日电")
# GENEVA - ; NAIROBI, Kenya, 12 March (Outlet) — ; Port-au-Prince, Haiti –
_ENGLISH = re.compile(
    r"[ \t]*(?:[A-Z][A-Z'’.-]+(?:\s[A-Z'’.-]+){0,3}|[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?(?=,\s[A-Z]))"
    r"(?:[,/]\s?[A-Z\d][\w .'’-]{1,30}){0,2}(?:\s?\([^)\n]{2,40}\))?\s?[-–—]{1,2}\s"
)
_NEXT_LINE = re.compile("\n")


def datelines(text: str) -> list[tuple[int, int]]:
    """Where the datelines of texts in Latin letters begin and end."""
    starts = [0, *(line.end() for line in _NEXT_LINE.finditer(text))]
    return [match.span() for start in starts if (match := _ENGLISH.match(text, start))]


def without_datelines(text: str, places: Iterable[Place]) -> list[Place]:
    """The places that stand in no dateline of ``text``."""
    filed = datelines(text)
    return [
        place
        for place in places
        if not _CHINESE.match(text, place.end)
        and not any(start <= place.start and place.end <= end for start, end in filed)
    ]
