"""Dates as feeds, sitemaps, list rows and JSON state them, as ISO 8601 text.

The result is as exact as the statement: ``2026-08-31``, ``2026-08-31T12:25`` or, where an offset is
given, ``2026-08-31T12:25:20+08:00``. What is impossible or ambiguous gives the empty string.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

_EARLIEST = 1990
_TIME = r"(?:[\sT,]{0,4}(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2}))?)?"
_NUMERIC = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s?[-./年]\s?(?P<month>\d{1,2})\s?[-./月]\s?(?P<day>\d{1,2})(?!\d)日?" + _TIME
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})(?!\d)" + _TIME,
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d){_TIME}", re.IGNORECASE
)
_YEARLESS = re.compile(r"(?<![\d./-])(?P<month>\d{1,2})(?:-|月)(?P<day>\d{1,2})(?![\d./-])日?" + _TIME)
_IN_ADDRESS = re.compile(r"/(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?=[/_.-]|\d*[/_.]|$)")
_RFC822 = re.compile(r"[A-Za-z]{3}\w*,|\d{1,2} [A-Za-z]{3}")
# China's standard time there, the United States' Central elsewhere.
_CHINA = re.compile(r"(?<=:\d\d )CST$")
_LONGEST = 300


def stated_time(text: str, now: datetime) -> str:
    """The time a feed, sitemap or JSON field states: RFC 822, ISO 8601, epoch, or as in a row."""
    text = text.strip().strip("\x00")[:_LONGEST]
    if now.utcoffset() == timedelta(hours=8):
        text = _CHINA.sub("+0800", text)
    for read in (_iso, _rfc822, _epoch):
        if (value := read(text)) is not None:
            return _accepted(value, now, day_only=len(text) == 10 and read is _iso)
    return row_time(text, "", now)


def row_time(text: str, link: str, now: datetime) -> str:
    """The time in a list row's text, to the minute or second; ``now`` in the source's time zone.

    A row without a year takes it from the date in its link, else the latest year that is not in
    the future, provided that this lies less than half a year back: an older one could be any year.
    """
    text = text[:_LONGEST]
    for pattern in (_NUMERIC, _DAY_FIRST, _MONTH_FIRST):
        if match := pattern.search(text):
            return _from_match(match, int(match["year"]), now)
    if match := _YEARLESS.search(text):
        year = _year_for(int(match["month"]), int(match["day"]), link, now)
        return _from_match(match, year, now) if year else ""
    return ""


def _year_for(month: int, day: int, link: str, now: datetime) -> int | None:
    for year, link_month, link_day in _IN_ADDRESS.findall(link):
        if (month, day) == (int(link_month), int(link_day)):
            return int(year)
    for year in (now.year + 1, now.year, now.year - 1):
        try:
            age = now.date() - date(year, month, day)
        except ValueError:
            continue
        if age >= timedelta(days=-1):
            return year if age < timedelta(days=183) else None
    return None


def _from_match(match: re.Match[str], year: int, now: datetime) -> str:
    parts = match.groupdict()
    month = _MONTHS.index(parts["name"].lower()) + 1 if parts.get("name") else int(parts["month"])
    try:
        value = datetime(year, month, int(parts["day"]))  # noqa: DTZ001 - the row gives no offset
        if parts["hour"]:
            value = value.replace(
                hour=int(parts["hour"]), minute=int(parts["minute"]), second=int(parts["second"] or 0)
            )
    except ValueError:
        return ""
    shown = _accepted(value, now, day_only=not parts["hour"])
    return shown if not parts["hour"] or parts["second"] else shown[:16]


def _accepted(value: datetime, now: datetime, *, day_only: bool) -> str:
    if value.year < _EARLIEST or value.date() > now.date() + timedelta(days=2):
        return ""
    return value.date().isoformat() if day_only else value.replace(microsecond=0).isoformat()


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if "-" in text else None
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    try:
        value = parsedate_to_datetime(text) if _RFC822.match(text) else None
    except (ValueError, OverflowError):
        return None
    years = re.findall(r"\b\d{4}\b", text.partition(":")[0])
    if value and years and int(years[0]) != value.year:
        return value.replace(year=1)  # the parser reads the year 0001 as 2001
    return value


def _epoch(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{10}|\d{13}", text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)
