"""Collect: from a source to batches in the outbox. Plain functions, no server needed."""

from __future__ import annotations

import hashlib
import json
import secrets
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeAlias

from extraction.aid.facts import find_facts
from extraction.aid.relevance import judge
from extraction.page import VERSION, Extracted, SiteRules
from extraction.pool import ExtractionPool
from extraction.site_lines import boilerplate, without_site_lines
from flows.places import PlaceError, Timeout
from spiders.crawl import Crawl, CrawlOptions
from spiders.scope import Scope
from storage import batches
from storage.archive import Archive
from storage.clock import stamp
from storage.models import Hint, Relevance, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from flows.places import Places
    from spiders.sources import Source
    from storage.models import Article, Fact, PageRecord, Reject
    from storage.visits import Progress, Unbatched

    Watch: TypeAlias = Callable[[str, str, Progress | int], None]

SIDE_BY_SIDE = 4
BUSY = "is being collected by another process; try again when it has finished"
# One batch holds so many addresses at most: it bounds memory, and what a kill makes to be done again.
BATCH_SIZE = 500


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a one-off crawl was asked for: at most ``limit`` pages a source, nothing older than the
    ISO date ``since``, every known article again (``revisit``)."""

    limit: int | None = None
    since: str = ""
    revisit: bool = False


def collect(
    sources: Sequence[Source],
    places: Places,
    wishes: Wishes,
    watch: Watch,
    *,
    side_by_side: int = SIDE_BY_SIDE,
) -> list[Run]:
    """Crawl sources side by side, and extract and batch each as its crawl ends.

    ``watch(source, stage, done)`` is called as things move. A source that another process collects
    is left out and has no run; raises PlaceError if that is so for every one.
    """
    places.prepare()
    runs: list[Run] = []
    with ExitStack() as stack:
        sources = _held(sources, places, stack)
        pool = stack.enter_context(ExtractionPool())
        threads = stack.enter_context(ThreadPoolExecutor(side_by_side))
        crawls = _Crawls()
        jobs = {threads.submit(crawls.crawl, source, places, wishes, watch): source for source in sources}
        try:
            for job in as_completed(jobs):
                digest(jobs[job], places, job.result(), pool, watch)
                runs.append(job.result())
        except BaseException:
            for job in jobs:
                job.cancel()
            crawls.stop()
            raise
    return runs


def _held(sources: Sequence[Source], places: Places, stack: ExitStack) -> list[Source]:
    """The sources that no other process collects, held until the stack ends."""
    held = []
    for source in sources:
        with suppress(Timeout):
            stack.enter_context(places.lock(source.id).acquire(timeout=0))
            held.append(source)
    if sources and not held:
        busy = ", ".join(source.id for source in sources)
        raise PlaceError(f"source {busy} {BUSY}", code=1)
    return held


class _Crawls:
    """The running crawls, so that an interrupt can stop them."""

    def __init__(self) -> None:
        self._running: set[Crawl] = set()

    def crawl(self, source: Source, places: Places, wishes: Wishes, watch: Watch) -> Run:
        """Crawl one source into its archive, in a child process."""
        started, run = stamp(), secrets.token_hex(6)
        _follow_rules(source, places)
        options = CrawlOptions(run=run, limit=wishes.limit, since=wishes.since, revisit=wishes.revisit)
        crawl = Crawl(source, places.archive(source.id), places.log(source.id), options)
        self._running.add(crawl)
        for progress in crawl.events():
            watch(source.id, "crawl", progress)
        report = crawl.wait()
        self._running.discard(crawl)
        return Run(
            id=run,
            source=source.id,
            started=started,
            ended=stamp(),
            state=report.state,
            discovered=report.discovered,
            fetched=report.fetched,
            code_version=version("aidwire"),
            extractor_version=VERSION,
            detail=report.detail,
        )

    def stop(self) -> None:
        """Stop what runs; the archives keep what was fetched."""
        for crawl in list(self._running):
            crawl.stop()


def _follow_rules(source: Source, places: Places) -> None:
    """Tell the archive by which rules this crawl finds addresses: it may be others than the last."""
    rules = json.dumps([source.homepage, asdict(source.discover), source.fetch.render], sort_keys=True)
    scope = Scope(source)
    with Archive(places.archive(source.id)) as archive:
        archive.follow(
            hashlib.sha256(rules.encode()).hexdigest(), lambda url: scope.link(url, url, Hint()).detail
        )


def digest(source: Source, places: Places, run: Run, pool: ExtractionPool, watch: Watch) -> list[str]:
    """Extract, judge and batch what the archive of ``source`` holds new; return the batches' names.

    A run without news still makes a batch, so that "nothing new" is on record.
    """
    names: list[str] = []
    with Archive(places.archive(source.id)) as archive:
        while True:
            entries = archive.unbatched(BATCH_SIZE)
            if not entries and names:
                return names
            records = _digested(entries, archive, source, pool, watch)
            run = replace(run, ended=stamp())
            names.append(batches.write(places.outbox, len(names), run, source_facts(source), records))
            archive.settle(records)


def _digested(
    entries: Sequence[Unbatched], archive: Archive, source: Source, pool: ExtractionPool, watch: Watch
) -> list[PageRecord]:
    waiting = [entry.record for entry in entries if entry.waiting]
    extracted: dict[str, Extracted | Reject] = {}
    pages = ((archive.page(record.url), site_rules(source)) for record in waiting)
    for record, result in zip(waiting, pool.run(pages), strict=True):
        extracted[record.url] = result
        watch(source.id, "extract", len(extracted))
    archive.count_lines(_lines(extracted))
    site_lines = boilerplate(*archive.repeated_lines())
    return [
        _finished(entry.record, extracted[entry.record.url], site_lines, source)
        if entry.waiting
        else entry.record
        for entry in entries
    ]


def _lines(extracted: dict[str, Extracted | Reject]) -> dict[str, Iterable[str]]:
    return {url: result.lines for url, result in extracted.items() if isinstance(result, Extracted)}


def _finished(
    record: PageRecord, result: Extracted | Reject, site_lines: frozenset[str], source: Source
) -> PageRecord:
    if not isinstance(result, Extracted):
        return replace(record, outcome=result.outcome, detail=result.detail, stage="extract")
    article = without_site_lines(result.article, site_lines)
    relevance = judged(article, always=source.relevance_always)
    kept = relevance.verdict != "off_topic"
    return replace(
        record,
        outcome="article" if kept else "off_topic",
        stage="judge",
        # A kept page keeps what its visit noted, such as a reservation of text and data mining.
        detail=record.detail if kept else f"score {relevance.score:g}",
        article=article,
        relevance=relevance,
        facts=stated(article, relevance) if kept else (),
    )


def judged(article: Article, *, always: bool = False) -> Relevance:
    """The relevance of an article; ``always``: its source carries aid news only."""
    relevance = judge(article.title, article.text, article.language)
    return replace(relevance, verdict="aid") if always else relevance


def stated(article: Article, relevance: Relevance) -> tuple[Fact, ...]:
    """The facts of an article of that relevance."""
    return find_facts(article.text, article.language, aid_news=relevance.verdict == "aid")


def site_rules(source: Source) -> SiteRules:
    """What extraction needs to know of a source."""
    return SiteRules(
        content=source.extract.content,
        drop=source.extract.drop,
        timezone=source.timezone,
        language=source.language,
        country=source.country,
        licence=source.rights.licence,
    )


def source_facts(source: Source) -> dict[str, str | int | bool]:
    """The row of a source in the table ``sources``."""
    return {
        "id": source.id,
        "name": source.name,
        "homepage": source.homepage,
        "language": source.language,
        "country": source.country,
        "timezone": source.timezone,
        "licence": source.rights.licence,
        "store_full_text": source.rights.store_full_text,
        "enabled": source.enabled,
        "newest_within": source.health.newest_within,
    }
