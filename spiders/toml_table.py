"""A TOML table that is read key by key, so that every error names the file, the key and the fix."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from storage.errors import AidwireError

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[str], str | None]


class SourceError(AidwireError):
    """A source file that cannot be used: file, key, what is wrong and how to mend it, in one line."""


class Table:
    """One table of a source file. Reading a key takes it out; ``end`` complains about what is left.

    A check is a function that returns what is wrong with a text, or None. Raises SourceError.
    """

    def __init__(self, file: str, values: dict[str, Any], path: str = "") -> None:
        self._file = file
        self._path = path
        self._values = dict(values)
        self._known: list[str] = []

    def text(self, key: str, default: str | None = None, check: Check | None = None) -> str:
        """A text; ``check`` is skipped where the text is empty and has a default."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "a text in quotes", value)
        if check and (value or default is None):
            self._judge(key, value, check)
        return value

    def number(self, key: str, default: float, least: float, most: float) -> float:
        """A number from ``least`` to ``most``."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self._wrong(key, f"a number from {least:g} to {most:g}", value)
        return float(value)

    def count(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._wrong(key, f"a whole number from {least} to {most}", value)
        return value

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def texts(self, key: str, check: Check) -> tuple[str, ...]:
        """A list of texts, each checked; empty where the key is missing."""
        values = self._take(key, [])
        if not isinstance(values, list | tuple):
            raise self._wrong(key, 'a list of texts, as in ["…"]', values)
        for at, value in enumerate(values):
            if not isinstance(value, str):
                raise self._wrong(f"{key}[{at}]", "a text in quotes", value)
            self._judge(f"{key}[{at}]", value, check)
        return tuple(values)

    def table(self, key: str) -> Table:
        """A table within; empty where the key is missing."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, f"a table, as in [{key}]", value)
        return Table(self._file, value, f"{self._path}{key}.")

    def tables(self, key: str) -> list[Table]:
        """A list of tables; empty where the key is missing."""
        values = self._take(key, [])
        if not isinstance(values, list | tuple):
            raise self._wrong(key, 'a list of tables, as in [{ url = "…" }]', values)
        found = []
        for at, value in enumerate(values):
            if not isinstance(value, dict):
                raise self._wrong(f"{key}[{at}]", 'a table, as in { url = "…" }', value)
            found.append(Table(self._file, value, f"{self._path}{key}[{at}]."))
        return found

    def end(self) -> None:
        """Raise SourceError if the table has a key that nobody asked for."""
        for key in self._values:
            close = difflib.get_close_matches(key, self._known, n=1)
            fix = f"did you mean {close[0]!r}?" if close else f"the keys here are {', '.join(self._known)}"
            raise self.error(key, f"unknown key; {fix}")

    def error(self, key: str, wrong: str) -> SourceError:
        """The error for a key of this table."""
        return SourceError(f"{self._file}: {self._path}{key}: {wrong}")

    def _take(self, key: str, default: Any) -> Any:
        self._known.append(key)
        if key in self._values:
            return self._values.pop(key)
        if default is None:
            raise self.error(key, "is missing; add it")
        return default

    def _judge(self, key: str, value: str, check: Check) -> None:
        if wrong := check(value):
            raise self.error(key, f"{wrong}, not {value!r}")

    def _wrong(self, key: str, expected: str, value: Any) -> SourceError:
        return self.error(key, f"must be {expected}, not {value!r}")
