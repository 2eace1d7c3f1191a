"""Which sources a command is about."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from spiders.sources import SourceError, read_source, read_sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spiders.sources import Source


def chosen_sources(folder: Path, names: Sequence[str]) -> list[Source]:
    """The sources named, or every enabled one where none is named.

    Of those named only their own files are read. Raises click.UsageError for an unknown source or
    where nothing is enabled, SourceError for a file that cannot be used.
    """
    if names:
        return [_named(folder, name) for name in dict.fromkeys(names)]
    chosen = [source for source in read_sources(folder).values() if source.enabled]
    if not chosen:
        raise click.UsageError(
            f"no source in {folder} is enabled; name one, or set enabled = true in its file"
        )
    return chosen


def _named(folder: Path, name: str) -> Source:
    """The source of that name; the other files of the folder may be as they like."""
    if not folder.is_dir():
        raise SourceError(f"{folder}: No such file or directory; name the folder of source files")
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if name not in known:
        raise click.UsageError(f"unknown source {name!r}{_suggestion(name, known)}; see: aidwire sources")
    return read_source(folder / f"{name}.toml")


def readable_sources(folder: Path) -> tuple[dict[str, Source], list[str]]:
    """The sources of every file that can be read, by id, and a line for each file that cannot.

    For what goes on whatever one file is like; a folder that is not there has no sources.
    """
    sources, wrong = {}, []
    for path in sorted(folder.glob("*.toml")):
        try:
            sources[path.stem] = read_source(path)
        except SourceError as error:
            wrong.append(str(error))
    return sources, wrong


def _suggestion(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f", did you mean {close[0]!r}?" if close else ""
