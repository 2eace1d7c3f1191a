"""``aidwire maintain``: backup, check, optimise, prune."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.options import data_option, limit_options, places, sources_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("maintain")
@click.option("--rebuild-search", is_flag=True, help="Make the search index anew from the articles.")
@limit_options
@data_option
@sources_option
def command(
    rebuild_search: bool, keep_days: int, keep_mb: int, backups: int, data: Path, folder: Path
) -> None:
    """Check, back up, optimise and prune the data folder.

    What aidwire schedule does every night. Where there is no database, as on a machine that only
    crawls, the archives alone are maintained. Exit 1 if an invariant does not hold.
    """
    from flows.maintain import Limits, maintain

    report = maintain(
        places(data, folder), Limits(keep_days, keep_mb, backups), click.echo, rebuild=rebuild_search
    )
    for line in report.wrong:
        click.echo(f"aidwire: {line}", err=True)
    if report.wrong:
        raise click.exceptions.Exit(1)
