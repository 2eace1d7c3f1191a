"""A dry run of one address: fetch, extract, judge; nothing is written."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from extraction.decoding import decode
from extraction.page import Extracted
from extraction.pool import ExtractionPool
from flows.collect import judged, site_rules, stated
from spiders.probe import Probe, probe, source_for
from spiders.scope import Scope
from spiders.sources import read_sources
from storage.addresses import AddressError, url_key
from storage.clock import stamp
from storage.errors import AidwireError
from storage.models import StoredPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from spiders.sources import Source
    from storage.models import Fact, Reject, Relevance


class NotAnAddressError(AidwireError):
    """What was given as an address is none."""


def checked_address(url: str) -> str:
    """``url``, if it is an address of http or https. Raises NotAnAddressError."""
    try:
        url_key(url)
    except AddressError as error:
        raise NotAnAddressError(f"{url!r} is not a web address: {error}") from error
    return url


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of an address. ``source`` is the source file that covers it, or empty;
    ``encoding`` the codec its bytes were read with; ``result`` None where it was not fetched."""

    source: str
    probe: Probe
    encoding: str
    result: Extracted | Reject | None
    relevance: Relevance | None
    facts: tuple[Fact, ...]

    @property
    def outcome(self) -> str:
        """The outcome that a crawl would have noted."""
        if self.result is None:
            return self.probe.visit.outcome or "empty"
        if not isinstance(self.result, Extracted):
            return self.result.outcome
        off_topic = self.relevance is not None and self.relevance.verdict == "off_topic"
        return "off_topic" if off_topic else "article"


def try_url(url: str, folder: Path, allow_private: Sequence[str] = ()) -> Tried:
    """Fetch ``url`` by the rules of the source in ``folder`` that covers it, else by the defaults.

    Raises SourceError for a source file that cannot be used, ProbeError where the look broke off.
    """
    checked_address(url)
    source = covering(url, folder)
    rules = source or source_for(url, allow_private)
    looks = probe([url], rules)
    if source is None:
        # Nobody has said where the outlet is: the zone of address or language is taken, as extract does.
        rules = replace(rules, timezone="")
    [tried] = judge_looks(looks, rules, source.id if source else "")
    return tried


def judge_looks(looks: Sequence[Probe], rules: Source, name: str) -> list[Tried]:
    """Extract and judge the addresses that were looked at, in their order."""
    results = extract([stored(look) for look in looks if look.visit.outcome is None], rules)
    return [
        _tried(look, next(results) if look.visit.outcome is None else None, rules, name) for look in looks
    ]


def _tried(look: Probe, result: Extracted | Reject | None, rules: Source, name: str) -> Tried:
    if result is None:
        return Tried(name, look, "", None, None, ())
    encoding = decode(look.visit.body, look.visit.content_type).encoding
    if not isinstance(result, Extracted):
        return Tried(name, look, encoding, result, None, ())
    article = result.article
    relevance = judged(article, always=rules.relevance_always)
    return Tried(name, look, encoding, result, relevance, stated(article, relevance))


def covering(url: str, folder: Path) -> Source | None:
    """The source whose sites and rules cover an address: that of its very host first, then an
    enabled one."""
    if not folder.is_dir():
        return None
    place = urlsplit(url).netloc.lower()
    covers = [source for source in read_sources(folder).values() if Scope(source).on_site(url)]
    return max(covers, key=lambda s: (place in _places(s), s.enabled), default=None)


def _places(source: Source) -> set[str]:
    found_in = (source.homepage, *source.discover.feeds, *source.discover.sitemaps)
    return {urlsplit(url).netloc.lower() for url in found_in}


def stored(look: Probe) -> StoredPage:
    """A probed page as the archive would hold it."""
    visit = look.visit
    return StoredPage(look.url, visit.final_url or look.url, visit.body, visit.content_type, stamp())


def extract(pages: Sequence[StoredPage], source: Source) -> Iterator[Extracted | Reject]:
    """Extract a few pages within the limits of the pool, in their order."""
    if pages:
        with ExtractionPool(workers=1) as pool:
            yield from pool.run((page, site_rules(source)) for page in pages)


def as_json(tried: Tried) -> dict[str, Any]:
    """The whole result as JSON values."""
    visit = tried.probe.visit
    row: dict[str, Any] = {
        "url": tried.probe.url,
        "final_url": visit.final_url,
        "source": tried.source,
        "robots": tried.probe.robots,
        "status": visit.status,
        "outcome": tried.outcome,
        "detail": visit.detail,
        "encoding": tried.encoding,
    }
    if isinstance(tried.result, Extracted):
        row["article"] = asdict(tried.result.article)
        row["relevance"] = asdict(tried.relevance) if tried.relevance else None
        row["facts"] = [asdict(fact) for fact in tried.facts]
    elif tried.result is not None:
        row["detail"] = tried.result.detail
    return row
