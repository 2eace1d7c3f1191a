"""An article's metadata, each field from the most trusted place that has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from extraction.printed_times import written_times
from extraction.times import EARLIEST_YEAR, ImpossibleTimeError, Stamp, read_time
from storage.addresses import site_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extraction.claims import Claim
    from storage.models import Hint

_FUTURE = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Dated:
    """A page's time as ``Article`` has it: ISO 8601 with offset, precision, source, marks."""

    at: str = ""
    precision: str = ""
    source: str = ""
    inferred: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """What is known beside the page: its time zone (IANA, or "") and when it was fetched."""

    timezone: str
    fetched: datetime
    month_first: bool | None = None

    def zone(self) -> ZoneInfo | None:
        try:
            return ZoneInfo(self.timezone) if self.timezone else None
        except (ZoneInfoNotFoundError, ValueError):
            return None


def first(claims: Sequence[Claim], field: str) -> str:
    """The most trusted claim for a field, or ""."""
    return next((claim.value for claim in claims if claim.field == field), "")


def published_time(claims: Sequence[Claim], near: Sequence[str], hint: Hint, clock: Clock) -> Dated:
    """When the page was published: the first possible time of claims, printed lines and index.

    A day is made finer by a later place that names the same day with a time of day. Impossible and
    future times are passed over and marked.
    """
    flags: dict[str, None] = {}
    stamps: list[tuple[Stamp, str]] = []
    for text, source in _written(claims, near, hint):
        stamp = _possible(text, clock, flags)
        if stamp is not None:
            stamps.append((stamp, source))
    if not stamps:
        return Dated(flags=tuple(flags))
    stamp, source = stamps[0]
    for other, other_source in stamps[1:]:
        if _refines(other, stamp):
            stamp, source = other, other_source
    return _dated(stamp, source, clock, flags)


def modified_time(claims: Sequence[Claim], clock: Clock) -> str:
    """When the page says it was changed last, ISO 8601 with offset, or ""."""
    for claim in claims:
        if claim.field == "modified" and (stamp := _possible(claim.value, clock, {})) is not None:
            return _dated(stamp, claim.source, clock, {}).at
    return ""


def _written(claims: Sequence[Claim], near: Sequence[str], hint: Hint) -> Iterator[tuple[str, str]]:
    yield from ((claim.value, claim.source) for claim in claims if claim.field == "published")
    yield from ((line, "visible_line") for line in written_times(near))
    yield from ((claim.value, claim.source) for claim in claims if claim.field == "indexed")
    if hint.published:
        yield hint.published, hint.via or "feed"


def _possible(text: str, clock: Clock, flags: dict[str, None]) -> Stamp | None:
    try:
        stamp = read_time(text, clock.month_first)
    except ImpossibleTimeError:
        flags["date_impossible"] = None
        return None
    if stamp is None:
        return None
    if stamp.when.year < EARLIEST_YEAR:
        flags["date_impossible"] = None
        return None
    if _aware(stamp, clock) > clock.fetched + _FUTURE:
        flags["date_future"] = None
        return None
    return stamp


def _aware(stamp: Stamp, clock: Clock) -> datetime:
    if stamp.when.tzinfo is not None:
        return stamp.when
    return stamp.when.replace(tzinfo=clock.zone() or UTC)


def _refines(other: Stamp, stamp: Stamp) -> bool:
    """Whether ``other`` says the same as ``stamp`` and more: a time of day, or the offset."""
    if stamp.precision == "day" and other.precision != "day":
        return other.when.date() == stamp.when.date()
    return (
        stamp.when.tzinfo is None
        and other.when.tzinfo is not None
        and other.when.replace(tzinfo=None, second=0) == stamp.when.replace(second=0)
    )


def _dated(stamp: Stamp, source: str, clock: Clock, flags: dict[str, None]) -> Dated:
    marks = [*flags]
    if stamp.ambiguous:
        marks.append("date_ambiguous")
    inferred = stamp.when.tzinfo is None
    if inferred and clock.zone() is None:
        marks.append("offset_unknown")
    return Dated(_aware(stamp, clock).isoformat(), stamp.precision, source, inferred, tuple(marks))


_LETTER = re.compile(r"[^\W\d_]")
_LABELS = frozenset({"作者", "来源", "來源", "编辑", "責任編輯", "责任编辑", "admin", "author"})
_OUTLET = re.compile(
    r"^(\S{2,14}?(?:报|報|网|網|社|台|客户端))(?:专版|专刊)?(?:刊发|刊登|报道|讯)?\s*[丨|｜]"
)
# An account's name or the outlet itself, where a system filled the field instead of a person.
_ACCOUNT = re.compile(r"^[a-z][a-z0-9_.-]*$")
_BODY = re.compile(r"^[一-鿿]{2,}(?:报|報|网|網|社|电视台|融媒体中心|客户端|频道|编辑部)$")
_PLACEHOLDER = re.compile(r"^(?:本站|本网)?(?:原创|原创稿件?|转载|网络|互联网|未知|其他)$")
_URL = re.compile(r"^(?:https?:)?/", re.IGNORECASE)
_LICENCE = re.compile(
    r"creativecommons\.org/(?:licenses|publicdomain)/([a-z0-9-]+)(?:/(\d\.\d))?", re.IGNORECASE
)


def same_site(url: str, base: str) -> str:
    """A claimed address made absolute, if it lies on the page's own site, else ""."""
    try:
        absolute = urljoin(base, url.strip())
        host, own = urlsplit(absolute).hostname, urlsplit(base).hostname
    except ValueError:
        return ""
    if not host or not own or not absolute.startswith(("http://", "https://")):
        return ""
    return absolute if site_of(host) == site_of(own) else ""


def plain_name(value: str) -> str:
    """A byline without its "By", and empty where it is an address or a whole sentence."""
    value = re.sub(
        r"^\W*(?:by|von|par|por|di|da|door|av|af|作者|文|记者)\s*[:：]?\s+", "", value, flags=re.IGNORECASE
    )
    value = value.strip(" ,;:：|")
    unlikely = _URL.match(value) or len(value) > 160 or not _LETTER.search(value) or value in _LABELS
    return "" if unlikely else value


def is_no_person(name: str) -> bool:
    """Whether a byline is a system's account or the outlet itself rather than who wrote it."""
    return _ACCOUNT.match(name) is not None or _BODY.match(name) is not None


def is_no_outlet(name: str) -> bool:
    """Whether an origin only says that there is none or that nobody knows it."""
    return _PLACEHOLDER.match(name) is not None


def licence_name(value: str) -> str:
    """A licence's short name (CC-BY-4.0) where its address is known, else what the page wrote."""
    if match := _LICENCE.search(value):
        return "-".join(part.upper() for part in ("CC", match[1], match[2] or "") if part)
    return "" if len(value) > 200 else value


def upstream_outlet(lines: Sequence[str]) -> str:
    """The outlet that a kicker credits before the title (湖州日报专版刊发丨…), or ""."""
    return next((match[1] for line in lines if (match := _OUTLET.match(line))), "")
