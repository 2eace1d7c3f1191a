"""Lines that repeat across a site's pages are the site's, not the article's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from extraction.edges import take_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.models import Article

SHARE = 0.30
LEAST_PAGES = 3


def boilerplate(counts: Mapping[str, int], pages: int) -> frozenset[str]:
    """The lines that stand on at least SHARE of a site's pages and on at least LEAST_PAGES.

    ``counts`` maps each line to the number of pages it was seen on, of ``pages`` in all.
    """
    least = max(LEAST_PAGES, SHARE * pages)
    return frozenset(line for line, count in counts.items() if count >= least)


def without_site_lines(article: Article, lines: frozenset[str]) -> Article:
    """The article without these lines, each recorded as removed under the rule ``site_line``.

    Where they are more of the text than is safe to take, the rest stays and the article is marked
    ``removal_capped``.
    """
    text = article.text.split("\n")
    found = {place: "site_line" for place, line in enumerate(text) if line in lines}
    if not found:
        return article
    trimmed = take_out(text, found)
    flags = dict.fromkeys((*article.flags, *(["removal_capped"] if trimmed.capped else [])))
    return replace(
        article,
        text="\n".join(trimmed.lines),
        removed=(*article.removed, *trimmed.removed),
        flags=tuple(flags),
    )
