"""Lines about which the line model is overruled.

Each rule was right on nearly every line of the real pages that the model judged otherwise; see
docs/extraction.md.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from extraction.edges import rule_for
from extraction.features import NAMES, Votes
from extraction.lines import line_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extraction.blocks import Block, Line

    Rows = Sequence[tuple[float, ...]]

# An item with a larger share of linked text makes its list navigation, whoever keeps it.
_LINKED = 0.5
_LISTS = frozenset({"ul", "ol"})
_POST = re.compile(r"twitter-tweet|instagram-media|fb-post|tiktok-embed|bluesky-embed")
_NEAR = 4
# How many lines a standfirst may lie from the title: bylines, dates and share bars stand between.
_STANDFIRST_REACH = 12
_SIBLINGS = 3
_TRAFILATURA, _BOTH, _DESCRIBED, _HIDDEN, _FIGURE, _INSIDE, _BEFORE = map(
    NAMES.index,
    ("trafilatura", "both", "in_description", "hidden", "figure", "inside_core", "before_core"),
)


def surely_in(lines: Sequence[Line], rows: Rows, votes: Sequence[Votes], title: str) -> list[bool]:
    """Whether a line is of a list without links that both tools keep, of a quoted post, or the
    standfirst."""
    parts = zip(_plain_lists(lines, votes), _posts(lines, rows), _standfirst(lines, rows, title), strict=True)
    return [any(part) for part in parts]


def surely_out(line: Line) -> bool:
    """Whether a line is no more than a link to another article, as some sites set between paragraphs."""
    return line.linked > _LINKED and rule_for(line.text) == "related"


def with_subheadings(lines: Sequence[Line], rows: Rows, chosen: Sequence[bool]) -> list[bool]:
    """The choice, and the headings that both tools keep between chosen lines of the same element."""
    full = list(chosen)
    for place, (line, row) in enumerate(zip(lines, rows, strict=True)):
        if chosen[place] or not line.heading or not row[_BOTH] or line.linked > _LINKED:
            continue
        sides = (range(max(0, place - _SIBLINGS), place), range(place + 1, place + 1 + _SIBLINGS))
        full[place] = all(
            any(chosen[n] and lines[n].block.parent is line.block.parent for n in side if n < len(lines))
            for side in sides
        )
    return full


def _plain_lists(lines: Sequence[Line], votes: Sequence[Votes]) -> list[bool]:
    """The model has learnt that lists are navigation, partly from gold texts that leave all lists out."""
    homes = [
        next((block for block in islice(line.block.chain(), _NEAR) if block.tag in _LISTS), None)
        for line in lines
    ]
    links = {home for line, home in zip(lines, homes, strict=True) if line.linked > _LINKED}
    return [
        home is not None and home not in links and all(vote.keeps(line_key(line.text)) for vote in votes)
        for line, home in zip(lines, homes, strict=True)
    ]


def _posts(lines: Sequence[Line], rows: Rows) -> list[bool]:
    return [bool(row[_TRAFILATURA]) and _is_post(line.block) for line, row in zip(lines, rows, strict=True)]


def _is_post(block: Block) -> bool:
    return any(_POST.search(outer.names) for outer in islice(block.chain(), _NEAR))


def _standfirst(lines: Sequence[Line], rows: Rows, title: str) -> list[bool]:
    """Whether a line is the page's description as printed, between the title and the text or in it:
    both tools take it for part of the header where it stands outside the text's element."""
    key = line_key(title)
    titled = next((place for place, line in enumerate(lines) if line_key(line.text) == key), None)
    found = []
    for place, row in enumerate(rows):
        near = titled is None or abs(place - titled) <= _STANDFIRST_REACH
        shown = bool(row[_DESCRIBED]) and not (row[_HIDDEN] or row[_FIGURE])
        found.append(shown and bool(row[_INSIDE] or (row[_BEFORE] and near)))
    return found
