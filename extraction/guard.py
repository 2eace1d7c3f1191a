"""Pages that would cost too much are told from their markup, before anything is parsed.

trafilatura and lxml are quadratic in siblings and attributes; the counts here bound them. A page
within the bounds can still be slow, which the process pool's limits catch.
"""

from __future__ import annotations

import re

MAX_CHARACTERS = 10_000_000
MAX_ELEMENTS = 25_000
MAX_DEPTH = 250
MAX_ATTRIBUTES = 2_000

_RAW = re.compile(r"<(script|style|textarea)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{16000,}")
_ATTRIBUTE = re.compile(r"""[^\s=<>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_NEVER_NESTED = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
     "p", "li", "td", "tr", "th", "option", "dt", "dd", "html", "body", "head", "path", "script", "style"}
)  # fmt: skip


def too_complex(markup: str) -> str:
    """Why a page must not be parsed, in words, or "" for one that may."""
    if len(markup) > MAX_CHARACTERS:
        return f"{len(markup)} characters, at most {MAX_CHARACTERS}"
    plain = _RAW.sub("", markup)
    if (count := plain.count("<")) > MAX_ELEMENTS and (count := _elements(plain)) > MAX_ELEMENTS:
        return f"{count} elements, at most {MAX_ELEMENTS}"
    for tag in _LONG_TAG.finditer(plain):
        if (count := len(_ATTRIBUTE.findall(tag.group(0)))) > MAX_ATTRIBUTES:
            return f"{count} attributes in one tag, at most {MAX_ATTRIBUTES}"
    if (depth := _depth(plain)) > MAX_DEPTH:
        return f"elements nested {depth} deep, at most {MAX_DEPTH}"
    return ""


def _elements(markup: str) -> int:
    return sum(1 for match in _TAG.finditer(markup) if not match.group(1))


def _depth(markup: str) -> int:
    """How deep elements nest, from their start and end tags; counted per name, so that a missing
    end tag of one kind does not hide the depth of another."""
    if markup.count("<") <= MAX_DEPTH:
        return 0
    open_now: dict[str, int] = {}
    deepest = total = 0
    for match in _TAG.finditer(markup):
        name = match.group(2).lower()
        if name in _NEVER_NESTED:
            continue
        if not match.group(1):
            open_now[name] = open_now.get(name, 0) + 1
            total += 1
            deepest = max(deepest, total)
        elif open_now.get(name):
            open_now[name] -= 1
            total -= 1
    return deepest
