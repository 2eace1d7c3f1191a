"""Sitemaps and sitemap indexes, plain or gzipped, with the news extension."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from spiders.compression import gunzipped
from spiders.dates import stated_time
from spiders.listing import Listing, plain_title
from spiders.outcomes import OutcomeError
from spiders.safe_xml import local_name, read_xml
from storage.models import Hint
from storage.visits import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from spiders.scope import Scope

_DAY = len("2026-11-23")
_FIELDS = ("loc", "lastmod", "publication_date", "title")


def read_sitemap(body: bytes, url: str, scope: Scope, now: datetime, charset: str = "") -> Listing:
    """The pages of a sitemap, or the sitemaps of an index, newest first; ``charset`` as in ``read_xml``.
    Raises OutcomeError."""
    document = read_xml(gunzipped(body) if body.startswith(b"\x1f\x8b") else body, charset)
    kind = local_name(document.root)
    if kind not in ("urlset", "sitemapindex"):
        raise OutcomeError("not_xml", f"not a sitemap but <{kind}>")
    rows = sorted(_rows(document.root, now), key=lambda row: row["lastmod"], reverse=True)
    if not rows and document.flaw:
        raise OutcomeError("not_xml", document.flaw)
    if kind == "sitemapindex":
        children = [scope.child(url, row["loc"]) for row in _from_both_ends(rows)]
        elsewhere = children.count("")
        told = f"{elsewhere:,} sitemaps that are not the source's left out" if elsewhere else ""
        return Listing(
            follow=tuple(child for child in children if child),
            remark="; ".join(filter(None, (document.flaw, told))),
            broken=bool(document.flaw),
        )
    return Listing(
        tuple(_link(row, url, scope) for row in rows), remark=document.flaw, broken=bool(document.flaw)
    )


def _from_both_ends(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows with those without a time last, in turn from their end and their start: the newest may
    stand at either, and of many not all are read."""
    undated = [row for row in rows if not row["lastmod"]]
    pairs = zip(reversed(undated), undated, strict=True)
    in_turn = [row for pair in pairs for row in pair][: len(undated)]
    return rows[: len(rows) - len(undated)] + in_turn


def _link(row: dict[str, str], url: str, scope: Scope) -> Link:
    published = row["publication_date"]
    hint = Hint(plain_title(row["title"]), published or row["lastmod"], "sitemap" if published else "lastmod")
    link = scope.link(url, row["loc"], hint)
    return Link(link.url, hint, link.outcome, link.detail, modified=row["lastmod"])


def _is_of(field: _Element, row: _Element) -> bool:
    """Whether a field is the page's own, not that of an image or a film in it."""
    parent = field.getparent()
    return parent is row or (parent is not None and local_name(parent) in ("news", "publication"))


def _rows(root: _Element, now: datetime) -> Iterator[dict[str, str]]:
    for element in root:
        row = dict.fromkeys(_FIELDS, "")
        for field in element.iter():
            name = local_name(field)
            if name in _FIELDS and not row[name] and _is_of(field, element):
                row[name] = (field.text or "").strip()
        if row["loc"]:
            for name in ("lastmod", "publication_date"):
                row[name] = _of_zone(stated_time(row[name], now), now)
            yield row


def _of_zone(moment: str, now: datetime) -> str:
    """A time of day without an offset is that of the source's zone."""
    when = datetime.fromisoformat(moment) if len(moment) > _DAY else None
    return when.replace(tzinfo=now.tzinfo).isoformat() if when and when.tzinfo is None else moment
