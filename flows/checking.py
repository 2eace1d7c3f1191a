"""The live health of a source: its indexes read and a few of its newest pages extracted; nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extraction.page import Extracted
from flows.health import duration
from flows.one_page import judge_looks
from flows.snapshots import compare
from spiders import checkup
from storage.database import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flows.one_page import Tried
    from spiders.checkup import IndexCheck
    from spiders.sources import Source
    from storage.models import Article

_FIELDS = ("title", "text", "published_at", "origin", "byline", "editor", "description")


@dataclass(frozen=True, slots=True)
class Check:
    """``health`` is ``ok`` or what is wrong, ``why`` more about it. ``newest`` is the latest time that
    an index or a page states (ISO, empty if none); ``pages`` maps the addresses fetched to their
    outcomes; ``filled`` counts the articles among them that have each field."""

    source: str
    health: str
    why: str
    indexes: tuple[IndexCheck, ...]
    newest: str
    pages: dict[str, str]
    articles: int
    filled: dict[str, int]


def check_source(source: Source, folder: Path) -> Check:
    """Check a source now; a snapshot of it in ``folder`` is extracted and compared too.

    Raises ProbeError where the look broke off, SnapshotError for a pair that is not whole.
    """
    seen = checkup.check_source(source)
    tried = judge_looks(seen.pages, source, source.id)
    articles = [t.result.article for t in tried if isinstance(t.result, Extracted)]
    newest = max(
        [*(index.newest for index in seen.indexes), *(article.published_at for article in articles)],
        default="",
    )
    health, why = (
        _unread(seen.indexes)
        or _unfetched(tried, articles)
        or _old(source, newest)
        or _drifted(source, articles, folder)
        or ("ok", _broken_note(seen.indexes))
    )
    return Check(
        source=source.id,
        health=health,
        why=why,
        indexes=seen.indexes,
        newest=newest,
        pages={t.probe.url: t.outcome for t in tried},
        articles=len(articles),
        filled={name: sum(bool(getattr(article, name)) for article in articles) for name in _FIELDS},
    )


def _unread(indexes: Sequence[IndexCheck]) -> tuple[str, str] | None:
    broken = [index for index in indexes if index.outcome]
    if len(broken) == len(indexes):
        refused = any(index.outcome in REFUSALS for index in broken)
        return ("blocked" if refused else "failed"), _broken_note(indexes)
    if not any(index.links for index in indexes):
        return "empty", "its feeds, sitemaps and lists were read and hold no address of its sites"
    return None


def _broken_note(indexes: Sequence[IndexCheck]) -> str:
    return "; ".join(
        f"{index.outcome} {index.url} {index.detail}".strip() for index in indexes if index.outcome
    )


def _unfetched(tried: Sequence[Tried], articles: Sequence[Article]) -> tuple[str, str] | None:
    if articles or not tried:
        return None
    first = tried[0]
    why = f"no article in {len(tried)} pages: {first.outcome} {first.probe.url}"
    return ("blocked" if all(t.outcome in REFUSALS for t in tried) else "failed"), why


def _old(source: Source, newest: str) -> tuple[str, str] | None:
    if not newest:
        return None
    moment = datetime.fromisoformat(newest)
    age = datetime.now(UTC) - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if age <= duration(source.health.newest_within):
        return None
    return "silent", f"the newest item is {age.days} days old, more than {source.health.newest_within}"


def _drifted(source: Source, articles: Sequence[Article], folder: Path) -> tuple[str, str] | None:
    if any("site_rule_drift" in article.flags for article in articles):
        return "drift", f"content = {source.extract.content!r} finds nothing any more"
    difference = compare(source, folder)
    return ("drift", difference) if difference else None
