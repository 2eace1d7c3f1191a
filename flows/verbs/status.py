"""``aidwire status``: health of every source, backlog, invariants."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from flows.options import data_option, json_option, places, sources_option

if TYPE_CHECKING:
    from pathlib import Path

    from flows.health import Status


@click.command("status")
@json_option
@data_option
@sources_option
def command(as_json: bool, data: Path, folder: Path) -> None:
    """Show how each source stands, and the invariants.

    A source is ok, or: failed (its feeds could not be read), blocked (it refuses us), empty (read,
    but nothing listed), silent (its newest article is older than it should be), drift (its pages
    changed their layout), breach (it is not as its file expects under [health]). Source files that
    cannot be read are named too. Exit 1 unless all is well.
    """
    from flows.health import read_status

    if not folder.is_dir():
        click.echo(
            f"aidwire: no folder of source files at {folder}, so what they expect is not checked; name it"
            " with --sources",
            err=True,
        )
    status = read_status(places(data, folder))
    if as_json:
        click.echo(json.dumps({"well": status.well} | asdict(status), ensure_ascii=False, indent=2))
    else:
        _show(status)
    if not status.well:
        raise click.exceptions.Exit(1)


def _show(status: Status) -> None:
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column("source", overflow="fold")
    table.add_column("health", no_wrap=True)
    counts = ("discovered", "loaded", "rejected", "pending", "failed")
    for name in counts:
        table.add_column(name, justify="right")
    table.add_column("newest", no_wrap=True)
    for source in status.sources:
        state = source.state
        numbers = (str(getattr(state, name)) for name in counts)
        table.add_row(state.source, source.health, *numbers, state.newest[:10])
    Console().print(table)
    for source in status.sources:
        if source.why:
            click.echo(f"{source.state.source}: {source.why}")
    click.echo(
        f"{len(status.backlog)} batches wait; "
        + ("load them: aidwire load" if status.backlog else "all loaded")
    )
    for line in status.unreadable:
        click.echo(f"source file: {line}")
    for line in status.broken:
        click.echo(f"invariant broken: {line}")
    click.echo("invariants hold" if not status.broken else f"{len(status.broken)} invariants broken")
