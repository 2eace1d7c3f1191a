"""The ledger of addresses: what a record makes of its page, its reject and its article."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storage.article_rows import article_row, relevance_row
from storage.cleaning import clean
from storage.frontier import frontier_key
from storage.models import State, state_of
from storage.statements import update

if TYPE_CHECKING:
    from sqlite_utils import Database

    from storage.articles import ArticleWriter
    from storage.models import PageRecord

FORGOTTEN = "forgotten"
# The column under which an outcome is counted, where that is not its state.
_COUNTED = {"article": "new", "new_version": "updated", "duplicate": "duplicate", "unchanged": "unchanged"}
_NOT_HERE = "unchanged, but its article is not in this database; run: aidwire reextract"


@dataclass(slots=True)
class Loading:
    """A batch under way. ``touched`` gathers the stories whose counts must be made anew."""

    db: Database
    source: dict[str, Any]
    run: str
    articles: ArticleWriter
    touched: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Page:
    id: int
    outcome: str | None
    article: int | None
    last_fetched: str | None


def counted_as(outcome: str | None) -> str:
    """The column of runs, batches and days that counts an outcome."""
    return _COUNTED.get(outcome or "") or state_of(outcome).value


def load_record(loading: Loading, record: PageRecord) -> tuple[str | None, bool]:
    """Write one record; return the outcome it came to and whether its address was new.

    The outcome is FORGOTTEN, and nothing is written, for an address that was deleted on request.
    """
    db, key = loading.db, frontier_key(record.url)
    if db.conn.execute("SELECT 1 FROM forgotten WHERE url_key = ?", [clean(key)]).fetchone():
        return FORGOTTEN, False
    page = _page(loading, clean(key))
    known = page is not None
    page = page or _new_page(loading, record, clean(key))
    outcome, article, detail = _settle(loading, page, record)
    db.conn.execute(
        """UPDATE pages SET status = ?, outcome = ?, stage = ?, detail = ?, article = ?, run = ?,
           last_fetched = coalesce(nullif(?, ''), last_fetched) WHERE id = ?""",
        [
            *(record.status, outcome, record.stage, clean(detail), article, loading.run),
            *(record.last_fetched, page.id),
        ],
    )
    _store_reject(loading, page.id, record, outcome)
    return outcome, not known


def _page(loading: Loading, key: str) -> _Page | None:
    row = loading.db.conn.execute(
        "SELECT id, outcome, article, last_fetched FROM pages WHERE url_key = ? AND source = ?",
        [key, loading.source["id"]],
    ).fetchone()
    return _Page(*row) if row else None


def _new_page(loading: Loading, record: PageRecord, key: str) -> _Page:
    cursor = loading.db.conn.execute(
        """INSERT INTO pages (url, url_key, source, stage, detail, first_seen, run)
           VALUES (?, ?, ?, '', '', ?, ?)""",
        [clean(record.url), key, loading.source["id"], record.first_seen, loading.run],
    )
    return _Page(cursor.lastrowid or 0, None, None, None)


def _settle(loading: Loading, page: _Page, record: PageRecord) -> tuple[str | None, int | None, str]:
    """Outcome, article and detail of a page after a record."""
    if record.outcome == "article":
        outcome, article = _take_article(loading, page, record)
        return outcome, article, record.detail
    if record.outcome not in ("unchanged", "duplicate"):
        if record.relevance is not None and page.article is not None:
            _judge_again(loading, page, record)
        return record.outcome, page.article, record.detail
    if page.article is not None:
        if record.outcome == "unchanged" and _is_main(loading, page):
            _see_again(loading, page.article, record)
            return "unchanged", page.article, record.detail
        return "duplicate", page.article, record.detail
    # The archive knows it as loaded. A reject stays one; what was never loaded is still wanted.
    if state_of(page.outcome) is State.REJECTED:
        return page.outcome, None, record.detail
    return None, None, _NOT_HERE


def _take_article(loading: Loading, page: _Page, record: PageRecord) -> tuple[str, int]:
    row, text = article_row(record, loading.source, loading.run)
    seen = record.last_fetched or record.first_seen
    row["last_seen"] = seen
    if page.article is not None and _is_main(loading, page):
        return _take_again(loading, page, record, row, text), page.article
    known = _same_article(loading, page, row, text)
    if known is not None:
        return "duplicate", known
    row |= {"source": loading.source["id"], "page": page.id, "first_seen": seen}
    article = _next_number(loading.db)
    story = loading.articles.insert(article, row, text, record)
    if story != article:
        loading.touched.add(story)
    return "article", article


def _take_again(loading: Loading, page: _Page, record: PageRecord, row: dict[str, Any], text: str) -> str:
    """Bring the article that a page gave before to what it gives now."""
    cursor = loading.db.conn.execute(
        """SELECT id, story, title, text, description, content_hash, version, method, first_seen, run
           FROM articles WHERE id = ?""",
        [page.article],
    )
    names = [column[0] for column in cursor.description]
    old = dict(zip(names, cursor.fetchone(), strict=True))
    changed = old["content_hash"] != row["content_hash"]
    # Not fetched since: the same stored page came through the extraction or the judgement again.
    anew = record.last_fetched == page.last_fetched
    if changed or anew or state_of(page.outcome) is State.REJECTED:
        taken = loading.db.conn.execute(
            "SELECT 1 FROM articles WHERE url_key = ? AND id <> ?", [row["url_key"], old["id"]]
        ).fetchone()
        if taken:
            del row["url_key"]
        loading.articles.replace(old, row, text, record, cause="extraction" if anew else "page")
        loading.touched.add(old["story"])
    else:
        _see_again(loading, old["id"], record)
    return "new_version" if changed else "unchanged"


def _same_article(loading: Loading, page: _Page, row: dict[str, Any], text: str) -> int | None:
    """The article that another address gave already, by content or by canonical address.

    Sites state one canonical address on many pages by mistake: a page of another text is an article
    of its own, and then ``row`` has the key of its own address.
    """
    found = loading.db.conn.execute(
        """SELECT id FROM articles WHERE content_hash = :content_hash AND source = :source
           UNION ALL SELECT article FROM article_versions
             WHERE article = :article AND content_hash = :content_hash LIMIT 1""",
        row | {"source": loading.source["id"], "article": page.article},
    ).fetchone()
    if found:
        return int(found[0])
    stated = _owner(loading, row["url_key"])
    if stated is None or not loading.articles.is_other(stated, text):
        return stated
    row["url_key"] = clean(frontier_key(row["url"]))
    own = _owner(loading, row["url_key"])
    return None if own is None or _gave_back(loading, own, row["url_key"], text) else own


def _gave_back(loading: Loading, article: int, key: str, text: str) -> bool:
    """Whether an article that had only stated the address of a page of another text gave it back."""
    (url,) = loading.db.conn.execute("SELECT url FROM articles WHERE id = ?", [article]).fetchone()
    own = clean(frontier_key(url))
    if own == key or _owner(loading, own) is not None or not loading.articles.is_other(article, text):
        return False
    update(loading.db, "articles", {"url_key": own}, id=article)
    return True


def _owner(loading: Loading, key: str) -> int | None:
    row = loading.db.conn.execute("SELECT id FROM articles WHERE url_key = ?", [key]).fetchone()
    return int(row[0]) if row else None


def _is_main(loading: Loading, page: _Page) -> bool:
    """Whether the page's article is read from this page; only that page makes new versions."""
    row = loading.db.conn.execute("SELECT page FROM articles WHERE id = ?", [page.article]).fetchone()
    return bool(row[0] == page.id)


