"""``aidwire add``: draft the source file of a site."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import click

from flows.options import private_option, sources_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("add")
@click.argument("url")
@click.option("--id", "name", metavar="ID", help="Name of the source file; by default from the host.")
@private_option
@sources_option
def command(url: str, name: str | None, private: tuple[str, ...], folder: Path) -> None:
    """Draft the source file of the site at URL.

    Finds its feeds, its sitemaps and how its list page is built, and writes sources/<id>.toml.

    Also saves one page and what is extracted from it, under snapshots/ beside the source file: read
    the record, mend the file until it is right, then set "reviewed" to true. The source is written
    with enabled = false.
    """
    from flows import snapshots
    from flows.one_page import checked_address, stored
    from spiders.probe import probe
    from spiders.sources import read_source, source_from_table
    from spiders.suggest import suggest

    if name is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_]*", name):
        raise click.UsageError(f"--id {name!r} is no name of a source file; use a-z, 0-9 and _ only")
    draft = suggest(checked_address(url), allow_private=private)
    file = folder / f"{name or draft.id}.toml"
    toml = _with_zone(draft.toml)
    source_from_table(file.stem, tomllib.loads(toml), str(file))
    if file.exists():
        raise click.UsageError(f"{file} exists; choose another name with --id")
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(toml, encoding="utf-8")
    for note in draft.notes:
        click.echo(note)
    click.echo(f"wrote {file}")
    if not draft.page:
        click.echo("no article was found to save for review")
        return
    source = read_source(file)
    [look] = probe([draft.page], source)
    if look.visit.outcome is not None:
        click.echo(f"{draft.page} could not be saved for review: {look.visit.outcome} {look.visit.detail}")
        return
    for path in snapshots.save(source, stored(look), folder):
        click.echo(f"wrote {path}")
    click.echo(f"next: review them, then aidwire check {file.stem}")


def _with_zone(toml: str) -> str:
    """The draft with the time zone that extraction takes for the site's language, where its address
    tells none: times without an offset would be read as UTC, hours off."""
    from extraction.languages import time_zone

    table = tomllib.loads(toml)
    zone = "" if "country" in table else time_zone(table["homepage"], "", table["language"])
    return (
        toml.replace('timezone = "UTC"  # not known', f'timezone = "{zone}"  # by its language')
        if zone
        else toml
    )
