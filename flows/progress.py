"""Progress bars on stderr, so that stdout holds results only."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from storage.visits import Progress as CrawlProgress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.collect import Watch


@contextmanager
def progress_bars(*, quiet: bool = False) -> Iterator[Watch]:
    """A bar per source: pages fetched of those due, then pages extracted."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[stage]}"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _source, _stage, _done: None
        return
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, int] = {}

        def watch(source: str, stage: str, done: CrawlProgress | int) -> None:
            if source not in tasks:
                tasks[source] = bars.add_task(source, total=None, stage=stage)
            task = bars.tasks[tasks[source]].id
            if isinstance(done, CrawlProgress):
                bars.update(task, completed=done.fetched, total=done.fetched + done.due or None, stage=stage)
            else:
                bars.update(task, completed=done, stage=stage)

        yield watch
