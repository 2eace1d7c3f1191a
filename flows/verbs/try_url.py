"""``aidwire try``: a dry run of one address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from flows.options import json_option, private_option, sources_option

if TYPE_CHECKING:
    from pathlib import Path

_FIELDS = (
    "title",
    "language",
    "published_at",
    "published_precision",
    "published_from",
    "offset_inferred",
    "modified_at",
    "byline",
    "origin",
    "upstream",
    "editor",
    "section",
    "description",
    "rights",
    "licence",
    "method",
    "flags",
)


@click.command("try")
@click.argument("url")
@json_option
@private_option
@sources_option
def command(url: str, as_json: bool, private: tuple[str, ...], folder: Path) -> None:
    """Fetch and judge one address; nothing is written.

    Shows robots verdict, encoding, every field, removed lines, relevance and facts.

    Robots, delays and guards are those of a crawl. The source file that covers URL gives its rules,
    else the defaults hold. Exit 1 unless it is an article.
    """
    from flows import one_page

    tried = one_page.try_url(url, folder, private)
    row = one_page.as_json(tried)
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False, indent=2))
    else:
        _show(row)
    if tried.outcome not in ("article", "off_topic"):
        raise click.exceptions.Exit(1)


def _show(row: dict[str, Any]) -> None:
    for name in ("url", "final_url", "source", "robots", "status", "outcome", "detail", "encoding"):
        _line(name, row[name])
    if article := row.get("article"):
        for name in _FIELDS:
            _line(name, article[name])
        _show_relevance(row["relevance"])
        for fact in row["facts"]:
            _line(
                fact["kind"], " ".join(str(fact[k]) for k in ("text", "value", "currency", "role") if fact[k])
            )
        for line in article["removed"]:
            _line("removed", f"[{line['rule']}] {line['line']}")
        click.echo(f"\n{article['text']}")


def _show_relevance(relevance: dict[str, Any]) -> None:
    from extraction.aid.wording import WORDING

    terms = dict.fromkeys(m["term"] for m in relevance["matches"] if m["category"] != WORDING)
    _line("relevance", f"{relevance['score']:g}, {relevance['verdict']} ({', '.join(terms)})")
    words = [f"{m['term']} {m['weight']:+g}" for m in relevance["matches"] if m["category"] == WORDING]
    _line("wording", ", ".join(words))


def _line(name: str, value: object) -> None:
    if value not in ("", (), [], None):
        click.echo(f"{name:20}{value}")
