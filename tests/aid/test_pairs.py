from __future__ import annotations

import time

import pytest

from extraction.aid.facts import find_facts


def pairs_of(text: str, language: str = "", *, aid_news: bool = False) -> set[tuple[str, str]]:
    facts = find_facts(text, language, aid_news=aid_news)
    return {(fact.donor, fact.recipient) for fact in facts if fact.kind == "pair"}


@pytest.mark.parametrize(
    "piece",
    [
        "中国向肯尼亚、",
        "湖州市向柯坪县拨付援疆资金3000万元和",
        "湖州市援疆、柯坪县",
        "天津市与甘肃省协作",
        "由济南市对口支援",
        "深圳市对口帮扶河源市、",
        "Japan gave $3 million to Kenya and ",
        "$5 to Kenya and Chad, ",
    ],
)
def test_a_sentence_as_long_as_a_page_is_read_in_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        before = time.process_time()
        find_facts(text, aid_news=True)
        return time.process_time() - before

    seconds(2_000)  # patterns are compiled once
    short, long = (min(seconds(length) for _ in range(3)) for length in (20_000, 80_000))
    # Four times the text takes four times as long; 16 times as long where time is quadratic.
    assert long < 10 * short
