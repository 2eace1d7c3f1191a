"""Where sentences begin and end, in Chinese and in languages with full stops."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# One set of characters first: the search skips to them without trying the rest at every place.
_END = re.compile(
    r"[。！？；\n.!?؟]"
    r"(?:(?<=[。！？；\n])[。！？；\n]*|(?<=[.!?؟])(?!\n)(?P<gap>[\"'”’)]*\s+)(?=[\"'“‘(]*[^a-z\s]))"
)


@lru_cache(maxsize=8)
def sentence_spans(text: str) -> Sequence[tuple[int, int]]:
    """Start and end of every sentence, in order; the ends of line and the full stops left out.

    Kept for those that ask about the same text next.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for m in _END.finditer(text):
        end = m.start("gap") if m["gap"] else m.start()
        if end > start:
            spans.append((start, end))
        start = m.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans
