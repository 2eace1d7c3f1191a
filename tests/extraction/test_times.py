"""Times as pages write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from extraction.times import ImpossibleTimeError, Stamp, read_time


def _at(*parts: int, offset: float | None = None) -> datetime:
    zone = None if offset is None else timezone(timedelta(hours=offset))
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type, misc]  # parts are year to second


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2024-01-30 10:49:23 来源：甲县融媒体中心", Stamp(_at(2024, 1, 30, 10, 49, 23), "second")),
        ("2012年01月12日 18:35 来源：乙报", Stamp(_at(2012, 1, 12, 18, 35), "minute")),
        ("2023年5月3日 下午3时05分", Stamp(_at(2023, 5, 3, 15, 5), "minute")),
        ("2012/01/17 下午 07:37", Stamp(_at(2012, 1, 17, 19, 37), "minute")),
        ("2013年05月20日08:15", Stamp(_at(2013, 5, 20, 8, 15), "minute")),
        ("2024-05-03T15:47:42.389Z", Stamp(_at(2024, 5, 3, 15, 47, 42, offset=0), "second")),
        ("2024-05-03T10:00:00-0400", Stamp(_at(2024, 5, 3, 10, 0, 0, offset=-4), "second")),
        ("2024-05-03T15:47+02", Stamp(_at(2024, 5, 3, 15, 47, offset=2), "minute")),
        ("Tue, 12 Jan 2012 18:35:15 +0800", Stamp(_at(2012, 1, 12, 18, 35, 15, offset=8), "second")),
        ("Sat Jan 07 12:01:02 EST 2012", Stamp(_at(2012, 1, 7, 12, 1, 2, offset=-5), "second")),
        ("Jan 7, 2024 1:20am", Stamp(_at(2024, 1, 7, 1, 20), "minute")),
        ("3 novembre 2022 à 18h05", Stamp(_at(2022, 11, 3, 18, 5), "minute")),
        ("6 января 2012, 12:30", Stamp(_at(2012, 1, 6, 12, 30), "minute")),
        ("14.05.2023, 18.35 Uhr", Stamp(_at(2023, 5, 14, 18, 35), "minute")),
        ("١٢ يناير 2024 - 10:30", Stamp(_at(2024, 1, 12, 10, 30), "minute")),
        ("20240130104923", Stamp(_at(2024, 1, 30, 10, 49, 23), "second")),
        ("1714751262000", Stamp(datetime(2024, 5, 3, 15, 47, 42, tzinfo=UTC), "second")),
        ("2024-05-03T00:00:00+02:00", Stamp(_at(2024, 5, 3, offset=2), "day")),
        ("03/04/2012", Stamp(_at(2012, 4, 3), "day", ambiguous=True)),
        ("13/04/2012", Stamp(_at(2012, 4, 13), "day")),
        ("Do 25.04.24 | 14:07 Uhr | Von Eva Muster", Stamp(_at(2024, 4, 25, 14, 7), "minute")),
        ("2 مارس 2026، 20:15", Stamp(_at(2026, 3, 2, 20, 15), "minute")),
        ("2 مارس 2026 8:15 م", Stamp(_at(2026, 3, 2, 20, 15), "minute")),
        ("٢ مارس ٢٠٢٦، ٨:١٥ مساءً", Stamp(_at(2026, 3, 2, 20, 15), "minute")),
        ("2 آذار/مارس 2026 - 08:15", Stamp(_at(2026, 3, 2, 8, 15), "minute")),
        ("08:15, 2 марта 2026", Stamp(_at(2026, 3, 2, 8, 15), "minute")),
        ("08:15 02.03.2026", Stamp(_at(2026, 3, 2, 8, 15), "minute")),
        ("12:30 a.m., March 2, 2026", Stamp(_at(2026, 3, 2, 0, 30), "minute")),
        ("8:15 pm ET, Mon March 2, 2026", Stamp(_at(2026, 3, 2, 20, 15, offset=-5), "minute")),
        ("July 2, 2026, 8:15 a.m. CST", Stamp(_at(2026, 7, 2, 8, 15, offset=-5), "minute")),
        ("2026-03-02 08:15 CST", Stamp(_at(2026, 3, 2, 8, 15), "minute")),
        ("March 02, 2026 08:15 PM PKT", Stamp(_at(2026, 3, 2, 20, 15, offset=5), "minute")),
        ("2 марта 2026 г. 08:15", Stamp(_at(2026, 3, 2, 8, 15), "minute")),
        ("2026/03/02(月) 08:15", Stamp(_at(2026, 3, 2, 8, 15), "minute")),
        ("2026年3月2日 下午3点20分", Stamp(_at(2026, 3, 2, 15, 20), "minute")),
        ("2026년 3월 2일 08:15", Stamp(_at(2026, 3, 2, 8, 15), "minute")),
        ("２０２６－０３－０２", Stamp(_at(2026, 3, 2), "day")),
        ("二〇二六年三月二日", Stamp(_at(2026, 3, 2), "day")),
        ("二〇二五年十二月三十一日", Stamp(_at(2025, 12, 31), "day")),
        ("2026 03/02 21:37:05", Stamp(_at(2026, 3, 2, 21, 37, 5), "second")),
        ("10:30 until 2 March 2026", Stamp(_at(2026, 3, 2), "day")),
        ("25.04.24", None),
        ("no date at 10:30", None),
        ("", None),
    ],
)
def test_written_times(text: str, stamp: Stamp | None) -> None:
    assert read_time(text) == stamp


@pytest.mark.parametrize("text", ["2026-02-31", "2024-01-30 25:00", "2024-13-01", "31 April 2020"])
def test_times_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(ImpossibleTimeError):
        read_time(text)


def test_month_first_settles_a_slash_date() -> None:
    assert read_time("3/4/2012", month_first=True) == Stamp(_at(2012, 3, 4), "day")
