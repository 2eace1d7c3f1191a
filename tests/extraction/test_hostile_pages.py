"""Pages made to be slow, large or broken end with the right outcome, and soon."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from extraction.decoding import decode
from extraction.edges import trim_edges
from extraction.page import Extracted, SiteRules, extract_page
from extraction.pool import ExtractionPool
from extraction.times import ImpossibleTimeError, Stamp, read_time
from storage.models import Reject, StoredPage

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "<html><head><title>Report from the valley</title></head><body><h1>Report from the valley</h1>"
TEXT = "<p>The relief team reached the valley on Monday and set up a field hospital, officials said.</p>" * 4
CASES = {
    "80 kB of inline elements": (HEAD + TEXT + "<i>x</i>" * 10_000, "article"),
    "320 kB of inline elements": (HEAD + TEXT + "<i>x</i>" * 40_000, "too_complex"),
    "640 kB of inline elements": (HEAD + TEXT + "<i>x</i>" * 80_000, "too_complex"),
    "100k unclosed paragraphs": (HEAD + "<p>" * 100_000, "too_complex"),
    "40k attributes": (
        HEAD + "<div " + " ".join(f'a{n}="1"' for n in range(40_000)) + ">x</div>" + TEXT,
        "too_complex",
    ),
    "5k nested elements": (HEAD + "<div>" * 5_000 + TEXT, "too_complex"),
    "5 MB of JSON-LD": (
        '<html><head><script type="application/ld+json">{"@type":"NewsArticle","articleBody":"'
        + "word " * 1_000_000
        + '"}</script></head><body>'
        + TEXT,
        "article",
    ),
    "deep JSON-LD": (
        '<html><head><script type="application/ld+json">' + "[" * 50_000 + "</script></head><body>" + TEXT,
        "article",
    ),
    "5 MB of blanks": (HEAD + "<p>" + " " * 5_000_000 + "</p>" + TEXT, "article"),
    "a class that never ends": (HEAD + TEXT + '<p class="' + "x" * 1_000_000, "article"),
    "8k links": (HEAD + "<ul>" + "<li><a href='/x'>A headline in a list of them</a></li>" * 8_000, "no_text"),
}


@pytest.fixture(scope="module")
def answers() -> dict[str, Extracted | Reject]:
    """Every case through one pool with the limits of the product."""
    pages = [StoredPage(name, name, markup.encode(), "text/html", "") for name, (markup, _) in CASES.items()]
    with ExtractionPool(workers=1) as pool:
        return dict(zip(CASES, pool.run((page, SiteRules()) for page in pages), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_outcome(answers: dict[str, Extracted | Reject], name: str) -> None:
    answer = answers[name]
    assert (answer.outcome if isinstance(answer, Reject) else "article") == CASES[name][1], answer


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=3000))
@example(b"<")
@example(b"<html><head><title></title></head><body><p>\x00\xff\xfe</p>")
def test_no_bytes_make_extraction_raise(page: Callable[..., StoredPage], body: bytes) -> None:
    assert isinstance(extract_page(page(body)), Extracted | Reject)


_TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<a",
        "href=x>",
        "</a>",
        "<h1>",
        "</h1>",
        "<br>",
        "<time",
        "datetime='2024-13-45'>",
        "<meta",
        "property=og:title",
        "content=x>",
        "<script",
        "type=application/ld+json>{",
        "</script>",
        "<!--",
        "-->",
        "<li>",
        "<input",
        "type=hidden",
        "id=newsdate",
        "value=x>",
        "来源：",
        "2024-02-30",
        "【编辑:",
        "正文。",
        "The",
        "text",
        "of",
        "it.",
        "&amp;",
        "&#0;",
        "&#xD800;",
        "<svg>",
        "<title>",
    ]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_TAGS, max_size=80))
def test_no_markup_makes_extraction_raise(page: Callable[..., StoredPage], parts: list[str]) -> None:
    assert isinstance(extract_page(page(" ".join(parts))), Extracted | Reject)


@given(st.binary(max_size=500), st.text(max_size=40))
def test_decoding_never_raises(body: bytes, content_type: str) -> None:
    decode(body, content_type)


@given(st.text(alphabet="0123456789-/.:年月日 TZ+janvмая上午pm", max_size=40))
def test_reading_a_time_gives_a_time_or_says_why(text: str) -> None:
    with contextlib.suppress(ImpossibleTimeError):
        assert isinstance(read_time(text), Stamp | None)


@given(st.lists(st.text(min_size=1, max_size=60), max_size=30), st.text(max_size=30))
def test_no_edge_line_is_lost(lines: list[str], title: str) -> None:
    trimmed = trim_edges(lines, title)
    assert sorted([*trimmed.lines, *(removed.line for removed in trimmed.removed)]) == sorted(lines)
