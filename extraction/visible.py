"""What a reader sees around the title: the facts that news sites print there (time, 来源, editor,
byline)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction.lines import clean_line, line_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extraction.blocks import Line

_LINES_BEFORE, _LINES_AFTER = 8, 14
_LONGEST_INFO = 200
_LEAST_KEY, _LONG_KEY = 4, 12


def title_position(lines: Sequence[Line], title: str) -> int | None:
    """The index of the line that shows the title: a heading if there is one, else the first; where
    the page prints another title than it states, the first h1."""
    wanted = line_key(title)
    found = [n for n, line in enumerate(lines) if _shows(line, wanted)] if len(wanted) >= _LEAST_KEY else []
    ranked = sorted(found, key=lambda n: (lines[n].heading or "h9", lines[n].linked > 0.5))
    return ranked[0] if ranked else next((n for n, line in enumerate(lines) if line.heading == "h1"), None)


def _shows(line: Line, wanted: str) -> bool:
    """Whether a line is the title, alone or with a little more; a heading may have a kicker before it."""
    key = line_key(line.text)
    most = (2 if line.heading else 1.5) * len(wanted)
    return key == wanted or (len(wanted) > _LONG_KEY and wanted in key and len(key) < most)


def lines_near_title(lines: Sequence[Line], title: str) -> list[str]:
    """Short lines next to the title, those after it first; the page's first lines if it shows none."""
    place = title_position(lines, title)
    if place is None:
        near = [*lines[:40]]
    else:
        near = [
            *lines[place + 1 : place + 1 + _LINES_AFTER],
            *reversed(lines[max(0, place - _LINES_BEFORE) : place]),
        ]
    return [
        line.text
        for line in near
        if len(line.text) <= _LONGEST_INFO and (line.linked < 0.9 or len(line.text) < 12)
    ]


# A name ends before the next label, also where a layout puts nothing between the two.
_NEXT_LABEL = (
    r"(?!(?:责任编辑|責任編輯|责\s*编|编\s*辑|編\s*輯|网编|作\s*者|记\s*者|記\s*者|通讯员|来\s*源|來\s*源|稿源|校\s*对|审\s*核|编审"
    r"|初审|复审|终审|监\s*制|摄\s*影|(?:发布|更新|发表|编辑)?(?:时间|日期|時間)|点击|點擊|浏览|瀏覽|阅读|閱讀|字[号体號體])"
    r"[^\s:：]{0,3}\s?[:：])"
)
_PART = rf"(?:{_NEXT_LABEL}[^\s:：|｜_()（）\[\]【】<>，,。;；"
_NAME = rf"(?P<name>{_PART}]){{2,24}}(?:\s{_PART}\d]){{1,8}}(?!\S))?)"
_LABELS = {
    "origin": re.compile(rf"(?:稿件|文章|新闻|信息)?(?:来\s*源|來\s*源|出\s*处|稿\s*源)\s*[:：]\s*{_NAME}"),
    "editor": re.compile(rf"(?:责任编辑|責任編輯|责\s*编|编\s*辑|編\s*輯|網編|网编)\s*[:：]\s*{_NAME}"),
    "byline": re.compile(rf"(?:作\s*者|撰\s*文|记\s*者|記\s*者)\s*[:：]\s*{_NAME}"),
}
_CREDITS = re.compile(r"^\W*(?:[Rr]eporting|[Ww]riting|[Ee]diting)(?: and \w+)? by [A-Z]")
_CREDIT = {
    "Reporting": re.compile(r"\b[Rr]eporting(?: and \w+)? by (?P<name>[A-Z][^;.()]{2,80})"),
    "Editing": re.compile(r"\b[Ee]diting by (?P<name>[A-Z][^;.()]{2,80})"),
}
_FIRST_OUTLET = re.compile(
    r"\bthis (?:article|story|post|report) (?:was |has been )?(?:first|originally) (?:published|appeared)"
    r" (?:by|in|on) (?P<name>(?:the )?[A-Z0-9][^.,;]{1,60})",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(r"^(?:作者|编辑|编 辑|责任编辑|来源|字号|分享|查看|评论|阅读|点击|浏览|\d)")


_FOREIGN_LABELS = {
    "origin": re.compile(
        r"(?:^|[|·•])\s*(?:Source|Fuente|Quelle|Источник)\s*:\s*(?P<name>[^|·•:\d]{2,40}?)\s*(?=$|[|·•\d])"
    ),
    "editor": re.compile(r"(?:^|[|·•])\s*Editor\s*:\s*(?P<name>[^|·•:\d]{2,40}?)\s*(?=$|[|·•\d])"),
}
_HAN_NAME = re.compile(r"[一-鿿]{2,4}")
_ACTIONS = frozenset({"打印", "关闭", "返回", "分享", "收藏", "纠错", "评论", "举报"})


def labelled(field: str, lines: Sequence[str]) -> str:
    """The name after a printed label (来源：, 责任编辑：, 作者：, Source:, Editor:), or ""."""
    foreign = _FOREIGN_LABELS.get(field)
    for line in lines:
        if (match := _LABELS[field].search(line)) and not _NOT_A_NAME.match(match["name"]):
            return _first_name(field, clean_line(match["name"]))
        if foreign and (match := foreign.search(line)):
            return clean_line(match["name"])
    return ""


def _first_name(field: str, name: str) -> str:
    """An outlet up to the first blank; of editors a second one behind it, too."""
    first, _, rest = name.partition(" ")
    second = field == "editor" and _HAN_NAME.fullmatch(rest) and rest not in _ACTIONS
    return name if field == "byline" or second else first


_AFTER_TEXT = 12
_CARD = 0.3
# A line of facts may have links, too: 2026-03-02 来源：…
_INFO = re.compile(r"^\W*(?:\d{2,4}|\S{0,4}[源处者编間间期][^\s:：]{0,3}\s?[:：])")


def lines_of_others(lines: Sequence[Line], text: Sequence[str]) -> frozenset[str]:
    """Lines that may name another article's outlet: what stands far below the text, and cards below
    it, which have the other headline as a link and what is said of it behind."""
    told = frozenset(text)
    last = max((place for place, line in enumerate(lines) if line.text in told), default=len(lines))
    return frozenset(
        line.text
        for place, line in enumerate(lines[last + 1 :], start=1)
        if place > _AFTER_TEXT or (line.linked > _CARD and not _INFO.match(line.text))
    ) - {line.text for line in lines[: last + 1]}


def wire_credit(work: str, lines: Sequence[str]) -> str:
    """The names behind ``Reporting by`` or ``Editing by`` where an agency prints its credits, or ""."""
    for line in lines:
        if len(line) <= _LONGEST_INFO and _CREDITS.match(line) and (match := _CREDIT[work].search(line)):
            return clean_line(match["name"])
    return ""


def first_outlet(lines: Sequence[str]) -> str:
    """The outlet that a line says published the article first, or ""."""
    return next((clean_line(match["name"]) for line in lines if (match := _FIRST_OUTLET.search(line))), "")
