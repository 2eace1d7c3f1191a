"""Names of months in the languages of the sources, as dates on pages write them."""

from __future__ import annotations

import re

# One row a language, January to December; "/" parts spellings. Inflected languages list the form
# that dates use. Abbreviations are matched as prefixes of at least three letters.
_NAMES = (
    "january february march april may june july august september/sept october november december",
    "janvier février/fevrier/févr mars avril mai juin juillet août/aout septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre",
    "janeiro fevereiro março/marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "januar/jänner februar/feber märz/maerz april mai juni juli august september oktober november dezember",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    (
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września/wrzesnia października listopada"
        " grudnia"
    ),
    "января февраля марта апреля мая/май июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    (
        "ιανουαρίου/ιανουάριος φεβρουαρίου/φεβρουάριος μαρτίου/μάρτιος απριλίου/απρίλιος μαΐου/μάιος/μαίου"
        " ιουνίου/ιούνιος ιουλίου/ιούλιος αυγούστου/αύγουστος σεπτεμβρίου/σεπτέμβριος οκτωβρίου/οκτώβριος"
        " νοεμβρίου/νοέμβριος δεκεμβρίου/δεκέμβριος"
    ),
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    (
        "يناير/كانون_الثاني فبراير/شباط مارس/آذار أبريل/ابريل/نيسان مايو/أيار/ماي يونيو/حزيران"
        " يوليو/تموز/يوليوز أغسطس/اغسطس/آب/غشت سبتمبر/أيلول/شتنبر أكتوبر/اكتوبر/تشرين_الأول"
        " نوفمبر/تشرين_الثاني/نونبر ديسمبر/كانون_الأول/دجنبر"
    ),
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november desember/december",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "január február március április május június július augusztus szeptember október november december",
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopad studenoga prosinca",
)


def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    for row in _NAMES:
        for number, names in enumerate(row.split(), start=1):
            for name in names.replace("_", " ").split("/"):
                table.setdefault(name, number)
                for length in (3, 4):
                    if len(name) > length:
                        table.setdefault(name[:length], number)
    return table


_MONTHS = _table()
MONTH_PATTERN = (
    r"(?P<name>" + "|".join(re.escape(name) for name in sorted(_MONTHS, key=len, reverse=True)) + r")(?!\w)"
)


def month_number(name: str) -> int:
    """1 to 12 for a name that MONTH_PATTERN matched."""
    return _MONTHS[name.lower()]
