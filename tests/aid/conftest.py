from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parents[2].parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of test data that is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with its test data is not here")
    return SHARED


@pytest.fixture(scope="session")
def seed_text(shared: Path) -> str:
    return (shared / "seed" / "page.txt").read_text("utf-8")


@pytest.fixture(scope="session")
def seed_gold(shared: Path) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads((shared / "seed" / "gold.json").read_text("utf-8"))
    return gold
