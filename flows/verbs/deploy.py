"""``aidwire deploy``: the schedule as deployments on work pools, for several machines."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import click

from flows.options import limit_options, sources_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("deploy")
@click.option("--pool", required=True, metavar="NAME", help="Work pool of the sources that name none.")
@click.option(
    "--load-pool",
    metavar="NAME",
    help="Work pool of the one machine that loads and keeps aid.db.  [default: NAME-load]",
)
@limit_options
@sources_option
def command(
    pool: str,
    load_pool: str | None,
    keep_days: int,
    keep_mb: int,
    backups: int,
    folder: Path,
) -> None:
    """Deploy every enabled source to a Prefect work pool.

    The server is that of PREFECT_API_URL.

    Each worker crawls into a folder of its own (AIDWIRE_DATA) by its copy of the source files
    (AIDWIRE_SOURCES) and puts batches into the outbox that all share (AIDWIRE_OUTBOX, a folder or
    s3://...). Load and maintain run on the load pool, which one machine works. A source is crawled
    by the pool that [run] pool in its file names, else by --pool. Run it again after a change of the
    sources; what has none any more is deleted. See docs/scaling.md.
    """
    from flows.chosen import chosen_sources
    from flows.maintain import Limits
    from flows.prefect_settings import set_prefect_defaults

    if not os.environ.get("PREFECT_API_URL"):
        raise click.UsageError(
            "PREFECT_API_URL is not set: name the server that the workers share, as in"
            " PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    sources = chosen_sources(folder, ())
    set_prefect_defaults(None)

    from flows.deploying import deploy

    limits = Limits(keep_days, keep_mb, backups)
    deployed = asyncio.run(deploy(sources, pool, load_pool or f"{pool}-load", limits))
    for name, deployments in deployed.pools.items():
        click.echo(f"{name}: {', '.join(sorted(deployments))}")
        click.echo(
            f"    AIDWIRE_DATA=… AIDWIRE_SOURCES=… AIDWIRE_OUTBOX=… prefect worker start --pool {name}"
        )
    for name in deployed.deleted:
        click.echo(f"{name}: deleted, it has no enabled source")
