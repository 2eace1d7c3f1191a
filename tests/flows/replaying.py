"""Saved news pages as sources, and the command in a clean environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

AIDWIRE = Path(sys.executable).parent / "aidwire"
SHARED = Path(__file__).parent.parent.parent.parent / "shared"


def clean_environment() -> dict[str, str]:
    """This machine's environment without what would change a crawl."""
    foreign = ("PREFECT", "AIDWIRE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(foreign)}
    return kept | {"COLUMNS": "200"}


@dataclass(frozen=True, slots=True)
class Replay:
    """Saved news pages, served under their own addresses by an HTTP proxy on loopback."""

    proxy: str
    hosts: dict[str, int]


def write_replay_sources(folder: Path, hosts: list[str]) -> dict[str, str]:
    """One source file a host, with feed, sitemap and list discovery in turn; return ids by host."""
    folder.mkdir(parents=True, exist_ok=True)
    found_in = (
        'feeds = ["http://{host}/feed.xml"]',
        'sitemaps = ["http://{host}/sitemap.xml"]',
        'lists = [{{ url = "http://{host}/", links = "li a" }}]',
    )
    ids = {host: host.replace(".", "_").replace("-", "_") for host in hosts}
    for number, (host, source) in enumerate(ids.items()):
        discover = found_in[number % 3].format(host=host)
        (folder / f"{source}.toml").write_text(
            f'name = "{host}"\nhomepage = "http://{host}/"\nlanguage = "zh"\ncountry = "CN"\n'
            f'timezone = "Asia/Shanghai"\nenabled = true\n[discover]\n{discover}\n'
            "[fetch]\ndelay = 0.0\nmax_pages = 500\n",
            encoding="utf-8",
        )
    return ids
