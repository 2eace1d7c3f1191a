"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flows.places import PlaceError, Places

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., Any])

_FOLDER = click.Path(path_type=Path, file_okay=False)


def data_option(command: Command) -> Command:
    """``--data DIR``."""
    return click.option(
        "--data",
        type=_FOLDER,
        envvar="AIDWIRE_DATA",
        default="data",
        show_default=True,
        show_envvar=True,
        help="Folder of the database, the archives and the outbox.",
    )(command)


def sources_option(command: Command) -> Command:
    """``--sources DIR``."""
    return click.option(
        "--sources",
        "folder",
        type=_FOLDER,
        envvar="AIDWIRE_SOURCES",
        default="sources",
        show_default=True,
        show_envvar=True,
        help="Folder of the source files.",
    )(command)


def limit_options(command: Command) -> Command:
    """``--keep-days N``, ``--keep-mb N``, ``--backups N``: the limits of ``maintain``."""
    # Each with its default and the most that makes sense: a day before the calendar begins is no day.
    texts = {
        "keep_days": (0, 100_000, "Delete raw pages older than so many days; 0 keeps them for ever."),
        "keep_mb": (
            *(0, 1_000_000_000),
            "Delete a source's oldest raw pages beyond so many megabytes; 0: no limit.",
        ),
        "backups": (7, 100_000, "Keep so many backups of the database, one a day; 0 makes none."),
    }
    for name, (default, most, text) in reversed(texts.items()):
        command = click.option(
            f"--{name.replace('_', '-')}",
            type=click.IntRange(0, most),
            envvar=f"AIDWIRE_{name.upper()}",
            default=default,
            show_default=True,
            show_envvar=True,
            help=text,
        )(command)
    return command


def private_option(command: Command) -> Command:
    """``--allow-private HOST:PORT``."""
    return click.option(
        "--allow-private",
        "private",
        multiple=True,
        metavar="HOST:PORT",
        help="A private or loopback address that may be fetched; may be given several times.",
    )(command)


def full_text_option(command: Command) -> Command:
    """``--full-text``."""
    return click.option(
        "--full-text",
        is_flag=True,
        help="Include full texts whose rights do not allow sharing, for your own use.",
    )(command)


def json_option(command: Command) -> Command:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(command)


def places(data: Path, folder: Path | None = None) -> Places:
    """The places that the options name."""
    return Places.at(data, folder or Path("sources"))


def existing_places(data: Path) -> Places:
    """The places in ``data``. Raises PlaceError where no database is there, for a command that would
    otherwise make an empty one in a mistyped folder."""
    where = places(data)
    if not where.database.exists():
        raise PlaceError(f"{where.database}: no such file; run a crawl first, or name the folder with --data")
    return where
