"""From a stored page to an article or a reject: the one entry to this room."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extraction import metadata
from extraction.blocks import page_lines
from extraction.body import Body, generic_body, rule_body
from extraction.bylines import printed_byline, reporter
from extraction.claims import Claim, page_claims
from extraction.decoding import REPLACEMENT, decode
from extraction.dom import TooDeepError, parse
from extraction.edges import Trimmed, rule_for, trim_edges
from extraction.features import Claimed
from extraction.guard import too_complex
from extraction.languages import month_first, text_language, time_zone
from extraction.printed_times import without_sentences
from extraction.scope import without_other_articles
from extraction.script_data import script_lines
from extraction.titles import page_title
from extraction.verdicts import no_article, not_text, wall_or_error
from extraction.visible import first_outlet, labelled, lines_near_title, lines_of_others, wire_credit
from storage.models import Article, Reject, StoredPage

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from extraction.blocks import Line

VERSION = f"aidwire-extract 4 / trafilatura {version('trafilatura')}"
_SUSPECT_SHARE = 0.03
_SHORT_LINE = 80
_RIGHTS_LINES = 4
_INDEX_DOCUMENT = re.compile(r"/(?:index|default)\.\w+$", re.IGNORECASE)
_EDITION = re.compile(r"(?:amp|print|mobile|m|single|full|all)(?:\.\w+)?/?", re.IGNORECASE)
_LABEL = re.compile(r"[源处编編责責者文][^:：]{0,3}[:：]")


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What a source file says about its pages: CSS of the article's element, CSS of what to drop
    inside it, the IANA time zone for times without an offset, and fields to fall back on."""

    content: str = ""
    drop: tuple[str, ...] = ()
    timezone: str = ""
    language: str = ""
    country: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article before its site's lines are taken out, and the distinct lines of this page to
    count for the site's boilerplate table."""

    article: Article
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """All readings of one parsed page that the fields are made from. ``scope`` is the tree without
    other articles; a source's own CSS sees the whole one."""

    tree: HtmlElement
    scope: HtmlElement
    claims: tuple[Claim, ...]
    visible: list[Line]
    title: str
    near: list[str]


_NO_RULES = SiteRules()


def extract_page(page: StoredPage, rules: SiteRules = _NO_RULES) -> Extracted | Reject:
    """Extract one page, in this process and without limits on time: see ExtractionPool for those.

    Never raises for any bytes; raises for CSS in ``rules`` that is not valid.
    """
    if not page.body.strip():
        return Reject(page.url, "empty", "no bytes")
    if reason := not_text(page.body, page.content_type):
        return Reject(page.url, "not_text", reason)
    decoded = decode(page.body, page.content_type)
    if reason := too_complex(decoded.text):
        return Reject(page.url, "too_complex", reason)
    try:
        tree = parse(decoded.text)
    except TooDeepError as error:
        return Reject(page.url, "too_complex", str(error))
    if tree is None:
        return Reject(page.url, "empty", "no markup and no text")
    seen = _look(tree, page)
    body, drifted = _body(seen, page, rules)
    trimmed = trim_edges(body.lines, seen.title)
    reject = _judge(page, seen, trimmed)
    if reject and reject.outcome in {"empty", "no_text"} and (inside := script_lines(tree)):
        body = Body(tuple(inside), "script_data")
        trimmed = trim_edges(body.lines, seen.title)
        reject = _judge(page, seen, trimmed, shown=False)
    if reject:
        return reject
    article = _article(page, rules, seen, body, trimmed)
    if drifted:
        article = replace(article, flags=(*article.flags, "site_rule_drift"))
    return Extracted(article, tuple(dict.fromkeys(trimmed.lines)))


def _look(tree: HtmlElement, page: StoredPage) -> _Seen:
    claims = page_claims(tree)
    title = page_title(tree, claims, page.hint.title)
    scope = without_other_articles(tree, title)
    visible = page_lines(scope)
    return _Seen(tree, scope, claims, visible, title, lines_near_title(visible, title))


def _body(seen: _Seen, page: StoredPage, rules: SiteRules) -> tuple[Body, bool]:
    """The main text, and whether a site rule failed that should have found it."""
    if rules.content:
        body = rule_body(seen.tree, rules.content, rules.drop)
        if body is not None:
            return body, False
    descriptions = tuple(claim.value for claim in seen.claims if claim.field == "description")
    claimed = Claimed(seen.title, descriptions, metadata.first(seen.claims, "text"))
    return generic_body(seen.scope, seen.visible, page.final_url, claimed), bool(rules.content)


def _judge(page: StoredPage, seen: _Seen, trimmed: Trimmed, *, shown: bool = True) -> Reject | None:
    text = "".join(trimmed.lines)
    if text.count(REPLACEMENT) + seen.title.count(REPLACEMENT) > _SUSPECT_SHARE * (
        len(text) + len(seen.title)
    ):
        count = text.count(REPLACEMENT) + seen.title.count(REPLACEMENT)
        return Reject(page.url, "encoding_suspect", f"{count} of {len(text)} characters could not be decoded")
    if found := wall_or_error(seen.title, seen.visible, trimmed.lines):
        return Reject(page.url, found[0], f"says {found[1]!r}")
    if shown and not seen.visible:
        return Reject(page.url, "empty", "no visible text")
    if reason := no_article(trimmed.lines, seen.visible):
        return Reject(page.url, "no_text", reason)
    return None


