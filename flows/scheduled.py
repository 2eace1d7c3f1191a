"""The Prefect flows: thin around the plain functions, with parameters that make a form in the UI."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from prefect import flow, get_run_logger, tags, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.concurrency.sync import concurrency
from prefect.runtime import flow_run
from pydantic import Field

from flows.alarms import raise_alarms
from flows.collect import Wishes, collect
from flows.load import load as load_batches
from flows.maintain import Limits
from flows.maintain import maintain as maintain_places
from flows.places import PlaceError, Places
from flows.report import as_rows, by_source
from flows.run_page import RunPage
from spiders.sources import read_source
from storage.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun

    from flows.load import LoadReport
    from spiders.sources import Source
    from storage.models import Run

Result = TypeVar("Result")

# The tag of every deployment and run of ours.
LABEL = "aidwire"
# The global concurrency limit that orders the loads of one server.
LOAD_LIMIT = "aidwire-load"

# What may pass in minutes. A refusal does not, and asking again at once would only be rude.
_PASSING = frozenset({"timeout", "connection_error", "truncated", "server_error", "robots_unreachable"})
_RETRY_SECONDS = (30.0, 120.0)
# A crawl stops by itself after three hours and keeps what it has; this is for what hangs.
_LONGEST_SECONDS = 4 * 3600

AtLeastOne = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]


class CollectFailedError(RuntimeError):
    """None of a source's feeds, sitemaps or lists could be read."""


class UnreachableError(CollectFailedError):
    """None could be read for a reason that may pass: no answer in time, no connection, 5xx."""


class MaintainError(RuntimeError):
    """The database or an archive is not as it must be; says what."""


def _run_name() -> str:
    return f"{flow_run.parameters['source']} {flow_run.scheduled_start_time:%Y-%m-%d %H:%M}"


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), UnreachableError)


@task(
    task_run_name="crawl and extract {source.id}",
    cache_policy=NO_CACHE,
    retries=len(_RETRY_SECONDS),
    retry_delay_seconds=list(_RETRY_SECONDS),
    retry_jitter_factor=0.5,
    retry_condition_fn=_may_pass,
)
def collect_stage(source: Source, places: Places, wishes: Wishes, page: RunPage, runs: list[Run]) -> None:
    """Collect, and add the run to ``runs``; try again, twice, what may pass.

    Raises UnreachableError or CollectFailedError where nothing of the source could be read.
    """
    [run] = collect([source], places, wishes, page.watch)
    runs.append(run)
    if run.state == "failed":
        with Archive(places.archive(source.id), readonly=True) as archive:
            outcomes = {index["outcome"] for index in archive.index_states()}
        kind = UnreachableError if outcomes and outcomes <= _PASSING else CollectFailedError
        raise kind(f"{source.id}: {run.detail}")


@task(name="load", task_run_name="load", cache_policy=NO_CACHE)
def load_stage(places: Places) -> LoadReport:
    """Load what waits, when no other load of this server is at work, then say what needs attention."""
    with concurrency(LOAD_LIMIT, occupy=1):
        report = load_batches(places)
    _warn(raise_alarms(places, {batch.run.source for batch in report.loaded}))
    return report


@flow(name="collect", flow_run_name=_run_name, timeout_seconds=_LONGEST_SECONDS)
def collect_source(
    source: str,
    limit: AtLeastOne | None = None,
    since: date | None = None,
    revisit: bool = False,
    load: bool = True,
    data: str = "",
    sources: str = "",
) -> list[dict[str, Any]]:
    """Crawl one source, extract, batch and load.

    Args:
        source: id of the source: the name of its file without .toml.
        limit: fetch at most so many pages; the rest stays pending for the next run.
        since: leave out pages that their feed, sitemap or list dates before this day.
        revisit: look at every known article again now.
        load: load the batches as well; off where another machine loads what is in the outbox.
        data: folder of the database, the archives and the outbox; empty is AIDWIRE_DATA where it runs.
        sources: folder of the source files; empty is AIDWIRE_SOURCES where it runs.
    """
    places = _places(data, sources)
    # Its own file only: a mistake in another one is no concern of this run.
    chosen = read_source(places.sources / f"{source}.toml")
    places.prepare()
    wishes = Wishes(limit, since.isoformat() if isinstance(since, date) else "", revisit)
    page = RunPage(source, places.log(source))
    runs: list[Run] = []
    ended = collect_stage(chosen, places, wishes, page, runs, return_state=True)
    loaded = load_stage(places).loaded if load else []
    rows = as_rows(by_source(runs, loaded))
    page.finish(rows)
    ended.result()
    return rows


