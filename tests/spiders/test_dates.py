"""Dates as indexes state them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.dates import row_time, stated_time

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("Mon, 23 Nov 2026 12:25:20 +0800", "2026-11-23T12:25:20+08:00"),
        ("Mon, 23 Nov 2026 12:25:20 GMT", "2026-11-23T12:25:20+00:00"),
        ("23 Nov 2026 12:25:20 -0000", "2026-11-23T12:25:20"),
        ("2026-11-23T12:25:20+08:00", "2026-11-23T12:25:20+08:00"),
        ("2026-11-23T04:25:20.123Z", "2026-11-23T04:25:20+00:00"),
        ("2026-11-23 12:25:20", "2026-11-23T12:25:20"),
        ("2026-11-23", "2026-11-23"),
        ("2026年11月3日 8:05", "2026-11-03T08:05"),
        ("1795420800", "2026-11-23T08:00:00+00:00"),
        ("1795420800000", "2026-11-23T08:00:00+00:00"),
        ("Mon, 01 Jan 0001 00:00:00 GMT", ""),
        ("9999-12-31T23:59:59Z", ""),
        ("2026-02-31", ""),
        ("2026-11-29", ""),
        ("yesterday", ""),
        ("\x00", ""),
        ("", ""),
    ],
)
def test_stated_time(stated: str, meant: str) -> None:
    assert stated_time(stated, NOW) == meant


@pytest.mark.parametrize(
    ("zone", "offset"),
    [("Asia/Shanghai", "+08:00"), ("Asia/Taipei", "+08:00"), ("America/Chicago", "-06:00")],
)
def test_cst_is_that_of_the_source_s_part_of_the_world(zone: str, offset: str) -> None:
    stated = stated_time("Mon, 23 Nov 2026 12:25:20 CST", NOW.astimezone(ZoneInfo(zone)))

    assert stated == f"2026-11-23T12:25:20{offset}"


@pytest.mark.parametrize(
    ("row", "link", "meant"),
    [
        ("[2026.08.31 12:25]", "", "2026-08-31T12:25"),
        ("2026/8/3", "", "2026-08-03"),
        ("3 September 2026, 14:00", "", "2026-09-03T14:00"),
        ("Sept. 3, 2026", "", "2026-09-03"),
        ("11-23 12:25", "", "2026-11-23T12:25"),
        ("11月3日", "", "2026-11-03"),
        ("11-24 00:10", "", "2026-11-24T00:10"),
        ("01-05 09:00", "", ""),  # ten months back, or more
        ("01-05 09:00", "/gn/2026/01-05/10.shtml", "2026-01-05T09:00"),
        ("01-05 09:00", "/2019/0105/c10.html", "2019-01-05T09:00"),
        ("01-05 09:00", "/2019/0106/c10.html", ""),
        ("02-30", "", ""),
        ("3-2", "", ""),
        ("1.5 tonnes", "", ""),
        ("tel. 010-11-23-44", "", ""),
    ],
)
def test_row_time(row: str, link: str, meant: str) -> None:
    assert row_time(row, link, NOW) == meant


def test_a_row_of_december_seen_in_january_is_last_year_s() -> None:
    assert row_time("12-30 09:00", "", NOW.replace(year=2027, month=1, day=2)) == "2026-12-30T09:00"


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    for read in (stated_time(text, NOW), row_time(text, text, NOW)):
        assert read == "" or 1990 <= datetime.fromisoformat(read).year <= 2026
