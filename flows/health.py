"""How each source stands: "blocked", "empty", "nothing new" and "silent" are different things."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flows.chosen import readable_sources
from flows.expectations import unexpected
from storage import batches
from storage.archive import Archive
from storage.database import REFUSALS, open_database
from storage.health import broken_invariants, source_states
from storage.vitals import source_lately, source_vitals

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from flows.places import Places
    from storage.health import SourceState
    from storage.vitals import Lately

# One page that robots.txt forbids, or one link elsewhere, says nothing.
_ENOUGH = 3
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """``health`` is ``ok`` or what is wrong: ``failed``, ``blocked``, ``empty``, ``silent``, ``drift``,
    ``breach``; ``why`` says more. ``state`` holds the counts of the ledger."""

    health: str
    why: str
    state: SourceState


@dataclass(frozen=True, slots=True)
class Status:
    """The health of every source that was ever loaded, the names of the batches that wait, one line
    per source file that cannot be read and one per invariant that does not hold."""

    sources: list[SourceHealth]
    backlog: list[str]
    unreadable: list[str]
    broken: list[str]

    @property
    def well(self) -> bool:
        """Whether nothing needs anybody's attention."""
        return not (self.broken or self.unreadable) and all(source.health == "ok" for source in self.sources)


def read_status(places: Places) -> Status:
    """The state of the database, the archives and the outbox; reads only."""
    with closing(open_database(places.database, readonly=True)) as db:
        broken = broken_invariants(db)
    _, unreadable = readable_sources(places.sources)
    return Status(source_health(places), batches.waiting(places.outbox), unreadable, broken)


def source_health(places: Places, only: Collection[str] | None = None) -> list[SourceHealth]:
    """The health of every source that was ever loaded, or of those in ``only``.

    What a source file expects under ``[health]`` is checked where the folder of sources is at hand.
    """
    files, _ = readable_sources(places.sources)
    now, health = datetime.now(UTC), []
    with closing(open_database(places.database, readonly=True)) as db:
        for state in source_states(db):
            if only is not None and state.source not in only:
                continue
            found = _health(state, _indexes(places.archive(state.source)), now)
            if found.health == "ok" and (wrong := _in_vain(source_lately(db, state.source), state)):
                found = SourceHealth(*wrong, state)
            if found.health == "ok" and (source := files.get(state.source)):
                wrong = unexpected(source_vitals(db, source.id), source.health)
                found = SourceHealth(*wrong, state) if wrong else found
            health.append(found)
    return health


def _indexes(archive: Path) -> list[dict[str, Any]]:
    """How the feeds, sitemaps and lists answered last; none where another machine crawls."""
    if not archive.exists():
        return []
    with Archive(archive, readonly=True) as opened:
        return opened.index_states()


def _health(state: SourceState, indexes: Sequence[dict[str, Any]], now: datetime) -> SourceHealth:
    refused = [row for row in indexes if row["outcome"] in REFUSALS]
    # An index of sitemaps lists nothing itself.
    telling = [row for row in indexes if row["links"] or row["outcome"] not in (None, "unchanged")]
    if refused and len(refused) == len(telling):
        return SourceHealth("blocked", f"{refused[0]['outcome']}: {refused[0]['url']}", state)
    if state.last_state == "failed":
        broken = next((row for row in indexes if row["outcome"] not in (None, "unchanged")), None)
        why = f"{broken['outcome']}: {broken['url']}" if broken else "the last run failed"
        return SourceHealth("failed", why, state)
    if not state.discovered:
        return SourceHealth("empty", "its feeds, sitemaps and lists were read and held no address", state)
    if state.refused > state.loaded + state.rejected:
        return SourceHealth("blocked", f"{state.refused} of {state.discovered} pages refused", state)
    return SourceHealth(*_age(state, now), state)


def _in_vain(lately: Lately, state: SourceState) -> tuple[str, str] | None:
    """What is wrong where everything was read, and nothing of it was the source's or was given."""
    if state.discovered and lately.strange == state.discovered:
        return "empty", f"none of the {state.discovered} addresses it lists is of its sites and allow rules"
    if lately.found == lately.elsewhere >= _ENOUGH:
        return "empty", f"the last {lately.found} addresses that it lists are on other sites"
    if lately.visited == lately.refused >= _ENOUGH:
        return "blocked", f"the last {lately.visited} pages asked for were refused"
    return None


def _age(state: SourceState, now: datetime) -> tuple[str, str]:
    limit = duration(state.newest_within)
    if not state.newest:
        return "ok", "no dated article yet"
    age = now - datetime.fromisoformat(state.newest).astimezone(UTC)
    if limit and age > limit:
        return "silent", f"the newest article is {age.days} days old, more than {state.newest_within}"
    return "ok", ""


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of weeks, days, hours and minutes; zero for anything else."""
    found = _DURATION.fullmatch(text)
    weeks, days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
