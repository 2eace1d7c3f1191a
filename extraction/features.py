"""What can be said of a line of a page before deciding whether it belongs to the article.

Two extractors vote (trafilatura, readability); the rest is the line's own form, the names of the
elements around it, and how it lies to the lines that both extractors keep.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from extraction.edges import rule_for
from extraction.lines import CJK, line_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extraction.blocks import Block, Line

_FOREIGN = re.compile(
    r"comment|share|social|relat|recommend|promo|sponsor|advert|(?:^|[\W_])ads?(?:$|[\W_])|banner|foot|nav|menu|"
    r"side|crumb|tags?\b|subscri|newsletter|login|sign|rank|copyright|tool|print|widget|meta|byline|author|info|"
    r"credit|cookie|popup|modal|teaser|gallery",
    re.IGNORECASE,
)
_OWN = re.compile(r"article|content|body|text|entry|post|story|main|paragraph|detail", re.IGNORECASE)
_ENDING = re.compile(r"[。！？.!?…\"”」』»）)：:;；]$")
# A Han character carries about as much as two and a half letters.
_CJK_WEIGHT = 2.5
_LONG = 40.0
_WRAPPERS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote"})

NAMES = (
    "trafilatura", "readability", "both", "none", "trafilatura_trust", "readability_trust",
    "trafilatura_only_trust", "readability_only_trust",
    "under_20", "under_40", "under_80", "under_160", "size",
    "linked", "half_linked", "all_linked", "trafilatura_only_linked",
    "heading", "paragraph", "list", "cell", "figure", "in_article", "in_aside", "in_form",
    "in_header", "hidden",
    "foreign_near", "own_near", "foreign_far", "own_far",
    "ending", "rule", "rule_outside",
    "before_core", "inside_core", "trafilatura_inside", "readability_inside", "none_inside",
    "near_above", "near_below", "far_off", "container_share", "outer_share", "container_purity",
    "one_vote_outer", "none_outer", "trafilatura_only_short", "readability_only_short",
    "form_share", "form_purity", "outer_form_share", "one_vote_form", "none_form", "one_vote_outer_form",
    "none_outer_form", "trafilatura_only_form_purity", "readability_only_form_purity",
    "cjk", "trafilatura_cjk", "readability_cjk", "trafilatura_only_cjk", "repeated",
    "in_claimed_text", "not_in_claimed_text", "in_description", "is_title",
)  # fmt: skip


class Votes:
    """The lines that one extractor kept, for asking whether a line of the page is among them."""

    def __init__(self, lines: Sequence[str]) -> None:
        keys = [line_key(line) for line in lines]
        self._keys = frozenset(keys)
        self._joined = "".join(keys)
        self.size = len(self._joined)

    def keeps(self, key: str) -> bool:
        """Whether a line is one of the kept lines or, if not short, a part of the kept text."""
        return key in self._keys or (len(key) >= 12 and key in self._joined)


@dataclass(slots=True)
class _Core:
    """Where the lines kept by both extractors lie on the page: ``weights`` of all lines, the
    indices of the first and last core line, and each block's characters, of core lines and in all."""

    weights: list[float]
    members: list[bool]
    first: int
    last: int
    inside: defaultdict[object, float]
    whole: defaultdict[object, float]
    total: float


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the page says of its own text: title, descriptions (meta tags and JSON-LD often differ) and
    the text in its JSON-LD."""

    title: str = ""
    descriptions: tuple[str, ...] = ()
    text: str = ""


def line_features(
    lines: Sequence[Line], first: Votes, second: Votes, claimed: Claimed = Claimed()
) -> list[tuple[float, ...]]:
    """One row of NAMES for each line; ``first`` votes for trafilatura, ``second`` for readability.

    An extractor that kept less than three tenths of what the other did has missed the article: it
    then votes as the other does.
    """
    if second.size < 0.3 * first.size:
        second = first
    elif first.size < 0.3 * second.size:
        first = second
    keys = [line_key(line.text) for line in lines]
    votes = [(first.keeps(key), second.keeps(key)) for key in keys]
    cjk = sum(len(CJK.findall(line.text)) for line in lines) > 0.3 * sum(len(line.text) for line in lines)
    core = _core(lines, votes, _CJK_WEIGHT if cjk else 1.0)
    trust = math.log((second.size + 50) / (first.size + 50))
    above, below = _distances(core.members), _distances(core.members[::-1])[::-1]
    seen: set[str] = set()
    surroundings: dict[Block, tuple[float, ...]] = {}
    rows = []
    title = line_key(claimed.title)
    descriptions = [key for text in dict.fromkeys(claimed.descriptions) if len(key := line_key(text)) > 30]
    text = Votes(claimed.text.splitlines())
    stated = text.size > 300 and 2 * sum(len(key) for key in keys if text.keeps(key)) > text.size
    for place, (line, key, (one, two)) in enumerate(zip(lines, keys, votes, strict=True)):
        repeated = len(key) > 30 and key in seen
        seen.add(key)
        rows.append(
            (
                *_vote_part(one, two, trust),
                *_form_part(line, core.weights[place], one and not two, surroundings),
                *_place_part(line, place, core, (one, two), (above[place], below[place])),
                *_form_place_part(line, core, one, two),
                cjk,
                one and cjk,
                two and cjk,
                one and not two and cjk,
                repeated,
                stated and text.keeps(key),
                stated and not text.keeps(key),
                len(key) > 30 and any(key in said or said[:60] in key for said in descriptions),
                key == title,
            )
        )
    return rows


def _vote_part(one: bool, two: bool, trust: float) -> tuple[float, ...]:
    only_one, only_two = one and not two, two and not one
    return (
        one, two, one and two, not one and not two, one * trust, two * trust,
        only_one * trust, only_two * trust,
    )  # fmt: skip


def _form_part(
    line: Line, weight: float, only_first: bool, surroundings: dict[Block, tuple[float, ...]]
) -> tuple[float, ...]:
    block = line.block
    if block not in surroundings:
        surroundings[block] = _surroundings(block)
    return (
        weight < 20, weight < _LONG, weight < 80, weight < 160, math.log(weight + 1) / 5,
        line.linked, line.linked > 0.4, line.linked > 0.9, only_first * line.linked,
        *surroundings[block], _ENDING.search(line.text) is not None,
    )  # fmt: skip


def _surroundings(block: Block) -> tuple[float, ...]:
    chain = list(block.chain())
    tags = [outer.tag for outer in chain]
    around = set(tags)
    names = [_naming(outer.names) for outer in chain[:-1]] or [(False, False)]
    return (
        bool(block.heading), tags[0] == "p", "li" in tags[:3], "td" in tags[:2],
        "figure" in tags[:4] or tags[0] == "figcaption",
        "article" in around or "main" in around, not around.isdisjoint(("aside", "footer", "nav")),
        "form" in tags[:4], "header" in tags[:5], block.hidden,
        any(foreign for foreign, _ in names[:2]), any(own for _, own in names[:2]),
        any(foreign for foreign, _ in names[2:]), any(own for _, own in names[2:]),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _naming(names: str) -> tuple[bool, bool]:
    """Whether a class and id sound like something beside the article, and like the article itself."""
    return _FOREIGN.search(names) is not None, _OWN.search(names) is not None


def _place_part(
    line: Line, place: int, core: _Core, votes: tuple[bool, bool], distances: tuple[int, int]
) -> tuple[float, ...]:
    one, two = votes
    above, below = distances
    rule = bool(rule_for(line.text))
    inside = core.first <= place <= core.last
    share, outer, purity = _container(line, core)
    short = core.weights[place] < _LONG
    return (
        rule, rule and not core.first < place < core.last,
        place < core.first, inside, one and inside, two and inside, inside and not one and not two,
        above <= 2, below <= 2, min(above, below) > 8, share, outer, purity,
        (one != two) * outer, (not one and not two) * outer,
        one and not two and short, two and not one and short,
    )  # fmt: skip


def _form_place_part(line: Line, core: _Core, one: bool, two: bool) -> tuple[float, ...]:
    own, outer = _signatures(line.block)
    share = core.inside[own] / core.total
    purity = core.inside[own] / core.whole[own] if core.whole[own] else 0.0
    around = core.inside[outer] / core.total
    single, none = one != two, not one and not two
    return (
        share, purity, around, single * share, none * share, single * around, none * around,
        (one and not two) * purity, (two and not one) * purity,
    )  # fmt: skip


def _signatures(block: Block) -> tuple[object, object]:
    """The form of a block's place, alike for the paragraphs of one article even where each stands
    in an element of its own: tags and names of it and the block around it, and of the next two."""
    parent = block.parent
    outer = parent.parent if parent else None
    form = (parent.tag, parent.names) if parent else ("", "")
    return (block.tag, block.names, *form), (*form, *((outer.tag, outer.names) if outer else ("", "")))


def _container(line: Line, core: _Core) -> tuple[float, float, float]:
    """Of the core's characters the share in the line's container and in the one around it, the
    larger of the two; and how much of the container's text is core."""
    chain = list(line.block.chain())
    blocks = chain[1:3] if chain[0].tag in _WRAPPERS and len(chain) > 1 else chain[:2]
    shares = [core.inside[block] / core.total for block in blocks]
    whole = core.whole[blocks[0]]
    return shares[0], max(shares), core.inside[blocks[0]] / whole if whole else 0.0


