"""Text, metadata and cost of extraction beside other tools, on real pages with gold.

    python -m benchmarks.extraction_quality [--set daniel-zh …] [--limit 20] [--half tuned|untuned]

Every tool reads every page's bytes anew; nothing is cached between them. F1 is that of the mean
precision and the mean recall of the pages' 4-gram shingles (per character in Chinese). The gold of the
daniel sets begins with the title: ours is put before the text, for all tools alike. ``ours`` takes a
host's repeated lines out, as a crawl does. Half of the pages, chosen by address, is ``tuned``: rules
and weights were made on it.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import justext
import trafilatura
from lxml.html import HtmlElement, fromstring
from readability import Document
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from benchmarks.extraction_pages import SETS, Page, is_tuned, load_pages, overlap
from extraction.blocks import page_lines
from extraction.lines import cjk_share, line_key
from extraction.page import Extracted, SiteRules, extract_page
from extraction.site_lines import boilerplate, without_site_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.models import Article, Reject

_T = TypeVar("_T")
RULE = SiteRules(content="article, [itemprop=articleBody], div.left_zw")  # stands for a source's own
_STOPLISTS = {"el": "Greek", "pl": "Polish", "ru": "Russian"}


def by_trafilatura(page: Page) -> str:
    """trafilatura with metadata, as one would call it for the same record."""
    document = trafilatura.bare_extraction(
        page.body, url=page.url, with_metadata=True, include_comments=False
    )
    return (
        str(document["text"] or "")
        if isinstance(document, dict)
        else str(getattr(document, "text", "") or "")
    )


def by_readability(page: Page) -> str:
    """readability-lxml."""
    tree = fromstring(Document(page.body).summary(html_partial=True))
    return "\n".join(line.text for line in page_lines(tree)) if isinstance(tree, HtmlElement) else ""


def by_justext(page: Page) -> str:
    """jusText, with its stop lists; for Chinese, which has none, by length alone."""
    html = bytes_to_str(page.body, detect_encoding(page.body) or "utf-8")
    if cjk_share(page.text) > 0.3:
        paragraphs = justext.justext(html, frozenset(), 10, 30, 0, 0)
    else:
        paragraphs = justext.justext(html, justext.get_stoplist(_STOPLISTS.get(page.set[-2:], "English")))
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def by_resiliparse(page: Page) -> str:
    """Resiliparse's main content."""
    html = bytes_to_str(page.body, detect_encoding(page.body) or "utf-8")
    return str(extract_plain_text(html, main_content=True, preserve_formatting=False))


OTHERS: dict[str, Callable[[Page], str]] = {
    "trafilatura": by_trafilatura,
    "readability": by_readability,
    "jusText": by_justext,
    "resiliparse": by_resiliparse,
}


@dataclass(slots=True)
class Tally:
    """One tool on one set: sums over pages, CPU in seconds."""

    precision: float = 0.0
    recall: float = 0.0
    per_page: float = 0.0
    pages: int = 0
    cpu: float = 0.0

    def add(self, gold: str, found: str) -> None:
        precision, recall = overlap(gold, found)
        self.precision += precision
        self.recall += recall
        self.per_page += 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        self.pages += 1

    def row(self) -> str:
        n = max(self.pages, 1)
        precision, recall = self.precision / n, self.recall / n
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return f"{f1:6.3f} {precision:6.3f} {recall:6.3f} {self.per_page / n:9.3f} {1000 * self.cpu / n:8.1f}"


@dataclass(slots=True)
class Facts:
    """How many fields were right of how many that the gold has."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    def note(self, name: str, right: bool) -> None:
        self.asked[name] += 1
        self.right[name] += right

    def row(self) -> str:
        return "  ".join(
            f"{name} {self.right[name]}/{n} = {self.right[name] / n:.3f}" for name, n in self.asked.items()
        )


def timed(work: Callable[[], _T], tally: Tally) -> _T:
    """Do some work and add its CPU to the tally."""
    start = time.process_time()
    try:
        return work()
    finally:
        tally.cpu += time.process_time() - start


def without_repeats(
    pages: Sequence[Page], answers: dict[str, Extracted | Reject]
) -> dict[str, Article | None]:
    """Our article for each page id, with each host's repeated lines taken out."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    hosts: Counter[str] = Counter()
    for page in pages:
        answer = answers[page.id]
        if isinstance(answer, Extracted):
            hosts[_host(page)] += 1
            counts[_host(page)].update(answer.lines)
    lines = {host: boilerplate(counts[host], hosts[host]) for host in hosts}
    articles: dict[str, Article | None] = {}
    for page in pages:
        answer = answers[page.id]
        articles[page.id] = None
        if isinstance(answer, Extracted):
            articles[page.id] = without_site_lines(answer.article, lines[_host(page)])
    return articles


def _host(page: Page) -> str:
    return urlsplit(page.url).hostname or ""