@flow(name="load", flow_run_name="load")
def load_outbox(data: str = "") -> int:
    """Load every batch that waits in the outbox; return how many there were.

    Args:
        data: folder of the database; empty is AIDWIRE_DATA where it runs.
    """
    report = load_stage(_places(data, ""))
    if report.loaded:
        _show(
            "load",
            "What the newest load brought",
            [{"source": batch.run.source, **_numbers(batch.counts)} for batch in report.loaded],
        )
    if report.set_aside:
        raise MaintainError("; ".join(report.set_aside))
    return len(report.loaded)


@flow(name="maintain", flow_run_name="maintain")
def maintain_data(
    keep_days: NotNegative = 0,
    keep_mb: NotNegative = 0,
    backups: NotNegative = 7,
    data: str = "",
    sources: str = "",
) -> list[dict[str, str]]:
    """Check, back up and optimise the database; prune the archives and renew their site lines.

    Args:
        keep_days: delete raw pages older than so many days; 0 keeps them for ever.
        keep_mb: delete a source's oldest raw pages beyond so many megabytes; 0 is no limit.
        backups: keep so many backups of the database, one a day; 0 makes none.
        data: folder of the database and the archives; empty is AIDWIRE_DATA where it runs.
        sources: folder of the source files; empty is AIDWIRE_SOURCES where it runs.
    """
    places = _places(data, sources)
    report = maintain_places(places, Limits(keep_days, keep_mb, backups))
    _show("maintain", "What the newest upkeep did", report.rows)
    _warn(raise_alarms(places, broken=report.wrong))
    if report.wrong:
        raise MaintainError("; ".join(report.wrong))
    return report.rows


def as_flow_run(name: str, labels: Sequence[str], work: Callable[..., Result], *arguments: object) -> Result:
    """Do ``work(*arguments)`` as a run of a flow ``name`` on the configured server."""

    @flow(name=name, flow_run_name=f"{name} {' '.join(labels)[:80]}")
    def run() -> Result:
        return work(*arguments)

    with tags(LABEL, *labels):
        return run()


def _places(data: str, sources: str = "") -> Places:
    found = {
        "AIDWIRE_DATA": data or os.environ.get("AIDWIRE_DATA", ""),
        "AIDWIRE_SOURCES": sources or os.environ.get("AIDWIRE_SOURCES", ""),
        "AIDWIRE_OUTBOX": os.environ.get("AIDWIRE_OUTBOX") or str(Path.cwd()),
    }
    for name, value in found.items():
        # A worker runs flows in a folder that is deleted afterwards, and everything relative with it.
        if "://" not in value and not Path(value).is_absolute():
            raise PlaceError(f"{name} is {value!r} where this runs: set it there to a folder's whole path")
    return Places.at(Path(found["AIDWIRE_DATA"]), Path(found["AIDWIRE_SOURCES"]))


def _warn(lines: Sequence[str]) -> None:
    for line in lines:
        get_run_logger().warning("%s", line)


def _show(key: str, description: str, rows: Sequence[dict[str, Any]]) -> None:
    create_table_artifact(table=list(rows), key=key, description=description)


def _numbers(counts: Any) -> dict[str, int]:
    names = ("new", "updated", "duplicate", "unchanged", "rejected", "failed", "pending")
    return {name: getattr(counts, name) for name in names}
