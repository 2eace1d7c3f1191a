"""Text as SQLite can hold and show it."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """``text`` with each NUL (which ends a text in the shell) and each lone surrogate (which SQLite
    refuses) replaced by U+FFFD. The length stays, so offsets into the text hold."""
    return _UNSTORABLE.sub("\ufffd", text)
