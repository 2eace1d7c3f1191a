"""What a crawl came to, a row per source, as a table or as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from storage.models import OUTCOMES, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flows.load import Loaded
    from storage.models import Run


@dataclass(slots=True)
class SourceReport:
    """Counts of one source's run. ``failed`` and ``rejected`` are by outcome; ``pending`` is left over."""

    source: str
    state: str
    detail: str = ""
    discovered: int = 0
    fetched: int = 0
    new: int = 0
    updated: int = 0
    duplicate: int = 0
    unchanged: int = 0
    pending: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)


def by_source(runs: Iterable[Run], loaded: Iterable[Loaded]) -> list[SourceReport]:
    """One report per run, with the counts of that run's loaded batches, sorted by source."""
    reports = {
        run.id: SourceReport(run.source, run.state, run.detail, run.discovered, run.fetched) for run in runs
    }
    for batch in loaded:
        if batch.run.id in reports:
            _add(reports[batch.run.id], batch)
    return sorted(reports.values(), key=lambda report: report.source)


def _add(report: SourceReport, batch: Loaded) -> None:
    for name in ("new", "updated", "duplicate", "unchanged", "pending"):
        setattr(report, name, getattr(report, name) + getattr(batch.counts, name))
    for outcome, count in batch.counts.reasons.items():
        into = report.rejected if OUTCOMES[outcome].state is State.REJECTED else report.failed
        into[outcome] = into.get(outcome, 0) + count


_COUNTS = ("discovered", "fetched", "new", "updated", "duplicate", "unchanged", "pending")
_ALWAYS = ("discovered", "fetched", "new")


def as_table(reports: Sequence[SourceReport], title: str = "") -> Table:
    """The reports as a table for a terminal, without the columns that are zero throughout."""
    counts = [name for name in _COUNTS if name in _ALWAYS or any(getattr(report, name) for report in reports)]
    reasons = [name for name in ("rejected", "failed") if any(getattr(report, name) for report in reports)]
    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD)
    table.add_column("source", no_wrap=True)
    for name in counts:
        table.add_column(name, justify="right")
    for name in reasons:
        table.add_column(name, no_wrap=True)
    for report in reports:
        numbers = (str(getattr(report, name)) for name in counts)
        table.add_row(report.source, *numbers, *(_reasons(getattr(report, name)) for name in reasons))
    return table


def as_rows(reports: Iterable[SourceReport]) -> list[dict[str, Any]]:
    """The reports as JSON values."""
    return [asdict(report) for report in reports]


def troubles(reports: Iterable[SourceReport]) -> list[str]:
    """One line for each source that did not complete."""
    return [f"{r.source} {r.state}: {r.detail}" for r in reports if r.state != "completed"]


def _reasons(counts: dict[str, int]) -> str:
    return (
        "\n".join(
            f"{count} {outcome}" for outcome, count in sorted(counts.items(), key=lambda item: -item[1])
        )
        or "-"
    )
