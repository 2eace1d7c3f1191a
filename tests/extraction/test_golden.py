"""Whole records of self-written pages in the markup of real site families.

A page without its JSON gets one, and the test fails until someone has read and committed it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from extraction.page import Extracted, extract_page
from storage.models import StoredPage

GOLDEN = Path(__file__).parent / "golden"
ADDRESSES = {
    "chinanews_2011": "http://www.example.cn/gn/2011/12-09/100.shtml",
    "chinanews_2022": "https://www.example.cn/gn/2024/02-16/200.shtml",
    "people_gb18030": "http://world.example.cn/n/2013/0520/c1-2.html",
    "xj_2024": "https://www.xj.example.cn/dizhou/2024-08-31/detail-abc.shtml",
    "russian": "https://vestnik.example.ru/2024/01/06/gruz",
}


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.html")), ids=lambda path: path.stem)
def test_record_equals_the_reviewed_one(path: Path) -> None:
    url = ADDRESSES.get(path.stem, f"https://news.example.org/{path.stem}")
    page = StoredPage(url, url, path.read_bytes(), "text/html", "2026-11-23T00:00:00+00:00")
    answer = extract_page(page)
    assert isinstance(answer, Extracted), answer
    record = json.loads(json.dumps(asdict(answer.article)))
    stored = path.with_suffix(".json")
    if not stored.exists():
        stored.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"wrote {stored.name}: read it, mend what is wrong, and commit it")
    assert record == json.loads(stored.read_text(encoding="utf-8"))
