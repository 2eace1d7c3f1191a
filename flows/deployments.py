"""The deployments of the flows: each source on its schedule, the load, the nightly upkeep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.scheduled import LABEL, collect_source, load_outbox, maintain_data

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

    from flows.maintain import Limits
    from spiders.sources import Source

NIGHTLY = "17 3 * * *"
EVERY_MINUTE = "* * * * *"

# One run at a time; one that comes late is cancelled, which is how it is recorded.
_ONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


async def collect_deployment(source: Source, **parameters: Any) -> RunnerDeployment:
    """One source on its own cron and time zone."""
    return await collect_source.ato_deployment(
        name=source.id,
        schedule=Cron(source.schedule, timezone=source.timezone),
        parameters={"source": source.id, **parameters},
        tags=[LABEL, source.id],
        description=f"{source.name} — {source.homepage}",
        concurrency_limit=_ONE,
        # A file entry point would put flows/ itself on sys.path.
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


async def maintain_deployment(limits: Limits, **parameters: Any) -> RunnerDeployment:
    """The upkeep of a data folder, nightly (UTC)."""
    return await maintain_data.ato_deployment(
        name="maintain",
        schedule=Cron(NIGHTLY, timezone="UTC"),
        parameters={
            "keep_days": limits.keep_days,
            "keep_mb": limits.keep_mb,
            "backups": limits.backups,
            **parameters,
        },
        tags=[LABEL],
        concurrency_limit=_ONE,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


async def load_deployment() -> RunnerDeployment:
    """The load of a shared outbox, every minute."""
    return await load_outbox.ato_deployment(
        name="load",
        schedule=Cron(EVERY_MINUTE, timezone="UTC"),
        tags=[LABEL],
        concurrency_limit=_ONE,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
