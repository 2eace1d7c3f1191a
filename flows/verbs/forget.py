"""``aidwire forget``: delete an article everywhere, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.options import data_option, existing_places

if TYPE_CHECKING:
    from pathlib import Path


@click.command("forget")
@click.argument("url")
@click.option("--undo", is_flag=True, help="Let URL be collected again; what was deleted stays deleted.")
@data_option
def command(url: str, undo: bool, data: Path) -> None:
    """Delete the article at URL everywhere, for good.

    Text, versions, facts, search entry, and its page in the archive are gone.

    A tombstone keeps it from being collected again. Reposts by other outlets stay and are named.
    Backups and exports made earlier are not touched. Exit 1, and nothing is changed, if URL is not
    known.
    """
    from flows.forgetting import allow_again_everywhere, forget_everywhere
    from flows.one_page import checked_address

    checked_address(url)
    where = existing_places(data)
    if undo:
        allow_again_everywhere(url, where)
        click.echo(f"{url} may be collected again, when its source lists it next")
        return
    forgotten = forget_everywhere(url, where)
    click.echo(
        f"{len(forgotten.articles)} articles and {len(forgotten.addresses)} addresses deleted; they are"
        " kept out from now on, --undo lifts that"
    )
    for _, address in forgotten.addresses:
        click.echo(f"deleted {address}")
    for copy in forgotten.copies:
        click.echo(f"the same story stays at {copy}")
