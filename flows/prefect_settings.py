"""Settings that Prefect needs before it is imported: no telemetry, no pickles, a home of its own."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PREFECT_DEFAULTS = MappingProxyType(
    {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        # With the heartbeat automation, a run whose machine died is marked Crashed within two minutes.
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        # Else the server's database keeps every run, with its log, for ever: 126 kB each.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "1209600",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P3D",
        # Where the pages look for the API: beside themselves, whatever the host and the port are.
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    }
)


def set_prefect_defaults(data: Path | None) -> None:
    """Set what is not set already, for this process and its children. Call before importing Prefect.

    ``data``: the data folder whose ``prefect`` is Prefect's home; None leaves that to Prefect.
    """
    home = {"PREFECT_HOME": str(data.resolve() / "prefect")} if data else {}
    for name, value in (PREFECT_DEFAULTS | home).items():
        os.environ.setdefault(name, value)
