"""What our flows need on a Prefect server: the order of loads, and an end for runs that died."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

from flows.scheduled import LABEL, LOAD_LIMIT

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient

_NAME = "aidwire: mark a run crashed whose process is gone"
# Three heartbeats of 30 seconds.
_SILENT_SECONDS = 90
_ENDS = ("Completed", "Failed", "TimedOut", "Cancelled", "Crashed")


async def set_server_rules(client: PrefectClient) -> None:
    """Create or renew the concurrency limit of loads and the automation that ends dead runs.

    A killed process cannot say that it ended: its run would stay Running for ever and, with one run
    at a time, its source would never run again.
    """
    await client.upsert_global_concurrency_limit_by_name(LOAD_LIMIT, 1)
    automation = AutomationCore(
        name=_NAME,
        description="Runs of aidwire send a heartbeat every 30 seconds; three missed ones: it is gone.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={
                "prefect.flow-run.heartbeat",
                *(f"prefect.flow-run.{end}" for end in _ENDS),
            },
            match={"prefect.resource.id": ["prefect.flow-run.*"]},
            match_related={"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{LABEL}"},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=_SILENT_SECONDS),
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                force=False,
                message=f"No heartbeat for {_SILENT_SECONDS} seconds: its process or its machine is gone.",
            )
        ],
    )
    found = await client.read_automations_by_name(_NAME)
    if found:
        await client.update_automation(found[0].id, automation)
    else:
        await client.create_automation(automation)
