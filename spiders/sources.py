"""Source files: ``sources/<id>.toml``, facts and no code. See docs/sources.md for every key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from spiders import source_checks as check
from spiders.toml_table import SourceError, Table

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Discover",
    "Extract",
    "Fetch",
    "Health",
    "JsonRows",
    "ListPage",
    "Rights",
    "Source",
    "SourceError",
    "read_source",
    "read_sources",
    "source_from_table",
    "source_table",
]


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page that lists articles. ``links`` is the CSS of the links, ``next`` of the link to the
    next page; ``{page}`` in ``url`` stands for 1 to ``pages``."""

    url: str
    links: str
    next: str = ""
    pages: int = 1


@dataclass(frozen=True, slots=True)
class JsonRows:
    """A JSON or JSONP file that lists articles. ``rows`` is the dotted path to the rows; ``link``,
    ``title`` and ``date`` are dotted paths within a row."""

    url: str
    rows: str
    link: str
    title: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Discover:
    """Where a source's addresses are found, and which of them belong to it.

    An address belongs if its site is that of the homepage, of an index or of ``sites``, and it
    matches one of ``allow`` (any, if empty) and none of ``deny``.
    """

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    lists: tuple[ListPage, ...] = ()
    json: tuple[JsonRows, ...] = ()
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetch:
    """How a source is fetched. ``delay`` and ``timeout`` in seconds; ``max_pages`` a run;
    ``allow_private`` the exact host:port that may be private or loopback."""

    delay: float = 2.0
    max_pages: int = 500
    timeout: float = 20.0
    render: bool = False
    proxy: str = ""
    allow_private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extract:
    """Optional CSS of the article's text and of what to drop from it."""

    content: str = ""
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """Licence of the texts, and whether the full text may be stored and shared."""

    licence: str = ""
    store_full_text: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """What is expected of a source; anything else is an alarm. The defaults ask nothing but the first.

    ``newest_within``: ISO 8601 duration that the newest article may be old. Of the articles of the
    last weeks at least: ``articles_per_week``, ``median_length`` in characters, ``share_with_time``
    of day and ``share_with_origin`` (0 to 1); at most: ``removed_share`` of characters taken out as
    boilerplate, ``refusals`` among the pages looked at (0 to 1).
    """

    newest_within: str = "P3D"
    articles_per_week: int = 0
    median_length: int = 0
    share_with_time: float = 0.0
    share_with_origin: float = 0.0
    removed_share: float = 1.0
    refusals: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source file."""

    id: str
    name: str
    homepage: str
    language: str
    country: str = ""
    timezone: str = "UTC"
    enabled: bool = False
    schedule: str = "0 * * * *"
    discover: Discover = Discover()
    fetch: Fetch = Fetch()
    extract: Extract = Extract()
    relevance_always: bool = False
    rights: Rights = Rights()
    pool: str = ""
    health: Health = Health()


def read_sources(folder: Path) -> dict[str, Source]:
    """All ``*.toml`` of a folder by id, sorted. Raises SourceError for the first that is wrong."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as error:
        raise SourceError(f"{folder}: {error.strerror}; name the folder of source files") from error
    return {path.stem: read_source(path) for path in paths}


def read_source(path: Path) -> Source:
    """Read and check one source file. Raises SourceError."""
    try:
        values = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path}: not valid TOML: {error}") from error
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", path.stem):
        raise SourceError(f"{path}: the file name is the id: use a-z, 0-9 and _ only")
    return source_from_table(path.stem, values, str(path))


def source_from_table(source_id: str, values: dict[str, Any], file: str) -> Source:
    """The Source that a TOML table describes; ``file`` is named in errors. Raises SourceError."""
    table = Table(file, values)
    source = Source(
        id=source_id,
        name=table.text("name", check=check.some_text),
        homepage=table.text("homepage", check=check.address),
        language=table.text("language", check=check.language),
        country=table.text("country", "", check.country),
        timezone=table.text("timezone", "UTC", check.time_zone),
        enabled=table.flag("enabled", False),
        schedule=table.text("schedule", "0 * * * *", check.cron),
        discover=_discover(table.table("discover")),
        fetch=_fetch(table.table("fetch")),
        extract=_extract(table.table("extract")),
        relevance_always=_only(table.table("relevance"), "always"),
        rights=_rights(table.table("rights")),
        pool=_pool(table.table("run")),
        health=_health(table.table("health")),
    )
    table.end()
    return source


def source_table(source: Source) -> dict[str, Any]:
    """The TOML table of a source: what ``source_from_table`` reads."""
    table = asdict(source)
    del table["id"]
    table["relevance"] = {"always": table.pop("relevance_always")}
    table["run"] = {"pool": table.pop("pool")}
    return table


def _discover(table: Table) -> Discover:
    found = Discover(
        feeds=table.texts("feeds", check.address),
        sitemaps=table.texts("sitemaps", check.address),
        lists=tuple(_list_page(item) for item in table.tables("lists")),
        json=tuple(_json_rows(item) for item in table.tables("json")),
        allow=table.texts("allow", check.regex),
        deny=table.texts("deny", check.regex),
        sites=table.texts("sites", check.some_text),
    )
    table.end()
    if not (found.feeds or found.sitemaps or found.lists or found.json):
        raise table.error("feeds", "nothing to read; add a feed, a sitemap, a list or a json address")
    return found


def _list_page(table: Table) -> ListPage:
    page = ListPage(
        url=table.text("url", check=check.address_or_template),
        links=table.text("links", check=check.css),
        next=table.text("next", "", check.css),
        pages=table.count("pages", 1, 1, 100),
    )
    table.end()
    if page.pages > 1 and not page.next and "{page}" not in page.url:
        raise table.error("pages", "needs next, the CSS of the link to the next page, or {page} in url")
    return page


def _json_rows(table: Table) -> JsonRows:
    rows = JsonRows(
        url=table.text("url", check=check.address),
        rows=table.text("rows", ""),
        link=table.text("link", check=check.some_text),
        title=table.text("title", ""),
        date=table.text("date", ""),
    )
    table.end()
    return rows


def _fetch(table: Table) -> Fetch:
    fetch = Fetch(
        delay=table.number("delay", 2.0, 0, 3600),
        max_pages=table.count("max_pages", 500, 1, 1_000_000),
        timeout=table.number("timeout", 20.0, 0.1, 300),
        render=table.flag("render", False),
        proxy=table.text("proxy", "", check.proxy),
        allow_private=table.texts("allow_private", check.endpoint),
    )
    table.end()
    return fetch


def _extract(table: Table) -> Extract:
    extract = Extract(content=table.text("content", "", check.css), drop=table.texts("drop", check.css))
    table.end()
    return extract


def _rights(table: Table) -> Rights:
    rights = Rights(licence=table.text("licence", ""), store_full_text=table.flag("store_full_text", True))
    table.end()
    return rights


def _health(table: Table) -> Health:
    health = Health(
        newest_within=table.text("newest_within", "P3D", check.duration),
        articles_per_week=table.count("articles_per_week", 0, 0, 1_000_000),
        median_length=table.count("median_length", 0, 0, 1_000_000),
        share_with_time=table.number("share_with_time", 0.0, 0, 1),
        share_with_origin=table.number("share_with_origin", 0.0, 0, 1),
        removed_share=table.number("removed_share", 1.0, 0, 1),
        refusals=table.number("refusals", 1.0, 0, 1),
    )
    table.end()
    return health


def _only(table: Table, key: str) -> bool:
    value = table.flag(key, False)
    table.end()
    return value


def _pool(table: Table) -> str:
    value = table.text("pool", "")
    table.end()
    return value
