"""Challenge and block pages: known by their marks, never evaded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http import Response

# The same products put scripts into ordinary pages too; those are longer than a challenge.
_LONGEST = 100_000
_LONGEST_OK = 20_000
_HEADERS = {
    "cf-mitigated": "Cloudflare challenge",
    "x-amzn-waf-action": "AWS WAF challenge",
    "x-datadome": "DataDome challenge",
    "x-px-captcha": "PerimeterX captcha",
    "sg-captcha": "SiteGround captcha",
}
# Scripts of these stand in ordinary pages of any length: there the page's text tells.
_EVERYWHERE = (b"_Incapsula_Resource", b"/TSPD/")
_LEAST_TEXT = 250
_UNSEEN = re.compile(
    rb"<(script|style|noscript|title)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>|\s+", re.IGNORECASE | re.DOTALL
)
_MARKS = {
    b"window._cf_chl_opt": "Cloudflare challenge",
    b"<title>Attention Required! | Cloudflare": "Cloudflare block",
    b"_Incapsula_Resource": "Imperva challenge",
    b"captcha-delivery.com": "DataDome challenge",
    b"awsWafCookieDomainList": "AWS WAF challenge",
    b"gokuProps": "AWS WAF challenge",
    b"_pxCaptcha": "PerimeterX captcha",
    b"px-captcha": "PerimeterX captcha",
    b"/.well-known/sgcaptcha/": "SiteGround captcha",
    b"acw_sc__v2": "Aliyun WAF challenge",
    b"aliyun_waf_": "Aliyun WAF challenge",
    b"__jsl_clearance": "Jiasule challenge",
    b"jschl-answer": "Cloudflare challenge",
    b"/TSPD/": "F5 challenge",
    b"yunsuo_session_verify": "Yunsuo challenge",
    b"errors.edgesuite.net": "Akamai block",
    b"Reference&#32;&#35;": "Akamai block",
}
# The host firewall of many Chinese sites answers 200, in UTF-8 or GBK.
_MARKS |= {
    mark.encode(charset): "Safedog block"
    for mark in ("<title>网站防火墙", "您的请求带有不合法参数，已被网站管理员设置拦截", "404.safedog.cn/")
    for charset in ("utf-8", "gbk")
}
# Rivers Security's obfuscated script answers 412, or 202 with the same script.
_SCRIPT_STATUS = {202: "script challenge", 412: "Rivers challenge", 521: "Jiasule challenge"}


def challenge_in(response: Response) -> str:
    """The name of the challenge or block that an answer is, empty for any other answer."""
    for header, name in _HEADERS.items():
        if response.headers.get(header):
            return name
    body = response.body
    if len(body) > (_LONGEST_OK if response.status == 200 else _LONGEST):
        return ""
    for mark, name in _MARKS.items():
        if mark in body and not (mark in _EVERYWHERE and response.status == 200 and _has_text(body)):
            return f"{name} (HTTP {response.status})"
    if response.status in _SCRIPT_STATUS and b"<script" in body[:20_000].lower():
        return f"{_SCRIPT_STATUS[response.status]} (HTTP {response.status})"
    return ""


def _has_text(body: bytes) -> bool:
    """Whether a page shows more text than a challenge, which says to wait or to enable JavaScript."""
    return len(_UNSEEN.sub(b"", body)) > _LEAST_TEXT
