"""Where sentences begin and end, in Chinese and in languages with full stops."""

from __future__ import annotations

import re

_END = re.compile(r"[。！？；\n]+|(?<=[.!?؟])[\"'”’)]*\s+(?=[\"'“‘(]*[^a-z\s])")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, in order; the ends of line and the full stops left out."""
    spans: list[tuple[int, int]] = []
    start = 0
    for m in _END.finditer(text):
        if m.start() > start:
            spans.append((start, m.start()))
        start = m.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans
