"""Alarms: a source whose health changed raises an event and tells whoever is to be told.

Events go to the Prefect server where one is configured, under the names ``aidwire.source.<health>``
and ``aidwire.database.broken``. Messages go to the Apprise addresses in ``AIDWIRE_NOTIFY``, apart by
spaces or commas: ``mailto://…``, ``json://…``, ``ntfy://…`` (https://appriseit.com/services/).
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.chosen import readable_sources
from flows.health import source_health

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from flows.places import Places

DATABASE = "aid.db"


@dataclass(frozen=True, slots=True)
class Alarm:
    """``about`` (a source, or the database) was in one ``health`` and is in another now."""

    about: str
    before: str
    health: str
    why: str

    @property
    def line(self) -> str:
        """The alarm in one line."""
        return f"{self.about}: {self.before} -> {self.health}" + (f" ({self.why})" if self.why else "")


def raise_alarms(
    places: Places, only: Collection[str] | None = None, broken: Sequence[str] | None = None
) -> list[str]:
    """Look at the health of all sources (or of ``only``), and raise what changed since the last time.

    ``broken``: the invariants that do not hold, where they were checked. Returns a line for each
    alarm, and for each address that could not be told; then all is raised again the next time.
    """
    if not places.database.exists():
        return []
    memory = places.data / "health.json"
    with places.lock("alarms").acquire(timeout=60):
        known: dict[str, str] = json.loads(memory.read_text("utf-8")) if memory.exists() else {}
        alarms = _changes(known, _current(places, only, broken))
        if not alarms:
            return []
        _emit(alarms)
        untold = _tell(alarms)
        if not untold:
            part = memory.with_suffix(".part")
            part.write_text(json.dumps(known | {a.about: a.health for a in alarms}, indent=1), "utf-8")
            part.replace(memory)
    return [*(alarm.line for alarm in alarms), *untold]


def _current(
    places: Places, only: Collection[str] | None, broken: Sequence[str] | None
) -> dict[str, tuple[str, str]]:
    """Health and reason by source, but for those that are disabled; of the database where known."""
    files, _ = readable_sources(places.sources)
    current = {
        found.state.source: (found.health, found.why)
        for found in source_health(places, only)
        if found.state.source not in files or files[found.state.source].enabled
    }
    if broken is not None:
        current[DATABASE] = ("broken", broken[0]) if broken else ("ok", "")
    return current


def _changes(known: dict[str, str], current: dict[str, tuple[str, str]]) -> list[Alarm]:
    return [
        Alarm(about, known.get(about, "ok"), health, why)
        for about, (health, why) in current.items()
        if health != known.get(about, "ok")
    ]


def _emit(alarms: Sequence[Alarm]) -> None:
    if not os.environ.get("PREFECT_API_URL"):
        return
    from prefect.events import emit_event

    for alarm in alarms:
        kind = "database" if alarm.about == DATABASE else "source"
        emit_event(
            event=f"aidwire.{kind}.{alarm.health}",
            resource={
                "prefect.resource.id": f"aidwire.{kind}.{alarm.about}",
                "prefect.resource.name": alarm.about,
            },
            payload={"before": alarm.before, "health": alarm.health, "why": alarm.why},
        )


def _tell(alarms: Sequence[Alarm]) -> list[str]:
    """Send one message about all alarms to each address; return a line for each that failed."""
    addresses = [a for a in re.split(r"[\s,]+", os.environ.get("AIDWIRE_NOTIFY", "")) if a]
    if not addresses:
        return []
    from apprise import Apprise, NotifyType

    untold = []
    bad = [alarm for alarm in alarms if alarm.health != "ok"]
    title = f"aidwire: {len(bad)} of {len(alarms)} changes need attention" if bad else "aidwire: well again"
    for address in addresses:
        target = Apprise()
        known = target.add(address)
        if not known or not target.notify(
            body="\n".join(alarm.line for alarm in alarms),
            title=title,
            notify_type=NotifyType.WARNING if bad else NotifyType.SUCCESS,
        ):
            # Without what follows the scheme: it holds passwords.
            where = f"{address.partition('://')[0]}://…"
            untold.append(
                f"AIDWIRE_NOTIFY: {where} {'did not take the message' if known else 'is no Apprise address'}"
            )
    return untold
