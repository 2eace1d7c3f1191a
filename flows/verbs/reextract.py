"""``aidwire reextract``: the stored pages by today's rules."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from flows.options import data_option, json_option, places, sources_option

if TYPE_CHECKING:
    from pathlib import Path

    from flows.again import Again


@click.command("reextract")
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--diff", is_flag=True, help="Show what changed in each article.")
@json_option
@data_option
@sources_option
def command(names: tuple[str, ...], diff: bool, as_json: bool, data: Path, folder: Path) -> None:
    """Extract and judge stored pages anew, offline.

    All stored pages of SOURCEs, or of every source where none is named.

    For when rules or lexicon have changed. An article whose text comes out otherwise gets a new
    version with the cause "extraction"; scores, verdicts and facts follow. Prints before and after.
    """
    from flows.again import extract_again
    from flows.chosen import chosen_sources
    from flows.progress import progress_bars
    from spiders.sources import read_sources

    sources = chosen_sources(folder, names) if names else list(read_sources(folder).values())
    with progress_bars(quiet=as_json) as watch:
        again = extract_again(sources, places(data, folder), watch)
    if as_json:
        click.echo(json.dumps(asdict(again), ensure_ascii=False, indent=2))
    else:
        _show(again, diff=diff)


def _show(again: Again, *, diff: bool) -> None:
    click.echo(f"{again.pages} stored pages extracted; {len(again.changed)} articles have another text")
    for change in again.changed:
        click.echo(f"{change.old_length} → {change.length} characters  {change.method}  {change.url}")
        if diff:
            click.echo(change.difference)
    for before, after, number in again.outcomes:
        click.echo(f"{number} addresses: {before} → {after}")