def _see_again(loading: Loading, article: int, record: PageRecord) -> None:
    loading.db.conn.execute(
        "UPDATE articles SET last_seen = max(last_seen, ?) WHERE id = ?", [record.last_fetched, article]
    )


def _judge_again(loading: Loading, page: _Page, record: PageRecord) -> None:
    """A stored article that is off topic by newer rules stays, with its new score."""
    if _is_main(loading, page):
        update(loading.db, "articles", relevance_row(record.relevance), id=page.article)


def _next_number(db: Database) -> int:
    row = db.conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'articles'").fetchone()
    return int(row[0]) + 1 if row else 1


def _store_reject(loading: Loading, page: int, record: PageRecord, outcome: str | None) -> None:
    if outcome is None or state_of(outcome) is not State.REJECTED:
        loading.db.conn.execute("DELETE FROM rejects WHERE page = ?", [page])
    elif outcome == record.outcome:
        relevance = record.relevance
        loading.db.conn.execute(
            "INSERT OR REPLACE INTO rejects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(page, clean(record.url), loading.source["id"], record.stage, outcome, clean(record.detail)),
                clean(record.article.title) if record.article else "",
                relevance.score if relevance else None,
                json.dumps(relevance.categories if relevance else [], ensure_ascii=False),
                relevance.rules if relevance else "",
                loading.run,
            ],
        )
