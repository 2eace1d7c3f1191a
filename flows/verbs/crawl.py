"""``aidwire crawl``: a one-off crawl of some sources, loaded at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from rich.console import Console

from flows.options import data_option, json_option, places, sources_option

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@click.command("crawl")
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000_000), help="Fetch at most N pages a source.", metavar="N"
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Leave out pages that their feed, sitemap or list dates before DATE (2026-11-23).",
)
@click.option("--revisit", is_flag=True, help="Look at every known article again now.")
@json_option
@data_option
@sources_option
def command(
    names: tuple[str, ...],
    limit: int | None,
    since: datetime | None,
    revisit: bool,
    as_json: bool,
    data: Path,
    folder: Path,
) -> None:
    """Crawl sources now, extract, and load.

    SOURCEs are those named, or every enabled one.

    Several sources run side by side. Pages that are known and not due again are not fetched; what
    --limit leaves over stays pending for the next run. Exit 1 if a source could not be read.
    """
    from flows.chosen import chosen_sources
    from flows.collect import Wishes
    from flows.once import crawl_once
    from flows.progress import progress_bars
    from flows.report import as_rows, as_table, troubles

    sources = chosen_sources(folder, names)
    wishes = Wishes(limit, f"{since:%Y-%m-%d}" if since else "", revisit)
    with progress_bars(quiet=as_json) as watch:
        reports, load_report = crawl_once(sources, places(data, folder), wishes, watch)
    if as_json:
        click.echo(json.dumps(as_rows(reports), ensure_ascii=False, indent=2))
    else:
        Console().print(as_table(reports))
    for line in troubles(reports) + load_report.set_aside:
        click.echo(f"aidwire: {line}", err=True)
    if load_report.set_aside or any(report.state == "failed" for report in reports):
        raise click.exceptions.Exit(1)
