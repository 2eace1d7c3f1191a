"""What an amount is: ``aid``, ``investment``, ``output``, ``sales``, ``income`` or ``unknown``.

An amount takes the role of the cue word that governs it: the nearest one before it in its clause,
else the nearest one after it there, else the nearest one before it in its sentence. A neutral cue
(投资, 投入, funding) is aid where the sentence names an aid project or fund as what is paid for.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ZH = {
    "aid": "捐赠|捐款|捐资|捐助|捐献|捐出|捐建|认捐|义捐|捐|善款|援助|援建|援疆资金|援藏资金|援青资金|对口支援资金|协作资金|帮扶资金|扶贫资金"
    "|衔接资金|救灾资金|救灾款|救助资金|救助金|慰问金|补助资金|赈灾款|赈灾|无偿|资助|助学金|助学款|人道主义|援款|优惠贷款|无息贷款"
    "|爱心款|帮扶款|募集|筹集善款|募捐|筹款|救灾",
    "neutral": "总投资|投资|投入|安排资金|安排|下达|下拨|预拨|拨付|拨款|划拨|专项资金|资金|筹集|落实资金|落实|争取",
    "investment": "引进投资|引资|招引|引进|招商|签约|注资|融资|社会资金|社会资本|贷款|授信|基础设施投资|固定资产投资|发债",
    "output": "总产值|产值|生产总值|增加值|产量|GDP",
    "sales": "销售额|销售|成交额|成交|交易额|营业额|营收|营业收入|订单|采购额|采购|认购|零售额|消费额|带货|出口额|进口额|进出口|贸易额",
    "income": "年收入|人均收入|纯收入|可支配收入|财政收入|集体收入|收入|增收|创收|利润|盈利|净利|工资|月薪|年薪|薪|分红|收益|税收|创汇|赚",
    "unknown": "损失|罚款|罚金|价格|售价|原价|单价|票价|房价|成本|花费|花了|费用|医疗费|治疗费|赔偿|债务|负债|欠款|涉案|诈骗|奖金|奖励|预算|市值|估值|注册资本|资产|押金|租金|学费|赃款|受贿|贪污|价值",
}
_EN = {
    "aid": r"aid|assistance|donat\w+|grants?|relief|humanitarian|pledg\w+|charit\w+|appeal\w*|raised|fundrais\w+|concessional|gift"
    r"|contribut\w+|debt\srelief|response\splan|refugees?|victims",
    "neutral": r"fund(?:s|ing|ed)?|programme|program|project|package|support|spend\w*|allocat\w+|disburs\w+|commit\w*|provid\w+|loans?",
    "investment": r"invest\w+|shares|stake|bond|financ\w+|venture|acquisition|deal",
    "output": r"output|production|gdp|gross\sdomestic",
    "sales": r"sales|sold|sells?|orders|exports?|imports?|turnover|purchas\w+|bought|trade",
    "income": r"revenues?|incomes?|profits?|earn\w*|salar(?:y|ies)|wages?|tax\srevenue|dividends?",
    "unknown": r"loss(?:es)?|damages?|cost(?:s|ing)?|prices?|priced|fin(?:e|ed)|debts?|budget|worth|valued|compensation|settlement|fees?|ransom|reward|prize|military|weapons|bail(?:ed|out)?|fraud",
}
_AID_OBJECT = re.compile(
    "援(?:疆|藏|青|建|外|助)(?:[\u4e00-\u9fff]{0,2})(?:项目|资金|工程)|援助|捐赠|善款|帮扶(?:项目|资金)|扶贫(?:项目|资金)|救灾|赈灾|灾后重建|对口支援(?:项目|资金)|协作项目"
)
_COMMERCE = re.compile("招引|引进|招商|引资|签约|落户|企业投资|社会资[金本]|公司")
_HAN = re.compile("[\u4e00-\u9fff]")
_REACH = 60


class _Cue(NamedTuple):
    role: str
    text: str


def _compile(table: dict[str, str], template: str) -> re.Pattern[str]:
    branches = "|".join(f"(?P<{role}>{words})" for role, words in table.items())
    return re.compile(template.format(branches), re.IGNORECASE)


_ZH_CUES = _compile(
    {role: _ZH[role] for role in ("investment", "output", "sales", "income", "aid", "unknown", "neutral")},
    "(?:{})",
)
_EN_CUES = _compile(_EN, r"\b(?:{})\b")


def role_of(text: str, start: int, end: int) -> tuple[str, str]:
    """The role of the amount at ``start:end`` and the words it was read from ("" where none)."""
    if _HAN.search(text[max(0, start - 20) : end + 20]):
        return _chinese(text, start, end)
    return _english(text, start, end)


def _sentence(text: str, start: int, end: int, stops: str, reach: int) -> tuple[int, int]:
    low, high = max(0, start - reach), min(len(text), end + reach)
    left = max((text.rfind(stop, low, start) for stop in stops), default=-1)
    right = min((found for stop in stops if (found := text.find(stop, end, high)) >= 0), default=high)
    return max(left + 1, low), right


def _last(pattern: re.Pattern[str], text: str) -> _Cue | None:
    found = None
    for found in pattern.finditer(text):
        pass
    return _Cue(found.lastgroup or "", found.group()) if found else None


def _chinese(text: str, start: int, end: int) -> tuple[str, str]:
    left, right = _sentence(text, start, end, "，,；;：。！？\n", 40)
    before = _last(_ZH_CUES, text[left:start])
    after = _ZH_CUES.search(text, end, min(right, end + 12))
    if after and after.lastgroup == "aid" and (before is None or before.role == "neutral"):
        return "aid", after.group()
    if before is None and after and after.lastgroup:
        before = _Cue(after.lastgroup, after.group())
    sentence = text[_sentence(text, start, end, "。！？\n", 120)[0] : start]
    if before is None:
        before = _last(_ZH_CUES, sentence)
    if before is None:
        return "unknown", ""
    if before.role != "neutral":
        return before.role, before.text
    return _neutral(sentence, text[start:right], before)


def _neutral(sentence: str, rest: str, cue: _Cue) -> tuple[str, str]:
    aid = max((m.end() for m in _AID_OBJECT.finditer(sentence)), default=-1)
    commerce = max((m.end() for m in _COMMERCE.finditer(sentence)), default=-1)
    if aid > commerce:
        return "aid", cue.text
    if cue.text in ("总投资", "投资", "投入"):
        return "investment", cue.text
    return "unknown", cue.text


def _english(text: str, start: int, end: int) -> tuple[str, str]:
    left, right = _sentence(text, start, end, ".;\n", 120)
    before = _last(_EN_CUES, text[max(left, start - _REACH) : start])
    after = _EN_CUES.search(text, end, min(right, end + _REACH))
    cues = [cue for cue in (before, _Cue(after.lastgroup or "", after.group()) if after else None) if cue]
    firm = [cue for cue in cues if cue.role != "neutral"]
    if firm:
        aid = next((cue for cue in firm if cue.role == "aid"), firm[0])
        return aid.role, aid.text
    return ("unknown", cues[0].text) if cues else ("unknown", "")
