"""Maintain: backup, check and optimise the database, prune the archives, renew their site lines.

Plain functions, no server needed. What a machine does not hold it leaves out, so the same command
keeps the one that loads and those that only crawl.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extraction.page import Extracted
from extraction.pool import ExtractionPool
from flows.chosen import readable_sources
from flows.collect import site_rules
from flows.places import Timeout
from storage.archive import Archive
from storage.backup import backup
from storage.clock import stamp_after
from storage.database import DatabaseError, open_database
from storage.health import broken_invariants
from storage.pruning import prune, replace_site_lines, stale_site_lines
from storage.search import rebuild_search
from storage.upkeep import optimise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flows.places import Places
    from spiders.sources import Source

_DAY = 86_400
_MB = 1_000_000
_LOG_DAYS = 180
_LOG_BYTES = 5 * _MB
_SITE_PAGES = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """Raw pages are kept ``keep_days`` (0: for ever) and up to ``keep_mb`` a source (0: no limit);
    the newest ``backups`` copies of the database are kept (0: none is made)."""

    keep_days: int = 0
    keep_mb: int = 0
    backups: int = 7


@dataclass(slots=True)
class Maintained:
    """One row for each thing done (``part``, ``done``), and one line for each that is wrong."""

    rows: list[dict[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def maintain(
    places: Places,
    limits: Limits,
    tell: Callable[[str], None] = lambda _line: None,
    *,
    rebuild: bool = False,
) -> Maintained:
    """Do the upkeep of what is in ``places``; ``tell`` gets a line as each part is done.

    ``rebuild``: make the search index anew as well. What is being collected or loaded just now is
    left for the next time, and said so. Raises AidwireError where a file cannot be used at all.
    """
    places.prepare()
    report = Maintained()

    def done(part: str, what: str) -> None:
        report.rows.append({"part": part, "done": what})
        tell(f"{part}: {what}")

    if places.database.exists():
        _database(places, limits, report, done, rebuild=rebuild)
    sources, wrong = readable_sources(places.sources)
    report.wrong += wrong
    for path in sorted((places.data / "archive").glob("*.db")):
        try:
            with places.lock(path.stem).acquire(timeout=0):
                done(path.stem, _archive(path, places.log(path.stem), limits, sources.get(path.stem)))
        except Timeout:
            done(path.stem, "left out, it is being collected")
        except DatabaseError as error:
            report.wrong.append(str(error))
    return report


def _database(
    places: Places, limits: Limits, report: Maintained, done: Callable[[str, str], None], *, rebuild: bool
) -> None:
    with closing(open_database(places.database)) as db:
        if rebuild:
            with places.lock("load").acquire(timeout=600):
                done("search", f"index made anew from {rebuild_search(db)} articles")
        broken = broken_invariants(db)
        report.wrong += broken
        done("invariants", f"{len(broken)} broken" if broken else "hold")
        if broken:
            done("backup", "not made; the earlier ones are kept")
        elif limits.backups:
            target = places.data / "backups" / f"aid-{datetime.now(UTC):%Y-%m-%d}.db"
            articles = backup(db, target)
            for old in sorted(target.parent.glob("aid-*.db"))[: -limits.backups]:
                old.unlink()
            done("backup", f"{articles} articles in {target}, checked")
        optimise(db)
        done("database", "optimised")


def _archive(path: Path, log: Path, limits: Limits, source: Source | None) -> str:
    """Maintain an archive whose lock is held; return what was done, in words."""
    # Before pruning: the newest pages are what the site's lines are learnt from.
    counted = _renew_site_lines(path, source) if source else 0
    pruned = prune(
        path,
        before=stamp_after(-limits.keep_days * _DAY) if limits.keep_days else "",
        most_bytes=limits.keep_mb * _MB,
        log_before=stamp_after(-_LOG_DAYS * _DAY),
    )
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    words = [f"{pruned.bodies} raw pages pruned ({pruned.bytes / _MB:.1f} MB)"] if pruned.bodies else []
    words += [f"site lines counted anew from {counted} pages"] if counted else []
    return ", ".join(words) or "nothing to prune"


def _renew_site_lines(path: Path, source: Source) -> int:
    """Count the site's lines from its newest pages where too many old ones are in the count."""
    newest = stale_site_lines(path, _SITE_PAGES)
    if not newest:
        return 0
    with Archive(path, readonly=True) as archive, ExtractionPool(workers=1) as pool:
        results = pool.run((archive.page(url), site_rules(source)) for url in newest)
        lines = {
            url: result.lines
            for url, result in zip(newest, results, strict=True)
            if isinstance(result, Extracted)
        }
    replace_site_lines(path, lines)
    return len(lines)
