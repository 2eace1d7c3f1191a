"""``aidwire check``: the live health of sources."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from flows.options import json_option, sources_option

if TYPE_CHECKING:
    from pathlib import Path

    from flows.checking import Check


@click.command("check")
@click.argument("names", metavar="SOURCE...", nargs=-1, required=True)
@json_option
@sources_option
def command(names: tuple[str, ...], as_json: bool, folder: Path) -> None:
    """Say how sources are right now; nothing is kept.

    Reads the feeds, sitemaps and lists of SOURCEs and a few of their newest pages.

    ok, or: failed, blocked, empty (nothing listed), silent (frozen: the newest item is too old),
    drift (the site's layout changed). Exit 1 unless all are ok.
    """
    from flows.checking import check_source
    from flows.chosen import chosen_sources

    checks = []
    for source in chosen_sources(folder, names):
        checks.append(check := check_source(source, folder))
        if not as_json:
            _show(check)
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    if any(check.health != "ok" for check in checks):
        raise click.exceptions.Exit(1)


def _show(check: Check) -> None:
    click.echo(f"{check.source}: {check.health}{': ' if check.why else ''}{check.why}")
    for index in check.indexes:
        state = index.outcome or f"{len(index.links)} addresses, newest {index.newest or 'undated'}"
        click.echo(f"  {index.kind} {index.url}: robots {index.robots}, {state}")
    for url, outcome in check.pages.items():
        click.echo(f"  page {url}: {outcome}")
    filled = ", ".join(f"{name} {count}/{check.articles}" for name, count in check.filled.items())
    click.echo(f"  fields: {filled}")
