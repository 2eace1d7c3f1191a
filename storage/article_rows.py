"""What the columns of an article hold, from the record of a page."""

from __future__ import annotations

import difflib
import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from storage.cleaning import clean
from storage.clock import stamp
from storage.frontier import frontier_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.models import Fact, PageRecord, Relevance

# difflib needs time in the product of the changed lines: beyond this the whole text counts as changed.
_DIFFED_LINES = 1000


def content_hash(title: str, text: str) -> str:
    """SHA-256 over title, line feed and text, in hexadecimal."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def utc(published_at: str) -> str | None:
    """An ISO 8601 time in UTC (one without offset is taken as UTC); None where there is none."""
    try:
        moment = datetime.fromisoformat(published_at)
        return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def article_row(record: PageRecord, source: dict[str, Any], run: str) -> tuple[dict[str, Any], str]:
    """The columns that a record decides, and the text, which the row holds only where it may."""
    article = record.article
    if article is None:
        raise ValueError(f"{record.url}: outcome 'article' without an article")
    text = clean(article.text)
    row: dict[str, Any] = {name: clean(getattr(article, name)) for name in _PLAIN}
    row |= {
        "url": clean(record.url),
        "url_key": clean(frontier_key(article.canonical or article.url)),
        "text": text if source["store_full_text"] else "",
        "text_withheld": int(not source["store_full_text"]),
        "licence": clean(article.licence) or source["licence"],
        "published_utc": utc(article.published_at),
        "offset_inferred": int(article.offset_inferred),
        "keywords": _json(article.keywords),
        "flags": _json(article.flags),
        "content_hash": content_hash(row["title"], text),
        "run": run,
    }
    return row | relevance_row(record.relevance), text


def relevance_row(relevance: Relevance | None) -> dict[str, Any]:
    """The columns of a judgement, empty where there was none."""
    if relevance is None:
        return {"relevance": None, "verdict": "", "categories": "[]", "matched_terms": "[]", "rules": ""}
    return {
        "relevance": relevance.score,
        "verdict": relevance.verdict,
        "categories": _json(relevance.categories),
        "matched_terms": _json(
            [{name: getattr(match, name) for name in _MATCH} for match in relevance.matches]
        ),
        "rules": relevance.rules,
    }


def fact_rows(article: int, facts: Iterable[Fact]) -> list[tuple[int | str, ...]]:
    """The rows of an article's facts, without their number."""
    return [(article, *(_cleaned(getattr(fact, name)) for name in _FACT)) for fact in facts]


def difference(old_title: str, old_text: str, title: str, text: str) -> str:
    """A unified diff of title and paragraphs without context; ``# `` marks the title's line."""
    old = [f"# {old_title}", *old_text.split("\n")]
    new = [f"# {title}", *text.split("\n")]
    if max(len(old), len(new)) > _DIFFED_LINES:
        return "\n".join([*(f"-{line}" for line in old), *(f"+{line}" for line in new)])
    return "\n".join(list(difflib.unified_diff(old, new, lineterm="", n=0))[2:])


def _json(value: Any) -> str:
    return clean(json.dumps(value, ensure_ascii=False))


def _cleaned(value: str | int) -> str | int:
    return clean(value) if isinstance(value, str) else value


_PLAIN = (
    *("canonical", "title", "description", "language", "published_at", "published_precision"),
    *("published_from", "modified_at", "byline", "origin", "upstream", "editor", "section"),
    *("image", "rights", "method"),
)
_MATCH = ("term", "category", "where", "start", "end", "weight")
_FACT = (
    *("kind", "start", "end", "text", "value", "value_max", "currency", "unit", "qualifier"),
    *("role", "cue", "code", "donor", "recipient", "rule_version"),
)
