"""Deleting an article from every file of the data folder."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from flows.load import load
from flows.places import PlaceError, Timeout
from storage.archive import Archive
from storage.database import open_database
from storage.forget import Forgotten, allow_again, forget, forgotten_at, known_addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flows.places import Places

_WAIT_SECONDS = 60


class UnknownAddressError(PlaceError):
    """Nothing here knows the address; nothing was changed."""


def forget_everywhere(url: str, places: Places) -> Forgotten:
    """Delete ``url`` from the database and from the archives that hold it, and leave tombstones.

    What waits in the outbox is loaded first, so that no batch holds the text afterwards. All or
    nothing: raises PlaceError where one of its sources is being collected, UnknownAddressError for
    an address that nothing knows. A tombstone for that would bar a mistyped address for ever.
    """
    load(places)
    with closing(open_database(places.database)) as db, ExitStack() as held:
        addresses = {
            *known_addresses(db, url),
            *((s, url) for s in _archives(places, lambda archive: archive.knows(url))),
        }
        if not addresses:
            raise UnknownAddressError(_unknown(url, forgotten_at(db, url)), code=1)
        _hold({source for source, _ in addresses}, places, held)
        forgotten = forget(db, url)
        for source, address in sorted({*addresses, *forgotten.addresses}):
            if places.archive(source).exists():
                with Archive(places.archive(source)) as archive:
                    archive.forget(address, forgotten.lines)
    return Forgotten(forgotten.articles, tuple(sorted(addresses)), forgotten.copies)


def allow_again_everywhere(url: str, places: Places) -> None:
    """Lift the bar of an address that was forgotten. Raises UnknownAddressError where there is none."""
    with closing(open_database(places.database)) as db, ExitStack() as held:
        archives = _archives(places, lambda archive: archive.bars(url))
        _hold(archives, places, held)
        for source in archives:
            with Archive(places.archive(source)) as archive:
                archive.allow_again(url)
        if not allow_again(db, url) and not archives:
            raise UnknownAddressError(f"{url} is not among the forgotten addresses; check it", code=1)


def _unknown(url: str, forgotten: str) -> str:
    if forgotten:
        return f"{url} was forgotten already, on {forgotten[:10]}, and is kept out"
    return f"{url} is not known here, so nothing was deleted and nothing is kept out; check the address"


def _archives(places: Places, fits: Callable[[Archive], bool]) -> list[str]:
    """The sources whose archives are so."""
    found = []
    for path in sorted((places.data / "archive").glob("*.db")):
        with Archive(path, readonly=True) as archive:
            if fits(archive):
                found.append(path.stem)
    return found


def _hold(sources: Iterable[str], places: Places, held: ExitStack) -> None:
    for source in sorted(sources):
        try:
            held.enter_context(places.lock(source).acquire(timeout=_WAIT_SECONDS))
        except Timeout as error:
            raise PlaceError(
                f"source {source} is being collected, nothing was changed; try again later", code=1
            ) from error