def check_facts(page: Page, article: Article | None, facts: Facts) -> None:
    """Compare title, time, origin and editor with the gold, where it has them."""
    if page.title and page.set != "scrapinghub":
        facts.note("title", article is not None and line_key(article.title) == line_key(page.title))
    if page.date:
        gold = datetime.fromisoformat(page.date)
        got = datetime.fromisoformat(article.published_at) if article and article.published_at else None
        facts.note("day", got is not None and _moment(got, gold).date() == gold.date())
        facts.note("minute", got is not None and _moment(got, gold).replace(second=0, microsecond=0)
                   == gold.replace(second=0, microsecond=0))  # fmt: skip
        if gold.tzinfo is not None:
            facts.note("offset", got is not None and got.utcoffset() == gold.utcoffset())
    for name in ("source", "editor"):
        wanted = getattr(page, name)
        if wanted:
            found = (article.origin if name == "source" else article.editor) if article else ""
            facts.note("origin" if name == "source" else name, line_key(found) == line_key(wanted))


def _moment(got: datetime, gold: datetime) -> datetime:
    """Our time on the gold's clock; a gold time without offset is local time as printed."""
    return got.astimezone(gold.tzinfo) if gold.tzinfo is not None else got.replace(tzinfo=None)


def _found(tool: str, page: Page) -> str:
    try:
        return OTHERS[tool](page)
    except Exception:  # noqa: BLE001 - a tool that fails on a page has found nothing on it
        return ""


def rule_cost(pages: Sequence[Page]) -> tuple[int, float, float]:
    """Pages that have an element of RULE's, and the CPU of ours with that rule and of trafilatura."""
    ours, theirs, count = Tally(), Tally(), 0
    for page in pages:
        one = Tally()
        answer = timed(partial(extract_page, page.stored(), RULE), one)
        if isinstance(answer, Extracted) and answer.article.method == "site_rule":
            count += 1
            ours.cpu += one.cpu
            timed(partial(_found, "trafilatura", page), theirs)
    return count, ours.cpu, theirs.cpu


def measure(name: str, pages: Sequence[Page], others: Sequence[str]) -> dict[str, Tally]:
    """Print one table for the pages of a set; return each tool's tally."""
    tallies = {tool: Tally() for tool in ("ours", *others)}
    answers: dict[str, Extracted | Reject] = {}
    texts: dict[tuple[str, str], str] = {}
    for page in pages:  # the tools take turns, so that a busy machine slows all of them alike
        answers[page.id] = timed(partial(extract_page, page.stored()), tallies["ours"])
        for tool in others:
            texts[tool, page.id] = timed(partial(_found, tool, page), tallies[tool])
    facts = Facts()
    articles = without_repeats(pages, answers)
    for page in pages:
        article = articles[page.id]
        title = f"{article.title}\n" if article and page.set.startswith("daniel") else ""
        tallies["ours"].add(page.text, title + (article.text if article else ""))
        check_facts(page, article, facts)
        for tool in others:
            tallies[tool].add(page.text, title + texts[tool, page.id])
    print(
        f"\n{name}: {len(pages)} pages\n"
        f"{'':14} {'F1':>6} {'prec.':>6} {'recall':>6} {'page F1':>9} {'CPU ms':>8}"
    )
    for tool, tally in tallies.items():
        print(f"{tool:14} {tally.row()}")
    if "trafilatura" in tallies:
        print(
            f"CPU of ours / trafilatura with metadata: {tallies['ours'].cpu / tallies['trafilatura'].cpu:.2f}"
        )
        if (cost := rule_cost(pages))[0]:
            print(f"the same on {cost[0]} pages where a site rule matches: {cost[1] / cost[2]:.2f}")
    if facts.asked:
        print(facts.row(), flush=True)
    return tallies


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", nargs="+", choices=SETS, default=SETS, dest="sets")
    parser.add_argument("--limit", type=int, default=0, help="pages of each set and half; 0 for all")
    parser.add_argument(
        "--half", choices=("tuned", "untuned", "all"), help="one table for these pages, not one a half"
    )
    parser.add_argument("--only-ours", action="store_true", help="leave the other tools out")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    others = [] if arguments.only_ours else list(OTHERS)
    for tool in ("ours", *others):  # what is loaded at first use is no page's cost
        first = next(load_pages("scrapinghub"))
        _ = extract_page(first.stored()) if tool == "ours" else OTHERS[tool](first)
    total: defaultdict[str, Tally] = defaultdict(Tally)
    for name in arguments.sets:
        pages = list(load_pages(name))
        halves = {
            "tuned": [p for p in pages if is_tuned(p)],
            "untuned": [p for p in pages if not is_tuned(p)],
        }
        halves["all"] = pages
        for half in [arguments.half] if arguments.half else ["tuned", "untuned"]:
            chosen = halves[half][: arguments.limit] if arguments.limit else halves[half]
            for tool, tally in measure(f"{name} ({half})", chosen, others).items():
                total[tool].cpu += tally.cpu
                total[tool].pages += tally.pages
    if others:
        ours, theirs = (1000 * total[name].cpu / total[name].pages for name in ("ours", "trafilatura"))
        print(f"\nCPU a page over all: ours {ours:.1f} ms, {ours / theirs:.2f} x trafilatura with metadata")


if __name__ == "__main__":
    main()
