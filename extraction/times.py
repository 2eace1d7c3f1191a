"""Times as pages write them, read without guessing.

``read_time`` turns one written time into a ``Stamp`` or says why not. Nothing is repaired: a date
that does not exist (31 February) is refused, not moved to a neighbour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from extraction.months import MONTH_PATTERN, month_number

EARLIEST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class Stamp:
    """A written time. ``when`` is aware where the page states an offset and naive where it does
    not; ``precision`` is ``day``, ``minute`` or ``second``; ``ambiguous`` marks a numeric date
    whose day and month could be swapped."""

    when: datetime
    precision: str
    ambiguous: bool = False


class ImpossibleTimeError(ValueError):
    """A text that has the form of a time but names none: 2026-02-31, 25:00."""


_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "ist": 330, "cet": 60, "mez": 60,
    "cest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180, "eat": 180, "sast": 120,
    "wat": 60, "cat": 120, "hkt": 480, "sgt": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660,
    "nzst": 720, "nzdt": 780, "est": -300, "edt": -240, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "pkt": 300, "npt": 345, "ict": 420, "wib": 420, "pht": 480,
}  # fmt: skip
# Names that mean this only behind a.m. and p.m.: CST is China's time, too.
_AMERICAN = {
    "cst": "America/Chicago",
    "ct": "America/Chicago",
    "et": "America/New_York",
    "pt": "America/Los_Angeles",
}
_ZONE = (
    r"(?P<zone>Z(?![a-z])|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d)|(?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?|"
    + "|".join(sorted((name for name in (*_ZONES, *_AMERICAN) if name != "z"), key=len, reverse=True))
    + r")(?![a-z])"
)
_AFTER_NOON = frozenset({"pm", "p.m", "p.m.", "下午", "晚上", "晚间", "傍晚", "مساء", "م"})
_BEFORE_NOON = frozenset({"am", "a.m", "a.m.", "上午", "凌晨", "早上", "صباحا", "ص"})
_AMERICAN_HALF = re.compile(r"[ap]\.?m", re.IGNORECASE)
_CLOCK = (
    r"(?P<early>上午|下午|凌晨|早上|晚上|晚间|傍晚)?\s*(?P<hour>\d{1,2})\s*(?:[:：時时点點h]|(?<=\d)\.(?=\d\d(?!\d|\.\d)))\s*"
    r"(?P<minute>\d{2})(?!\d)(?:\s*[:：分]\s*(?P<second>\d{2})(?!\d)(?:[.,]\d{1,9})?)?\s*秒?分?\s*"
    r"(?P<half>[ap]\.?m\b\.?|(?:مساء|صباحا|م|ص)(?!\w)\u064b?)?"
)
_GAP = (
    r"(?:[T\s,،|·•()（）\-–—/]|&nbsp;|at\b|last updated\b|um\b|à\b|a las\b|às\b|kl\.|o\b|godz\.|в\b|"
    r"г\.|года\b|星期.|週.|周.|[月火水木金土日]\)|HKT|Uhr){0,8}"
)
_TIME_OF_DAY = rf"{_GAP}{_CLOCK}(?:\s*\(?{_ZONE}\)?)?"
_TAIL = rf"(?:{_TIME_OF_DAY})?"

# 25.04.24 may be many things; with a time of day behind it, it is a date.
_SHORT_YEAR = (
    r"(?<![\d.])(?P<day>0?[1-9]|[12]\d|3[01])\.(?P<month>0?[1-9]|1[0-2])\.(?P<short_year>\d{2})(?=\D)"
    + _TIME_OF_DAY
)
_DATES = (
    r"(?<![\d.])(?P<year>\d{4})\s*(?P<sep>[-/.])\s*(?P<month>\d{1,2})\s*(?P=sep)\s*(?P<day>\d{1,2})(?!\d)",
    r"(?<!\d)(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]",
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?[\s/-]+(?:de\s+|d')?{MONTH_PATTERN}(?:\s?/\s?[^\W\d]+)?\.?,?[\s/-]+(?:de\s+|del\s+)?(?P<year>\d{{4}})(?!\d)",
    rf"{MONTH_PATTERN}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)",
    r"(?<![\d.])(?P<first>\d{1,2})(?P<sep>[-/.])(?P<other>\d{1,2})(?P=sep)(?P<year>\d{4})(?!\d)",
)
# 2026 03/02 21:37:05, as headers have it whose parts are set apart by their layout.
_SET_APART = r"(?<!\d)(?P<year>20\d\d)\s+(?P<month>\d\d)\s*/\s*(?P<day>\d\d)(?!\d)" + _TIME_OF_DAY
_FORMS = tuple(
    re.compile(form, re.IGNORECASE) for form in (_SHORT_YEAR, _SET_APART, *(date + _TAIL for date in _DATES))
)
_CLOCK_BEFORE = re.compile(
    rf"(?<![\d:.]){_CLOCK}(?:\s*\(?{_ZONE}\)?)?[\s,،|·•–—-]{{1,4}}"
    r"(?:on\s)?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?$",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"^(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    rf"(?:[T\s]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:\.\d+)?)?(?:{_ZONE})?)?$",
    re.IGNORECASE,
)
_JAVASCRIPT = re.compile(
    rf"^\w{{3}},?\s+{MONTH_PATTERN}\s+(?P<day>\d\d?)\s+(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)\s+"
    rf"(?:{_ZONE}\s+)?(?P<year>\d{{4}})$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HAN_NUMBER = "(?:[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_HAN_DATE = re.compile(f"[〇○零一二三四五六七八九]{{4}}年{_HAN_NUMBER}月{_HAN_NUMBER}日")
_EPOCH = re.compile(r"^(?P<seconds>\d{10})(?:\d{3})?$")


def read_time(text: str, month_first: bool | None = None) -> Stamp | None:
    """The first time written in a text, or None. ``month_first`` settles 3/4/2012; None leaves it
    day first and marked ambiguous.

    Raises ImpossibleTimeError where the text names a time that does not exist.
    """
    text = _HAN_DATE.sub(_in_digits, text.strip()[:400].translate(_WIDE))
    if not _DIGIT.search(text):
        return None
    if epoch := _EPOCH.match(text):
        return Stamp(datetime.fromtimestamp(int(epoch["seconds"]), UTC), "second")
    if match := _COMPACT.match(text) or _JAVASCRIPT.match(text):
        return _stamp(match, month_first)
    found = [match for form in _FORMS if (match := form.search(text))]
    if not found:
        return None
    match = min(found, key=lambda match: match.start())
    before = None if match["hour"] else _CLOCK_BEFORE.search(text[: match.start()])
    return _stamp(match, month_first, before)


def _in_digits(match: re.Match[str]) -> str:
    """二〇二六年三月二十一日 as 2026年3月21日."""
    year, month, day = re.split("[年月]", match.group(0).replace("○", "〇").replace("零", "〇").rstrip("日"))
    return f"{''.join(map(_digit, year))}年{_number(month)}月{_number(day)}日"


def _digit(han: str) -> str:
    return str("〇一二三四五六七八九".index(han))


def _number(han: str) -> str:
    tens, ten, ones = han.rpartition("十")
    return (_digit(tens) if tens else "1" if ten else "") + (_digit(ones[0]) if ones else "0")


def _stamp(match: re.Match[str], month_first: bool | None, before: re.Match[str] | None = None) -> Stamp:
    written = {**match.groupdict(), **(before.groupdict() if before else {})}
    part = {name: value for name, value in written.items() if value}
    day, month, ambiguous = _day_and_month(part, month_first)
    hour, minute, second = (int(part.get(name, 0)) for name in ("hour", "minute", "second"))
    half = (part.get("half") or part.get("early") or "").lower().removesuffix("\u064b")
    if half in _AFTER_NOON and hour < 12:
        hour += 12
    elif half in _BEFORE_NOON and hour == 12:
        hour = 0
    try:
        year = int(part.get("year") or f"20{part['short_year']}")
        when = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # the page's offset is next
        when = when.replace(tzinfo=_offset(part.get("zone"), when, half))
    except ValueError as error:
        raise ImpossibleTimeError(f"{match.group(0)!r} names no time: {error}") from error
    return Stamp(when, _precision(part, when), ambiguous)


def _precision(part: dict[str, str], when: datetime) -> str:
    # Midnight to the second is how systems write a day.
    if "hour" not in part or (when.hour, when.minute, when.second) == (0, 0, 0):
        return "day"
    return "second" if "second" in part else "minute"


def _day_and_month(part: dict[str, str], month_first: bool | None) -> tuple[int, int, bool]:
    if "name" in part:
        return int(part["day"]), month_number(part["name"]), False
    if "month" in part:
        return int(part["day"]), int(part["month"]), False
    first, other = int(part["first"]), int(part["other"])
    if first > 12 or first == other:
        return first, other, False
    if other > 12:
        return other, first, False
    # Dots and hyphens are written day first everywhere; only the slash is used both ways.
    if part["sep"] != "/":
        return first, other, False
    if month_first is None:
        return first, other, True
    return (other, first, False) if month_first else (first, other, False)


def _offset(zone: str | None, when: datetime, half: str) -> tzinfo | None:
    if not zone:
        return None
    zone = zone.lower()
    if zone in _AMERICAN:
        offset = ZoneInfo(_AMERICAN[zone]).utcoffset(when)
        return timezone(offset) if offset and _AMERICAN_HALF.match(half) else None
    if zone in _ZONES:
        return timezone(timedelta(minutes=_ZONES[zone]))
    zone = zone.removeprefix("gmt").removeprefix("utc")
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    minutes_east = int(hours) * 60 + int(minutes)
    if minutes_east > 14 * 60:
        raise ImpossibleTimeError(f"{zone!r} is no offset from UTC")
    return timezone(timedelta(minutes=-minutes_east if zone[0] == "-" else minutes_east))
