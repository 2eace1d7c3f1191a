"""Extraction of files at hand, without a source, an archive or a database."""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from extraction.page import Extracted, SiteRules
from extraction.pool import ExtractionPool
from extraction.site_lines import boilerplate, without_site_lines
from flows.one_page import checked_address
from storage.clock import stamp
from storage.errors import AidwireError
from storage.models import Article, Reject, StoredPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LARGEST = 64 << 20
_FIELDS = (
    "title",
    "text",
    "language",
    "published_at",
    "published_precision",
    "published_from",
    "byline",
    "origin",
    "editor",
    "rights",
    "description",
    "method",
)


class InputError(AidwireError):
    """A file or manifest line cannot be read."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """``path`` ``-`` is standard input; ``url`` may be unknown."""

    path: str
    url: str


def read_manifest(path: Path) -> list[InputFile]:
    """The pages of a JSONL manifest of ``{"file", "url"}``; a relative file is looked up beside it.

    Raises InputError for a line that is not such an object.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    return [_manifest_line(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _manifest_line(path: Path, number: int, line: str) -> InputFile:
    try:
        row = json.loads(line)
        file, url = str(row["file"]), str(row.get("url") or "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f'{path}, line {number}: not an object like {{"file": …, "url": …}}') from error
    beside = path.parent / file
    return InputFile(str(beside if beside.exists() else file), url)


def extract_files(inputs: Sequence[InputFile], *, learn: bool) -> Iterator[dict[str, Any]]:
    """One JSON object per input, in order; ``learn``: take out lines that repeat across a host's pages.

    With ``learn`` all pages are extracted before the first is given. Raises InputError for a file
    that cannot be read, before any page is extracted.
    """
    for item in inputs:
        if item.url:
            checked_address(item.url)
        if item.path != "-" and not Path(item.path).is_file():
            fault = "is a folder, name the files in it" if Path(item.path).is_dir() else "no such file"
            raise InputError(f"{item.path}: {fault}")
    with ExtractionPool() as pool:
        results = pool.run((_page(item), SiteRules()) for item in inputs)
        if learn:
            results = _without_learnt_lines(inputs, list(results))
        for item, result in zip(inputs, results, strict=True):
            yield _as_json(item.url, result)


def _page(item: InputFile) -> StoredPage:
    try:
        if item.path == "-":
            body = sys.stdin.buffer.read(_LARGEST)
        else:
            with Path(item.path).open("rb") as file:
                body = file.read(_LARGEST)
        if body.startswith(b"\x1f\x8b"):
            body = gzip.decompress(body)
    except (OSError, EOFError) as error:
        raise InputError(f"{item.path}: cannot be read: {error}") from error
    return StoredPage(url=item.url, final_url=item.url, body=body, content_type="", fetched_at=stamp())


def _without_learnt_lines(
    inputs: Sequence[InputFile], results: Sequence[Extracted | Reject]
) -> Iterator[Extracted | Reject]:
    hosts = [urlsplit(item.url).hostname or "" for item in inputs]
    learnt = _learn(zip(hosts, results, strict=True))
    for host, result in zip(hosts, results, strict=True):
        if host and isinstance(result, Extracted):
            yield Extracted(without_site_lines(result.article, learnt[host]), result.lines)
        else:
            yield result


def _learn(results: Iterable[tuple[str, Extracted | Reject]]) -> dict[str, frozenset[str]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    pages: Counter[str] = Counter()
    for host, result in results:
        if isinstance(result, Extracted):
            counts[host].update(set(result.lines))
            pages[host] += 1
    return {host: boilerplate(counts[host], pages[host]) for host in pages}


def _as_json(url: str, result: Extracted | Reject) -> dict[str, Any]:
    if isinstance(result, Reject):
        empty = dict.fromkeys(_FIELDS, "")
        return {"url": url, "outcome": result.outcome, "detail": result.detail, **empty, "removed": []}
    article: Article = result.article
    fields = {name: getattr(article, name) for name in _FIELDS}
    removed = [{"line": line.line, "rule": line.rule} for line in article.removed]
    more = {
        "modified_at": article.modified_at,
        "offset_inferred": article.offset_inferred,
        "upstream": article.upstream,
        "section": article.section,
        "keywords": list(article.keywords),
        "canonical": article.canonical,
        "licence": article.licence,
        "image": article.image,
        "flags": list(article.flags),
    }
    return {"url": url, "outcome": "article", "detail": "", **fields, **more, "removed": removed}
