"""A one-off crawl: collect and load, here and now."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from flows.collect import BUSY, Wishes, collect
from flows.load import LoadReport, load
from flows.report import SourceReport, by_source
from storage.database import open_database
from storage.health import source_states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.collect import Watch
    from flows.places import Places
    from spiders.sources import Source


def crawl_once(
    sources: Sequence[Source], places: Places, wishes: Wishes, watch: Watch
) -> tuple[list[SourceReport], LoadReport]:
    """Collect from ``sources`` and load everything that waits.

    A source that another process collects is left out, and reported as failed. Where
    ``PREFECT_API_URL`` is set, the work shows up there as a run of the flow ``crawl``.
    """
    if os.environ.get("PREFECT_API_URL"):
        from flows.scheduled import as_flow_run

        return as_flow_run("crawl", [source.id for source in sources], _crawl, sources, places, wishes, watch)
    return _crawl(sources, places, wishes, watch)


def _crawl(
    sources: Sequence[Source], places: Places, wishes: Wishes, watch: Watch
) -> tuple[list[SourceReport], LoadReport]:
    places.prepare()
    # A database that cannot be loaded is found out before anything is fetched.
    open_database(places.database).close()
    runs = collect(sources, places, wishes, watch)
    report = load(places)
    run_of = {run.source for run in runs}
    busy = [SourceReport(source.id, "failed", f"it {BUSY}") for source in sources if source.id not in run_of]
    reports = sorted([*by_source(runs, report.loaded), *busy], key=lambda row: row.source)
    # A run's batches know what this run left over; the ledger has what earlier ones left, too.
    with closing(open_database(places.database, readonly=True)) as db:
        left = {state.source: state.pending for state in source_states(db)}
    return [replace(row, pending=left.get(row.source, row.pending)) for row in reports], report
