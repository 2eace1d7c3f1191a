"""Deploying to work pools of a real Prefect server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from flows.prefect_server import prefect_server
from flows.prefect_settings import PREFECT_DEFAULTS
from tests.scale.services import free_port

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Aidwire = Callable[..., subprocess.CompletedProcess[str]]

SOURCE = """\
name = "News"
homepage = "http://news.example/"
language = "en"
enabled = true
[discover]
feeds = ["http://news.example/feed.xml"]
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "near.toml").write_text(SOURCE)
    (folder / "far.toml").write_text(SOURCE + '[run]\npool = "north"\n')
    return folder


def test_without_a_server(aidwire: Aidwire, sources: Path) -> None:
    done = aidwire("deploy", "--pool", "crawl")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "PREFECT_API_URL is not set" in done.stderr


@pytest.mark.torture
def test_each_source_goes_to_its_pool_and_leaves_with_its_file(
    aidwire: Aidwire, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**PREFECT_DEFAULTS, "PREFECT_HOME": str(tmp_path / "home")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with prefect_server(tmp_path / "server.log", port=free_port()) as address:
        first = aidwire("deploy", "--pool", "crawl", PREFECT_API_URL=address)
        assert first.returncode == 0, first.stderr
        assert asyncio.run(deployed(address)) == {
            "near": ("crawl", 1, {"source": "near", "load": False}),
            "far": ("north", 1, {"source": "far", "load": False}),
            "load": ("crawl-load", 1, {}),
            "maintain": ("crawl-load", 1, {"keep_days": 0, "keep_mb": 0, "backups": 7}),
        }
        (sources / "far.toml").unlink()
        second = aidwire("deploy", "--pool", "crawl", "--load-pool", "home", PREFECT_API_URL=address)
        assert "far: deleted" in second.stdout
        pools = {name: found[0] for name, found in asyncio.run(deployed(address)).items()}
        assert pools == {"near": "crawl", "load": "home", "maintain": "home"}


async def deployed(address: str) -> dict[str, tuple[str | None, int | None, dict[str, Any]]]:
    """Pool, concurrency limit and parameters of every deployment, by name."""
    from prefect.client.orchestration import PrefectClient

    async with PrefectClient(address) as client:
        found = await client.read_deployments()
    return {
        d.name: (
            d.work_pool_name,
            d.global_concurrency_limit.limit if d.global_concurrency_limit else None,
            d.parameters,
        )
        for d in found
    }
