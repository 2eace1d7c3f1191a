"""The rules of the frontier: when an address is fetched again, and what a visit makes of it.

Pure functions over a frontier row; the archive applies what they return.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storage.addresses import AddressError, url_key
from storage.clock import stamp, stamp_after
from storage.models import Hint, PageRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.visits import Visit

_MINUTE, _DAY = 60, 86400
# Corrections come soon or never: each look at an article is further away than the one before.
REVISIT_AFTER = (6 * 60 * _MINUTE, 2 * _DAY, 14 * _DAY)
MOST_FAILURES = 5
PASSING = frozenset(
    {
        "timeout",
        "connection_error",
        "truncated",
        "protocol_error",
        "server_error",
        "rate_limited",
        "robots_unreachable",
    }
)
_REFUSALS = frozenset({"forbidden", "blocked", "robots_disallowed", "redirect_loop"})
# A feed may be ahead of what serves its pages, and a database down for an hour: not the last word on
# a young page. What the extraction finds has the times of REVISIT_AFTER.
NOT_YET = frozenset({"not_found", "empty", "soft_404", "soft_error", "redirect_blocked"})
_NOT_YET_AFTER = (60 * _MINUTE, 6 * 60 * _MINUTE, _DAY)
_YOUNG = 7 * _DAY
_TAKEN_DOWN = frozenset({"not_found", "gone", "soft_404"})


def frontier_key(url: str) -> str:
    """The frontier's key of any text that a link held, a usable address or not."""
    try:
        return url_key(url)
    except AddressError:
        return f"!{storable(url)}"


def storable(text: str) -> str:
    """``text`` with the characters escaped that SQLite refuses (lone surrogates) or hides (NUL)."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


def moved_to(row: Mapping[str, Any], visit: Visit) -> str:
    """The key of the address that a known article's address leads to now and did not before, or ""."""
    if row["extracted"] != "article" or visit.outcome not in (None, "unchanged") or not visit.final_url:
        return ""
    key = frontier_key(visit.final_url)
    before = (row["url_key"], frontier_key(row["final_url"]))
    return "" if key in before else key


def after_visit(row: Mapping[str, Any], visit: Visit, body: str | None) -> dict[str, Any]:
    """The columns of a frontier row that a visit changes. ``body``: SHA-256 of the stored body."""
    if visit.outcome is None and not (body == row["body"] and row["extracted"]):
        return {**_answered(row, visit), "body": body, "waiting": 1, "outcome": None}
    if visit.outcome in (None, "unchanged"):
        # The same bytes again: what the extraction made of them still holds.
        outcome = "unchanged" if row["extracted"] == "article" else row["extracted"] or None
        return {**_answered(row, visit), "outcome": outcome}
    return _failed(row, visit)


def _answered(row: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    visits = row["visits"] + 1
    again = stamp_after(REVISIT_AFTER[visits - 1]) if visits <= len(REVISIT_AFTER) else None
    if row["extracted"] not in ("", "article", *NOT_YET) and visit.outcome == "unchanged":
        again = None
    return {
        "last_fetched": stamp(),
        "due_at": again,
        "visits": visits,
        "failures": 0,
        "status": visit.status,
        "detail": storable(visit.detail),
        "stage": "fetch",
        "final_url": visit.final_url or row["final_url"],
        "content_type": visit.content_type or row["content_type"],
        "etag": visit.etag or row["etag"],
        "last_modified": visit.last_modified or row["last_modified"],
    }


def _failed(row: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    # A pause that the host asked for is kept without asking: that says nothing about this page.
    asked = not (visit.outcome == "rate_limited" and visit.status is None)
    failures = row["failures"] + asked
    known = row["extracted"] == "article"
    young = not row["hint_published"] or row["hint_published"][:10] >= young_since()
    if visit.outcome in NOT_YET and young and not known:
        again = stamp_after(_NOT_YET_AFTER[failures - 1]) if failures <= len(_NOT_YET_AFTER) else None
    else:
        again = _retry_at(str(visit.outcome), max(failures, 1))
    return {
        "last_fetched": stamp() if asked else row["last_fetched"],
        "due_at": again,
        "failures": failures,
        "status": visit.status,
        "outcome": "gone" if known and visit.outcome in _TAKEN_DOWN else visit.outcome,
        "stage": "fetch",
        "detail": storable(visit.detail),
    }


def _retry_at(outcome: str, failures: int) -> str | None:
    """When to try again, or None where another try would change nothing."""
    if failures >= MOST_FAILURES:
        return None
    if outcome in PASSING:
        return stamp_after(15 * _MINUTE * 4 ** (failures - 1))
    return stamp_after(_DAY) if outcome in _REFUSALS else None


def young_since() -> str:
    """The day from which on a page may be newer than what serves it."""
    return stamp_after(-_YOUNG)[:10]


def as_record(row: Mapping[str, Any]) -> PageRecord:
    """The ledger's view of a frontier row."""
    return PageRecord(
        url=row["url"],
        outcome=row["outcome"],
        first_seen=row["first_seen"],
        stage=row["stage"],
        status=row["status"],
        detail=row["detail"],
        last_fetched=row["last_fetched"],
    )


def hint_of(row: Mapping[str, Any]) -> Hint:
    """What the extraction may believe of the index: a lastmod only orders the frontier."""
    if row["hint_via"] == "lastmod":
        return Hint(row["hint_title"])
    return Hint(row["hint_title"], row["hint_published"], row["hint_via"])
