"""Who does what for whom: sentences of aid in which no single term stands.

A frame is a verb of giving with its receiver; every gap is bounded and stays within a clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_GAP = "[^，。；！？、\\s]"
_RECEIVERS = (
    r"(?:victims|survivors|refugees|displaced|families|villag|hospital|clinic|school|children|africa|countr)"
)
_PROVIDE = "(?:provid|pledg|announc)(?:es?|ed|ing)|send(?:s|ing)?|sent|deliver(?:s|ed|ing)?"
_NOT_OURS = "(?<!military )(?<!legal )(?<!first )(?<!financial )(?<!state )"
_FRAMES = (
    ("zh", "援…医疗队", "medical_team", f"援{_GAP}{{1,8}}?(?:医疗队|医疗组|医疗专家)"),
    (
        "zh",
        "中国援…项目",
        "foreign_aid",
        f"(?:中国|我国)援{_GAP}{{1,10}}?(?:项目|工程|医院|学校|大桥|公路|体育场)",
    ),
    (
        "zh",
        "向…捐赠",
        "charity",
        f"[向为给]{_GAP}{{1,24}}?(?:捐赠|捐款|捐资|捐助|捐献)(?!{_GAP}{{0,4}}(?:器官|骨髓|精子|造血))",
    ),
    (
        "zh",
        "向…提供援助",
        "foreign_aid",
        f"[向为给对]{_GAP}{{1,24}}?(?:提供|追加|宣布|进行|给予|实施|援助){_GAP}{{0,16}}?援助",
    ),
    (
        "zh",
        "向…运送物资",
        "disaster_relief",
        f"[向为给]{_GAP}{{1,24}}?(?:运送|调拨|送去|发放|空投){_GAP}{{0,16}}?(?:物资|帐篷|棉被|粮食|药品)",
    ),
    (
        "en",
        "donates … to",
        "charity",
        rf"\b(?:donat|pledg)(?:es?|ed|ing)\b[^.;\n]{{1,60}}?\b(?:to|for)\b[^.;\n]{{0,40}}?\b{_RECEIVERS}",
    ),
    (
        "en",
        "provides … aid",
        "foreign_aid",
        rf"\b(?:{_PROVIDE})\b[^.;\n]{{1,60}}?\b{_NOT_OURS}(?:aid|relief|assistance)\b",
    ),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A pattern of a sentence, with the name and category that its matches carry."""

    name: str
    category: str
    pattern: re.Pattern[str]


@cache
def frames(language: str) -> tuple[Frame, ...]:
    """The frames of a language; none but Chinese and English has any."""
    return tuple(
        Frame(name, category, re.compile(pattern, re.IGNORECASE))
        for lang, name, category, pattern in _FRAMES
        if lang == language
    )
