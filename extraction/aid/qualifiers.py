"""How exact a stated number is: ``exact``, ``about``, ``lower_bound``, ``upper_bound`` or ``range``."""

from __future__ import annotations

import re

_CHINESE = {
    "upper_bound": "不超过 不多于 不足 不到 低于 少于 最多 至多 最高 最高达",
    "lower_bound": "超过 突破 逾 超 至少 不少于 不低于 高于 多于 达到或超过 过 上",
    "about": "大约 约 约合 接近 近 将近 约莫 差不多 大概 估计 预计 预估 预估约",
}
_BEFORE_CHINESE = {form: exactness for exactness, forms in _CHINESE.items() for form in forms.split()}
_LONGEST = max(map(len, _BEFORE_CHINESE))
_ENGLISH = (
    (
        "upper_bound",
        (
            r"(?:up\sto|at\smost|(?:(?<!no\s)(?:less|fewer)|no\smore)\sthan|under|below|as\s(?:much|many)\sas|a\smaximum\sof)"
        ),
    ),
    (
        "lower_bound",
        (
            r"(?:(?:more|no\sless|no\sfewer)\sthan|over|at\sleast|upwards\sof|in\sexcess\sof|exceed(?:ing|s|ed)?|above"
            r"|a\sminimum\sof)"
        ),
    ),
    ("about", r"(?:about|around|nearly|almost|some|roughly|approximately|close\sto|estimated(?:\sat)?)"),
)
_BEFORE_ENGLISH = re.compile("|".join(rf"({pattern}\s(?:an?\s)?$)" for _, pattern in _ENGLISH), re.IGNORECASE)
_AFTER = re.compile(
    r"\s?(?:(?P<lower>以上|之多|有余|or\smore|\+|-plus)|(?P<upper>以下|以内|之内|or\sless)|(?P<about>左右|上下|or\sso))",
    re.IGNORECASE,
)
_REACH = 24


def qualifier(text: str, start: int, end: int, *, more: bool = False) -> str:
    """The qualifier of the number at ``start:end``; ``more`` tells of an inner 余 or 多."""
    if more:
        return "lower_bound"
    for length in range(_LONGEST, 0, -1):
        if found := _BEFORE_CHINESE.get(text[max(0, start - length) : start]):
            return found
    spaced = text[start - 1 : start].isspace()
    if spaced and (found_en := _BEFORE_ENGLISH.search(text, max(0, start - _REACH), start)):
        return _ENGLISH[(found_en.lastindex or 1) - 1][0]
    if after := _AFTER.match(text, end):
        return {"lower": "lower_bound", "upper": "upper_bound"}.get(after.lastgroup or "", "about")
    return "exact"
