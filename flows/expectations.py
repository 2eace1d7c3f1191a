"""What a source file expects of its source, held against what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spiders.sources import Health
    from storage.vitals import Vitals

# Fewer articles or pages than these say nothing about a share.
_LEAST_ARTICLES = 10
_LEAST_PAGES = 20
_DRIFTED = 0.5
_NO_TEXT_NOW, _NO_TEXT_BEFORE = 0.5, 0.25


def unexpected(seen: Vitals, expected: Health) -> tuple[str, str] | None:
    """``drift`` or ``breach`` with the reason, or None where all is as expected."""
    if drift := _drift(seen):
        return "drift", drift
    breaches = _week(seen, expected) + (_articles(seen, expected) if seen.articles >= _LEAST_ARTICLES else [])
    return ("breach", "; ".join(breaches)) if breaches else None


def _drift(seen: Vitals) -> str:
    if seen.drifted >= _DRIFTED:
        return f"its content rule finds nothing on {seen.drifted:.0%} of the newest pages"
    if seen.visits >= _LEAST_PAGES and seen.no_text >= _NO_TEXT_NOW and seen.no_text_before < _NO_TEXT_BEFORE:
        return (
            f"{seen.no_text:.0%} of this week's pages have no text, {seen.no_text_before:.0%} had none before"
        )
    return ""


def _week(seen: Vitals, expected: Health) -> list[str]:
    wrong = []
    if seen.weeks >= 1 and seen.new < expected.articles_per_week:
        wrong.append(f"{seen.new} articles in a week, {expected.articles_per_week} expected")
    if seen.visits >= _LEAST_ARTICLES and seen.refusals > expected.refusals:
        wrong.append(f"{seen.refusals:.0%} of the pages refused, at most {expected.refusals:.0%} expected")
    return wrong


def _articles(seen: Vitals, expected: Health) -> list[str]:
    wrong = []
    if seen.median_length < expected.median_length:
        wrong.append(f"median length {seen.median_length:.0f}, {expected.median_length} expected")
    for name, share, least in (
        ("with a time of day", seen.share_with_time, expected.share_with_time),
        ("with an origin", seen.share_with_origin, expected.share_with_origin),
    ):
        if share < least:
            wrong.append(f"{share:.0%} of the articles {name}, {least:.0%} expected")
    if seen.removed_share > expected.removed_share:
        wrong.append(
            f"{seen.removed_share:.0%} of the text removed, at most {expected.removed_share:.0%} expected"
        )
    return wrong
