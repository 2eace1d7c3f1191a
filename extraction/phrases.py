"""The phrases of phrases.toml as compiled patterns."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_DATE = r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?)"


@cache
def patterns(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(name, pattern) for each rule of a kind, ``edge`` or ``page``, in the file's order."""
    stored = tomllib.loads(files("extraction").joinpath("phrases.toml").read_text(encoding="utf-8"))
    return tuple(
        (name, re.compile("|".join(rule["patterns"]).replace("{date}", _DATE), re.IGNORECASE))
        for name, rule in stored[kind].items()
    )
