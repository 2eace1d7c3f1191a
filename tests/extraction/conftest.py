"""Pages for the extraction tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storage.models import Hint, StoredPage

MakePage = Callable[..., StoredPage]


@pytest.fixture
def page() -> MakePage:
    """Make a stored page from markup or bytes."""

    def make(
        body: str | bytes,
        url: str = "https://news.example.org/2024/a.html",
        kind: str = "text/html",
        hint: Hint = Hint(),
    ) -> StoredPage:
        data = body.encode() if isinstance(body, str) else body
        return StoredPage(url, url, data, kind, "2026-11-23T00:00:00+00:00", hint)

    return make
