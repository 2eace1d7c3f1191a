"""One running demo site for the tests that only read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from flows.demo_site import markup
from flows.demo_site.server import DemoSite

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite() as running:
        yield running


@pytest.fixture(scope="session")
def expected() -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((markup.SITE / "expected.json").read_text("utf-8"))
    return records
