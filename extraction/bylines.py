"""Who wrote an article, as it is printed: behind a dateline, on a line of its own, below the title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction.lines import clean_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAN = r"(?:(?!摄影|报道|通讯员|记者|文图)[一-鿿])"
_HAN_NAME = rf"(?:{_HAN}{{1,8}}(?:·{_HAN}{{1,8}})+|{_HAN}{{2,4}})"
_HAN_NAMES = rf"(?P<name>{_HAN_NAME}(?:[\s、，,]{{1,2}}(?:(?:通讯员|记者)\s?)?{_HAN_NAME}){{0,4}})"
_JOB = (
    r"(?:本报|本社|本网|本台|总台|央视|特约|实习|首席|全媒体|融媒体){0,3}(?:记者|記者|通讯员)"
    r"(?![们們])\s*[:：]?\s*"
)
# 新华社北京9月1日电（记者王某）, … 电 （王某）: agencies name the reporter behind the dateline, papers in
# the last line. A bare name counts only behind a dateline.
_REPORTER = re.compile(rf"[(（]\s*{_JOB}{_HAN_NAMES}\s*(?:摄影)?(?:报道|文/图)?\s*[)）]")
_OWN_LINE = re.compile(rf"^(?:[一-鿿]{{1,8}}[社报网台])?{_JOB}{_HAN_NAMES}\s*(?:摄影)?(?:报道|文/图)?$")
_IN_HEADER = re.compile(rf"(?:^|\s)(?:本报|本网)?记者\s+(?P<name>{_HAN_NAME}(?:、{_HAN_NAME})*)(?=\s|$)")
_BEHIND_DATELINE = re.compile(rf"日[电電讯訊]\s*[(（]\s*{_HAN_NAMES}\s*[)）]")
_DATELINE_REACH = 60
_FIRST_LINES = 3

_WORD = r"[A-ZÀ-ÞĀ-ŽА-ЯЁ][^\W\d_]*[\w'’.-]*"
_NAME = rf"{_WORD}(?: (?:(?:de|da|del|di|du|van|von|der|bin|al|el|la) ){{0,2}}{_WORD}){{1,3}}"
_BY = re.compile(
    r"^\W*(?:(?i:posted|published|written|reported)\b.{0,40}? )?(?i:by|par|por|von|автор)(?: ?: ?| )"
    rf"(?P<name>{_NAME}(?:(?:,| and| et| y| und| и) {_NAME})*)(?=$|\s*[,|·•(]|\s+[–—\d])"
)
_LONGEST_LINE = 100


def reporter(lines: Sequence[str]) -> str:
    """The names that a Chinese report's first or last line has in brackets (记者 …), or that stand on
    a line of their own, or ""."""
    for line in (*lines[:1], *lines[-1:]):
        if match := _REPORTER.search(line):
            return _names(match)
    for line in (*lines[:_FIRST_LINES], *lines[-1:]):
        if match := _OWN_LINE.match(line):
            return _names(match)
    match = _BEHIND_DATELINE.search(lines[0][:_DATELINE_REACH]) if lines else None
    return _names(match) if match else ""


def printed_byline(near: Sequence[str]) -> str:
    """The names behind By, Par, Por, Von, Автор or 记者 on a short line near the title, or ""."""
    for line in near:
        if len(line) <= _LONGEST_LINE and (match := _BY.match(line) or _IN_HEADER.search(line)):
            return _names(match)
    return ""


def _names(match: re.Match[str]) -> str:
    return clean_line(re.sub("通讯员|记者", " ", match["name"]))
