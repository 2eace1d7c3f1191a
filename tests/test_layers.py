"""Imports go one way, and each library lives in one room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("flows", "spiders", "extraction", "storage")
MAY_IMPORT = {
    "flows": {"spiders", "extraction", "storage"},
    "spiders": {"storage"},
    "extraction": {"storage"},
    "storage": set[str](),
}
LIVES_IN = {
    "scrapy": {"spiders"},
    "twisted": {"spiders"},
    "trafilatura": {"extraction"},
    "readability": {"extraction"},
    "justext": {"extraction"},
    "sqlite3": {"storage"},
    "sqlite_utils": {"storage"},
    "prefect": {"flows"},
}


def imported(path: Path) -> set[str]:
    """The top-level modules that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(str(node.module).partition(".")[0])
    return names


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_one_way(room: str) -> None:
    others = set(ROOMS) - {room} - MAY_IMPORT[room]
    assert {str(path): imported(path) & others for path in modules(room)} == {
        str(path): set() for path in modules(room)
    }


@pytest.mark.parametrize("library", LIVES_IN)
def test_a_library_lives_in_one_room(library: str) -> None:
    users = {room for room in ROOMS for path in modules(room) if library in imported(path)}
    assert users <= LIVES_IN[library]


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_is_named_after_a_library(room: str) -> None:
    libraries = set(LIVES_IN) | {"logging", "queue", "select", "signal", "types", "email", "calendar", "code"}
    assert not {path.stem for path in modules(room)} & libraries
