"""``aidwire export``: the articles as a file."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.options import data_option, full_text_option, places
from storage.sqlite_file import FULL

if TYPE_CHECKING:
    from flows.places import Places


@click.command("export")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["jsonl", "csv", "parquet", "warc"]),
    required=True,
    help="JSON lines, CSV (formulas defused), Parquet, or the stored pages as WARC 1.1.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File instead of stdout (-).")
@full_text_option
@data_option
def command(kind: str, output: Path | None, full_text: bool, data: Path) -> None:
    """Export the articles. Full texts are left out where their rights do not allow sharing them.

    Parquet and WARC need the extra: pip install 'aidwire[export]'.
    """
    output = None if output == Path("-") else output
    if kind == "parquet" and output is None:
        raise click.UsageError("a Parquet file needs --output FILE")
    try:
        number = _export(kind, places(data), output, full_text=full_text)
    except OSError as error:
        if output is None:
            raise  # standard output: the command line says what is wrong with it
        if error.errno in FULL:
            raise click.ClickException(
                f"{output}: {error.strerror}; free some space and run again"
            ) from error
        raise click.UsageError(f"{output}: {error.strerror}") from error
    click.echo(f"{number} article{'' if number == 1 else 's'}", err=True)


def _export(kind: str, where: Places, output: Path | None, *, full_text: bool) -> int:
    from storage import export
    from storage.database import open_database

    db = open_database(where.database, readonly=True)
    if kind == "parquet" and output is not None:
        return export.export_parquet(db, output, full_text=full_text)
    if kind == "warc":
        with _binary(output) as file:
            counts = export.export_warc(db, where.data / "archive", file, full_text=full_text)
        if counts.missing:
            click.echo(f"articles without a stored page here: {counts.missing}", err=True)
        if counts.withheld:
            click.echo(
                f"left out for their rights: {counts.withheld}; --full-text takes them along", err=True
            )
        return counts.written
    write = export.export_csv if kind == "csv" else export.export_jsonl
    with _text(output) as file:
        return write(db, file, full_text=full_text)


def _binary(output: Path | None) -> Any:
    return output.open("wb") if output else nullcontext(sys.stdout.buffer)


def _text(output: Path | None) -> Any:
    return output.open("w", encoding="utf-8", newline="") if output else nullcontext(sys.stdout)
