"""Deleting an article from every file of the data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.load import load
from flows.places import PlaceError, Timeout
from storage.archive import Archive
from storage.database import open_database
from storage.forget import Forgotten, forget

if TYPE_CHECKING:
    from flows.places import Places

_WAIT_SECONDS = 60


def forget_everywhere(url: str, places: Places) -> Forgotten:
    """Delete ``url`` from the database and from the archives that hold it, and leave tombstones.

    What waits in the outbox is loaded first, so that no batch holds the text afterwards. Raises
    PlaceError where one of its sources is being collected.
    """
    load(places)
    db = open_database(places.database)
    try:
        forgotten = forget(db, url)
    finally:
        db.close()
    for source, address in forgotten.addresses:
        _forget_in_archive(source, address, places)
    return forgotten


def _forget_in_archive(source: str, address: str, places: Places) -> None:
    if not places.archive(source).exists():
        return
    try:
        with places.lock(source).acquire(timeout=_WAIT_SECONDS), Archive(places.archive(source)) as archive:
            archive.forget(address)
    except Timeout as error:
        raise PlaceError(
            f"source {source} is being collected: its archive still holds {address}; run forget again later",
            code=1,
        ) from error
