"""Head and tail lines of an article's text that are not the article: taken out, and kept.

Only lines near the two ends are judged by these rules; a line in the middle of the narrative stays
even if it looks like one of them. The rules may not take more than a
safe share of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from extraction.lines import line_key
from extraction.months import MONTH_PATTERN
from extraction.phrases import phrases
from extraction.times import ImpossibleTimeError, read_time
from storage.models import RemovedLine

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 0.2
LEGAL_LIMIT = 0.5
_HEAD, _TAIL = 8, 14
_LONGEST = 220


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Lines that stay, lines that went, and whether the limit kept some of the latter in."""

    lines: tuple[str, ...]
    removed: tuple[RemovedLine, ...]
    capped: bool


_TITLES = frozenset({"title", "kicker"})
_LEGAL = frozenset({"icp", "copyright", "rights"})
_DATE_PARTS = re.compile(rf"\d+|{MONTH_PATTERN}|[年月日时分秒]", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_SENTENCE_END = re.compile(r"[。！？!?]$")
_LONGEST_DATELINE = 80
# A line of labels above the text, which on a short report is a good part of it.
_LABEL = re.compile(
    r"(?:来\s*源|來\s*源|稿\s*源|作\s*者|记\s*者|編\s*輯|编\s*辑|责\s*编|时间|時間|日期|浏览|点击)[^\s:：]{0,3}\s*[:：]"
)
_LABELS_ABOVE = 3
# What is left of a dateline when date and time are gone: an outlet, a few labels.
_DATELINE_REST = 24


@lru_cache(maxsize=4096)
def rule_for(line: str) -> str:
    """The name of the rule that a line falls under at an article's edge, or ""."""
    if len(line) > _LONGEST:
        return ""
    found = next((rule.name for rule in phrases("edge") if rule.find(line)), "")
    return found or ("dateline" if _is_dateline(line) else "")


def _is_dateline(line: str) -> bool:
    """Whether a line is little more than a full date: 2012-01-17 15:32 | 晚間新聞."""
    if len(line) > _LONGEST_DATELINE or not _YEAR.search(line) or _SENTENCE_END.search(line):
        return False
    if len(line_key(_DATE_PARTS.sub("", line))) > _DATELINE_REST:
        return False
    try:
        return read_time(line) is not None
    except ImpossibleTimeError:
        return False


def trim_edges(lines: Sequence[str], title: str) -> Trimmed:
    """Take the title and the site's lines off both ends of an article's text."""
    removed: dict[int, str] = {}
    title_key = line_key(title)
    for place in range(min(_HEAD, len(lines))):
        if title_key and (found := _repeats_title(line_key(lines[place]), title_key)):
            removed[place] = found
        elif rule := rule_for(lines[place]):
            removed[place] = rule
    start = max(len(removed), len(lines) - _TAIL)
    for place in range(start, len(lines)):
        if place not in removed and (rule := rule_for(lines[place])):
            removed[place] = rule
            if rule in {"related", "comments"}:
                # What follows such a heading belongs to it.
                removed.update(
                    (after, rule) for after in range(place + 1, len(lines)) if after not in removed
                )
                break
    return take_out(lines, removed)


def _repeats_title(key: str, title_key: str) -> str:
    """``title`` for the title itself, ``kicker`` for the title behind an outlet's name, or ""."""
    if key == title_key:
        return "title"
    return (
        "kicker" if len(title_key) > 8 and key.endswith(title_key) and len(key) < len(title_key) + 16 else ""
    )


def take_out(lines: Sequence[str], removed: dict[int, str]) -> Trimmed:
    """Remove lines by index, from the last backwards while the removed share stays within LIMIT.

    A title does not count towards it, as it is kept in its own field, nor a line above the text of
    nothing but labels. Legal lines, which under a short report are often as long as itself, may be
    up to LEGAL_LIMIT.
    """
    size = sum(len(line) for line in lines)
    budget, legal_budget = LIMIT * size, LEGAL_LIMIT * size
    gone: dict[int, str] = {}
    for place, rule in sorted(removed.items(), reverse=True):
        free = rule in _TITLES or (place < _LABELS_ABOVE and len(_LABEL.findall(lines[place])) > 1)
        cost = 0 if free else len(lines[place])
        if rule in _LEGAL and cost <= legal_budget:
            legal_budget -= cost
        elif rule not in _LEGAL and cost <= budget:
            budget -= cost
        else:
            continue
        gone[place] = rule
    return Trimmed(
        tuple(line for place, line in enumerate(lines) if place not in gone),
        tuple(RemovedLine(lines[place], rule) for place, rule in sorted(gone.items())),
        len(gone) < len(removed),
    )
