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

_SILENT_SECONDS = 90  # three heartbeats
_STARTING_SECONDS = 110
_ENDS = frozenset(
    f"prefect.flow-run.{end}" for end in ("Completed", "Failed", "TimedOut", "Cancelled", "Crashed")
)


async def set_server_rules(client: PrefectClient) -> None:
    """Create or renew the concurrency limit of loads and the automations that end dead runs.

    A killed process cannot say that it ended: its run would stay Running for ever and, with one run
    at a time, its source would never run again. So would one that never came to run.
    """
    await client.upsert_global_concurrency_limit_by_name(LOAD_LIMIT, 1)
    heartbeat = "prefect.flow-run.heartbeat"
    for automation in (
        _crash_where_missing(
            "aidwire: end runs whose process is gone",
            f"No heartbeat for {_SILENT_SECONDS} seconds: its process or its machine is gone.",
            # A run may die before its first heartbeat.
            after={"prefect.flow-run.Running", heartbeat},
            expect=heartbeat,
            within=_SILENT_SECONDS,
        ),
        _crash_where_missing(
            "aidwire: end runs that did not start",
            f"Did not start within {_STARTING_SECONDS} seconds: its worker is gone, or overloaded.",
            after={"prefect.flow-run.Pending"},
            expect="prefect.flow-run.Running",
            within=_STARTING_SECONDS,
        ),
    ):
        if found := await client.read_automations_by_name(automation.name):
            await client.update_automation(found[0].id, automation)
        else:
            await client.create_automation(automation)


def _crash_where_missing(
    name: str, message: str, *, after: set[str], expect: str, within: int
) -> AutomationCore:
    """Marks a run of ours Crashed where ``expect``, or its end, does not follow ``after`` in time."""
    return AutomationCore(
        name=name,
        description=message,
        trigger=EventTrigger(
            after=after,
            expect={expect, *_ENDS},
            match={"prefect.resource.id": ["prefect.flow-run.*"]},
            match_related={"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{LABEL}"},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=within),
        ),
        actions=[ChangeFlowRunState(name="Crashed", state=StateType.CRASHED, message=message, force=False)],
    )
