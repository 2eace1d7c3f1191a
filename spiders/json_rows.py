"""JSON and JSONP files whose rows are articles."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from spiders.dates import stated_time
from spiders.listing import Listing, html_title, looks_like_html, plain_title
from spiders.outcomes import OutcomeError
from storage.models import Hint

if TYPE_CHECKING:
    from datetime import datetime

    from spiders.scope import Scope
    from spiders.sources import JsonRows

MAX_ROWS = 2000

# The head of JSONP or of an assignment; bounded, as blanks can be had in any number.
_WRAPPER = re.compile(r"(?:/\*\*/)?\s{0,20}(?:(?:var|let|const)\s{1,20})?[\w.$]{1,200}\s{0,20}([(=])")


def read_rows(body: bytes, spec: JsonRows, scope: Scope, now: datetime, via: str = "json") -> Listing:
    """The rows of a JSON or JSONP file. Raises OutcomeError where they are not there."""
    rows = _at(_load(body), spec.rows)
    if not isinstance(rows, list):
        raise OutcomeError("not_xml", f"JSON without a list at {spec.rows or 'its top'!r}")
    links = []
    for row in rows[:MAX_ROWS]:
        href = _at(row, spec.link)
        if isinstance(href, str) and href.strip():
            title, stated = _text(row, spec.title), _text(row, spec.date)
            links.append(scope.link(spec.url, href, Hint(plain_title(title), stated_time(stated, now), via)))
    if rows and not links:
        raise OutcomeError("not_xml", f"JSON rows without a text at {spec.link!r}")
    extra, linkless = len(rows) - MAX_ROWS, len(rows[:MAX_ROWS]) - len(links)
    remarks = (
        f"{extra:,} rows after the first {MAX_ROWS:,} left out" if extra > 0 else "",
        f"{linkless:,} rows without a usable link" if linkless else "",
    )
    return Listing(tuple(links), remark="; ".join(filter(None, remarks)))


def _load(body: bytes) -> Any:
    if not body.strip():
        raise OutcomeError("empty", "the answer had no content")
    if looks_like_html(body):
        raise OutcomeError("not_xml", f"a web page came instead of JSON, titled {html_title(body)!r}")
    text = _decoded(body).strip()
    if not text.startswith(("{", "[")) and (match := _WRAPPER.match(text)):
        text = text[match.end() :].rstrip("; \t\r\n")
        text = text.removesuffix(")") if match[1] == "(" else text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise OutcomeError("not_xml", f"not JSON: {error}") from error


def _decoded(body: bytes) -> str:
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def _at(value: Any, path: str) -> Any:
    for key in path.split(".") if path else ():
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(row: Any, path: str) -> str:
    value = _at(row, path) if path else ""
    return str(value) if isinstance(value, str | int) else ""
