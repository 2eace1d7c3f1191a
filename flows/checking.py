"""The live health of a source: a small real crawl into a scratch folder."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.collect import Wishes, collect
from flows.health import duration
from flows.places import Places
from flows.snapshots import compare
from storage import batches
from storage.archive import Archive
from storage.database import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spiders.sources import Source
    from storage.models import Article, PageRecord

_PAGES = 4
_FIELDS = ("title", "text", "published_at", "origin", "byline", "editor", "description")


@dataclass(frozen=True, slots=True)
class Check:
    """``health`` is ``ok`` or what is wrong, ``why`` more about it. ``newest`` is the latest date that
    an index or a page gave (ISO, empty if none); ``filled`` counts the pages with each field."""

    source: str
    health: str
    why: str
    indexes: list[dict[str, Any]]
    discovered: int
    newest: str
    outcomes: dict[str, int]
    articles: int
    filled: dict[str, int]


def check_source(source: Source, folder: Path) -> Check:
    """Read a source's feeds, sitemaps and lists and a few of its newest pages; keep nothing.

    ``folder`` is that of the source files: a snapshot there is extracted and compared too.
    """
    with tempfile.TemporaryDirectory() as scratch:
        places = Places.at(Path(scratch), Path(scratch), str(Path(scratch) / "outbox"))
        [run] = collect([source], places, Wishes(limit=_PAGES), lambda _source, _stage, _done: None)
        records = [
            record
            for name in batches.waiting(places.outbox)
            for record in batches.read(places.outbox, name).records
        ]
        with Archive(places.archive(source.id), readonly=True) as archive:
            indexes, newest = archive.index_states(), archive.newest_hint()
    articles = [record.article for record in records if record.article]
    newest = max([newest, *(article.published_at for article in articles)])
    health, why = _judged(source, run.detail, indexes, records, newest)
    if health == "ok" and (difference := compare(source, folder)):
        health, why = "drift", difference
    return Check(
        source=source.id,
        health=health,
        why=why,
        indexes=indexes,
        discovered=run.discovered,
        newest=newest,
        outcomes=_counted(records),
        articles=len(articles),
        filled={name: sum(bool(getattr(article, name)) for article in articles) for name in _FIELDS},
    )


def _counted(records: Sequence[PageRecord]) -> dict[str, int]:
    outcomes = [record.outcome for record in records if record.outcome]
    return {outcome: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)}


def _judged(
    source: Source, detail: str, indexes: Sequence[dict[str, Any]], records: Sequence[PageRecord], newest: str
) -> tuple[str, str]:
    broken = [index for index in indexes if index["outcome"] not in (None, "unchanged")]
    if not indexes or len(broken) == len(indexes):
        refused = any(index["outcome"] in REFUSALS for index in broken)
        why = "; ".join(f"{index['outcome']} {index['url']}" for index in broken) or detail
        return ("blocked" if refused else "failed"), why
    if not records:
        return "empty", "its feeds, sitemaps and lists were read and held no address of its sites"
    fetched = [record for record in records if record.status]
    if fetched and all(record.outcome in REFUSALS for record in fetched):
        return "blocked", f"{fetched[0].outcome} {fetched[0].url}"
    articles = [record.article for record in records if record.article]
    if fetched and not articles:
        return "failed", f"no article in {len(fetched)} pages: {fetched[0].outcome} {fetched[0].url}"
    if wrong := _old(source, newest) or _drifted(source, articles):
        return wrong
    return ("ok", f"{broken[0]['outcome']} {broken[0]['url']}") if broken else ("ok", "")


def _old(source: Source, newest: str) -> tuple[str, str] | None:
    if not newest:
        return None
    moment = datetime.fromisoformat(newest)
    age = datetime.now(UTC) - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if age <= duration(source.health.newest_within):
        return None
    return "silent", f"the newest item is {age.days} days old, more than {source.health.newest_within}"


def _drifted(source: Source, articles: Sequence[Article]) -> tuple[str, str] | None:
    if any("site_rule_drift" in article.flags for article in articles):
        return "drift", f"content = {source.extract.content!r} finds nothing any more"
    return None
