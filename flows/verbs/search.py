"""``aidwire search``: full text, any language, any length."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from flows.options import data_option, json_option, places

if TYPE_CHECKING:
    from pathlib import Path


@click.command("search")
@click.argument("query")
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=20, show_default=True, help="Hits at most."
)
@json_option
@data_option
def command(query: str, limit: int, as_json: bool, data: Path) -> None:
    """Search titles and texts for QUERY, best first.

    Any language and any length, one Chinese character included. Words apart must all occur;
    "words in quotes" must stand together.
    """
    from storage.database import open_database
    from storage.search import search

    if not any(char.isalnum() for char in query):
        raise click.UsageError(f"nothing to search for in {query!r}; give a word, a character or a number")
    db = open_database(places(data).database, readonly=True)
    hits = search(db, query, limit=limit)
    if as_json:
        click.echo(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=2))
        return
    for hit in hits:
        click.echo(f"{(hit.published_at or 'undated')[:16]:16}  {hit.source}  {hit.title}")
        click.echo(f"    {hit.snippet}\n    {hit.url}")
    if not hits:
        click.echo("nothing found", err=True)
