"""The Prefect flows: thin around the plain functions, with parameters that make a form in the UI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from prefect import flow, get_run_logger, tags
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.runtime import flow_run
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.chosen import chosen_sources
from flows.collect import Wishes, collect
from flows.load import load
from flows.places import Places
from flows.report import as_rows, by_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prefect.deployments.runner import RunnerDeployment

    from spiders.sources import Source

Result = TypeVar("Result")

# The tag of every deployment and run of ours.
LABEL = "aidwire"


class CollectFailedError(RuntimeError):
    """None of a source's feeds, sitemaps or lists could be read."""


def _run_name() -> str:
    return f"{flow_run.parameters['source']} {flow_run.scheduled_start_time:%Y-%m-%d %H:%M}"


@flow(name="collect", flow_run_name=_run_name)
def collect_source(
    source: str,
    data: str = "data",
    sources: str = "sources",
    limit: int | None = None,
    since: str = "",
    revisit: bool = False,
) -> list[dict[str, Any]]:
    """Crawl one source, extract, batch and load.

    Args:
        source: id of the source, the name of its file.
        data: folder of the database, the archives and the outbox.
        sources: folder of the source files.
        limit: fetch at most so many pages.
        since: leave out pages dated before this ISO date.
        revisit: look at every known article again now.
    """
    places = Places.at(Path(data), Path(sources))
    log = get_run_logger()
    chosen = chosen_sources(Path(sources), [source])
    runs = collect(chosen, places, Wishes(limit, since, revisit), lambda _source, _stage, _done: None)
    rows = as_rows(by_source(runs, load(places).loaded))
    for row in rows:
        log.info("%s", row)
    create_table_artifact(
        table=[{name: str(value) for name, value in row.items()} for row in rows],
        key=f"collect-{source.replace('_', '-')}",
        description=f"What the newest run of {source} came to; its log is {places.log(source)}",
    )
    failed = [run for run in runs if run.state == "failed"]
    if failed:
        raise CollectFailedError(f"{source}: {failed[0].detail}")
    return rows


@flow(name="load", flow_run_name="load")
def load_outbox(data: str = "data") -> int:
    """Load every batch that waits in the outbox; return how many there were."""
    return len(load(Places.at(Path(data), Path("sources"))).loaded)


async def deployment(source: Source, places: Places) -> RunnerDeployment:
    """The deployment of one source: its schedule and time zone, one run at a time."""
    return await collect_source.ato_deployment(
        name=source.id,
        schedule=Cron(source.schedule, timezone=source.timezone),
        parameters={
            "source": source.id,
            "data": str(places.data.resolve()),
            "sources": str(places.sources.resolve()),
        },
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        tags=[LABEL, source.id],
        description=f"{source.name} — {source.homepage}",
        # A file entry point would put flows/ itself on sys.path.
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def as_flow_run(name: str, labels: Sequence[str], work: Callable[..., Result], *arguments: object) -> Result:
    """Do ``work(*arguments)`` as a run of a flow ``name`` on the configured server."""

    @flow(name=name, flow_run_name=f"{name} {' '.join(labels)[:80]}")
    def run() -> Result:
        return work(*arguments)

    with tags(LABEL, *labels):
        return run()
