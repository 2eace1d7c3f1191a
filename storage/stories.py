"""Stories: articles that carry the same wording, found through their fingerprints.

An article joins the story of the one it shares most with, or founds its own. Two stories are never
merged: a digest that holds both would make one of them. All other pairs are in ``near_duplicates``.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from storage.fingerprints import RELATED, Fingerprint, Likeness, compare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

# Hashes of formulas that half of a corpus shares find nothing: no more than so many articles each.
COMMON = 64
_COMPARED = 10


@dataclass(frozen=True, slots=True)
class Similar:
    """Another article, its story, and how alike it is."""

    other: int
    story: int
    likeness: Likeness


def find_similar(db: Database, article: int, mark: Fingerprint, content_hash: str) -> list[Similar]:
    """Articles that share at least RELATED of their wording with this one, the closest first."""
    exact = db.conn.execute(
        "SELECT id, story FROM articles WHERE content_hash = ? AND id <> ? ORDER BY id LIMIT 1",
        [content_hash, article],
    ).fetchall()
    similar = {other: Similar(other, story, Likeness(1.0, 1.0)) for other, story in exact}
    candidates = [other for other in _candidates(db, mark) if other != article and other not in similar]
    similar |= {found.other: found for found in _compare(db, mark, candidates)}
    return sorted(similar.values(), key=lambda s: (not s.likeness.is_copy, -s.likeness.score, s.other))


def store_similar(db: Database, article: int, similar: Iterable[Similar]) -> None:
    """Write the pairs of ``article`` in place of those it had as the later one."""
    db.conn.execute("DELETE FROM near_duplicates WHERE article = ?", [article])
    db.conn.executemany(
        "INSERT OR REPLACE INTO near_duplicates VALUES (?, ?, ?, ?)",
        [(article, s.other, round(s.likeness.score, 4), round(s.likeness.numbers, 4)) for s in similar],
    )


def store_fingerprint(db: Database, article: int, mark: Fingerprint) -> None:
    """Write the fingerprint, and into the index those hashes that are not too common."""
    db.conn.execute(
        "INSERT INTO fingerprints VALUES (?, ?, ?)",
        [article, mark.hashes.astype("<u4").tobytes(), mark.numbers.astype("<u4").tobytes()],
    )
    db.conn.execute(
        """INSERT INTO fingerprint_index SELECT value, ? FROM json_each(?)
           WHERE (SELECT count(*) FROM (SELECT 1 FROM fingerprint_index WHERE hash = value LIMIT ?)) < ?""",
        [article, json.dumps(mark.index.tolist()), COMMON, COMMON],
    )


def erase_fingerprint(db: Database, article: int) -> None:
    """Take the fingerprint of ``article`` out of both tables."""
    row = db.conn.execute("SELECT hashes FROM fingerprints WHERE article = ?", [article]).fetchone()
    if row:
        hashes = [(hash_, article) for hash_ in np.frombuffer(row[0], dtype="<u4").tolist()]
        db.conn.executemany("DELETE FROM fingerprint_index WHERE hash = ? AND article = ?", hashes)
        db.conn.execute("DELETE FROM fingerprints WHERE article = ?", [article])


def count_stories(db: Database, stories: Iterable[int]) -> None:
    """Set the first article and the counts of stories whose articles changed; drop empty ones."""
    for story in sorted(stories):
        first = db.conn.execute(
            """SELECT id, published_utc FROM articles WHERE story = ?
               ORDER BY published_utc IS NULL, published_utc, first_seen, id LIMIT 1""",
            [story],
        ).fetchone()
        if first is None:
            db.conn.execute("DELETE FROM stories WHERE id = ?", [story])
            continue
        db.conn.execute(
            """UPDATE stories SET first_article = ?, first_published_utc = ?,
                 (copies, outlets, origins) = (SELECT count(*), count(DISTINCT source),
                   count(DISTINCT iif(origin = '', source, origin)) FROM articles WHERE story = stories.id)
               WHERE id = ?""",
            [*first, story],
        )


def _candidates(db: Database, mark: Fingerprint) -> list[int]:
    rows = db.conn.execute(
        "SELECT i.article FROM json_each(?) AS h CROSS JOIN fingerprint_index AS i ON i.hash = h.value",
        [json.dumps(mark.index.tolist())],
    )
    shared = Counter(article for (article,) in rows)
    ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
    return [article for article, _ in ranked[:_COMPARED]]


def _compare(db: Database, mark: Fingerprint, candidates: list[int]) -> list[Similar]:
    rows = db.conn.execute(
        """SELECT f.article, a.story, f.hashes, f.numbers FROM json_each(?) AS c
           JOIN fingerprints AS f ON f.article = c.value JOIN articles AS a ON a.id = f.article""",
        [json.dumps(candidates)],
    )
    similar = []
    for other, story, *packed in rows:
        hashes, numbers = (np.frombuffer(blob, dtype="<u4") for blob in packed)
        likeness = compare(mark, Fingerprint(hashes, hashes, numbers))
        if likeness.score >= RELATED:
            similar.append(Similar(other, story, likeness))
    return similar
