"""Serving the deployments of this machine until it is told to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import serve

from flows.scheduled import deployment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.places import Places
    from spiders.sources import Source


def serve_sources(sources: Sequence[Source], places: Places) -> None:
    """Run each source on its schedule until SIGINT or SIGTERM, which end the running spiders cleanly."""
    serve(*(deployment(source, places) for source in sources), print_starting_message=False)
