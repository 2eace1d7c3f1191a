"""``aidwire snapshot``: a frozen release for others to work with."""

from __future__ import annotations

from pathlib import Path

import click

from flows.options import data_option, existing_places, full_text_option


@click.command("snapshot")
@click.argument("target", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False))
@full_text_option
@data_option
def command(target: Path, full_text: bool, data: Path) -> None:
    """Write a frozen release of the database into FOLDER.

    It holds the database, the articles as Parquet, and a manifest.

    The manifest has the hash of each file, the rows of each table and the span of publication.
    Texts that may not be shared are left out. Needs the extra: pip install 'aidwire[export]'.
    """
    from storage.database import open_database
    from storage.snapshot import snapshot

    manifest = snapshot(open_database(existing_places(data).database), target, full_text=full_text)
    click.echo(f"{target}: " + ", ".join(str(name) for name in manifest["files"]))
