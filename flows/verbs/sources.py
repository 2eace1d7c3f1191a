"""``aidwire sources``: the sources and their state."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from flows.options import json_option, sources_option

if TYPE_CHECKING:
    from pathlib import Path

    from spiders.sources import Source


@click.command("sources")
@json_option
@sources_option
def command(as_json: bool, folder: Path) -> None:
    """List the sources, where they are read, when they run."""
    from spiders.sources import read_sources

    sources = list(read_sources(folder).values())
    if as_json:
        click.echo(json.dumps([asdict(source) for source in sources], ensure_ascii=False, indent=2))
        return
    table = Table()
    table.add_column("id", no_wrap=True, min_width=max((len(source.id) for source in sources), default=2))
    for name in ("name", "language", "enabled", "schedule", "found in"):
        table.add_column(name, overflow="fold")
    for source in sources:
        table.add_row(*_row(source))
    Console().print(table)


def _row(source: Source) -> tuple[str, ...]:
    enabled = "yes" if source.enabled else "no"
    return (source.id, source.name, source.language, enabled, source.schedule, _found_in(source))


def _found_in(source: Source) -> str:
    ways: dict[str, tuple[Any, ...]] = {
        "feeds": source.discover.feeds,
        "sitemaps": source.discover.sitemaps,
        "lists": source.discover.lists,
        "json": source.discover.json,
    }
    return ", ".join(f"{len(found)} {way}" for way, found in ways.items() if found)
