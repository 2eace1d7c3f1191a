"""From the files of an outlet to the answers it gives, by path.

Placeholders are written ``§{name}``: ``home`` (the outlet's own address), ``address`` (its
host:port), ``url``, ``body``, the page's own fields, and forms of its time such as ``date``.
"""

from __future__ import annotations

import hashlib
import json
import string
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SITE = Path(__file__).parent
OUTLETS = ("xj", "national", "gblist", "relief", "donor", "courrier", "wire")
ENCODINGS = {"gblist": "gb18030"}
CONTENT_TYPES = {
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
}
# Lists, feeds and sitemaps say that they last changed after every article.
INDEX_TIME = datetime(2026, 11, 20, tzinfo=UTC)
FRENCH_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


class Markup(string.Template):
    """Text with ``§{name}`` places, so that prices and scripts keep their dollar signs."""

    delimiter = "§"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answers; ``etag`` is a strong validator of body and status."""

    body: bytes
    content_type: str
    status: int
    last_modified: datetime

    @property
    def etag(self) -> str:
        """The validator as it is sent, quotes included."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:24]}"'


def read_answers(outlet: str, home: str, *, corrected: bool = False) -> dict[str, Answer]:
    """All answers of an outlet by path; ``corrected`` takes the ``.corrected`` files where they exist."""
    root = SITE / "pages" / outlet
    special = json.loads((SITE / "answers.json").read_text("utf-8")).get(outlet, {})
    files = {
        "/" + file.relative_to(root).as_posix(): file
        for file in sorted(root.rglob("*"))
        if file.is_file() and not file.name.startswith("_") and ".corrected" not in file.suffixes
    }
    files |= {path: root / how["file"] for path, how in special.items() if "file" in how}
    answers = {}
    for path, file in files.items():
        later = file.with_suffix(".corrected" + file.suffix)
        chosen = later if corrected and later.exists() else file
        answer = _answer(chosen, root, home, path, special.get(path, {}))
        answers[path] = answer
        if file.stem == "index":
            answers[path.removesuffix(file.name)] = answer
    return answers


def read_source(outlet: str, home: str) -> str:
    """The outlet's source file, as TOML text."""
    return Markup((SITE / "pages" / outlet / "_source.toml").read_text("utf-8")).substitute(_places(home))


def _answer(file: Path, root: Path, home: str, path: str, how: dict[str, Any]) -> Answer:
    status, content_type = how.get("status", 200), how.get("content_type", "")
    if content_type.startswith("image/"):
        return Answer(file.read_bytes(), content_type, status, INDEX_TIME)
    encoding = ENCODINGS.get(root.name, "utf-8")
    html_type = "text/html" if root.name in ENCODINGS else "text/html; charset=utf-8"
    fields, markup = _split(file.read_text("utf-8"))
    text = _render(root, fields, markup, _places(home) | {"url": home + path.removesuffix("index.html")})
    modified = fields.get("modified") or fields.get("time")
    return Answer(
        text.encode(encoding),
        content_type or CONTENT_TYPES.get(file.suffix, html_type),
        status,
        datetime.fromisoformat(modified).astimezone(UTC) if modified else INDEX_TIME,
    )


def _split(text: str) -> tuple[dict[str, str], str]:
    """The fields of the leading comment, and the rest; a file without one is all rest."""
    if not text.startswith("<!--\n"):
        return {}, text
    head, _, body = text.removeprefix("<!--\n").partition("\n-->\n")
    pairs = (line.partition(":") for line in head.splitlines())
    return {name: value.strip() for name, _, value in pairs}, body.rstrip("\n")


def _render(root: Path, fields: dict[str, str], markup: str, places: dict[str, str]) -> str:
    if not fields:
        return Markup(markup).substitute(places)
    skeleton = Markup((root / fields["skeleton"]).read_text("utf-8"))
    unknown = dict.fromkeys(("origin", "editor", "byline"), "")
    return skeleton.substitute(unknown | fields | _times(fields["time"]) | places | {"body": markup})


def _places(home: str) -> dict[str, str]:
    return {"home": home, "address": home.removeprefix("http://")}


def _times(time: str) -> dict[str, str]:
    """The forms in which pages print a time; ``clock`` has seconds, ``minute`` has none."""
    at = datetime.fromisoformat(time)
    return {
        "date": f"{at:%Y-%m-%d}",
        "clock": f"{at:%H:%M:%S}",
        "minute": f"{at:%H:%M}",
        "zh_date": f"{at:%Y}年{at:%m}月{at:%d}日",
        "en_date": f"{at.day} {at:%B} {at.year}",
        "fr_date": f"{at.day} {FRENCH_MONTHS[at.month - 1]} {at.year}",
        "year": f"{at:%Y}",
        "month": f"{at:%m}",
        "day": f"{at:%d}",
        "hour": f"{at:%H}",
        "minutes": f"{at:%M}",
    }