def _article(page: StoredPage, rules: SiteRules, seen: _Seen, body: Body, trimmed: Trimmed) -> Article:
    text = "\n".join(trimmed.lines)
    declared = metadata.first(seen.claims, "language")
    language = text_language(text, declared or rules.language)
    zone = rules.timezone or time_zone(page.final_url, rules.country, language)
    clock = metadata.Clock(zone, _fetched(page), month_first(declared, rules.country, language))
    near = without_sentences(seen.near, trimmed.lines)
    dated = metadata.published_time(seen.claims, near, page.hint, clock)
    short = [line.text for line in seen.visible if len(line.text) <= _SHORT_LINE and _LABEL.search(line.text)]
    edge_lines = [*near, *(line.line for line in trimmed.removed), *short]
    others = lines_of_others(seen.visible, trimmed.lines)
    origin_lines = [line for line in edge_lines if line not in others]
    printed = [line.text for line in seen.visible]
    flags = [*dated.flags, *(["removal_capped"] if trimmed.capped else [])]
    return Article(
        url=page.url,
        title=seen.title,
        text=text,
        language=language,
        published_at=dated.at,
        published_precision=dated.precision,
        published_from=dated.source,
        offset_inferred=dated.inferred,
        modified_at=metadata.modified_time(seen.claims, clock),
        byline=_named(seen.claims, "byline", edge_lines)
        or reporter(trimmed.lines)
        or printed_byline(near)
        or wire_credit("Reporting", printed),
        origin=_named(seen.claims, "origin", origin_lines) or first_outlet(edge_lines),
        upstream=metadata.upstream_outlet([line.line for line in trimmed.removed if line.rule == "kicker"]),
        editor=_named(seen.claims, "editor", edge_lines) or wire_credit("Editing", printed),
        section=metadata.first(seen.claims, "section"),
        description=metadata.first(seen.claims, "description"),
        keywords=_keywords(seen.claims),
        canonical=_canonical(seen.claims, page.final_url),
        rights=_rights(seen, trimmed),
        licence=metadata.licence_name(metadata.first(seen.claims, "licence")) or rules.licence,
        image=metadata.first(seen.claims, "image"),
        method=body.method,
        removed=trimmed.removed,
        flags=tuple(dict.fromkeys(flags)),
    )


def _fetched(page: StoredPage) -> datetime:
    try:
        when = datetime.fromisoformat(page.fetched_at)
    except ValueError:
        return datetime.now(UTC)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _named(claims: tuple[Claim, ...], field: str, lines: list[str]) -> str:
    """A person's or outlet's name: a claim that carries a label or none, else a printed label; a
    claim that names no outlet (原创) is the last resort."""
    printed = labelled(field, lines)
    for claim in claims:
        if claim.field == field:
            name = labelled(field, [claim.value]) or metadata.plain_name(claim.value)
            if field == "byline" and metadata.is_no_person(name):
                continue
            if name and not (field == "origin" and printed and metadata.is_no_outlet(name)):
                return name
    return printed


def _keywords(claims: tuple[Claim, ...]) -> tuple[str, ...]:
    words = [
        word.strip()
        for claim in claims
        if claim.field == "keywords"
        for word in claim.value.replace("，", ",").replace("、", ",").replace(";", ",").split(",")
    ]
    return tuple(dict.fromkeys(word for word in words if word))[:40]


def _canonical(claims: tuple[Claim, ...], url: str) -> str:
    addresses = (metadata.same_site(claim.value, url) for claim in claims if claim.field == "canonical")
    return next((address for address in addresses if address and not _is_above(address, url)), "")


def _is_above(address: str, url: str) -> bool:
    """Whether an address is the root or a section that ``url`` lies in: templates state one for all.

    A page for print or for phones may lie under its article, too.
    """
    claimed, own = (urlsplit(one) for one in (address, url))
    path, below = (_INDEX_DOCUMENT.sub("/", parts.path or "/") for parts in (claimed, own))
    if claimed.query or not path.endswith("/"):
        return False
    if path == "/":
        return below != "/" or bool(own.query)
    rest = below.removeprefix(path)
    return rest not in ("", below) and not _EDITION.fullmatch(rest)


def _rights(seen: _Seen, trimmed: Trimmed) -> str:
    """The page's rights statement: its printed lines, else what its markup says."""
    printed = [*(line.line for line in trimmed.removed), *(line.text for line in seen.visible)]
    found = dict.fromkeys(line for line in printed if rule_for(line) == "rights")
    return "\n".join(list(found)[:_RIGHTS_LINES]) or metadata.first(seen.claims, "rights")
