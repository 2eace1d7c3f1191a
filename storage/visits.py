"""What a crawl and its archive say to each other: links found, pages wanted, visits made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.models import Hint

if TYPE_CHECKING:
    from storage.models import PageRecord


@dataclass(frozen=True, slots=True)
class Link:
    """An address found in an index document. ``outcome`` ends it at once (``bad_url``,
    ``off_site``); ``modified`` is a sitemap's lastmod in ISO 8601 (UTC where it has no offset), which makes a
    known page due, at most daily."""

    url: str
    hint: Hint = Hint()
    outcome: str | None = None
    detail: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to fetch now, with its validators where it was fetched before."""

    url: str
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One fetch. ``outcome`` None: ``body`` is to be stored and extracted; ``unchanged``: 304;
    else an outcome of OUTCOMES. ``seconds`` from request to the last byte."""

    outcome: str | None
    status: int | None = None
    final_url: str = ""
    content_type: str = ""
    body: bytes = b""
    etag: str = ""
    last_modified: str = ""
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Addresses known, due now, and visited in this run."""

    known: int
    due: int
    fetched: int


@dataclass(frozen=True, slots=True)
class Unbatched:
    """An address that changed since the last batch; ``waiting`` if its body is to be extracted."""

    record: PageRecord
    waiting: bool
    counted: bool
