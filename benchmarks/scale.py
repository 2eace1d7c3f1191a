"""Unit costs of a run, from which docs/scaling.md reckons: python benchmarks/scale.py

Crawls one small bundled source on loopback: as a command without a server, again with nothing new,
and as a run of a Prefect server of its own, whose CPU and database growth it reads. Times are wall
clock, CPU is that of all processes of the run; each figure is the median of RUNS.
"""

from __future__ import annotations

import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from flows.demo_site.server import DemoSite
from flows.prefect_server import prefect_server
from flows.prefect_settings import set_prefect_defaults

RUNS = 5
SOURCE = "demo_national"
AIDWIRE = str(Path(sys.executable).parent / "aidwire")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds from start to exit, seconds of CPU, and the largest process in MB."""

    wall: float
    cpu: float
    peak: float


def measure(command: list[str], environment: dict[str, str]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, after.ru_maxrss / 1024)


def medians(costs: list[Cost]) -> str:
    wall, cpu, peak = (
        statistics.median(getattr(cost, name) for cost in costs) for name in ("wall", "cpu", "peak")
    )
    return f"{wall:6.2f} s, {cpu:5.2f} s of CPU, {peak:4.0f} MB"


def crawling_seconds(log: Path) -> float:
    """How long Scrapy was at work, by its own statistics of the last crawl."""
    found = re.findall(r"'elapsed_time_seconds': ([\d.]+)", log.read_text())
    return float(found[-1]) if found else 0.0


def without_server(folder: Path, sources: Path) -> None:
    first, again, crawling = [], [], []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    for number in range(RUNS):
        data = folder / f"alone-{number}"
        command = [AIDWIRE, "crawl", SOURCE, "--data", str(data), "--sources", str(sources)]
        first.append(measure(command, environment))
        crawling.append(crawling_seconds(data / "logs" / f"{SOURCE}.log"))
        again.append(measure(command, environment))
    print(f"crawl, everything new           {medians(first)}; Scrapy {statistics.median(crawling):.2f} s")
    print(f"crawl, nothing new              {medians(again)}")
    together = [AIDWIRE, "crawl", "--data", str(folder / "together"), "--sources", str(sources)]
    measure(together, environment)
    costs = [measure(together, environment) for _ in range(RUNS)]
    print(f"crawl of seven, nothing new     {medians(costs)}")


def cpu_of(group: int) -> float:
    """CPU seconds of the living processes of a process group."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def with_server(folder: Path, sources: Path) -> None:
    (folder / "server").mkdir()
    set_prefect_defaults(folder / "server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with prefect_server(folder / "server.log", port=port):
        [group] = [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/cmdline")
            if f"--port\0{port}" in path.read_text()
            and os.getpgid(int(path.parent.name)) == int(path.parent.name)
        ]
        time.sleep(10)
        before, started = cpu_of(group), time.monotonic()
        time.sleep(20)
        idle = (cpu_of(group) - before) / (time.monotonic() - started)
        command = [AIDWIRE, "crawl", SOURCE, "--data", str(folder / "served"), "--sources", str(sources)]
        measure(command, dict(os.environ))
        database = folder / "server" / "prefect" / "prefect.db"
        size, before, started = stored(database), cpu_of(group), time.monotonic()
        costs = [measure(command, dict(os.environ)) for _ in range(RUNS)]
        time.sleep(5)
        spent = cpu_of(group) - before - idle * (time.monotonic() - started)
        grown = (stored(database) - size) / RUNS
    print(f"crawl as a run, nothing new     {medians(costs)}")
    print(f"the server for each run         {spent / RUNS:13.2f} s of CPU, {grown / 1000:.0f} kB of database")
    print(f"the server idle                 {idle:13.3f} of a core")


def stored(database: Path) -> int:
    return sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*"))


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, DemoSite() as site:
        folder = Path(scratch)
        site.write_sources(folder / "sources")
        without_server(folder, folder / "sources")
        with_server(folder, folder / "sources")


if __name__ == "__main__":
    main()
