"""The phrases of phrases.toml as compiled rules."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_DATE = r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?)"
# The end of a line that is no sentence; a full stop behind one letter (p.m.) ends none.
_END = r"""(?<![。！？!?…])(?<!\w\w\.)(?<![。！？!?.][”"»’」])(?<!\.\s»)$"""
_NEVER = "(?!)"


@dataclass(frozen=True, slots=True)
class Phrases:
    """One rule: ``start`` is tried only at a line's start, which spares most of the work."""

    name: str
    start: re.Pattern[str]
    anywhere: re.Pattern[str]

    def find(self, line: str) -> str:
        """The words of a line that one of the phrases fits, or ""."""
        match = self.start.match(line) or self.anywhere.search(line)
        return match.group(0) if match else ""


@cache
def phrases(kind: str) -> tuple[Phrases, ...]:
    """The rules of a kind, ``edge`` or ``page``, in the file's order."""
    stored = tomllib.loads(files("extraction").joinpath("phrases.toml").read_text(encoding="utf-8"))
    return tuple(_compiled(name, rule["patterns"]) for name, rule in stored[kind].items())


def _compiled(name: str, patterns: list[str]) -> Phrases:
    full = [pattern.replace("{date}", _DATE).replace("{end}", _END) for pattern in patterns]
    start = [pattern for pattern in full if pattern.startswith("^")]
    anywhere = [pattern for pattern in full if not pattern.startswith("^")]
    return Phrases(
        name,
        re.compile("|".join(start) or _NEVER, re.IGNORECASE),
        re.compile("|".join(anywhere) or _NEVER, re.IGNORECASE),
    )