def _core(lines: Sequence[Line], votes: Sequence[tuple[bool, bool]], scale: float) -> _Core:
    weights = [len(line.text) * scale for line in lines]
    members = [one and two and weight >= _LONG for (one, two), weight in zip(votes, weights, strict=True)]
    places = [n for n, member in enumerate(members) if member] or [
        n for n, (one, two) in enumerate(votes) if (one or two) and weights[n] >= _LONG
    ]
    inside: defaultdict[object, float] = defaultdict(float)
    whole: defaultdict[object, float] = defaultdict(float)
    for line, weight, member in zip(lines, weights, members, strict=True):
        for depth, block in enumerate(line.block.chain()):
            if depth > 3:
                break
            whole[block] += weight
            if member:
                inside[block] += weight
        for form in _signatures(line.block):
            whole[form] += weight
            if member:
                inside[form] += weight
    total = sum(weight for weight, member in zip(weights, members, strict=True) if member) or 1.0
    return _Core(
        weights, members, places[0] if places else 0, places[-1] if places else 0, inside, whole, total
    )


def _distances(members: Sequence[bool]) -> list[int]:
    """For each line how many lines back the last member is; 0 for a member itself."""
    distance = len(members) + 100
    result = []
    for member in members:
        distance = 0 if member else distance + 1
        result.append(distance)
    return result
