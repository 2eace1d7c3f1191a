"""Rows of articles: new ones, new versions, and all that hangs on them."""

from __future__ import annotations

import difflib
import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from storage.cleaning import clean
from storage.clock import stamp
from storage.fingerprints import fingerprint
from storage.frontier import frontier_key
from storage.search import index_article, unindex_article
from storage.statements import insert, update
from storage.stories import erase_fingerprint, find_similar, store_fingerprint, store_similar

if TYPE_CHECKING:
    from sqlite_utils import Database

    from storage.models import PageRecord, Relevance

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
        "matched_terms": _json([asdict(match) for match in relevance.matches]),
        "rules": relevance.rules,
    }


def insert_article(db: Database, article: int, row: dict[str, Any], text: str, record: PageRecord) -> int:
    """Write a new article under the given number; return its story."""
    mark = fingerprint(text)
    similar = find_similar(db, article, mark, row["content_hash"])
    story = similar[0].story if similar and similar[0].is_copy else article
    if story == article:
        db.conn.execute(
            "INSERT INTO stories VALUES (?, ?, ?, 1, 1, 1)", [article, article, row["published_utc"]]
        )
    row = row | {"id": article, "story": story, "version": 1}
    insert(db, "articles", row)
    store_similar(db, article, similar)
    store_fingerprint(db, article, mark)
    _add_parts(db, article, row, record)
    return story


def replace_article(
    db: Database, old: dict[str, Any], row: dict[str, Any], text: str, record: PageRecord, *, cause: str
) -> None:
    """Bring an article to what a record says. If title or text changed, the old state becomes a
    version; ``cause`` says whether the page changed or only its extraction."""
    changed = row["content_hash"] != old["content_hash"]
    article = old["id"]
    if changed:
        _keep_version(db, old, row, cause)
    _drop_parts(db, old)
    row = row | {"version": old["version"] + changed}
    update(db, "articles", row, id=article)
    if changed:
        mark = fingerprint(text)
        erase_fingerprint(db, article)
        store_similar(db, article, find_similar(db, article, mark, row["content_hash"]))
        store_fingerprint(db, article, mark)
    _add_parts(db, article, row, record)


def delete_article(db: Database, article: int) -> None:
    """Take an article out with its versions, facts, search entry and fingerprint. Its page and its
    story are the caller's to settle."""
    old = db.conn.execute("SELECT id, title, text, description FROM articles WHERE id = ?", [article])
    _drop_parts(db, dict(zip(("id", "title", "text", "description"), old.fetchone(), strict=True)))
    erase_fingerprint(db, article)
    db.conn.execute("DELETE FROM near_duplicates WHERE ? IN (article, other)", [article])
    db.conn.execute("DELETE FROM article_versions WHERE article = ?", [article])
    db.conn.execute("DELETE FROM articles WHERE id = ?", [article])


def _add_parts(db: Database, article: int, row: dict[str, Any], record: PageRecord) -> None:
    index_article(db, article, row["title"], row["text"] or row["description"])
    if record.article is not None:
        db.conn.executemany(
            "INSERT INTO removed_lines (article, line, rule) VALUES (?, ?, ?)",
            [(article, clean(line.line), line.rule) for line in record.article.removed],
        )
    db.conn.executemany(
        "INSERT INTO facts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(article, *(_cleaned(getattr(fact, name)) for name in _FACT)) for fact in record.facts],
    )


def _drop_parts(db: Database, old: dict[str, Any]) -> None:
    unindex_article(db, old["id"], old["title"], old["text"] or old["description"])
    db.conn.execute("DELETE FROM removed_lines WHERE article = ?", [old["id"]])
    db.conn.execute("DELETE FROM facts WHERE article = ?", [old["id"]])


def _keep_version(db: Database, old: dict[str, Any], row: dict[str, Any], cause: str) -> None:
    since = db.conn.execute(
        "SELECT max(replaced) FROM article_versions WHERE article = ?", [old["id"]]
    ).fetchone()[0]
    db.conn.execute(
        "INSERT INTO article_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(old[name] for name in ("id", "version", "title", "text", "content_hash")),
            difference(old["title"], old["text"], row["title"], row["text"]),
            cause,
            old["method"],
            since or old["first_seen"],
            row["last_seen"],
            old["run"],
        ],
    )


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
_FACT = (
    *("kind", "start", "end", "text", "value", "value_max", "currency", "unit", "qualifier"),
    *("role", "cue", "code", "donor", "recipient", "rule_version"),
)
