"""``aidwire forget``: delete an article everywhere, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.options import data_option, places

if TYPE_CHECKING:
    from pathlib import Path


@click.command("forget")
@click.argument("url")
@data_option
def command(url: str, data: Path) -> None:
    """Delete the article at URL everywhere, for good.

    Text, versions, facts, search entry, and its page in the archive are gone.

    A tombstone keeps it from being collected again. Reposts by other outlets stay and are named.
    Backups and exports made earlier are not touched. Exit 1 if nothing was known of URL.
    """
    from flows.forgetting import forget_everywhere
    from flows.one_page import checked_address

    forgotten = forget_everywhere(checked_address(url), places(data))
    click.echo(f"{len(forgotten.articles)} articles and {len(forgotten.addresses)} addresses deleted")
    for copy in forgotten.copies:
        click.echo(f"the same story stays at {copy}")
    if not forgotten.addresses:
        raise click.exceptions.Exit(1)
