"""``aidwire backup``: a consistent, verified copy of the database."""

from __future__ import annotations

from pathlib import Path

import click

from flows.options import data_option, existing_places


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def command(file: Path, data: Path) -> None:
    """Copy the database to FILE and check the copy.

    Works also while it is being loaded.

    FILE is replaced only when the copy is whole: its invariants hold, its texts match their hashes.
    A FILE that is no copy of a database stays as it is.
    """
    from storage.backup import backup
    from storage.database import open_database

    db = open_database(existing_places(data).database)
    click.echo(f"{file}: {backup(db, file)} articles, checked")
