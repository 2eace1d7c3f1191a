"""The page that the project started from, rebuilt in its site's markup from its saved text."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from extraction.page import Extracted, extract_page
from storage.models import StoredPage

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed"
URL = "https://www.xj.chinanews.com.cn/dizhou/2024-01-30/detail-seed.shtml"


@pytest.mark.skipif(not SEED.is_dir(), reason="../shared/seed is not here")
def test_seed_page_gives_the_narrative_and_nothing_else() -> None:
    gold = json.loads((SEED / "gold.json").read_text(encoding="utf-8"))
    text = (SEED / "page.txt").read_text(encoding="utf-8")
    page = StoredPage(
        URL, URL, _markup(text, gold["title"]).encode(), "text/html", "2026-11-23T00:00:00+00:00"
    )
    answer = extract_page(page)
    assert isinstance(answer, Extracted), answer
    article = answer.article
    body = [
        line.strip() for line in text[gold["narrative_start"] : gold["body_end"]].splitlines() if line.strip()
    ]
    found = (
        article.title,
        article.published_at,
        article.origin,
        article.upstream,
        article.editor,
        article.rights,
    )
    assert found == (
        gold["title"],
        gold["published_at"],
        gold["source"],
        "湖州日报",
        gold["editor"],
        "\n".join(line.strip() for line in gold["rights_statement"]),
    )
    assert article.text.split("\n") == [" ".join(line.split()) for line in body]


def _markup(text: str, title: str) -> str:
    """The text in the xj markup: header, heading, time line, paragraphs, editor, footer."""
    lines = [line for line in text.splitlines() if line.strip()]
    start = next(n for n, line in enumerate(lines) if "来源：" in line or "来源:" in line)
    end = next(n for n, line in enumerate(lines) if line.startswith("【编辑"))
    inner = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines[start + 1 : end])
    foot = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines[end + 1 :])
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>{title}-中新网·新疆</title></head><body>
<div class="top"><a href="/">{lines[0]}</a><span>{lines[1]}</span></div><div class="path">{title}</div>
<h1>{title}</h1><div class="left-time"><div class="left-t">{lines[start]}</div></div>
<div class="left_zw">{inner}</div>
<div class="adEditor">{lines[end]}</div><div class="footer">{foot}</div></body></html>"""
