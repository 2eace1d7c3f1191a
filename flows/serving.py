"""Serving the sources of this machine on their schedules, until told to stop."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prefect import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runner import Runner

from flows.chosen import readable_sources
from flows.deployments import collect_deployment, maintain_deployment
from flows.scheduled import LABEL
from flows.server_rules import set_server_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun

    from flows.maintain import Limits
    from flows.places import Places
    from spiders.sources import Source

# Runs at once on this machine; each is a process of about 150 MB with a spider beside it.
_RUNS_AT_ONCE = 4
_LOOK_EVERY_SECONDS = 5.0
OURS = DeploymentFilter(tags=DeploymentFilterTags(all_=[LABEL]))
_PAGE, _MOST_RUNS = 200, 20_000


def serve_sources(places: Places, limits: Limits, tell: Callable[[str], None]) -> None:
    """Run each enabled source on its schedule, and the upkeep every night, until SIGINT or SIGTERM,
    which end spiders cleanly.

    New, changed and removed source files are taken up as they are saved; ``tell`` gets one line for
    each, and for a file that is wrong, whose source then goes on as it was.
    """
    asyncio.run(_serve(places, limits, tell))


async def _serve(places: Places, limits: Limits, tell: Callable[[str], None]) -> None:
    # Not paused on shutdown: the runner would stumble over deployments that were deleted meanwhile,
    # and skip_missed_runs takes care of what piles up.
    runner = Runner(name="aidwire", limit=_RUNS_AT_ONCE, pause_on_shutdown=False)
    async with get_client() as client:
        await set_server_rules(client)
    served = _Served(places, runner, tell)
    await served.add_upkeep(limits)
    await served.refresh()
    await served.drop_strangers()
    await skip_missed_runs()
    running = asyncio.create_task(runner.start())
    watching = asyncio.create_task(served.watch())
    stop = asyncio.Event()
    # The runner's first step sets a handler of its own, which ends the process at once; ours replace it.
    await asyncio.sleep(0)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
    watching.cancel()
    stopping.cancel()
    if runner.started:
        await runner.astop()
    else:
        running.cancel()
    await asyncio.wait({running})
    for task in (running, watching):
        if task.done() and not task.cancelled():
            task.result()


@dataclass(slots=True)
class _Served:
    """The sources being served, and how their files looked when they were read."""

    places: Places
    runner: Runner
    tell: Callable[[str], None]
    sources: dict[str, Source] = field(default_factory=dict)
    deployments: dict[str, UUID] = field(default_factory=dict)
    files: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def _where(self) -> dict[str, str]:
        return {"data": str(self.places.data.resolve()), "sources": str(self.places.sources.resolve())}

    async def add_upkeep(self, limits: Limits) -> None:
        """Serve the nightly upkeep."""
        upkeep = await maintain_deployment(limits, **self._where)
        self.deployments[upkeep.full_name] = await self.runner.aadd_deployment(upkeep)

    async def watch(self) -> None:
        """Take up changes of the source files for ever."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            if _files(self.places.sources) != self.files:
                await self.refresh()

    async def refresh(self) -> None:
        """Bring the deployments in line with the source files."""
        self.files = _files(self.places.sources)
        found, wrong = readable_sources(self.places.sources)
        for line in wrong:
            self.tell(f"{line}; its source is served as before, and its runs fail until it is mended")
        # A file that is wrong for a moment, half saved perhaps, does not end its source.
        kept = {name: s for name, s in self.sources.items() if f"{name}.toml" in self.files}
        wanted = {name: source for name, source in (kept | found).items() if source.enabled}
        for gone in self.sources.keys() - wanted.keys():
            async with get_client() as client:
                await client.delete_deployment(self.deployments.pop(gone))
            self.tell(f"{gone}: no longer served")
        for name, source in wanted.items():
            if self.sources.get(name) != source:
                deployment = await collect_deployment(source, **self._where)
                self.deployments[name] = await self.runner.aadd_deployment(deployment)
                self.tell(f"{name}: served on {source.schedule} ({source.timezone})")
        self.sources = wanted

    async def drop_strangers(self) -> None:
        """Delete deployments that an earlier serve of this folder left and that have no source now."""
        ours = str(self.places.data.resolve())
        async with get_client() as client:
            for found in await client.read_deployments(deployment_filter=OURS):
                mine = found.work_pool_name is None and found.parameters.get("data") == ours
                if mine and found.id not in self.deployments.values():
                    await client.delete_deployment(found.id)


async def skip_missed_runs() -> int:
    """Of the runs missed while nothing was served, leave the newest of each deployment; return how
    many were deleted. Prefect would replay every one of them at once."""
    missed = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"before_": datetime.now(UTC)}),
    )
    async with get_client() as client:
        runs = await _all_runs(client, missed)
        newest = {run.deployment_id: run.id for run in reversed(runs)}
        late = [run.id for run in runs if newest[run.deployment_id] != run.id]
        for run_id in late:
            await client.delete_flow_run(run_id)
    return len(late)


async def _all_runs(client: PrefectClient, wanted: FlowRunFilter) -> list[FlowRun]:
    """The runs of our deployments, newest first."""
    runs: list[FlowRun] = []
    while len(runs) < _MOST_RUNS:
        page = await client.read_flow_runs(
            flow_run_filter=wanted,
            deployment_filter=OURS,
            sort=FlowRunSort.EXPECTED_START_TIME_DESC,
            limit=_PAGE,
            offset=len(runs),
        )
        runs += page
        if len(page) < _PAGE:
            break
    return runs


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.name: (path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(folder.glob("*.toml"))
        if path.exists()
    }
