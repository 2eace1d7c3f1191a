"""The archive of one source: its frontier, fetch log and raw bodies in ``archive/<source>.db``.

Its only writer is that source's collect. Every method is one transaction, so a kill at any moment
loses nothing and repeats nothing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import zstandard

from storage.addresses import AddressError, url_key, without_session
from storage.archive_schema import archive_migrations
from storage.clock import stamp, stamp_after
from storage.frontier import (
    MOST_FAILURES,
    NOT_YET,
    PASSING,
    after_visit,
    as_record,
    frontier_key,
    hint_of,
    moved_to,
    storable,
    young_since,
)
from storage.models import StoredPage
from storage.sqlite_file import explained, open_file, transaction
from storage.visits import Progress, Unbatched, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from storage.models import PageRecord
    from storage.visits import Link, Visit


_DAY = 86_400
_LISTED = 30 * _DAY
_FAR = 400 * _DAY


class Archive:
    """The open archive file. Raises FileError where it cannot be used."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        self._db = open_file(path, archive_migrations, readonly=readonly)
        self._db.conn.row_factory = sqlite3.Row
        self._run = ""
        self._since = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the archive cannot be used afterwards."""
        self._db.close()

    # ── crawl ────────────────────────────────────────────────────────────────────────────────

    def begin(self, run: str, *, revisit: bool = False, since: str = "") -> None:
        """Start a run. What an earlier run had taken and not stored is free again.

        ``revisit`` makes every known article due now, and what was given up for a reason that may
        pass; ``since`` (ISO date) leaves out pages that their index dates earlier.
        """
        self._run, self._since = run, since
        with self._writing():
            # No rule plans so far ahead: the clock was wrong, and has been set back.
            self._db.execute("UPDATE frontier SET due_at = ? WHERE due_at > ?", [stamp(), stamp_after(_FAR)])
        if revisit:
            with self._writing():
                self._db.execute(
                    """UPDATE frontier SET due_at = ? WHERE extracted = 'article' OR (due_at IS NULL
                       AND outcome IN (SELECT value FROM json_each(?)))""",
                    [stamp(), json.dumps(sorted(PASSING | NOT_YET))],
                )

    def follow(self, rules: str, refusal: Callable[[str], str]) -> None:
        """Note the rules (a hash) by which addresses are found; where they changed, act on it.

        Every index is then read in full again, and what was not fetched yet ends as ``off_site`` if
        ``refusal(address)`` says why it is not the source's any more.
        """
        with self._writing():
            if self._one("SELECT 1 FROM rules WHERE rules = ?", [rules]):
                return
            self._db.execute("DELETE FROM rules")
            self._db.execute("INSERT INTO rules VALUES (?)", [rules])
            self._db.execute("UPDATE indexes SET etag = '', last_modified = ''")
            pending = self._all(
                "SELECT id, url FROM frontier WHERE due_at IS NOT NULL AND extracted = '' AND waiting = 0"
            )
            self._db.conn.executemany(
                """UPDATE frontier SET due_at = NULL, outcome = 'off_site', stage = 'discover', detail = ?,
                   unbatched = 1 WHERE id = ?""",
                [(why, row["id"]) for row in pending if (why := refusal(row["url"]))],
            )

    def validators(self, url: str) -> tuple[str, str]:
        """ETag and Last-Modified of a feed, sitemap or list as last read, empty where unknown."""
        row = self._one("SELECT etag, last_modified FROM indexes WHERE url = ?", [url])
        return (row["etag"], row["last_modified"]) if row else ("", "")

    def store_index(self, url: str, kind: str, visit: Visit, links: Sequence[Link] = ()) -> int:
        """Store a visit to an index document and the links it gave; return how many were new."""
        with self._writing():
            new = sum(self._discover(link, url) for link in links)
            if visit.outcome == "unchanged":
                # It lists what it listed, but which addresses these were is not kept beyond the first.
                self._revive("found_in = ? AND first_seen > ?", url, stamp_after(-_LISTED))
            self._db.execute(
                """INSERT INTO indexes VALUES (:url, :kind, :etag, :last_modified, :now, :status,
                   :outcome, :detail, :links) ON CONFLICT (url) DO UPDATE SET kind = excluded.kind,
                   etag = iif(:keep, etag, excluded.etag),
                   last_modified = iif(:keep, last_modified, excluded.last_modified),
                   last_fetched = excluded.last_fetched, status = excluded.status,
                   outcome = excluded.outcome, detail = excluded.detail,
                   links = iif(:keep, links, excluded.links)""",
                {
                    "url": url,
                    "kind": kind,
                    "etag": visit.etag,
                    "last_modified": visit.last_modified,
                    "now": stamp(),
                    "status": visit.status,
                    "outcome": visit.outcome,
                    "detail": visit.detail,
                    "links": len(links),
                    "keep": visit.outcome is not None,
                },
            )
            self._log(url, kind, visit, None)
        return new

    def take(self, limit: int) -> list[Wanted]:
        """Up to ``limit`` pages to fetch now, newest first; none is given twice in a run."""
        with self._writing():
            rows = self._all(
                """SELECT id, url, etag, last_modified FROM frontier
                   WHERE due_at <= ? AND taken_by IS NOT ?
                   AND (hint_published = '' OR substr(hint_published, 1, 10) >= ?)
                   ORDER BY iif(hint_published = '', first_seen, hint_published) DESC, id LIMIT ?""",
                [stamp(), self._run, self._since, limit],
            )
            self._db.conn.executemany(
                "UPDATE frontier SET taken_by = ? WHERE id = ?", [(self._run, row["id"]) for row in rows]
            )
        return [Wanted(row["url"], row["etag"], row["last_modified"]) for row in rows]

    def store_page(self, url: str, visit: Visit) -> None:
        """Store a visit to a page: the body, the fetch log and the state of the address."""
        with self._writing():
            row = self._one("SELECT * FROM frontier WHERE url_key = ?", [frontier_key(url)])
            if row is None:  # forgotten while it was being fetched
                return
            visit = self._unless_moved(row, visit)
            body = self._keep_body(visit.body) if visit.outcome is None else None
            self._log(url, "page", visit, body)
            change = after_visit(row, visit, body)
            columns = ", ".join(f"{name} = :{name}" for name in change)
            self._db.execute(
                f"UPDATE frontier SET {columns}, unbatched = 1 WHERE id = :id",  # noqa: S608 - names are ours
                {**change, "id": row["id"]},
            )

    def progress(self) -> Progress:
        """Counts for a progress bar."""
        [row] = self._all(
            """SELECT count(*) AS known,
               count(*) FILTER (WHERE due_at <= ? AND taken_by IS NOT ?) AS due,
               (SELECT count(*) FROM fetches WHERE run = ? AND kind = 'page') AS fetched
               FROM frontier""",
            [stamp(), self._run, self._run],
        )
        return Progress(row["known"], row["due"], row["fetched"])

    # ── extract and batch ────────────────────────────────────────────────────────────────────

    def unbatched(self, limit: int) -> list[Unbatched]:
        """Up to ``limit`` addresses that changed since the last batch, oldest first."""
        rows = self._all("SELECT * FROM frontier WHERE unbatched = 1 ORDER BY id LIMIT ?", [limit])
        return [Unbatched(as_record(row), bool(row["waiting"]), bool(row["counted"])) for row in rows]

    def page(self, url: str) -> StoredPage:
        """The stored page of an address. Raises KeyError if none is stored."""
        row = self._one(
            "SELECT f.*, b.zstd FROM frontier f JOIN bodies b ON b.sha256 = f.body WHERE f.url_key = ?",
            [frontier_key(url)],
        )
        if row is None:
            raise KeyError(url)
        return StoredPage(
            url=row["url"],
            final_url=row["final_url"] or row["url"],
            body=zstandard.decompress(row["zstd"]),
            content_type=row["content_type"],
            fetched_at=row["last_fetched"],
            hint=hint_of(row),
        )

    def count_lines(self, pages: Mapping[str, Iterable[str]]) -> None:
        """Count the distinct lines of pages (by address) into the site's table, each page once."""
        with self._writing():
            for url, lines in pages.items():
                fresh = self._db.execute(
                    "UPDATE frontier SET counted = 1 WHERE url_key = ? AND counted = 0", [frontier_key(url)]
                ).rowcount
                if fresh:
                    self._db.conn.executemany(
                        "INSERT INTO site_lines VALUES (?, 1) ON CONFLICT DO UPDATE SET pages = pages + 1",
                        [(line,) for line in set(lines)],
                    )

    def repeated_lines(self, least: int = 3) -> tuple[dict[str, int], int]:
        """Lines seen on at least ``least`` pages with their page counts, and the pages counted."""
        rows = self._all("SELECT line, pages FROM site_lines WHERE pages >= ?", [least])
        [counted] = self._all("SELECT count(*) AS n FROM frontier WHERE counted = 1")
        return {row["line"]: row["pages"] for row in rows}, counted["n"]

    def settle(self, records: Iterable[PageRecord]) -> None:
        """Note that these records are in a batch, with the outcome that extraction gave them."""
        with self._writing():
            for record in records:
                extracted = record.stage in ("extract", "judge")
                self._db.execute(
                    """UPDATE frontier SET unbatched = 0, waiting = 0, outcome = :outcome, stage = :stage,
                       detail = :detail, extracted = iif(:extracted, :outcome, extracted),
                       due_at = iif(:ended OR (:extracted AND :outcome <> 'article' AND hint_published <> ''
                                    AND substr(hint_published, 1, 10) < :young), NULL, due_at)
                       WHERE url_key = :key""",
                    {
                        "key": frontier_key(record.url),
                        "outcome": record.outcome,
                        "stage": record.stage,
                        "detail": record.detail,
                        "extracted": extracted,
                        "ended": extracted and record.outcome not in ("article", *NOT_YET),
                        "young": young_since(),
                    },
                )

    def extract_again(self) -> int:
        """Mark every stored page as waiting for extraction; return how many there are.

        A page whose last visit failed (gone, timeout …) keeps that outcome and is left out.
        """
        with self._writing():
            return self._db.execute(
                """UPDATE frontier SET waiting = 1, unbatched = 1, outcome = NULL WHERE body IS NOT NULL
                   AND (outcome IS NULL OR outcome = 'unchanged' OR stage IN ('extract', 'judge'))"""
            ).rowcount

    # ── care ─────────────────────────────────────────────────────────────────────────────────

    def forget(self, url: str, lines: Iterable[str] = ()) -> bool:
        """Delete an address with its bodies, its log and its lines, and never take it in again.

        ``lines`` are those of its page, as far as they are known: each counts one page less. A line
        that only one page had goes in any case, whatever rules it was cut by: it may be this page's,
        and says nothing of what repeats. The freed space is overwritten.
        """
        key = frontier_key(url)
        self._db.execute("PRAGMA secure_delete = ON")
        with self._writing():
            bodies = self._all(
                """SELECT body FROM frontier WHERE url_key = :key AND body IS NOT NULL UNION
                   SELECT f.body FROM fetches f JOIN frontier ON frontier.url = f.url
                   WHERE frontier.url_key = :key AND f.body IS NOT NULL""",
                {"key": key},
            )
            self._uncount(key, lines)
            self._db.execute(
                "DELETE FROM fetches WHERE url IN (SELECT url FROM frontier WHERE url_key = ?)", [key]
            )
            known = self._db.execute("DELETE FROM frontier WHERE url_key = ?", [key]).rowcount
            for row in bodies:
                self._db.execute(
                    """DELETE FROM bodies WHERE sha256 = :body
                       AND NOT EXISTS (SELECT 1 FROM frontier WHERE body = :body)
                       AND NOT EXISTS (SELECT 1 FROM fetches WHERE body = :body)""",
                    {"body": row["body"]},
                )
            self._db.execute("INSERT OR REPLACE INTO forgotten VALUES (?, ?)", [key, stamp()])
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(known)

    def knows(self, url: str) -> bool:
        """Whether an address was found here."""
        return self._one("SELECT 1 FROM frontier WHERE url_key = ?", [frontier_key(url)]) is not None

    def bars(self, url: str) -> bool:
        """Whether an address was forgotten here, and is kept out."""
        return self._one("SELECT 1 FROM forgotten WHERE url_key = ?", [frontier_key(url)]) is not None

    def allow_again(self, url: str) -> None:
        """Let an address that was forgotten be found again; what was deleted stays deleted."""
        with self._writing():
            self._db.execute("DELETE FROM forgotten WHERE url_key = ?", [frontier_key(url)])

    def index_states(self) -> list[dict[str, Any]]:
        """One row per feed, sitemap or list: url, kind, last_fetched, status, outcome, detail, links."""
        return self._all(
            "SELECT url, kind, last_fetched, status, outcome, detail, links FROM indexes ORDER BY url"
        )

    # ── inside a transaction ─────────────────────────────────────────────────────────────────

    def _discover(self, link: Link, found_in: str) -> bool:
        try:
            key, outcome, detail = url_key(link.url), link.outcome, link.detail
        except AddressError as error:
            key, outcome, detail = frontier_key(link.url), "bad_url", str(error)
        if self._one("SELECT 1 FROM forgotten WHERE url_key = ?", [key]):
            return False
        now = stamp()
        new = self._db.execute(
            """INSERT OR IGNORE INTO frontier (url_key, url, found_in, hint_title, hint_published,
               hint_via, first_seen, due_at, outcome, stage, detail)
               VALUES (:key, :url, :found_in, :title, :published, :via, :now,
                       iif(:outcome IS NULL, :now, NULL), :outcome, 'discover', :detail)""",
            {
                "key": key,
                "url": storable(without_session(link.url)),
                "found_in": found_in,
                "title": storable(link.hint.title),
                "published": link.hint.published,
                "via": link.hint.via,
                "now": now,
                "outcome": outcome,
                "detail": detail,
            },
        ).rowcount
        if not new:
            self._revive("url_key = ?", key)
            if outcome is None:  # by the rules of another day it was not the source's
                self._db.execute(
                    """UPDATE frontier SET due_at = ?, outcome = NULL, detail = '', unbatched = 1
                       WHERE url_key = ? AND outcome = 'off_site' AND stage = 'discover'""",
                    [now, key],
                )
        if not new and link.modified:
            self._db.execute(
                """UPDATE frontier SET due_at = ? WHERE url_key = ? AND extracted = 'article'
                   AND julianday(?) > julianday(last_fetched) AND last_fetched <= ?""",
                # Some sites state the present moment, each time anew.
                [now, key, link.modified, stamp_after(-_DAY)],
            )
        return bool(new)

    def _revive(self, which: str, *values: str) -> None:
        """Try once more, at most daily, addresses that are still listed and were given up for what
        may pass: an outage of days is no reason to lose them."""
        self._db.execute(
            f"""UPDATE frontier SET due_at = ?, failures = ? WHERE {which} AND due_at IS NULL
                AND outcome IN (SELECT value FROM json_each(?)) AND last_fetched <= ?""",  # noqa: S608 - ours
            [stamp(), MOST_FAILURES - 1, *values, json.dumps(sorted(PASSING)), stamp_after(-_DAY)],
        )

    def _unless_moved(self, row: Mapping[str, Any], visit: Visit) -> Visit:
        """The visit, or where a known article's address leads to another page now, the end of it."""
        key = moved_to(row, visit)
        if key.endswith("/") and key.count("/") == 1:
            return replace(visit, outcome="gone", detail=f"redirected to the root: {visit.final_url}")
        known = "SELECT 1 FROM frontier WHERE url_key = ? AND extracted = 'article'"
        if key and self._one(known, [key]):
            return replace(visit, outcome="duplicate", detail=f"redirected to {visit.final_url}")
        return visit

    def _uncount(self, key: str, lines: Iterable[str]) -> None:
        """Take a page out of the site's lines, if it is counted there."""
        if self._one("SELECT 1 FROM frontier WHERE url_key = ? AND counted = 1", [key]):
            self._db.conn.executemany(
                "UPDATE site_lines SET pages = pages - 1 WHERE line = ? AND pages > 1",
                [(line,) for line in set(lines)],
            )
        self._db.execute("DELETE FROM site_lines WHERE pages <= 1")

    def _keep_body(self, body: bytes) -> str:
        digest = hashlib.sha256(body).hexdigest()
        packed = zstandard.compress(body, 3)
        self._db.execute(
            "INSERT OR IGNORE INTO bodies VALUES (?, ?, ?, ?)", [digest, packed, len(body), stamp()]
        )
        return digest

    def _log(self, url: str, kind: str, visit: Visit, body: str | None) -> None:
        self._db.execute(
            """INSERT INTO fetches (run, url, kind, fetched_at, status, outcome, detail, bytes, seconds, body)
               VALUES (:run, :url, :kind, :now, :status, :outcome, :detail, :bytes, :seconds, :body)""",
            {
                "run": self._run,
                "url": url,
                "kind": kind,
                "now": stamp(),
                "status": visit.status,
                "outcome": visit.outcome,
                "detail": storable(visit.detail),
                "bytes": len(visit.body),
                "seconds": visit.seconds,
                "body": body,
            },
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self.path), transaction(self._db):
            yield

    def _one(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> dict[str, Any] | None:
        return next(iter(self._all(sql, values)), None)

    def _all(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        return [dict(row) for row in self._db.execute(sql, values).fetchall()]
