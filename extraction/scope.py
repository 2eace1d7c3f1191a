"""Pages that carry more than one article: endless scrolling loads the next ones below the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.dom import text_of, twin
from extraction.lines import line_key

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADINGS = ("h1", "h2", "h3")
# An article element with less text is a card or a header, whose body may be the next one.
_LEAST = 250


def without_other_articles(tree: HtmlElement, title: str) -> HtmlElement:
    """The tree without the ``<article>`` elements that have headings of their own and stand beside
    the one that the title belongs to; the same tree where there are none.

    Articles inside the titled one (embedded ones, entries of a live report) stay.
    """
    others = _others(tree, line_key(title))
    if not others:
        return tree
    copy = twin(tree)
    for other in _others(copy, line_key(title)):
        other.drop_tree()
    return copy


def _others(tree: HtmlElement, title: str) -> list[HtmlElement]:
    outermost = [
        article for article in tree.iter("article") if next(article.iterancestors("article"), None) is None
    ]
    if not title or len(outermost) < 2:
        return []
    headed = [
        (article, [line_key(text_of(heading)) for heading in article.iter(*_HEADINGS)])
        for article in outermost
    ]
    titled = next(
        (n for n, (article, keys) in enumerate(headed) if title in keys and len(text_of(article)) >= _LEAST),
        None,
    )
    if titled is None:
        return []
    return [article for article, keys in headed[titled + 1 :] if any(keys)]
