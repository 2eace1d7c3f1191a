"""The main text where layouts repeat it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from extraction.page import Extracted, SiteRules, extract_page

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


def _report(title: str, lines: list[str], more: str = "") -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    return f"<article class='post'><header><h1>{title}</h1></header>{paragraphs}{more}</article>"


def _text(answer: object) -> str:
    assert isinstance(answer, Extracted), answer
    return answer.article.text


def test_articles_loaded_below_the_first_are_not_part_of_it(page: Callable[..., StoredPage]) -> None:
    title = "Wells repaired in fourteen villages"
    others = [
        f"Market report {n}: prices of maize and beans hardly moved, traders in the port town said on Monday."
        for n in range(40)
    ]
    first, second = _report(title, LINES), _report("Prices hardly move", others)
    markup = f"<html><head><title>{title}</title></head><body><main>{first}{second}</main></body></html>"
    assert _text(extract_page(page(markup))) == "\n".join(LINES)


def test_articles_inside_the_article_stay(page: Callable[..., StoredPage]) -> None:
    title = "Wells repaired in fourteen villages"
    entry = "At noon the second team reached the valley with pipes, pumps and medicine for the clinic there."
    inside = f"<article class='entry'><h2>Noon</h2><p>{entry}</p></article>"
    markup = f"<html><head><title>{title}</title></head><body>{_report(title, LINES, inside)}</body></html>"
    assert entry in _text(extract_page(page(markup)))


def test_a_site_rule_sees_the_whole_page(page: Callable[..., StoredPage]) -> None:
    title = "Wells repaired in fourteen villages"
    body = "".join(f"<p>{line}</p>" for line in LINES)
    other = f"<article class='story'><h2>What was done</h2>{body}</article>"
    markup = (
        f"<html><head><title>{title}</title></head><body>{_report(title, LINES[:3])}{other}</body></html>"
    )
    answer = extract_page(page(markup), SiteRules(content="article.story"))
    assert isinstance(answer, Extracted), answer
    assert answer.article.text == "\n".join(["What was done", *LINES])
    assert (answer.article.method, answer.article.flags) == ("site_rule", ())


def test_a_list_without_links_is_text(page: Callable[..., StoredPage]) -> None:
    title = "Wells repaired in fourteen villages"
    items = ["Forty pumps for the valley", "Nine tonnes of cement", "Two hundred school desks and benches"]
    given = "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    links = "".join(
        f"<li><a href='/{n}'>Floods and storms of the year {n}</a></li>" for n in range(1990, 2002)
    )
    body = _report(
        title, LINES[:6], given + "".join(f"<p>{line}</p>" for line in LINES[6:]) + f"<ul>{links}</ul>"
    )
    markup = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    assert _text(extract_page(page(markup))) == "\n".join([*LINES[:6], *items, *LINES[6:]])


def test_text_that_stands_only_in_script_data(page: Callable[..., StoredPage]) -> None:
    markup = "".join(f"<p>{line}</p>" for line in LINES)
    markup += "<p>$$ARTICLEAD$$</p>"  # the browser would put an advertisement here
    flight = json.dumps(f"7:{json.dumps({'article': {'html': markup}})}")
    escaped = flight.replace("<", "\\u003c")
    script = f"<script>self.__next_f.push([1,{escaped}])</script>"
    head = "<head><title>Wells repaired in fourteen villages</title></head>"
    answer = extract_page(page(f"<html>{head}<body><div id='app'></div>{script}</body></html>"))
    assert isinstance(answer, Extracted), answer
    assert (answer.article.method, answer.article.text) == ("script_data", "\n".join(LINES))


def _article_page(body: str) -> str:
    title = "Wells repaired in fourteen villages"
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<html><head><title>{title}</title></head><body>{article}</body></html>"


def _with_standfirst(shown: str, described: str) -> str:
    title = "Wells repaired in fourteen villages"
    head = f"<head><title>{title}</title><meta name='description' content='{described}'></head>"
    top = f"<header class='top'><h1>{title}</h1><div class='dek'>{shown}</div></header>"
    paragraphs = "".join(f"<p>{line}</p>" for line in LINES)
    return f"<html>{head}<body>{top}<div class='story-body'>{paragraphs}</div></body></html>"


def test_a_standfirst_above_the_text_is_kept(page: Callable[..., StoredPage]) -> None:
    standfirst = "A team of nine spent the dry season on the road between two rivers, and is not done yet"
    markup = _with_standfirst(standfirst, standfirst)
    assert _text(extract_page(page(markup))) == "\n".join([standfirst, *LINES])


def test_a_teaser_that_the_text_goes_on_with_goes(page: Callable[..., StoredPage]) -> None:
    teaser = "In village number 0 the relief team repaired the well, checked the roof and..."
    assert _text(extract_page(page(_with_standfirst(teaser, teaser)))) == "\n".join(LINES)


def test_a_line_that_only_leads_to_another_article_goes(page: Callable[..., StoredPage]) -> None:
    link = "<a href='/b'>Read more: Prices of maize and beans hardly moved this month</a>"
    paragraphs = [f"<p>{line}</p>" for line in LINES]
    body = "".join([*paragraphs[:5], f"<p>{link}</p>", *paragraphs[5:]])
    markup = _article_page(body)
    assert _text(extract_page(page(markup))) == "\n".join(LINES)


def test_subheadings_between_paragraphs_stay(page: Callable[..., StoredPage]) -> None:
    paragraphs = [f"<p>{line}</p>" for line in LINES]
    body = "".join(
        [*paragraphs[:5], "<h2>Pipes</h2>", *paragraphs[5:9], "<h2>The road back</h2>", *paragraphs[9:]]
    )
    markup = _article_page(body)
    expected = [*LINES[:5], "Pipes", *LINES[5:9], "The road back", *LINES[9:]]
    assert _text(extract_page(page(markup))) == "\n".join(expected)


def test_a_page_may_leave_out_the_tags_of_head_and_body(page: Callable[..., StoredPage]) -> None:
    title = "Wells repaired in fourteen villages"
    for element in ("article", "main", "section"):
        text = _report(title, LINES).replace("article", element)
        markup = f"<!doctype html><meta charset=utf-8><title>{title}</title>{text}<footer>About us</footer>"
        answer = extract_page(page(markup))
        assert _text(answer) == "\n".join(LINES)


def test_text_after_the_end_tags_of_body_and_html_is_read(page: Callable[..., StoredPage]) -> None:
    title = "Wells repaired in fourteen villages"
    head = f"<html><head><title>{title}</title></head><body><div><a href='/'>News</a></div></body></html>"
    for rest in ("<html><body>{}</body></html>", "{}"):
        assert _text(extract_page(page(head + rest.format(_report(title, LINES))))) == "\n".join(LINES)


def test_edited_words_and_readings_stay_in_their_line(page: Callable[..., StoredPage]) -> None:
    ruby = "<ruby>valley<rp>(</rp><rt>va-li</rt><rp>)</rp></ruby>"
    line = f"The council said 400 families in the {ruby} got <data value='9'>nine</data> blankets."
    markup = _article_page("".join(f"<p>{text}</p>" for text in [*LINES, line]))
    assert "The council said 400 families in the valley got nine blankets." in _text(
        extract_page(page(markup))
    )
