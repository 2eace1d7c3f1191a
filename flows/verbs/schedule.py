"""``aidwire schedule``: every enabled source on its own schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.options import data_option, limit_options, places, sources_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("schedule")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where a server of our own listens.")
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Its port.")
@limit_options
@data_option
@sources_option
def command(
    host: str, port: int, keep_days: int, keep_mb: int, backups: int, data: Path, folder: Path
) -> None:
    """Serve every enabled source on its own schedule.

    Runs on this machine until Ctrl-C.

    Uses the Prefect server in PREFECT_API_URL, or starts one in DATA/prefect and shows its page at
    http://127.0.0.1:4200. One run of a source at a time; a late one is skipped and recorded. Every
    night (03:17 UTC) comes the upkeep of aidwire maintain. Alarms go to the Apprise addresses in
    AIDWIRE_NOTIFY.
    """
    from flows.chosen import chosen_sources
    from flows.maintain import Limits
    from flows.prefect_settings import set_prefect_defaults

    where = places(data, folder)
    chosen_sources(folder, ())  # nothing to serve, or a wrong file, is said before a server starts
    where.prepare()
    set_prefect_defaults(data)

    from flows.prefect_server import prefect_server

    with prefect_server(data / "logs" / "prefect-server.log", host=host, port=port) as address:
        from flows.serving import serve_sources

        click.echo(f"schedules and runs: {address.removesuffix('/api')}", err=True)
        serve_sources(where, Limits(keep_days, keep_mb, backups), lambda line: click.echo(line, err=True))
