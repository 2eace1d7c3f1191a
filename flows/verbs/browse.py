"""``aidwire browse``: the database in a web browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.options import data_option, places

if TYPE_CHECKING:
    from pathlib import Path


@click.command("browse")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Its port.")
@data_option
def command(host: str, port: int, data: Path) -> None:
    """Browse the database with Datasette, until Ctrl-C.

    Tables, filters, search in any language, and the documented queries as forms.

    The database is only read, and may be loaded meanwhile. Needs the extra: pip install
    'aidwire[browse]'.
    """
    from flows.browsing import browse

    browse(places(data).database, host, port)
