"""What one crawl is asked to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """``run`` names the run; ``limit`` pages at most are fetched; ``since`` is an ISO date before
    which nothing is fetched; ``revisit`` looks at every known article again."""

    run: str
    limit: int | None = None
    since: str = ""
    revisit: bool = False
