"""Writes the text of a new source file, for a person to review."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from spiders.listing import html_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.http import HtmlResponse

    from spiders.sources import ListPage

# Where a country is one time zone, or its news is written in one.
_ZONES = {
    "cn": "Asia/Shanghai", "tw": "Asia/Taipei", "hk": "Asia/Hong_Kong",
    "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "uk": "Europe/London",
    "ie": "Europe/Dublin", "fr": "Europe/Paris", "de": "Europe/Berlin",
    "ch": "Europe/Zurich", "at": "Europe/Vienna", "it": "Europe/Rome",
    "es": "Europe/Madrid", "pt": "Europe/Lisbon", "nl": "Europe/Amsterdam",
    "be": "Europe/Brussels", "pl": "Europe/Warsaw", "gr": "Europe/Athens",
    "tr": "Europe/Istanbul", "in": "Asia/Kolkata", "pk": "Asia/Karachi",
    "bd": "Asia/Dhaka", "np": "Asia/Kathmandu", "ke": "Africa/Nairobi",
    "ng": "Africa/Lagos", "za": "Africa/Johannesburg", "eg": "Africa/Cairo",
}  # fmt: skip


def draft_toml(
    page: HtmlResponse,
    feeds: Sequence[str],
    sitemaps: Sequence[str],
    listed: ListPage | None,
    allow_private: Sequence[str] = (),
) -> str:
    """The source file for a site whose front page is ``page``. Guesses are marked as such."""
    zone, country = _place(page.url)
    lines = [
        "# Drafted from the site. Check the name, language and time zone, then enable it.",
        f"name = {_text(_name(page))}",
        f"homepage = {_text(page.url)}",
        f"language = {_text(_language(page))}",
        *([f"country = {_text(country)}"] if country else []),
        f"timezone = {_text(zone)}" + ("" if country else "  # not known"),
        "enabled = false",
        'schedule = "0 * * * *"',
        "",
        "[discover]",
    ]
    if feeds:
        lines.append(f"feeds = {_texts(feeds)}")
    if sitemaps:
        lines.append(f"sitemaps = {_texts(sitemaps)}")
    if listed:
        lines.append(f"lists = [{_row(listed)}]")
    if allow_private:
        lines += ["", "[fetch]", f"allow_private = {_texts(allow_private)}"]
    return "\n".join(lines) + "\n"


def _name(page: HtmlResponse) -> str:
    named = page.css("meta[property='og:site_name']::attr(content)").get() if _is_html(page) else None
    title = named or html_title(page.body)
    return re.split(r"\s[-|–—·]\s|_", title)[-1].strip() or urlsplit(page.url).hostname or "unnamed"


def _language(page: HtmlResponse) -> str:
    stated = page.css("html::attr(lang)").get("") if _is_html(page) else ""
    if match := re.match(r"[A-Za-z]{2,3}", stated):
        return match[0].lower()
    return "zh" if re.search(r"[\u4e00-\u9fff]{4}", page.text[:5000]) else "en"


def _place(url: str) -> tuple[str, str]:
    ending = (urlsplit(url).hostname or "").rpartition(".")[2]
    if ending not in _ZONES:
        return "UTC", ""
    return _ZONES[ending], "GB" if ending == "uk" else ending.upper()


def _is_html(page: HtmlResponse) -> bool:
    return b"<html" in page.body[:2000].lower()


def _row(listed: ListPage) -> str:
    keys = {"url": _text(listed.url), "links": _text(listed.links)}
    if listed.next:
        keys |= {"next": _text(listed.next), "pages": str(listed.pages)}
    return "{ " + ", ".join(f"{key} = {value}" for key, value in keys.items()) + " }"


def _texts(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"


def _text(value: str) -> str:
    # JSON's escapes are TOML's.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")
