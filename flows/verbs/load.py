"""``aidwire load``: load the batches that wait in the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.options import data_option, places

if TYPE_CHECKING:
    from pathlib import Path


@click.command("load")
@data_option
def command(data: Path) -> None:
    """Load the batches that wait in the outbox, oldest first.

    Loading twice changes nothing. The outbox is DATA/outbox, or any fsspec address in
    AIDWIRE_OUTBOX. Exit 1 if a batch could not be read; it is set aside under the suffix .bad.
    """
    from flows.load import load

    where = places(data)
    if not where.database.exists():
        click.echo(f"no database in {data} yet: a new one is made, {where.database}", err=True)
    report = load(where)
    new = sum(batch.counts.new for batch in report.loaded)
    updated = sum(batch.counts.updated for batch in report.loaded)
    click.echo(f"{len(report.loaded)} batches loaded: {new} new articles, {updated} new versions")
    for line in report.set_aside:
        click.echo(f"aidwire: {line}", err=True)
    if report.set_aside:
        raise click.exceptions.Exit(1)
