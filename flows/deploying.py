"""Deployments for several machines: on work pools of a Prefect server, for ``prefect worker start``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prefect import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectNotFound

from flows.deployments import collect_deployment, load_deployment, maintain_deployment
from flows.prefect_settings import PREFECT_DEFAULTS
from flows.server_rules import set_server_rules
from flows.serving import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from prefect.client.orchestration import PrefectClient
    from prefect.deployments.runner import RunnerDeployment

    from flows.maintain import Limits
    from spiders.sources import Source

_KIND = "process"
# Of every run, so that the workers need no such settings of their own. A cancelled run's hooks start
# from a script beside Prefect's own storage.py, which would stand in for our package of that name.
_ENVIRONMENT = {**PREFECT_DEFAULTS, "PYTHONSAFEPATH": "1"}


@dataclass(frozen=True, slots=True)
class Deployed:
    """Names of the deployments by work pool, and of earlier ones that were deleted."""

    pools: dict[str, list[str]]
    deleted: list[str]


async def deploy(sources: Sequence[Source], pool: str, load_pool: str, limits: Limits) -> Deployed:
    """Deploy the collect of each source to its pool (``pool`` if its file names none), and load and
    upkeep to ``load_pool``.

    Where data and source files are, each worker's environment says. Pools that are missing are made;
    deployments of an earlier deploy that have no source any more are deleted.
    """
    planned: dict[str, list[RunnerDeployment]] = {}
    for source in sources:
        made = await collect_deployment(source, load=False)
        planned.setdefault(source.pool or pool, []).append(made)
    upkeep = [await load_deployment(), await maintain_deployment(limits)]
    planned.setdefault(load_pool, []).extend(upkeep)
    async with get_client() as client:
        await set_server_rules(client)
        for name in planned:
            await _make_pool(client, name)
        kept = await _apply(planned)
        deleted = await _delete_others(client, kept)
    return Deployed({name: [d.full_name for d in found] for name, found in planned.items()}, deleted)


async def _make_pool(client: PrefectClient, name: str) -> None:
    try:
        await client.read_work_pool(name)
    except ObjectNotFound:
        await client.create_work_pool(WorkPoolCreate(name=name, type=_KIND))


async def _apply(planned: dict[str, list[RunnerDeployment]]) -> set[UUID]:
    kept = set()
    for name, deployments in planned.items():
        for deployment in deployments:
            deployment.job_variables = {"env": _ENVIRONMENT}
            kept.add(await deployment.aapply(work_pool_name=name))
    return kept


async def _delete_others(client: PrefectClient, kept: set[UUID]) -> list[str]:
    deleted = []
    found: list[Any] = await client.read_deployments(deployment_filter=OURS)
    for deployment in found:
        if deployment.work_pool_name is not None and deployment.id not in kept:
            await client.delete_deployment(deployment.id)
            deleted.append(str(deployment.name))
    return deleted
