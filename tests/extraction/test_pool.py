"""The pool of child processes: order, limits, deaths, orphans."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from extraction.page import Extracted, SiteRules, extract_page
from extraction.pool import ExtractionPool, PoolError
from extraction.worker import FIRST_PAGE
from storage.models import Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.models import StoredPage

TEXT = "".join(
    f"<p>Team {n} carried blankets and lamps up to the villages in the valley.</p>" for n in range(5)
)


def _markup(title: str) -> str:
    body = f"<article><h1>{title}</h1>{TEXT}</article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def test_answers_come_in_the_order_of_the_pages(page: Callable[..., StoredPage]) -> None:
    pages = [page(_markup(f"Report number {n} from the valley"), url=f"https://e.org/{n}") for n in range(20)]
    with ExtractionPool(workers=2) as pool:
        answers = list(pool.run((one, SiteRules()) for one in pages))
    assert [a.article.url for a in answers if isinstance(a, Extracted)] == [one.url for one in pages]


def test_pages_are_taken_only_as_needed(page: Callable[..., StoredPage]) -> None:
    taken = 0

    def source() -> Iterator[tuple[StoredPage, SiteRules]]:
        nonlocal taken
        while True:
            taken += 1
            yield page(_markup("An endless series of reports")), SiteRules()

    with ExtractionPool(workers=2) as pool:
        answers = pool.run(source())
        for _ in range(3):
            next(answers)
        assert taken <= 3 + 2 * 4
        answers.close()  # type: ignore[attr-defined]  # run is a generator
        assert len(list(pool.run([(page(_markup("The pool goes on after that")), SiteRules())]))) == 1


def test_the_models_are_loaded_before_the_first_worker_is_forked() -> None:
    answer = extract_page(FIRST_PAGE)
    assert isinstance(answer, Extracted), answer
    assert answer.article.language == "en"


def test_a_page_over_its_cpu_costs_only_itself(page: Callable[..., StoredPage]) -> None:
    # Counts siblings of siblings inside libxml2: some 20 s on the machines of 2026.
    dear = SiteRules(content=", ".join(f"p:nth-last-of-type({n}n)" for n in range(2, 42)))
    heavy = page("<html><body>" + "<p>word</p>" * 10_000, url="heavy")
    good = page(_markup("Clinics reopen in the valley"), url="good")
    with ExtractionPool(workers=1, cpu_seconds=1) as pool:
        answers = list(pool.run([(good, SiteRules()), (heavy, dear), (good, SiteRules())]))
    assert isinstance(answers[0], Extracted), answers[0]
    assert isinstance(answers[1], Reject), answers[1]
    assert (answers[1].url, answers[1].outcome) == ("heavy", "extract_timeout")
    assert isinstance(answers[2], Extracted), answers[2]


def test_a_page_over_its_memory_costs_only_itself(page: Callable[..., StoredPage]) -> None:
    large = page("<html><body>" + "<p>many words for the memory " * 20_000, url="large")
    good = page(_markup("Clinics reopen in the valley"), url="good")
    with ExtractionPool(workers=1, memory_bytes=330 << 20) as pool:
        answers = list(pool.run((one, SiteRules()) for one in (large, good)))
    assert isinstance(answers[1], Extracted)


def test_a_killed_child_costs_only_its_page(page: Callable[..., StoredPage]) -> None:
    good = page(_markup("Clinics reopen in the valley"), url="good")
    with ExtractionPool(workers=1) as pool:
        first = list(pool.run([(good, SiteRules())]))
        for _, pid in pool._idle:
            os.kill(pid, signal.SIGKILL)
        second = list(pool.run([(good, SiteRules()), (good, SiteRules())]))
    assert isinstance(first[0], Extracted)
    assert isinstance(second[1], Extracted)


def test_no_orphans_when_the_parent_is_killed() -> None:
    script = (
        "import sys, time\n"
        "from extraction.pool import ExtractionPool, SiteRules\n"
        "from storage.models import StoredPage\n"
        "page = StoredPage('u', 'u', b'<p>x', '', '')\n"
        "with ExtractionPool(workers=1) as pool:\n"
        "    list(pool.run([(page, SiteRules())]))\n"
        "    print(pool._nursery.pid, pool._idle[0][1], flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        children = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    deadline = time.monotonic() + 10
    while any(_alive(pid) for pid in children) and time.monotonic() < deadline:
        os.sched_yield()
    assert not any(_alive(pid) for pid in children)


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123 - procfs
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_pool_of_nobody_is_refused() -> None:
    with pytest.raises(PoolError, match="at least 1 worker"):
        ExtractionPool(workers=0)
