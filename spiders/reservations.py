"""Reservations of text and data mining rights, as the TDM Reservation Protocol states them.

Recorded with each page, as a fact for whoever uses the texts. https://www.w3.org/2022/tdmrep/
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from scrapy.http import Response

WELL_KNOWN = "/.well-known/tdmrep.json"

_META = re.compile(rb"<meta\s[^>]{0,500}tdm-reservation[^>]{0,500}>", re.IGNORECASE)
_SET = re.compile(rb"content\s*=\s*[\"']?\s*1\b", re.IGNORECASE)
_HEAD_BYTES = 50_000


def reservation_of(response: Response, well_known: str) -> str:
    """``tdm-reservation: 1`` with where it was stated and the policy, if the page is reserved;
    empty otherwise. ``well_known`` is the text of the site's tdmrep.json."""
    for stated, policy in (_in_header(response), _in_page(response.body), _in_file(well_known, response.url)):
        if stated:
            return f"tdm-reservation: 1 ({stated})" + (f", policy {policy[:300]}" if policy else "")
    return ""


def _in_header(response: Response) -> tuple[str, str]:
    reserved = (response.headers.get("tdm-reservation") or b"").strip() == b"1"
    return ("header" if reserved else "", (response.headers.get("tdm-policy") or b"").decode("latin-1"))


def _in_page(body: bytes) -> tuple[str, str]:
    match = _META.search(body[:_HEAD_BYTES])
    return ("meta" if match and _SET.search(match[0]) else "", "")


def _in_file(text: str, url: str) -> tuple[str, str]:
    try:
        rules: Any = json.loads(text) if text.lstrip().startswith("[") else []
    except (ValueError, RecursionError):
        return "", ""
    path = urlsplit(url).path or "/"
    for rule in rules:
        if isinstance(rule, dict) and _matches(str(rule.get("location", "")), path):
            reserved = str(rule.get("tdm-reservation")) == "1"
            return "tdmrep.json" if reserved else "", str(rule.get("tdm-policy", ""))
    return "", ""


def _matches(location: str, path: str) -> bool:
    """Whether a location such as ``/news/*`` or ``/*.html`` covers a path (robots.txt matching)."""
    start, *rest = location.rstrip("$").split("*")[:8]
    if not path.startswith(start):
        return False
    at = len(start)
    for part in rest:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return not location.endswith("$") or at == len(path) or location.endswith("*$")
