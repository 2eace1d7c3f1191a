"""The demo: a bundled site on loopback, crawled by the same code as any source."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.chosen import chosen_sources
from flows.collect import Wishes
from flows.demo_site.server import DemoSite
from flows.once import crawl_once
from flows.places import PlaceError, Places
from storage.answers import Answer, ask
from storage.database import open_database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flows.collect import Watch
    from flows.report import SourceReport

_MARK = "made by aidwire demo; the next demo replaces this folder\n"

STORIES = """\
SELECT copies, outlets, title FROM stories
JOIN articles ON articles.id = first_article
ORDER BY copies DESC, outlets DESC, first_published_utc LIMIT 3"""

REJECTS = """\
SELECT reason, count(*) AS pages, min(url) AS example FROM rejects
GROUP BY reason ORDER BY pages DESC, reason"""

# Aid money per recipient, each amount once per story however many outlets repeat it.
TRY = """\
SELECT recipient, donor, evidence AS amount, articles, substr(title, 1, 12) || '…' AS story
FROM amounts_by_story WHERE role = 'aid' AND recipient <> ''
ORDER BY recipient, first_published_utc"""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo came to: the first crawl, the second one after a page was corrected, and the
    answers of three queries on the database."""

    first: Sequence[SourceReport]
    second: Sequence[SourceReport]
    articles: int
    rejects: Answer
    stories: Answer
    tried: Answer


def run_demo(data: Path, watch: Watch) -> Demo:
    """Crawl the bundled site twice into a fresh database in ``data``.

    Raises PlaceError if ``data`` holds anything but an earlier demo.
    """
    places = _fresh(data)
    with DemoSite() as site:
        site.write_sources(places.sources)
        sources = chosen_sources(places.sources, ())
        first, _ = crawl_once(sources, places, Wishes(), watch)
        site.correct()
        second, _ = crawl_once(sources, places, Wishes(revisit=True), watch)
    db = open_database(places.database, readonly=True)
    try:
        return Demo(
            first=first,
            second=second,
            articles=db["articles"].count,
            rejects=ask(db, REJECTS),
            stories=ask(db, STORIES),
            tried=ask(db, TRY),
        )
    finally:
        db.close()


def _fresh(data: Path) -> Places:
    mark = data / ".aidwire-demo"
    if data.exists() and any(data.iterdir()):
        if not mark.exists():
            raise PlaceError(f"{data} is not empty and not an earlier demo; choose another with --data")
        shutil.rmtree(data)
    places = Places.at(data, data / "sources", str(data / "outbox"))
    places.prepare()
    places.sources.mkdir()
    mark.write_text(_MARK, encoding="utf-8")
    return places
