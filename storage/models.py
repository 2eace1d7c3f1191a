"""What travels between the rooms: hints, pages, articles, and the one outcome of every address.

Times are ISO 8601 text. Times that aidwire itself notes (seen, fetched, started) are UTC with the
suffix ``+00:00`` and whole seconds; times that a page states keep the offset of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The four columns of the invariant: discovered = loaded + rejected + pending + failed."""

    LOADED = "loaded"
    REJECTED = "rejected"
    FAILED = "failed"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an address can end: the state it counts under, and what it means in one line."""

    state: State
    meaning: str


OUTCOMES: dict[str, Outcome] = {
    "article": Outcome(State.LOADED, "stored as an article"),
    "duplicate": Outcome(State.LOADED, "another address of an article that is stored already"),
    "new_version": Outcome(State.LOADED, "changed since it was stored; kept as a new version"),
    "unchanged": Outcome(State.LOADED, "looked at again and the same as stored"),
    "timeout": Outcome(State.FAILED, "no complete answer in time"),
    "connection_error": Outcome(State.FAILED, "no connection, or it was reset"),
    "truncated": Outcome(State.FAILED, "the answer ended before its stated length or gzip trailer"),
    "protocol_error": Outcome(State.FAILED, "the answer was not valid HTTP or TLS"),
    "redirect_loop": Outcome(State.FAILED, "redirected too often"),
    "redirect_blocked": Outcome(State.FAILED, "redirected to an address that is not allowed"),
    "robots_disallowed": Outcome(State.FAILED, "robots.txt forbids it"),
    "robots_unreachable": Outcome(State.FAILED, "robots.txt could not be read, which means no"),
    "rate_limited": Outcome(State.FAILED, "the server asked for fewer requests (429, 503)"),
    "forbidden": Outcome(State.FAILED, "the server refused it (401, 402, 403, 451)"),
    "blocked": Outcome(State.FAILED, "a challenge or block page stood in its place"),
    "gone": Outcome(State.FAILED, "taken down; a copy stored earlier is kept"),
    "not_found": Outcome(State.FAILED, "404"),
    "server_error": Outcome(State.FAILED, "the server failed (5xx)"),
    "too_large": Outcome(State.FAILED, "larger than the size limit"),
    "too_complex": Outcome(State.REJECTED, "too many elements to extract safely"),
    "extract_timeout": Outcome(State.REJECTED, "extraction did not end within its limits"),
    "budget_stop": Outcome(State.FAILED, "left out because the run's page or time budget was spent"),
    "empty": Outcome(State.REJECTED, "the answer had no content"),
    "not_text": Outcome(State.REJECTED, "not an HTML page (image, PDF, archive …)"),
    "no_text": Outcome(State.REJECTED, "a page without an article's text (home, list, video page)"),
    "soft_404": Outcome(State.REJECTED, "a 'not found' page sent with status 200"),
    "soft_error": Outcome(State.REJECTED, "an error page (database, template) sent with status 200"),
    "login_wall": Outcome(State.REJECTED, "the text is behind a login or a subscription"),
    "consent_wall": Outcome(State.REJECTED, "a consent page stood in its place"),
    "encoding_suspect": Outcome(State.REJECTED, "characters could not be decoded reliably"),
    "off_topic": Outcome(State.REJECTED, "an article, but not about aid"),
    "xml_rejected": Outcome(State.FAILED, "a feed or sitemap that is unsafe to read"),
    "not_xml": Outcome(State.FAILED, "not the feed, sitemap or JSON it should be"),
    "bad_url": Outcome(State.REJECTED, "not a usable address"),
    "off_site": Outcome(State.REJECTED, "outside the source's sites or its allow rules"),
}


def state_of(outcome: str | None) -> State:
    """The state that an outcome counts under; an address without one is pending."""
    return State.PENDING if outcome is None else OUTCOMES[outcome].state


@dataclass(frozen=True, slots=True)
class Hint:
    """What a feed, sitemap, list row or JSON row said of a page before it was fetched.

    ``published`` is ISO 8601 as exact as the index gave it: a day, or a time with or without offset.
    ``via`` is ``feed``, ``sitemap``, ``list`` or ``json``, or empty where nothing was said; it is
    ``lastmod`` where ``published`` is only when a sitemap says the page was changed.
    """

    title: str = ""
    published: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A fetched page as the archive keeps it. ``url`` is the discovered address, ``final_url`` the
    one that answered after redirects, ``content_type`` the header as sent."""

    url: str
    final_url: str
    body: bytes
    content_type: str
    fetched_at: str
    hint: Hint = Hint()


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A line taken out of an article's text, and the rule that took it."""

    line: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as extracted. Text that is unknown is the empty string, never a guess.

    ``text`` has one paragraph a line, without the title. ``published_at`` and ``modified_at`` are
    ISO 8601 with offset; ``published_precision`` is ``day``, ``minute`` or ``second`` ("" where
    there is no time); ``published_from`` names where the time came from (``site_rule``,
    ``hidden_input``, ``json_ld``, ``meta``, ``microdata``, ``time_element``, ``visible_line``,
    ``feed``, ``sitemap``, ``list``, ``json``); ``offset_inferred`` is true where the offset is the
    source's time zone rather than the page's word. ``origin`` is the outlet a page credits (来源),
    ``upstream`` the one that outlet credits in turn. ``flags`` are marks such as
    ``date_ambiguous``, ``removal_capped`` or ``site_rule_drift``.
    """

    url: str
    title: str
    text: str
    language: str = ""
    published_at: str = ""
    published_precision: str = ""
    published_from: str = ""
    offset_inferred: bool = False
    modified_at: str = ""
    byline: str = ""
    origin: str = ""
    upstream: str = ""
    editor: str = ""
    section: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    canonical: str = ""
    rights: str = ""
    licence: str = ""
    image: str = ""
    method: str = ""
    removed: tuple[RemovedLine, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """A page that is not an article to keep: an outcome of OUTCOMES and a detail for people."""

    url: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A lexicon term found: ``where`` is ``title`` or ``text``, start and end are offsets there."""

    term: str
    category: str
    where: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Relevance:
    """How far an article is aid news. ``verdict`` is ``aid``, ``maybe`` or ``off_topic``;
    ``categories`` are sorted by weight; ``rules`` is the version of lexicon and scoring."""

    score: float
    verdict: str
    categories: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement with its evidence: ``text`` is the article text's slice ``start:end``.

    ``value`` and ``value_max`` are exact decimals as text; ``kind`` is ``money``, ``count``,
    ``place``, ``pair`` or ``sector``; ``code`` is a place's GB/T 2260 or ISO 3166 code, or a
    sector's DAC group; ``donor`` and ``recipient`` are a pair's two sides, or a money fact's where
    the text names them.
    """

    kind: str
    start: int
    end: int
    text: str
    value: str = ""
    value_max: str = ""
    currency: str = ""
    unit: str = ""
    qualifier: str = ""
    role: str = ""
    cue: str = ""
    code: str = ""
    donor: str = ""
    recipient: str = ""
    rule_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """One address in a batch: its fetch, its outcome so far (None: pending) and what it gave.

    An extracted article travels with outcome ``article``; the load decides whether it is that,
    ``duplicate``, ``new_version`` or ``unchanged``. ``stage`` is where the outcome was decided:
    ``discover``, ``fetch``, ``extract`` or ``judge``.
    """

    url: str
    outcome: str | None
    first_seen: str
    stage: str = ""
    status: int | None = None
    detail: str = ""
    last_fetched: str = ""
    article: Article | None = None
    relevance: Relevance | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One collect of one source. ``state`` is ``completed``, ``stopped`` or ``failed``."""

    id: str
    source: str
    started: str
    ended: str
    state: str
    discovered: int
    fetched: int
    code_version: str
    extractor_version: str
    detail: str = ""
