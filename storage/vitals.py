"""The vital signs of a source: what its newest articles look like, and what came of the last week."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from storage.clock import stamp_after

if TYPE_CHECKING:
    from sqlite_utils import Database

NEWEST = 200
_DAY = 86_400
_WEEK = 7 * _DAY


@dataclass(frozen=True, slots=True)
class Vitals:
    """``articles`` are the newest ones looked at, at most NEWEST; of these ``median_length`` in
    characters, shares (0 to 1) with a time of day, with an origin (来源), and of their characters
    taken out as boilerplate. ``drifted``: share of the newest ten whose site rule found nothing.

    Of the last seven days: ``new`` articles, ``visits`` to pages, the share of those refused, and
    the share of pages without text, beside ``no_text_before``. ``weeks``: since its first day.
    """

    articles: int
    median_length: float
    share_with_time: float
    share_with_origin: float
    removed_share: float
    drifted: float
    new: int
    visits: int
    refusals: float
    no_text: float
    no_text_before: float
    weeks: float


@dataclass(frozen=True, slots=True)
class Lately:
    """Addresses that a source's last runs found, and those of them on other sites; pages that they
    asked for, and those of them refused. ``strange``: of all addresses those that its own rules leave
    out."""

    found: int
    elsewhere: int
    visited: int
    refused: int
    strange: int


def source_lately(db: Database, source: str) -> Lately:
    """What the last three runs that found or fetched anything came to; more of them if they are less
    than days apart, for a quiet weekend is no trouble."""
    row = db.execute(
        """WITH active AS (
             SELECT (SELECT started FROM runs WHERE source = :source AND discovered > 0
                     ORDER BY started DESC LIMIT 1 OFFSET 2) AS found,
                    (SELECT started FROM runs WHERE source = :source AND fetched > 0
                     ORDER BY started DESC LIMIT 1 OFFSET 2) AS visited),
           since AS (SELECT min(coalesce(found, ''), :days) AS found,
                            min(coalesce(visited, ''), :day) AS visited FROM active)
           SELECT count(*) FILTER (WHERE first_seen >= since.found),
                  count(*) FILTER (WHERE first_seen >= since.found AND outcome = 'off_site'
                                   AND detail = 'on another site'),
                  count(*) FILTER (WHERE last_fetched <> '' AND last_fetched >= since.visited),
                  count(*) FILTER (WHERE last_fetched <> '' AND last_fetched >= since.visited AND refused),
                  count(*) FILTER (WHERE outcome = 'off_site')
           FROM pages LEFT JOIN outcomes USING (outcome), since WHERE source = :source""",
        {"source": source, "days": stamp_after(-3 * _DAY), "day": stamp_after(-_DAY)},
    ).fetchone()
    return Lately(*row)


def source_vitals(db: Database, source: str) -> Vitals:
    """The vital signs of a source. Reads its newest articles and its part of the ledger."""
    rows = db.execute(
        """SELECT length(text), text_withheld, published_precision IN ('minute', 'second'), origin <> '',
                  flags LIKE '%"site_rule_drift"%',
                  (SELECT coalesce(sum(length(line)), 0) FROM removed_lines WHERE article = articles.id)
           FROM articles WHERE source = ? ORDER BY published_utc DESC, id DESC LIMIT ?""",
        [source, NEWEST],
    ).fetchall()
    texts = [row for row in rows if not row[1]]
    removed, kept = sum(row[5] for row in texts), sum(row[0] for row in texts)
    new, visits, blocked, weeks = db.execute(
        """SELECT coalesce(sum(new) FILTER (WHERE recent), 0),
                  coalesce(sum(new + updated + duplicate + unchanged + rejected + failed)
                           FILTER (WHERE recent), 0),
                  coalesce(sum(blocked) FILTER (WHERE recent), 0),
                  coalesce((julianday('now') - julianday(min(day))) / 7, 0)
           FROM (SELECT *, day >= :since AS recent FROM days WHERE source = :source)""",
        {"source": source, "since": stamp_after(-_WEEK)[:10]},
    ).fetchone()
    (no_text, looked), (no_text_before, looked_before) = _no_text(db, source)
    return Vitals(
        articles=len(rows),
        median_length=median([row[0] for row in texts] or [0]),
        share_with_time=_share(sum(row[2] for row in rows), len(rows)),
        share_with_origin=_share(sum(row[3] for row in rows), len(rows)),
        removed_share=_share(removed, removed + kept),
        drifted=_share(sum(row[4] for row in rows[:10]), len(rows[:10])),
        new=new,
        visits=looked,
        refusals=_share(blocked, visits),
        no_text=_share(no_text, looked),
        no_text_before=_share(no_text_before, looked_before),
        weeks=weeks,
    )


def _no_text(db: Database, source: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Pages without text and pages that answered, of the last seven days and of the time before."""
    found = db.execute(
        """SELECT last_fetched >= ?, count(*) FILTER (WHERE outcome = 'no_text'), count(*)
           FROM pages JOIN outcomes USING (outcome)
           WHERE source = ? AND state IN ('loaded', 'rejected') AND last_fetched <> '' GROUP BY 1""",
        [stamp_after(-_WEEK), source],
    )
    counts = {bool(recent): (without, looked) for recent, without, looked in found}
    return counts.get(True, (0, 0)), counts.get(False, (0, 0))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
