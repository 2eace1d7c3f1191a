"""``aidwire demo``: see it work, without a network."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from flows.demo import Demo
    from storage.answers import Answer


@click.command("demo")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data/demo"),
    show_default=True,
    help="Folder for the demo's database; an earlier demo in it is replaced.",
)
def command(data: Path) -> None:
    """Crawl a small bundled site on loopback into a fresh database. No network needed.

    The same code as for any source: several news sites in several markups and encodings, crawled
    twice, the second time after an article was corrected. Then query the database yourself.
    """
    from flows.demo import run_demo
    from flows.progress import progress_bars
    from flows.report import troubles

    started = time.monotonic()
    with progress_bars() as watch:
        demo = run_demo(data, watch)
    _show(demo, data, time.monotonic() - started)
    wrong = troubles([*demo.first, *demo.second])
    for line in wrong:
        click.echo(f"aidwire: {line}", err=True)
    if wrong:
        raise click.exceptions.Exit(1)


def _show(demo: Demo, data: Path, seconds: float) -> None:
    from flows.demo import TRY
    from flows.report import as_table

    console = Console()
    console.print(as_table(demo.first, "What arrived"))
    console.print(as_table(demo.second, "Looked at again, after one article was corrected"))
    console.print(_table(demo.rejects, "What was rejected, and why"))
    console.print(_table(demo.stories, "The most reposted stories"))
    console.print(
        f"{demo.articles} articles in {seconds:.1f} s. A query to try, aid money per recipient:\n",
        style="bold",
    )
    click.echo(f'sqlite3 -box {data / "aid.db"} "\n{TRY}"\n')
    console.print(_table(demo.tried))


def _table(answer: Answer, title: str = "") -> Table:
    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD)
    for name in answer.columns:
        table.add_column(name)
    for row in answer.rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
