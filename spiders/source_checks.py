"""Checks of the texts in a source file: each returns what is wrong, or None."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cssselect import SelectorError
from parsel.csstranslator import HTMLTranslator

from storage.addresses import AddressError, url_key

_CRON_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_CRON_PART = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/([1-9]\d*))?")
_DURATION = re.compile(r"P(?=\d|T\d)(?:\d+W|(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?)?)")
_ENDPOINT = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")


def some_text(value: str) -> str | None:
    return None if value.strip() else "must not be empty"


def address(value: str) -> str | None:
    """An http or https address."""
    try:
        url_key(value)
    except AddressError as error:
        return f"must be an http or https address ({error})"
    return None


def address_or_template(value: str) -> str | None:
    """An address that may have ``{page}`` where the page number belongs."""
    return address(value.replace("{page}", "1"))


def proxy(value: str) -> str | None:
    """The address of an HTTP proxy."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme == "http" and bool(parts.hostname) and parts.port is not None
    except ValueError:
        usable = False
    return None if usable else "must be an HTTP proxy as in http://host:port"


def endpoint(value: str) -> str | None:
    """An exact host:port."""
    match = _ENDPOINT.fullmatch(value)
    return None if match and 0 < int(match[1]) < 65536 else "must be host:port, as in 127.0.0.1:8000"


def css(value: str) -> str | None:
    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError as error:
        return f"must be a CSS selector ({error})"
    return None


def regex(value: str) -> str | None:
    try:
        re.compile(value)
    except re.error as error:
        return f"must be a regular expression ({error})"
    return None


def language(value: str) -> str | None:
    """A BCP 47 tag, or ``mul`` for several."""
    good = re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value)
    return None if good else "must be a language tag such as zh or pt-BR"


def country(value: str) -> str | None:
    return None if re.fullmatch(r"[A-Z]{2}", value) else "must be an ISO 3166 code such as CN"


def time_zone(value: str) -> str | None:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        return "must be a time zone such as Asia/Shanghai"
    return None


def duration(value: str) -> str | None:
    """An ISO 8601 duration of weeks, days, hours, minutes."""
    return None if _DURATION.fullmatch(value) else "must be a duration such as P3D or PT12H"


def cron(value: str) -> str | None:
    """Five cron fields of numbers, ranges, lists and steps."""
    fields = value.split()
    if len(fields) != len(_CRON_FIELDS):
        return "must have five cron fields, as in */30 * * * *"
    for field, (name, least, most) in zip(fields, _CRON_FIELDS, strict=True):
        for part in field.split(","):
            match = _CRON_PART.fullmatch(part)
            bounds = [int(number) for number in match.group(1, 2) if number] if match else [-1]
            if bounds != sorted(bounds) or not all(least <= bound <= most for bound in bounds):
                return f"must be a cron schedule; its {name} must be *, {least}-{most}, a list or a step"
    return None
