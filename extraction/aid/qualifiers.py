"""How exact a stated number is: ``exact``, ``about``, ``lower_bound``, ``upper_bound`` or ``range``."""

from __future__ import annotations

import re

_CHINESE = {
    "upper_bound": "不超过 不多于 不足 不到 不过 低于 少于 最多 至多 最高 最高达",
    "lower_bound": "超过 突破 逾 超 至少 不少于 不低于 高于 多于 达到或超过 过 上",
    "about": "大约 约 约合 约为 约有 约达 约需 接近 近 将近 约莫 差不多 大概 估计 预计 预估 预估约",
}
_BEFORE_CHINESE = {form: exactness for exactness, forms in _CHINESE.items() for form in forms.split()}
_LONGEST = max(map(len, _BEFORE_CHINESE))
# 签约12个项目, 附近30户, 张海超一场: the last character of a word. 线上3000名, 经过5名: these two say
# "more than" of a round number only (上百, 过万).
_OF_A_WORD = {
    "约": frozenset("签节预纽契条公合婚特集违守盟誓隐相制邀赴爽失简履毁续解和北华要"),
    "近": frozenset("附最靠临邻就亲远新走拉"),
    "超": frozenset("海文志建国晓小马英中"),
}
_ROUND_ONLY = frozenset("上过")
_ROUND = frozenset("十百千万亿半")
# handed over 400 tents
_NOT_PHRASAL = "".join(
    rf"(?<!{verb}\s)"
    for verb in ("hand", "handed", "handing", "hands", "turned", "took", "taken", "carried", "all")
)
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
            r"(?:(?:more|no\sless|no\sfewer)\sthan|"
            rf"{_NOT_PHRASAL}over|at\sleast|upwards\sof|in\sexcess\sof|exceed(?:ing|s|ed)?|above"
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
        form = text[max(0, start - length) : start]
        if (found := _BEFORE_CHINESE.get(form)) and _stands_alone(text, start, form):
            return found
    spaced = text[start - 1 : start].isspace()
    if spaced and (found_en := _BEFORE_ENGLISH.search(text, max(0, start - _REACH), start)):
        return _ENGLISH[(found_en.lastindex or 1) - 1][0]
    if after := _AFTER.match(text, end):
        return {"lower": "lower_bound", "upper": "upper_bound"}.get(after.lastgroup or "", "about")
    return "exact"


def _stands_alone(text: str, start: int, form: str) -> bool:
    if form in _ROUND_ONLY:
        return text[start : start + 1] in _ROUND
    return text[max(0, start - 2) : start - 1] not in _OF_A_WORD.get(form, ())


_BETWEEN = re.compile(r"\bbetween\s?\S{0,3}\s?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s\S{0,3}$", re.IGNORECASE)
_FROM_TO = re.compile(
    r"\b(?:rang|var|differ)\w*\s(?:\w+\s)?from\s\S{0,3}$|\banywhere\sfrom\s\S{0,3}$", re.IGNORECASE
)


def is_range(text: str, start: int, separator: str) -> bool:
    """Whether a number at ``start`` and another behind an English ``separator`` are the ends of a range:
    ``between 3 and 4``, ``3 to 4``; not the change that ``rose from 3 to 4`` tells of."""
    ahead = max(0, start - _REACH - 8)
    if separator.lower() == "and":
        return _BETWEEN.search(text, ahead, start) is not None
    return _FROM.search(text, ahead, start) is None or _FROM_TO.search(text, ahead, start) is not None
