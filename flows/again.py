"""Extraction and judgement of the stored pages anew, without the network."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from extraction.page import VERSION
from extraction.pool import ExtractionPool
from flows.collect import digest
from flows.load import load
from flows.places import PlaceError, Timeout
from storage.answers import ask
from storage.archive import Archive
from storage.clock import stamp
from storage.database import open_database
from storage.models import Run
from storage.reextraction import Reextracted, reextracted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.collect import Watch
    from flows.places import Places
    from spiders.sources import Source


@dataclass(frozen=True, slots=True)
class Again:
    """What a pass over the stored pages changed. ``pages`` were extracted; ``changed`` are articles
    with another title or text; ``outcomes`` are (before, after, addresses) where that differs, with
    the verdict in place of the outcome where there was one."""

    pages: int
    changed: list[Reextracted]
    outcomes: list[tuple[str, str, int]]


def extract_again(sources: Sequence[Source], places: Places, watch: Watch) -> Again:
    """Extract, judge and load every stored page of ``sources`` by today's rules.

    Raises PlaceError where a source is being collected.
    """
    load(places)
    before = _verdicts(places)
    pages, runs = 0, []
    with ExtractionPool() as pool:
        for source in sources:
            if places.archive(source.id).exists():
                counted, run = _one_source(source, places, pool, watch)
                pages += counted
                runs.append(run.id)
    load(places)
    after = _verdicts(places)
    db = open_database(places.database, readonly=True)
    try:
        changed = [change for run in runs for change in reextracted(db, run)]
    finally:
        db.close()
    moves = [(before[key], after[key]) for key in before.keys() & after.keys() if before[key] != after[key]]
    return Again(pages, changed, [(*move, moves.count(move)) for move in sorted(set(moves))])


def _one_source(source: Source, places: Places, pool: ExtractionPool, watch: Watch) -> tuple[int, Run]:
    try:
        with places.lock(source.id).acquire(timeout=0):
            with Archive(places.archive(source.id)) as archive:
                pages = archive.extract_again()
            started = stamp()
            run = Run(
                id=secrets.token_hex(6),
                source=source.id,
                started=started,
                ended=started,
                state="completed",
                discovered=0,
                fetched=0,
                code_version=version("aidwire"),
                extractor_version=VERSION,
                detail="stored pages extracted anew",
            )
            digest(source, places, run, pool, watch)
    except Timeout as error:
        message = f"source {source.id} is being collected; try again when it has finished"
        raise PlaceError(message, code=1) from error
    return pages, run


def _verdicts(places: Places) -> dict[int, str]:
    """Each address of the ledger with its verdict, or its outcome where it has none."""
    db = open_database(places.database)
    try:
        rows = ask(
            db,
            """SELECT p.id, coalesce(nullif(a.verdict, ''), p.outcome, 'pending')
               FROM pages AS p LEFT JOIN articles AS a ON a.id = p.article""",
        ).rows
    finally:
        db.close()
    return {int(str(page)): str(verdict) for page, verdict in rows}
