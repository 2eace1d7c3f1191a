"""Load: from batches in the outbox to ``aid.db``. Plain functions, no server needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from flows.places import PlaceError, Timeout
from storage import batches
from storage.database import open_database
from storage.load import load_batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.places import Places
    from storage.load import LoadCounts
    from storage.models import Run

_WAIT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Loaded:
    """One batch that was loaded."""

    run: Run
    counts: LoadCounts


@dataclass(slots=True)
class LoadReport:
    """The batches loaded, and one line for each that was set aside because it could not be read."""

    loaded: list[Loaded] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)


def load(places: Places, watch: Callable[[str, int], None] = lambda _name, _done: None) -> LoadReport:
    """Load every waiting batch, oldest first; ``watch(batch, records done)`` is called as it goes.

    One load runs at a time; another waits for it. A batch leaves the outbox only after its last
    record is committed, so an interrupted load is finished by the next one.
    """
    places.prepare()
    report = LoadReport()
    try:
        with places.lock("load").acquire(timeout=_WAIT_SECONDS):
            _load(places, report, watch)
    except Timeout as error:
        raise PlaceError(
            f"another load has been running for {_WAIT_SECONDS} seconds; try again later", code=1
        ) from error
    return report


def _load(places: Places, report: LoadReport, watch: Callable[[str, int], None]) -> None:
    db = open_database(places.database)
    try:
        for name in batches.waiting(places.outbox):
            try:
                batch = batches.read(places.outbox, name)
            except batches.BatchError as error:
                report.set_aside.append(f"{error}; renamed to {batches.set_aside(places.outbox, name)}")
                continue
            counts = load_batch(db, batch, partial(watch, name))
            report.loaded.append(Loaded(batch.run, counts))
            batches.remove(places.outbox, name)
    finally:
        db.close()
