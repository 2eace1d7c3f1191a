"""Words that multiply a number written in figures: ``million``, ``millones``, ``млрд``, ``مليار``."""

from __future__ import annotations

ENGLISH = {
    "dozen": 12,
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "millions": 10**6,
    "billion": 10**9,
    "billions": 10**9,
    "trillion": 10**12,
    "lakh crore": 10**12,
    "lakh": 10**5,
    "lakhs": 10**5,
    "crore": 10**7,
    "crores": 10**7,
    "mln": 10**6,
    "mn": 10**6,
    "bn": 10**9,
    "tn": 10**12,
    "k": 10**3,
    "m": 10**6,
    "b": 10**9,
}
# The billion of German, 10¹², is spelt as the English one and left to it.
_FORMS = {
    10**3: "mil mille tausend mila тыс тысяча тысячи тысяч ألف آلاف tys duizend",
    10**6: (
        "mio millón millones milhão milhões millionen milione milioni млн миллион миллиона миллионов مليون"
        " ملايين miljoen milyon milion miliony milionów"
    ),
    10**9: (
        "md mds mrd mld milliard milliards bilhão bilhões milliarde milliarden miliardo miliardi млрд"
        " миллиард миллиарда миллиардов مليار مليارات miljard milyar miliard miliardy miliardów"
    ),
    10**12: "billón billones trilhão trilhões трлн триллион триллиона триллионов",
}
OTHER = {form: factor for factor, forms in _FORMS.items() for form in forms.split()} | {
    "mil millones": 10**9,
    "mil milhões": 10**9,
}
ALL = ENGLISH | OTHER
PATTERN = "|".join(sorted(ALL, key=len, reverse=True))
