"""Whether the database is true to itself, and how each source stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.article_rows import content_hash
from storage.stories import ORIGIN

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source stands, in addresses: discovered = loaded + rejected + pending + failed.

    ``refused`` are those among the failed where the site did not want to be read. ``articles`` are
    rows of its own; ``newest`` is the latest publication (UTC, empty if none); ``last_run`` and
    ``last_state`` are end and state of its last run; ``newest_within`` is the ISO 8601 duration
    that its newest article may be old.
    """

    source: str
    discovered: int
    loaded: int
    rejected: int
    pending: int
    failed: int
    refused: int
    articles: int
    newest: str
    last_run: str
    last_state: str
    newest_within: str


# What must hold after every load: each statement finds the rows that break it, as one text column.
_BROKEN = {
    "addresses are not loaded, rejected, pending or failed": """
        SELECT source FROM source_states WHERE discovered <> loaded + rejected + pending + failed""",
    "loaded addresses have no article": """
        SELECT url FROM pages JOIN outcomes USING (outcome) WHERE state = 'loaded' AND article IS NULL""",
    "rejected addresses have no row in rejects": """
        SELECT p.url FROM pages AS p JOIN outcomes USING (outcome) LEFT JOIN rejects AS r ON r.page = p.id
        WHERE state = 'rejected' AND r.page IS NULL""",
    "rows of rejects differ from the outcome of their address": """
        SELECT r.url FROM rejects AS r JOIN pages AS p ON p.id = r.page WHERE p.outcome IS NOT r.reason""",
    "articles have no page of their own": """
        SELECT a.id FROM articles AS a LEFT JOIN pages AS p ON p.id = a.page WHERE p.article IS NOT a.id""",
    "stories have wrong counts": f"""
        SELECT st.id FROM stories AS st LEFT JOIN articles AS a ON a.story = st.id
        LEFT JOIN sources AS s ON s.id = a.source GROUP BY st.id
        HAVING (copies, outlets, origins) IS NOT (count(a.id), count(DISTINCT a.source),
               count(DISTINCT {ORIGIN}))""",  # noqa: S608 - an expression of ours
    "stories do not begin with their earliest article": """
        SELECT st.id FROM stories AS st JOIN articles AS a ON a.id = st.first_article
        WHERE a.story <> st.id OR a.published_utc IS NOT st.first_published_utc
           OR st.first_published_utc > (SELECT min(published_utc) FROM articles WHERE story = st.id)""",
    "articles are missing in search, or search has others": """
        SELECT coalesce(a.id, d.id) FROM articles AS a FULL JOIN search_docsize AS d ON d.id = a.id
        WHERE a.id IS NULL OR d.id IS NULL""",
    "articles have no fingerprint": """
        SELECT a.id FROM articles AS a LEFT JOIN fingerprints AS f ON f.article = a.id
        WHERE f.article IS NULL""",
    "facts are not the words at their place": """
        SELECT f.id FROM facts AS f JOIN articles AS a ON a.id = f.article
        WHERE NOT a.text_withheld AND substr(a.text, f.start + 1, f."end" - f.start) <> f.text""",
    "articles have gaps in their versions": """
        SELECT a.id FROM articles AS a LEFT JOIN article_versions AS v ON v.article = a.id
        GROUP BY a.id HAVING a.version <> 1 + count(v.version)""",
}


def broken_invariants(db: Database) -> list[str]:
    """One line per rule that does not hold, with the number of rows and one of them; empty: all well.

    Reads everything, texts included: their hashes find damage that SQLite's own check cannot.
    """
    broken = [
        f"{len(rows)} {name}, for example {rows[0][0]}"
        for name, sql in _BROKEN.items()
        if (rows := db.execute(sql).fetchall())
    ]
    damaged = [
        article
        for article, title, text, stored in db.execute(
            "SELECT id, title, text, content_hash FROM articles WHERE NOT text_withheld"
        )
        if content_hash(title, text) != stored
    ]
    if damaged:
        broken.append(f"{len(damaged)} articles do not match their content hash, for example {damaged[0]}")
    broken += [f"foreign key of {row[0]} row {row[1]}" for row in db.execute("PRAGMA foreign_key_check")]
    (checked,) = db.execute("PRAGMA quick_check(1)").fetchone()
    return broken if checked == "ok" else [*broken, f"file damaged: {checked}; restore a backup"]


def source_states(db: Database) -> list[SourceState]:
    """How every source stands, by id."""
    rows = db.execute(
        """SELECT st.*, (SELECT count(*) FROM articles WHERE source = st.source),
                  coalesce((SELECT max(published_utc) FROM articles WHERE source = st.source), ''),
                  coalesce(r.ended, ''), coalesce(r.state, ''), s.newest_within
           FROM source_states AS st JOIN sources AS s ON s.id = st.source
           LEFT JOIN runs AS r ON r.id = (SELECT id FROM runs WHERE source = st.source
                                          ORDER BY started DESC, id DESC LIMIT 1)
           ORDER BY st.source"""
    )
    return [SourceState(*row) for row in rows]
