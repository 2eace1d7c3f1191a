"""Pages that are no articles, told apart: blocked, walled, missing, broken, empty, lists.

Judged by what the page says in its title, its headings and its first lines, and only where there
is little else: an article about captchas has paragraphs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extraction.blocks import Line

_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"RIFF", "a RIFF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x00\x00\x00\x18ftyp", "an MP4 file"),
    (b"\x00\x00\x00 ftyp", "an MP4 file"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"\x7fELF", "a program"),
)
_NOT_PAGES = re.compile(
    r"^(?:image|audio|video|font)/|^application/(?:pdf|zip|json|octet-stream|msword|vnd\.)", re.IGNORECASE
)


def not_text(body: bytes, content_type: str) -> str:
    """What a body is that is no page, or ""."""
    start = body[:64].lstrip()
    for signature, meaning in _SIGNATURES:
        if start.startswith(signature):
            return meaning
    if _NOT_PAGES.match(content_type.strip()) and b"<html" not in body[:2048].lower():
        return f"sent as {content_type.split(';')[0].strip()}"
    if b"\x00" in body[:2048] and b"<" not in body[:2048]:
        return "a binary file"
    return ""


_SHORT = 600
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (outcome, re.compile(pattern, re.IGNORECASE))
    for outcome, pattern in (
        ("blocked", r"just a moment\b|checking your browser|attention required.{0,20}cloudflare|are you (?:a )?(?:human|robot)|verify (?:that )?you are (?:a )?human|unusual traffic|access (?:to this page has been )?denied|captcha|请输入验证码|安全验证|人机验证|访问过于频繁|异常访问|request unsuccessful.{0,20}incapsula|ddos protection|enable javascript and cookies to continue|you have been blocked|pardon our interruption|отключите vpn|проверка браузера"),
        ("soft_404", r"\b404\b|page (?:was |could )?not (?:be )?found|page (?:you (?:requested|are looking for)|does).{0,40}(?:exist|found|moved)|页面(?:不存在|未找到|找不到|已删除)|(?:文章|内容|新闻|稿件|网页|信息)(?:不存在|已被?删除|已下线|找不到)|您(?:要)?访问的(?:页面|网页|内容).{0,12}(?:不存在|删除|失效)|頁面不存在|找不到(?:网页|页面|頁面|網頁|该|此)|page (?:introuvable|non trouvée)|página no encontrada|seite nicht gefunden|страница не найдена|strona nie (?:istnieje|została znaleziona)|η σελίδα δεν βρέθηκε|الصفحة غير موجودة|no longer available|has been removed"),
        ("soft_error", r"error establishing a database connection|database error|数据库(?:连接)?(?:错误|出错)|mysql (?:server|error)|sql syntax|fatal error:|internal server error|service unavailable|bad gateway|系统(?:错误|繁忙|维护)|server error in|stack trace|traceback \(most recent|temporarily unavailable|under maintenance|site is down|网站维护"),
        ("login_wall", r"(?:log ?in|sign ?in) to (?:continue|read|view|your account)|please (?:log ?in|sign ?in)|subscribe to (?:continue|read|unlock)|(?:subscribers?|members?)[- ]only|请(?:先)?登录|登录后(?:查看|阅读|继续)|需要登录|用户登录|請先登入|会员专享|connectez-vous|réservé aux abonnés|inicia sesión|solo para suscriptores|melden sie sich an|войдите,? чтобы|zaloguj się|this (?:article|content) is (?:for|available to) subscribers|create (?:a free|an) account to"),
        ("consent_wall", r"before you continue|we (?:and our partners )?(?:value|respect) your privacy|accept (?:all )?cookies|we use cookies|consent to (?:the use|our use)|cookie (?:consent|settings|policy)|zustimmung|nous utilisons des cookies|utilizamos cookies|cookie-einstellungen|mit werbung weiterlesen|privacy preferences"),
    )
)  # fmt: skip


def wall_or_error(title: str, lines: Sequence[Line], text: Sequence[str]) -> tuple[str, str] | None:
    """(outcome, the words that gave it away) of a page that is no article, or None.

    ``text`` is the extracted main text: a page with a real one is judged by nothing else.
    """
    if sum(map(len, text)) > _SHORT:
        return None
    shown = [
        title,
        *(line.text for line in lines if line.heading),
        *(line.text for line in lines if line.linked < 0.5),
    ]
    for outcome, pattern in _KINDS:
        for line in shown[:30]:
            if len(line) < 300 and (match := pattern.search(line)):
                return outcome, match.group(0)
    return None


_ENOUGH = 60


def no_article(text: Sequence[str], lines: Sequence[Line]) -> str:
    """Why what was extracted is no article's text, or ""."""
    size = sum(map(len, text))
    if size == 0:
        return "no main text found"
    linked = [line.text for line in lines if line.linked > 0.8]
    in_links = sum(len(line) for line in text if line in set(linked))
    if in_links > 0.6 * size:
        return f"{in_links} of {size} characters of the main text are links"
    weight = size * (2 if any(len(line) > 40 for line in text) else 1)
    return f"only {size} characters of main text" if weight < _ENOUGH else ""
