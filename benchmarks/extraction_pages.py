"""The open half of the real pages with gold, and the measure that texts are compared by."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storage.models import StoredPage

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "pages"
SETS = ("daniel-zh", "gne", "fundus", "scrapinghub", "daniel-en", "daniel-el", "daniel-pl", "daniel-ru")
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)


@dataclass(frozen=True, slots=True)
class Page:
    """One saved page and its gold; ``authors`` and the fields from ``date`` on may be empty."""

    set: str
    id: str
    url: str
    body: bytes
    text: str
    title: str
    date: str
    source: str
    editor: str

    def stored(self) -> StoredPage:
        """The page as the archive would hand it over; no header, fetched long after it was written."""
        return StoredPage(self.url, self.url, self.body, "text/html", "2026-11-23T00:00:00+00:00")


def load_pages(name: str) -> Iterator[Page]:
    """The pages of one set, in the order of its gold file. Raises FileNotFoundError without them."""
    with (FOLDER / name / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            fields = {
                key: row.get(key) or "" for key in ("id", "url", "text", "title", "date", "source", "editor")
            }
            body = gzip.decompress((FOLDER / name / row["file"]).read_bytes())
            yield Page(set=name, body=body, **fields)


def is_tuned(page: Page) -> bool:
    """Whether a page belongs to the half that rules and weights were made on; by its address."""
    return hashlib.sha256(page.url.encode()).digest()[-1] % 2 == 0


def tokens(text: str) -> list[str]:
    """Words in lower case; every Han character and kana is a word of its own."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text).lower())


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """The overlapping runs of ``size`` tokens with their counts; a shorter text is one run."""
    words = tokens(text)
    if len(words) < size:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(size)), strict=False))


def overlap(gold: str, found: str) -> tuple[float, float]:
    """Precision and recall of a text's 4-grams, 0 to 1."""
    wanted, got = shingles(gold), shingles(found)
    common = (wanted & got).total()
    return common / got.total() if got else 0.0, common / wanted.total() if wanted else 1.0
