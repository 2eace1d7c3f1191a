"""What an amount is: ``aid``, ``investment``, ``output``, ``sales``, ``income`` or ``unknown``.

An amount takes the role of the cue (``roles.csv``) that governs it: in Chinese the nearest one
before it in its clause, else the first one after it there, else the nearest one before it in its
sentence; in English the nearest one on either side, aid before others. A ``neutral`` cue (投资,
资金, funding) is aid where the sentence names an aid project or fund as what is paid for.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from extraction.aid.matching import Hit, SubstringMatcher, WordMatcher

_AID_OBJECT = re.compile(
    "援(?:疆|藏|青|建|外|助)[\u4e00-\u9fff]{0,2}(?:项目|资金|工程)|援助|捐赠|善款|(?:帮扶|扶贫|衔接|协作)(?:项目|资金)"
    "|救灾|赈灾|灾后重建|对口支援(?:项目|资金)|无偿"
)
_COMMERCE = re.compile("招引|引进|招商|引资|签约|落户|企业投资|社会资[金本]|公司")
_INVESTED = ("总投资", "投资")
# Aid that is not given: "cut its aid by £120 million", 削减援助约5亿美元.
_CUT_BEFORE = re.compile(
    r"\b(?P<cut>(?:cut|slash|reduc|withdr|cancel|suspend|freez|froz)\w*)\s(?:[\w'’-]+\s){0,5}?"
    r"(?:aid|assistance|funding|grants?|budget|contributions?)\b[^.;,]{0,30}$"
    r"|\b(?P<noun>cuts|cut|reductions?)\s(?:of|worth|totall?ing)\s[^.;,]{0,12}$"
    r"|(?P<han>削减|缩减|裁减|砍掉|取消|冻结|暂停|减少)了?[^，。；]{0,16}(?:援助|资助|拨款|预算)[^，。；]{0,10}$"
    r"|(?:援助|资助|拨款|预算)[^，。；]{0,10}(?P<later>削减|缩减|裁减|减少)[^，。；]{0,8}$",
    re.IGNORECASE,
)
# One of these stands in all of them. Its first characters are looked for first, as in matching.one_of.
_CUTS = re.compile(
    "(?=[csrwf削缩裁砍取冻暂减])(?:cut|slash|reduc|withdr|cancel|suspend|fr[eo]+z|削减|缩减|裁减|砍掉|取消|冻结|暂停|减少)",
    re.IGNORECASE,
)
_CUT_AFTER = re.compile(r"^\s(?:in\s)?(?:(?:aid|funding|budget)\s)?(?P<cut>cuts?)\b", re.IGNORECASE)
_CUT_REACH = 90
_HAN = re.compile("[\u4e00-\u9fff]")
_CLAUSE_ZH, _SENTENCE_ZH, _AFTER_ZH = 40, 120, 12
_AROUND_EN = 60


class _Cue(NamedTuple):
    role: str
    text: str
    distance: int


class _Cues(NamedTuple):
    roles: dict[str, str]
    matcher: SubstringMatcher | WordMatcher

    def find(self, text: str) -> list[Hit]:
        return self.matcher.find(text)


@cache
def _cues(language: str) -> _Cues:
    rows = csv.DictReader(files(__package__).joinpath("roles.csv").read_text("utf-8").splitlines())
    roles = {row["cue"]: row["role"] for row in rows if row["language"] == language}
    return _Cues(roles, SubstringMatcher(roles) if language == "zh" else WordMatcher(roles))


def role_of(text: str, start: int, end: int) -> tuple[str, str]:
    """The role of the amount at ``start:end`` and the words it was read from ("" where none)."""
    if cut := _cut(text, start, end):
        return "unknown", cut
    if _HAN.search(text, max(0, start - 20), end + 20):
        return _chinese(text, start, end)
    return _english(text, start, end)


def _cut(text: str, start: int, end: int) -> str:
    if not _CUTS.search(text, max(0, start - _CUT_REACH), end + _CUT_REACH):
        return ""
    before = _CUT_BEFORE.search(text, max(0, start - _CUT_REACH), start)
    found = before or _CUT_AFTER.match(text[end : end + _CUT_REACH])
    return next(filter(None, found.groups()), "") if found else ""


def is_neutral(cue: str) -> bool:
    """Whether a cue says that money moves and not what for: 资金, provide; so does no cue at all."""
    return not cue or any(
        hit.start == 0 and _cues(language).roles[hit.term] == "neutral"
        for language in ("zh", "en")
        for hit in _cues(language).find(cue)
    )


def _chinese(text: str, start: int, end: int) -> tuple[str, str]:
    left = _left_edge(text, start, "，,；;：。！？\n", _CLAUSE_ZH)
    right = _right_edge(text, end, "，,；;：。！？\n、", _AFTER_ZH)
    before = _last("zh", text, left, start)
    after = _first("zh", text, end, right)
    if after and after.role == "aid" and (before is None or before.role == "neutral"):
        return after.role, after.text
    sentence = _left_edge(text, start, "。；！？\n", _SENTENCE_ZH)
    cue = before or after or _last("zh", text, sentence, left) or _next_clause(text, right)
    if cue is None:
        return "unknown", ""
    if cue.role != "neutral":
        return cue.role, cue.text
    return _neutral(text[sentence:start], cue.text), cue.text


def _next_clause(text: str, start: int) -> _Cue | None:
    cue = _first("zh", text, start + 1, _right_edge(text, start + 1, "。；！？\n", _AFTER_ZH))
    return cue if cue and cue.role == "aid" else None


def _neutral(sentence: str, cue: str) -> str:
    aid = max((m.end() for m in _AID_OBJECT.finditer(sentence)), default=-1)
    commerce = max((m.end() for m in _COMMERCE.finditer(sentence)), default=-1)
    if aid > commerce:
        return "aid"
    return "investment" if cue in _INVESTED else "unknown"


def _english(text: str, start: int, end: int) -> tuple[str, str]:
    left = _left_edge(text, start, ".;\n", _AROUND_EN)
    right = _right_edge(text, end, ".;\n", _AROUND_EN)
    around = [cue for cue in (_last("en", text, left, start), _first("en", text, end, right)) if cue]
    firm = sorted((cue for cue in around if cue.role != "neutral"), key=lambda cue: cue.distance)
    if firm:
        cue = next((cue for cue in firm if cue.role == "aid"), firm[0])
        return cue.role, cue.text
    return ("unknown", around[0].text) if around else ("unknown", "")


def _left_edge(text: str, start: int, stops: str, reach: int) -> int:
    low = max(0, start - reach)
    return max(low, *(text.rfind(stop, low, start) + 1 for stop in stops))


def _right_edge(text: str, end: int, stops: str, reach: int) -> int:
    high = min(len(text), end + reach)
    return min((place for stop in stops if (place := text.find(stop, end, high)) >= 0), default=high)


def _last(language: str, text: str, start: int, end: int) -> _Cue | None:
    hits = _cues(language).find(text[start:end])
    return _cue(language, text, start, hits[-1], end - start - hits[-1].end) if hits else None


def _first(language: str, text: str, start: int, end: int) -> _Cue | None:
    hits = _cues(language).find(text[start:end])
    return _cue(language, text, start, hits[0], hits[0].start) if hits else None


def _cue(language: str, text: str, offset: int, hit: Hit, distance: int) -> _Cue:
    return _Cue(_cues(language).roles[hit.term], text[offset + hit.start : offset + hit.end], distance)
