"""The outbox in an S3-compatible store, served on loopback by moto where that is installed."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING

import pytest

from flows.chosen import chosen_sources
from flows.collect import Wishes, collect
from flows.demo_site.server import DemoSite
from flows.load import load
from flows.places import Places
from storage import batches
from tests.scale.services import free_port, running, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.torture
OUTBOX = "s3://news/outbox"


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    s3fs = pytest.importorskip("s3fs", reason="s3fs is not installed")
    if not (server := shutil.which("moto_server")):
        pytest.skip('moto_server is not on the PATH: pip install "moto[server]" somewhere')
    port = free_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    with running([server, "-H", "127.0.0.1", "-p", str(port)], tmp_path / "moto.log"):
        wait_for(lambda: socket.create_connection(("127.0.0.1", port), 1), "the object store", 60)
        s3fs.S3FileSystem().mkdir("news")
        yield


def test_what_one_machine_collects_another_loads(bucket: None, tmp_path: Path) -> None:
    worker = Places.at(tmp_path / "worker", tmp_path / "sources", OUTBOX)
    loader = Places.at(tmp_path / "loader", tmp_path / "sources", OUTBOX)
    with DemoSite() as site:
        site.write_sources(worker.sources)
        sources = chosen_sources(worker.sources, ["demo_xj", "demo_wire"])
        collect(sources, worker, Wishes(), lambda _source, _stage, _done: None)
    assert len(batches.waiting(OUTBOX)) == 2
    loaded = load(loader).loaded
    assert sorted(batch.run.source for batch in loaded) == ["demo_wire", "demo_xj"]
    assert sum(batch.counts.new for batch in loaded) > 0
    assert batches.waiting(OUTBOX) == []
