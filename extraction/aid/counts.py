"""Counts with their unit: 27名医生, 近200台, 13批80人次, 40,000 people.

Dates, ages, ordinals, percentages and amounts of money are not counts, nor is 一个 as an article.
Where a measure word is followed by what is counted (名 + 医生), the fact's text includes it; the
unit stays the measure word.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from extraction.aid import numbers
from extraction.aid.qualifiers import qualifier
from storage.models import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_UNITS = (
    "人次 场次 批次 户次 班次 车次 架次 例次 平方公里 平方千米 平方米 立方米 公里 千米 公顷 公斤 千克 毫升 兆瓦 千瓦时 千瓦 "
    "名 位 人 个 台 套 件 顶 床 条 张 箱 袋 盒 瓶 双 支 只 头 峰 匹 羽 尾 株 棵 亩 吨 斤 升 米 所 座 栋 幢 间 处 家 户 口 "
    "辆 艘 架 批 场 次 项 例 对 种 期 册 本 份 封 笔"
).split()
_COUNTED = (
    "医生 医师 医护人员 医务人员 护士 教师 老师 专家 教授 学生 学员 儿童 孩子 患者 病人 伤员 群众 村民 居民 灾民 难民 农户 农民 牧民 干部 党员 "
    "志愿者 队员 人才 工人 职工 员工 官兵 战士 消防员 人员 骨干 妇女 老人 婴儿 选手 工程师 村 县 乡镇 家庭 项目 学校 医院 诊所 国家 企业 帐篷 "
    "床位 安置点 连队 社区 工程 教室 水窖 水井 大棚 村庄"
).split()
# Measure words so common that a spelt-out number before them needs the thing counted to follow.
_VAGUE = frozenset("个 次 条 种 对 件 项 家 位 本 份 场 批 张 口 支 处 间 台 头 只 座 双".split())
_ENGLISH_UNITS = (
    r"people persons families households children students pupils women men girls boys mothers babies patients doctors "
    r"nurses surgeons medics midwives teachers engineers experts volunteers workers staff rescuers soldiers farmers "
    r"villagers residents refugees evacuees survivors victims migrants beneficiaries civilians trainees villages towns "
    r"camps schools classrooms hospitals clinics homes houses shelters tents blankets kits parcels vouchers meals doses "
    r"trucks lorries flights planes ships helicopters beds wells pumps latrines projects countries districts provinces "
    r"counties organi[sz]ations operations surgeries books generators incubators ventilators ambulances hectares acres "
    r"tonnes metric\stons tons kilometres kilometers km miles litres liters megawatts kilograms kg"
).split()
_HAN = re.compile("[\u4e00-\u9fff]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_AFTER_DATE_WORD = re.compile(r"\b(?:in|since|by|of|during|until|before|after)\s$", re.IGNORECASE)
_PUSHED = re.compile("[超近上逾过达约]$")


def find_counts(text: str, taken: Iterable[Fact], rules: str) -> Iterator[Fact]:
    """Every count outside the spans of ``taken`` (the amounts of money), in order."""
    busy = [(fact.start, fact.end) for fact in taken]
    found = [*_english(text, rules), *(_chinese(text, rules) if _HAN.search(text) else ())]
    for fact in sorted(found, key=lambda fact: fact.start):
        if not any(start < fact.end and fact.start < end for start, end in busy):
            yield fact


@cache
def _chinese_pattern() -> re.Pattern[str]:
    number, units = numbers.CHINESE, "|".join(_UNITS)
    return re.compile(
        rf"(?P<first>{number})(?:(?:-|–|—|~|～|至|到)(?P<last>{number}))?(?P<unit>{units})"
        r"(?!月|小时|百分点|多月|工作日|星期|季度|世纪|年|字)"
    )


@cache
def _noun_pattern() -> re.Pattern[str]:
    nouns = "|".join(sorted(_COUNTED, key=len, reverse=True))
    return re.compile(rf"[^的了和与在为是将从到向被把等有，。；、：！？（）\s\dA-Za-z“”]{{0,5}}?(?:{nouns})")


def _chinese(text: str, rules: str) -> Iterator[Fact]:
    reached = 0
    for start in numbers.starts(text):
        m = _chinese_pattern().match(text, start)
        if m is None or start < reached:
            continue
        reached = m.end()
        noun = (
            _noun_pattern().match(text, m.end())
            if m["unit"] in ("名", "位", "个", "所", "户", "家")
            else None
        )
        if _only_a_phrase(text, m, has_noun=noun is not None):
            continue
        low, more = numbers.chinese(m["first"])
        high = numbers.chinese(m["last"])[0] if m["last"] else None
        if high is not None and not numbers.has_scale(m["first"]) and low < high:
            low *= numbers.trailing_scale(m["last"])
        if high is not None and low >= high:
            continue
        end = noun.end() if noun else m.end()
        exactness = "range" if high is not None else qualifier(text, m.start(), m.end(), more=more)
        yield Fact(
            kind="count",
            start=m.start(),
            end=end,
            text=text[m.start() : end],
            value=numbers.plain(low),
            value_max="" if high is None else numbers.plain(high),
            unit=m["unit"],
            qualifier=exactness,
            rule_version=rules,
        )


def _only_a_phrase(text: str, m: re.Match[str], *, has_noun: bool) -> bool:
    """``一个``, ``千家万户``, ``三次``: a spelt-out number that counts nothing in particular."""
    first = m["first"]
    if first[0].isdigit():
        return False
    if first == "一" or all(character in "十百千万亿" for character in first):
        return not _PUSHED.search(text[max(0, m.start() - 1) : m.start()])
    return m["unit"] in _VAGUE and not has_noun


@cache
def _english_pattern() -> re.Pattern[str]:
    words = "|".join(word for word in numbers.ENGLISH_WORDS.split("|") if word not in ("a", "an", "zero"))
    scale = r"[\s-](?:hundred|thousand|million|billion)\b"
    not_filler = (
        r"(?!(?:years?|months?|weeks?|days?|hours?|minutes?|percent|per|times|of|to|in|and|or|on|at|for|from|with|by|who"
        r"|that|than|said|am|pm|people|million|billion)\b)"
    )
    return re.compile(
        rf"(?<![\w.,$€£¥#-])(?P<number>{numbers.DIGITS}|\b(?:{words})\b)(?P<scale>{scale})?"
        rf"(?:[\s-]{not_filler}[a-z][a-z-]*){{0,2}}?[\s-](?P<unit>{'|'.join(_ENGLISH_UNITS)})\b",
        re.IGNORECASE,
    )


def _english(text: str, rules: str) -> Iterator[Fact]:
    for m in _english_pattern().finditer(text):
        before = text[max(0, m.start() - 8) : m.start()]
        if _YEAR.fullmatch(m["number"]) and _AFTER_DATE_WORD.search(before):
            continue
        yield Fact(
            kind="count",
            start=m.start(),
            end=m.end(),
            text=m.group(),
            value=numbers.plain(numbers.english(m["number"], m["scale"])),
            unit=m["unit"].lower(),
            qualifier=qualifier(text, m.start(), m.end()),
            rule_version=rules,
        )
