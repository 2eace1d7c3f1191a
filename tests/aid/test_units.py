from __future__ import annotations

import pytest

from extraction.aid.facts import find_facts


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("en", "They handed out 500 food baskets.", "500", "baskets"),
        ("en", "They handed out 500 food parcels.", "500", "parcels"),
        ("en", "They served 2,000 hot dinners.", "2000", "dinners"),
        ("en", "There were 300 cases of cholera.", "300", "cases"),
        ("en", "The plant made 400 new jobs.", "400", "jobs"),
        ("en", "They opened 40 learning centres.", "40", "centres"),
        ("en", "They brought 700 dignity kits.", "700", "kits"),
        ("en", "They brought 250 solar lamps.", "250", "lamps"),
        ("en", "They drilled 12 boreholes.", "12", "boreholes"),
        ("en", "They dug 90 latrines.", "90", "latrines"),
        ("zh", "出动设备320台次。", "320", "台次"),
        ("zh", "送去设备320台。", "320", "台"),
    ],
)
def test_what_is_counted_is_a_unit(language: str, text: str, value: str, unit: str) -> None:
    assert [(f.value, f.unit) for f in find_facts(text, language) if f.kind == "count"] == [(value, unit)]
