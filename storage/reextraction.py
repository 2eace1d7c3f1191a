"""What an extraction of stored pages anew changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Reextracted:
    """An article whose title or text came out otherwise: methods, lengths in characters, and the
    change as a unified diff of title and paragraphs."""

    article: int
    url: str
    old_method: str
    method: str
    old_length: int
    length: int
    difference: str


def reextracted(db: Database, run: str) -> Iterator[Reextracted]:
    """The articles that a run brought to another title or text from the same stored page."""
    rows = db.execute(
        """SELECT a.id, a.url, v.method, a.method, length(v.text), length(a.text), v.difference
           FROM articles AS a JOIN article_versions AS v ON v.article = a.id AND v.version = a.version - 1
           WHERE a.run = ? AND v.cause = 'extraction' ORDER BY a.id""",
        [run],
    )
    return (Reextracted(*row) for row in rows)
