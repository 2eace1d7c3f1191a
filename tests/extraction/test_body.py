"""The main text where layouts repeat it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from extraction.page import Extracted, extract_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.models import StoredPage

LINES = [
    f"In village number {n} the relief team repaired the well, checked the roof and left medicine."
    for n in range(14)
]


def test_text_that_a_layout_repeats_comes_once(page: Callable[..., StoredPage]) -> None:
    title = "<h1>Wells repaired in fourteen villages</h1>"
    paragraphs = "".join(f"<p>{line}</p>" for line in LINES)
    again = f"<div class='article-print'>{' '.join(LINES)}</div>"
    for body in (paragraphs + paragraphs, paragraphs + again):
        answer = extract_page(page(f"<html><body><article>{title}{body}</article></body></html>"))
        assert isinstance(answer, Extracted), answer
        assert answer.article.text == "\n".join(LINES)


def test_text_that_stands_only_in_script_data(page: Callable[..., StoredPage]) -> None:
    markup = "".join(f"<p>{line}</p>" for line in LINES)
    flight = json.dumps(f"7:{json.dumps({'article': {'html': markup}})}")
    escaped = flight.replace("<", "\\u003c")
    script = f"<script>self.__next_f.push([1,{escaped}])</script>"
    head = "<head><title>Wells repaired in fourteen villages</title></head>"
    answer = extract_page(page(f"<html>{head}<body><div id='app'></div>{script}</body></html>"))
    assert isinstance(answer, Extracted), answer
    assert (answer.article.method, answer.article.text) == ("script_data", "\n".join(LINES))
