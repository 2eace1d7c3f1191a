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

from storage.fingerprints import LEAST_HASHES, RELATED, Fingerprint, Likeness, compare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

# Hashes of formulas that half of a corpus shares find nothing: no more than so many articles each.
COMMON = 64
_COMPARED = 10
# Whose an article (a) of a source (s) is: the outlet that it credits, else its own, spelled alike, so that
# an outlet and those who credit it are one.
ORIGIN = "lower(replace(replace(iif(a.origin = '', s.name, a.origin), ' ', ''), char(12288), ''))"
_SETTLED_AT = 1_000_000


@dataclass(frozen=True, slots=True)
class Similar:
    """Another article, its story, and how alike it is."""

    other: int
    story: int
    likeness: Likeness


def find_similar(
    db: Database, article: int, mark: Fingerprint, content_hash: str
) -> tuple[list[Similar], set[int]]:
    """Articles that share at least RELATED of their wording with this one, the closest first; and
    those of its hashes that are too common to be indexed once more."""
    exact = db.conn.execute(
        "SELECT id, story FROM articles WHERE content_hash = ? AND id <> ? ORDER BY id LIMIT 1",
        [content_hash, article],
    ).fetchall()
    similar = {other: Similar(other, story, Likeness(1.0, 1.0)) for other, story in exact}
    candidates, common = _candidates(db, mark)
    new = [other for other in candidates if other != article and other not in similar]
    similar |= {found.other: found for found in _compare(db, mark, new)}
    ranked = sorted(similar.values(), key=lambda s: (not s.likeness.is_copy, -s.likeness.score, s.other))
    return ranked, common


def is_other(db: Database, article: int, mark: Fingerprint) -> bool:
    """Whether both texts are long enough to compare, and do not carry one story."""
    (packed,) = db.conn.execute("SELECT hashes FROM fingerprints WHERE article = ?", [article]).fetchone()
    told = min(len(mark.hashes), len(packed) // mark.hashes.itemsize) >= LEAST_HASHES
    return told and not any(found.likeness.is_copy for found in _compare(db, mark, [article]))


def store_similar(db: Database, article: int, similar: Iterable[Similar]) -> None:
    """Write the pairs of ``article``, in place of those in which it was the later one."""
    db.conn.execute("DELETE FROM near_duplicates WHERE article = ?", [article])
    pairs = [(max(article, s.other), min(article, s.other), s.likeness) for s in similar]
    db.conn.executemany(
        "INSERT OR REPLACE INTO near_duplicates VALUES (?, ?, ?, ?)",
        [(later, earlier, round(like.score, 4), round(like.numbers, 4)) for later, earlier, like in pairs],
    )


def store_fingerprint(db: Database, article: int, mark: Fingerprint, common: set[int]) -> None:
    """Write the fingerprint, and into the index its hashes but the ``common`` ones."""
    db.conn.execute(
        "INSERT INTO fingerprints VALUES (?, ?, ?)",
        [article, mark.hashes.astype("<u4").tobytes(), mark.numbers.astype("<u4").tobytes()],
    )
    db.conn.executemany(
        "INSERT INTO fingerprint_recent VALUES (?, ?)",
        [(hash_, article) for hash_ in mark.index.tolist() if hash_ not in common],
    )


def erase_fingerprint(db: Database, article: int) -> None:
    """Take the fingerprint of ``article`` out of its tables."""
    row = db.conn.execute("SELECT hashes FROM fingerprints WHERE article = ?", [article]).fetchone()
    if row:
        hashes = [(hash_, article) for hash_ in np.frombuffer(row[0], dtype="<u4").tolist()]
        db.conn.executemany("DELETE FROM fingerprint_index WHERE hash = ? AND article = ?", hashes)
        db.conn.executemany("DELETE FROM fingerprint_recent WHERE hash = ? AND article = ?", hashes)
        db.conn.execute("DELETE FROM fingerprints WHERE article = ?", [article])


def settle_fingerprints(db: Database) -> None:
    """Move the recent rows of the index to the others once there are many.

    Hashes fall anywhere in the index, so that each row written alone would write a page of its own:
    160 KB an article at a million articles. In order and all together they share their pages.
    """
    if db.conn.execute("SELECT count(*) FROM fingerprint_recent").fetchone()[0] >= _SETTLED_AT:
        db.conn.execute(
            "INSERT INTO fingerprint_index SELECT * FROM fingerprint_recent ORDER BY hash, article"
        )
        db.conn.execute("DELETE FROM fingerprint_recent")


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
            f"""UPDATE stories SET first_article = ?, first_published_utc = ?,
                 (copies, outlets, origins) = (SELECT count(*), count(DISTINCT a.source),
                   count(DISTINCT {ORIGIN}) FROM articles AS a JOIN sources AS s ON s.id = a.source
                   WHERE a.story = stories.id)
               WHERE id = ?""",  # noqa: S608 - an expression of ours
            [*first, story],
        )


def _candidates(db: Database, mark: Fingerprint) -> tuple[list[int], set[int]]:
    """The articles that share most of the indexed hashes, and the hashes that have enough articles."""
    wanted = json.dumps(mark.index.tolist())
    rows = db.conn.execute(
        """SELECT i.hash, i.article FROM json_each(:wanted) AS h
             CROSS JOIN fingerprint_index AS i ON i.hash = h.value
           UNION ALL SELECT i.hash, i.article FROM json_each(:wanted) AS h
             CROSS JOIN fingerprint_recent AS i ON i.hash = h.value""",
        {"wanted": wanted},
    ).fetchall()
    shared = Counter(article for _, article in rows)
    uses = Counter(hash_ for hash_, _ in rows)
    ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
    common = {hash_ for hash_, number in uses.items() if number >= COMMON}
    return [article for article, _ in ranked[:_COMPARED]], common


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
