from __future__ import annotations

import pytest

from extraction.aid import numbers


@pytest.mark.parametrize(
    ("written", "value", "more"),
    [
        ("1.1807亿", "118070000", False),
        ("3,450", "3450", False),
        ("44万5千余", "445000", True),
        ("3亿5000万", "350000000", False),
        ("2余万", "20000", True),
        ("三百二十", "320", False),
        ("十五", "15", False),
        ("两亿三千万", "230000000", False),
        ("百万", "1000000", False),
        ("二〇二三", "2023", False),
        ("三十多万", "300000", True),
        ("1.2万亿", "1200000000000", False),
        ("６０００", "6000", False),
    ],
)
def test_chinese_numbers_are_exact(written: str, value: str, more: bool) -> None:
    assert (numbers.plain(numbers.chinese(written)), numbers.says_more(written)) == (value, more)


@pytest.mark.parametrize(
    ("number", "scale", "value"),
    [
        ("2.5", "million", "2500000"),
        ("1,200", None, "1200"),
        ("400 000", None, "400000"),
        ("0.1", " bn", "100000000"),
        ("two", " hundred", "200"),
        ("10", "-m", "10000000"),
    ],
)
def test_english_numbers_are_exact(number: str, scale: str | None, value: str) -> None:
    assert numbers.plain(numbers.english(number, scale)) == value
