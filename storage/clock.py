"""The one way a time is noted: UTC, ISO 8601, whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def stamp(moment: datetime | None = None) -> str:
    """``moment`` (default: now) as ``2026-11-23T10:00:00+00:00``."""
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")


def stamp_after(seconds: float) -> str:
    """The time in so many seconds from now."""
    return stamp(datetime.now(UTC) + timedelta(seconds=seconds))
