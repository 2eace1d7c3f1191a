"""Where things are: the data folder, the source files, the outbox."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from storage.errors import AidwireError

if TYPE_CHECKING:
    from pathlib import Path


class PlaceError(AidwireError):
    """A folder cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """``data`` holds ``aid.db``, ``archive/``, ``logs/`` and, unless ``outbox`` is elsewhere, ``outbox/``."""

    data: Path
    sources: Path
    outbox: str

    @classmethod
    def at(cls, data: Path, sources: Path, outbox: str = "") -> Places:
        """Places below ``data``; ``outbox`` is any fsspec address, else ``AIDWIRE_OUTBOX``, else a folder."""
        return cls(data, sources, outbox or os.environ.get("AIDWIRE_OUTBOX", "") or str(data / "outbox"))

    @property
    def database(self) -> Path:
        """The product."""
        return self.data / "aid.db"

    def archive(self, source: str) -> Path:
        """The archive of a source."""
        return self.data / "archive" / f"{source}.db"

    def log(self, source: str) -> Path:
        """Scrapy's log of a source's newest crawl."""
        return self.data / "logs" / f"{source}.log"

    def prepare(self) -> None:
        """Make the folders. Raises PlaceError where they cannot be made or written."""
        try:
            for folder in (self.data, self.data / "archive", self.data / "logs", self.data / "locks"):
                folder.mkdir(parents=True, exist_ok=True)
                if not os.access(folder, os.W_OK):
                    raise PermissionError(13, "Permission denied")
        except OSError as error:
            raise PlaceError(
                f"data folder {self.data} cannot be written: {error.strerror}; choose another with --data"
            ) from error

    def lock(self, name: str) -> FileLock:
        """A lock between processes that ends with its holder, even after kill -9."""
        return FileLock(self.data / "locks" / f"{name}.lock", thread_local=False)


__all__ = ["PlaceError", "Places", "Timeout"]
