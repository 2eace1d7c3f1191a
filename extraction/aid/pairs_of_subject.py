"""Who helps the one country that an article of aid news is about.

Articles mostly name the helped country once and for all, and the donors sentences later ("Japan's
embassy handed over …"). Where one country that receives aid is named far more often than any other,
every country that a sentence shows as helping is a donor of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

from extraction.aid.gazetteer import listed
from extraction.aid.mentions import is_host
from extraction.aid.places import named_as
from extraction.aid.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extraction.aid.pairs_en import Evidence
    from extraction.aid.places import Place

# How often the country is named for each time the next one is.
_FAR_MORE = 2.5
# What stands right after a country that acts, and what it then does in its sentence.
_ACTS = {
    "zh": re.compile(
        "政府|红十字会|方|国际|援|医疗|救援|专家|驻|大使|海军|空军|选派|派|捐|提供|向|对|为|帮|支援|承诺|认捐"
        "|宣布|出资|投入|拨|资助|赠|贷款|技术|资金|企业|承建|鲁班"
    ),
    "en": re.compile(
        r"(?:['’]s)?,?\s(?:\w+\s){0,3}?(?:government|embassy|ambassador|high\scommission\w*|red\scross|navy|army"
        r"|air\sforce|aid|development|ministry|agency|taxpayers?|foreign\sminister|medical|doctors|surgeons"
        r"|rescue\w*|teams?|engineers|experts|grants?|loans?|funding|humanitarian|money|will|has|have|had|is"
        r"|would|gave|gives|pledged|donated|sent|handed|provided|said\sit|announced|committed|contributed"
        r"|financed|funded|built|agreed)\b",
        re.IGNORECASE,
    ),
}
_HELPS = {
    "zh": re.compile(
        "援|捐|提供|派|拨|移交|交付|资助|支持|帮扶|运|赠|承诺|贷款|削|砍|暂停|终止|培训|建成|承建|医疗队|鲁班"
    ),
    "en": re.compile(
        r"\b(?:gave|giv\w+|pledg\w+|donat\w+|fund\w*|grant\w*|loan\w*|lend\w*|lent|hand(?:s|ed|ing)?\sover|aid"
        r"|assist\w*|provid\w+|contribut\w+|financ\w+|buil[dt]\w*|train\w*|sen[dt]\w*|deliver\w*|cooperation"
        r"|development|humanitarian|support\w*|suspend\w*|cut\w*|halt\w*|freez\w*|froze\w*|offer\w*|donor\w*"
        r"|million|billion|doctors|medical|relief|gift|help\w*|rescue\w*|teams?|experts|shipment|consignment)\b",
        re.IGNORECASE,
    ),
}
_REACH = {"zh": 40, "en": 400}


def subject_of(text: str, places: list[Place], language: str) -> str:
    """The code of the country that an article of aid news is about, or the empty string."""
    named = [place.code for place in (*places, *named_as("demonym", text, language))]
    return _far_ahead([code for code in named if code in listed("aid-country")])


def pairs_of_subject(text: str, places: list[Place], subject: str, language: str) -> Iterator[Evidence]:
    """All evidence, repeats included; ``language`` is ``zh`` or ``en``."""
    helped = listed("aid-country")
    named = [
        (place.start, place.end, place.code)
        for place in places
        if place.code.isalpha() and not is_host(text, place)
    ]
    agencies = _mentioned("agency", text, language)
    spans = sentence_spans(text)
    for start, end, code in sorted({*named, *_mentioned("adjective", text, language), *agencies}):
        _, last = spans[max(0, bisect_right(spans, (start, len(text))) - 1)]
        acts = _ACTS[language].match(text, end) or (start, end, code) in agencies
        helps = _HELPS[language].search(text, end, min(last, end + _REACH[language]))
        if acts and helps and code not in helped:
            yield start, helps.end(), code, subject, helps.group()


def _far_ahead(codes: list[str]) -> str:
    """The code named far more often than any other, or the empty string."""
    (first, most), (_, next_most) = [*Counter(codes).most_common(2), ("", 0), ("", 0)][:2]
    return first if most >= _FAR_MORE * next_most else ""


def _mentioned(kind: str, text: str, language: str) -> list[tuple[int, int, str]]:
    return [(place.start, place.end, place.code) for place in named_as(kind, text, language)]
