"""A text's language, and what follows from it: its likely time zone and order of dates."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import py3langid

from extraction.lines import cjk_share

_KANA = re.compile("[\u3040-\u30ff]")
_SAMPLE = 1000
# Countries with one time zone, by their top-level domain; the others would be a guess.
_ZONES = {
    "at": "Europe/Vienna", "be": "Europe/Brussels", "bg": "Europe/Sofia", "ch": "Europe/Zurich",
    "cn": "Asia/Shanghai", "cz": "Europe/Prague", "de": "Europe/Berlin", "dk": "Europe/Copenhagen",
    "eg": "Africa/Cairo", "et": "Africa/Addis_Ababa", "fi": "Europe/Helsinki", "fr": "Europe/Paris",
    "gh": "Africa/Accra", "gr": "Europe/Athens", "hk": "Asia/Hong_Kong", "hu": "Europe/Budapest",
    "ie": "Europe/Dublin", "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "it": "Europe/Rome",
    "jp": "Asia/Tokyo", "ke": "Africa/Nairobi", "kr": "Asia/Seoul", "mo": "Asia/Macau",
    "my": "Asia/Kuala_Lumpur", "na": "Africa/Windhoek", "ng": "Africa/Lagos", "nl": "Europe/Amsterdam",
    "no": "Europe/Oslo", "np": "Asia/Kathmandu", "ph": "Asia/Manila", "pk": "Asia/Karachi",
    "pl": "Europe/Warsaw", "ro": "Europe/Bucharest", "se": "Europe/Stockholm", "sg": "Asia/Singapore",
    "th": "Asia/Bangkok", "tr": "Europe/Istanbul", "tw": "Asia/Taipei", "tz": "Africa/Dar_es_Salaam",
    "ua": "Europe/Kyiv", "ug": "Africa/Kampala", "uk": "Europe/London", "vn": "Asia/Ho_Chi_Minh",
    "za": "Africa/Johannesburg",
}  # fmt: skip


def text_language(text: str, declared: str) -> str:
    """ISO 639-1 code of a text. Han and kana decide by themselves; a text too short to tell, or
    unclear, has the declared language."""
    code = re.split(r"[-_,; ]", declared.strip().lower(), maxsplit=1)[0]
    code = code if re.fullmatch(r"[a-z]{2}", code) else ""
    if cjk_share(text[:_SAMPLE]) > 0.3:
        return "ja" if len(_KANA.findall(text[:_SAMPLE])) > 0.1 * len(text[:_SAMPLE]) else "zh"
    if len(text) < 80:
        return code
    found = str(py3langid.classify(text[:_SAMPLE])[0])
    return found or code


def time_zone(url: str, country: str, language: str) -> str:
    """IANA zone that a page's times are likely in, from country, address or language, or ""."""
    host = urlsplit(url).hostname or ""
    zone = _ZONES.get(country.lower()) or _ZONES.get(host.rsplit(".", 1)[-1])
    # All Chinese-language media markets keep UTC+8.
    return zone or ("Asia/Shanghai" if language == "zh" else "")


def month_first(declared: str, country: str, language: str) -> bool | None:
    """Whether 3/4 is 4 March: yes in the United States, no elsewhere, None where English does not
    say which."""
    if country.upper() == "US" or declared.lower().replace("_", "-") == "en-us":
        return True
    if language == "en" and not country and "-" not in declared.replace("_", "-"):
        return None
    return False
