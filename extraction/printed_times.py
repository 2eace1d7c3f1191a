"""The times that a page prints near its title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction.times import ImpossibleTimeError, read_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extraction.times import Stamp

_UPDATED = re.compile(
    r"^\W*(?:(?:最后|last|data) ?)?(?:updated|modified|更新|修改|actualizado|atualizado|aggiornato|mis à jour"
    r"|modifié|обновлено|aktualis|aktualizac|zaktualizowan)",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"[|｜·•;]|(?=\b(?:(?:first )?published|posted|(?:last )?(?:updated|modified)|publié|mis à jour|modifié"
    r"|publicado|actualizado|опубликовано|обновлено|veröffentlicht|aktualisiert)\b|(?:发布|更新|修改)时间)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?:[。！？!?…]|\w\w\.)[\"”’»）)]*$")
# What opens a report, not an event in it: 9月1日电, GENEVA, 12 March 2026 —, /PRNewswire/.
_DATELINE = re.compile(r"^.{0,60}?\d(?:日\s?[电電讯訊]|.{0,30}?(?:\s[–—-]+\s|/\w+/))")


def without_sentences(near: Sequence[str], text: Sequence[str]) -> list[str]:
    """The lines without the sentences of the text: they tell when something happened, not when the
    page was published. Sentences behind a dateline stay."""
    told = frozenset(text)
    return [
        line for line in near if line not in told or not _SENTENCE_END.search(line) or _DATELINE.match(line)
    ]


def written_times(near: Sequence[str]) -> list[str]:
    """Lines, or the parts of one, that state a full date: those with a time of day first, updates last."""
    found: list[tuple[int, str]] = []
    for line in near:
        for part, stamp in _dated_parts(line):
            found.append((2 if _UPDATED.match(part) else int(stamp.precision == "day"), part))
    return [part for _, part in sorted(found, key=lambda row: row[0])]


def _dated_parts(line: str) -> Iterator[tuple[str, Stamp]]:
    """A line with its time; the parts between separators where several state a date of their own."""
    parts = [(part.strip(), stamp) for part in _PARTS.split(line) if part and (stamp := _time(part))]
    if len(parts) > 1:
        yield from parts
    elif stamp := _time(line):
        yield line, stamp


def _time(text: str) -> Stamp | None:
    try:
        return read_time(text)
    except ImpossibleTimeError:
        return None
