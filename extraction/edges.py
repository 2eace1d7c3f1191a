"""Head and tail lines of an article's text that are not the article: taken out, and kept.

Only lines near the two ends are judged by these rules; a line in the middle of the narrative stays
even if it looks like one of them. No rule may take more than ``LIMIT`` of the text in all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extraction.lines import line_key
from storage.models import RemovedLine

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 0.2
_HEAD, _TAIL = 8, 14
_LONGEST = 220


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Lines that stay, lines that went, and whether the limit kept some of the latter in."""

    lines: tuple[str, ...]
    removed: tuple[RemovedLine, ...]
    capped: bool


_DATE = r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?)"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("icp", r"ICP[备证備證]|公网安备|许可证\s*[(（\[]?\d|備案號|增值电信|网上传播视听"),
        ("copyright", r"^\W*(?:copyright\b|©|\(c\)\s*\d{4}|版权所有|版權所有)|all rights reserved|版权(?:归|属)|tous droits réservés|todos los derechos reservados|alle rechte vorbehalten|все права защищены|wszelkie prawa zastrzeżone|με επιφύλαξη παντός δικαιώματος|جميع الحقوق محفوظة"),
        ("rights", r"未经(?:书面)?(?:授权|许可|同意).{0,20}(?:转载|使用|复制)|刊用本网|本网站所刊载|(?:不代表|并不代表).{0,12}(?:观点|立场|意見|意见)|禁止转载|转载请注明|轉載請註明|如需转载|凡注明|凡本网|may not be (?:published|reproduced|redistributed)|must not be reproduced|reproduction (?:interdite|prohibited)"),
        ("editor", r"^[\s\[【(（]*(?:(?:本文)?责任编辑|責任編輯|责\s*编|编\s*辑|編\s*輯|網編|网编|值班编辑|校\s*对|编审|监制|審核|审核|一审|二审|三审)\s*[:：]?\s*.{0,30}$"),
        ("origin", r"^[\s\[【(（]*(?:稿件|文章|新闻|信息|本文)?(?:来\s*源|來\s*源|出\s*处|稿源)\s*[:：]\s*.{0,40}$|^\W*(?:source|quelle|fuente|źródło|источник|πηγή|المصدر)\s*:\s*.{0,60}$"),
        ("byline", rf"^{_DATE}\s*(?:\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?)?\s*(?:来源|來源|作者|编辑|$)|^(?:作\s*者|撰\s*文)\s*[:：].{{0,30}}$|^(?:发布|發佈|發布|时间|時間|更新)(?:时间|時間)?\s*[:：]\s*{_DATE}"),
        ("share_bar", r"^\W*(?:分享到?|分享至|转发|轉寄|转贴|收藏|打印|列印|友善列印|复制链接|扫一扫|扫码|微信|微博|QQ空间|人人网|开心网|推薦|推荐|share(?:\s+(?:this|on|via).{0,40})?|tweet|print|e-?mail(?: this)?|facebook|twitter|whatsapp|linkedin|telegram|pinterest|partager|compartir|teilen|поделиться|udostępnij|κοινοποίηση|شارك)\W*(?:[:：].{0,40})?$|^\W*(?:扫一扫|用微信扫|扫描二维码|分享到[:：]?).{0,40}$|字体?[:：]?\s*[【\[]?\s*大"),
        ("comments", r"^\W*(?:\d+\s*)?(?:评论|評論|网友评论|我要评论|发表评论|comments?|leave a (?:reply|comment)|commentaires?|комментарии|komentarze|σχόλια|kommentare)\W*(?:\(?\d*\)?)?\W*$|^(?:我来说两句|网友留言|已有\d+人).{0,30}$"),
        ("related", r"^\W*(?:相关(?:新闻|阅读|报道|链接|推荐|文章|专题|内容)|相關(?:新聞|文章|連結|報導)|延伸阅读|延伸閱讀|推荐阅读|推薦閱讀|更多(?:新闻|精彩|相关)|热门(?:新闻|推荐|文章)|猜你喜欢|related (?:articles?|stories|news|links|content|posts|topics)|read (?:also|more|next)|see also|more (?:from|on|stories)|you may also like|recommended|lire aussi|à lire aussi|lea también|lee también|leia também|читайте также|по теме|zobacz (?:też|także|również)|czytaj (?:też|także|również)|διαβάστε (?:επίσης|ακόμη)|mehr zum thema|lesen sie auch|اقرأ أيضا).{0,60}$"),
        ("subscribe", r"^\W*(?:subscribe|sign up|newsletter|follow us|关注我们|订阅|abonnez-vous|suscríbete|подписывайтесь).{0,80}$"),
        ("paging", r"^\W*(?:上一[页篇条]|下一[页篇条]|首页|返回(?:首页|顶部)?|末页|previous|next|back to top|top|\[?\d+\]?(?:\s*\[?\d+\]?)*)\W*$"),
    )
)  # fmt: skip


def rule_for(line: str) -> str:
    """The name of the rule that a line falls under at an article's edge, or ""."""
    if len(line) > _LONGEST:
        return ""
    return next((name for name, pattern in _RULES if pattern.search(line)), "")


def trim_edges(lines: Sequence[str], title: str) -> Trimmed:
    """Take the title and the site's lines off both ends of an article's text."""
    removed: dict[int, str] = {}
    title_key = line_key(title)
    for place in range(min(_HEAD, len(lines))):
        if title_key and line_key(lines[place]) == title_key:
            removed[place] = "title"
        elif rule := rule_for(lines[place]):
            removed[place] = rule
    start = max(len(removed), len(lines) - _TAIL)
    for place in range(start, len(lines)):
        if place not in removed and (rule := rule_for(lines[place])):
            removed[place] = rule
            if rule in {"related", "comments"}:
                # What follows such a heading belongs to it.
                removed.update(
                    (after, rule) for after in range(place + 1, len(lines)) if after not in removed
                )
                break
    return take_out(lines, removed)


def take_out(lines: Sequence[str], removed: dict[int, str]) -> Trimmed:
    """Remove lines by index, from the last backwards while the removed share stays within LIMIT.

    The title does not count towards the limit: it is kept in its own field.
    """
    budget = LIMIT * sum(len(line) for line in lines)
    gone: dict[int, str] = {}
    for place, rule in sorted(removed.items(), reverse=True):
        cost = 0 if rule == "title" else len(lines[place])
        if cost <= budget:
            budget -= cost
            gone[place] = rule
    return Trimmed(
        tuple(line for place, line in enumerate(lines) if place not in gone),
        tuple(RemovedLine(lines[place], rule) for place, rule in sorted(gone.items())),
        len(gone) < len(removed),
    )
