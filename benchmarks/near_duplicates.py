"""How well copies of one story are told from texts that only look alike.

Positive pairs: real texts and one change each, as outlets make them. Negative pairs: other texts of the
same site, and serial bulletins, press notices and weather reports of our own that share a template and
differ in numbers, places and names. The pages are the open sets; without them only the templates run.

    python -m benchmarks.near_duplicates
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import opencc

from benchmarks.storage_corpus import batch_of, real_texts, record_of
from storage.database import open_database
from storage.fingerprints import compare, fingerprint
from storage.load import load_batch
from storage.stories import find_similar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SETS = (
    *("daniel-zh", "daniel-en", "daniel-el", "daniel-pl", "daniel-ru"),
    *("fundus", "gne", "scrapinghub"),
)
LEAST = 200  # characters of a text that is taken
# Years stay the same from one bulletin to the next.
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, the kind of pair, and whether they carry one story."""

    kind: str
    same: bool
    first: str
    second: str


def pairs(seed: int) -> Iterator[Pair]:
    """The test set. Another seed draws other changes and other bulletins."""
    chance = random.Random(seed)
    texts = [text for text in dict.fromkeys(real_texts(*SETS)) if len(text) >= LEAST]
    for text in texts:
        for kind, change in CHANGES.items():
            yield Pair(kind, True, text, change(text, chance))
        # With one or two numbers a correction and the next issue of a bulletin are the same thing.
        if len(set(_NUMBER.findall(text))) >= 3:
            yield Pair("number corrected", True, text, _corrected(text, chance))
            yield Pair("series: real text, other numbers", False, text, _other_numbers(text, chance))
    for first, second in pairwise(texts):
        yield Pair("other text", False, first, second)
    for first, second in zip(texts, chance.sample(texts, len(texts)), strict=True):
        if first != second:
            yield Pair("other text, same frame", False, _framed(first), _framed(second))
    for name, template in _bulletins()["templates"].items():
        filled = [_filled(template, chance) for _ in range(60)]
        for first, second in pairwise(filled):
            yield Pair(f"series: {name}", False, first, second)
        for text in filled:
            yield Pair(f"repost of {name}", True, text, _framed(text))


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。！？.!?\n])", text) if part.strip()]


def _framed(text: str) -> str:
    head = "来源：天山通讯社 2026年03月01日 12:30 分享到微信 微博\n"
    foot = "\n责任编辑：李示例 版权所有 未经授权不得转载 ICP备00000000号 Copyright 2026 All Rights Reserved"
    return head + text + foot


def _excerpt(text: str, chance: random.Random) -> str:
    sentences = _sentences(text)
    length = max(1, len(sentences) * 6 // 10)
    start = chance.randint(0, len(sentences) - length)
    return "".join(sentences[start : start + length])


def _cut(text: str, chance: random.Random) -> str:
    return "".join(s for s in _sentences(text) if chance.random() > 0.2)


def _edited(text: str, chance: random.Random) -> str:
    """One character in a hundred replaced, as a sub-editor would at least."""
    letters = list(text)
    for place in chance.sample(range(len(letters)), len(letters) // 100):
        letters[place] = chance.choice("的了在和是ae")
    return "".join(letters)


def _corrected(text: str, chance: random.Random) -> str:
    number = chance.choice(list(_NUMBER.finditer(text)))
    return f"{text[: number.start()]}{int(number[0]) + 3}{text[number.end() :]}"


def _other_numbers(text: str, chance: random.Random) -> str:
    """The next issue of a bulletin: every number is another one, years stay."""

    return _NUMBER.sub(lambda n: str(int(n[0]) + chance.randint(1, 9) * 10 ** max(0, len(n[0]) - 2)), text)


def _reordered(text: str, chance: random.Random) -> str:
    paragraphs = [p for p in text.split("\n") if p.strip()]
    chance.shuffle(paragraphs)
    return "\n".join(paragraphs)


def _respaced(text: str, _: random.Random) -> str:
    return text.replace("，", ", ").replace("。", ". ").replace("\n", " ").upper()


def _other_script(text: str, _: random.Random) -> str:
    return str(_converter().convert(text))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t.json")


def _in_a_digest(text: str, chance: random.Random) -> str:
    other = "".join(_filled(template, chance) for template in _bulletins()["templates"].values())
    return f"{other}\n{text}\n{other}"


CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "head and foot": lambda text, _: _framed(text),
    "excerpt": _excerpt,
    "sentences cut": _cut,
    "edited": _edited,
    "paragraphs reordered": _reordered,
    "spacing, case, punctuation": _respaced,
    "Traditional script": _other_script,
    "inside a digest": _in_a_digest,
}


def _filled(template: str, chance: random.Random) -> str:
    def fill(slot: re.Match[str]) -> str:
        if slot[1] == "n":
            return str(chance.randint(1, 10 ** chance.randint(1, 4)))
        return str(chance.choice(_bulletins()[{"p": "places", "w": "people", "o": "organisations"}[slot[1]]]))

    return re.sub(r"\{([npwo])\}", fill, template)


@cache
def _bulletins() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("bulletins.toml").read_text("utf-8"))


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    measure(seed)
    measure_index(seed)


def measure_index(seed: int) -> None:
    """Print how many changed texts find their original among all texts through the database's index."""
    chance = random.Random(seed)
    texts = [text for text in dict.fromkeys(real_texts(*SETS)) if len(text) >= LEAST]
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "aid.db")
        load_batch(db, batch_of(0, [record_of(f"https://texts.example/{i}", t) for i, t in enumerate(texts)]))
        numbers = dict(db.execute("SELECT url, id FROM articles").fetchall())
        found = tried = 0
        for place, text in enumerate(texts):
            number = numbers.get(f"https://texts.example/{place}")
            for change in CHANGES.values():
                similar, _ = find_similar(db, 0, fingerprint(change(text, chance)), "")
                tried += number is not None
                found += number in {s.other for s in similar if s.likeness.is_copy}
        db.close()
    print(f"through the index: {found} of {tried} copies find their original, {found / max(1, tried):.4f}")


def measure(seed: int) -> None:
    """Print the share judged right per kind of pair, then precision, recall and F1."""
    right: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for pair in pairs(seed):
        judged = compare(fingerprint(pair.first), fingerprint(pair.second)).is_copy
        right[pair.same, pair.kind].append(judged == pair.same)
    for (same, kind), judgements in sorted(right.items()):
        share = sum(judgements) / len(judgements)
        print(f"{'same' if same else 'other':6} {kind:32} {len(judgements):5} pairs  {share:.4f} right")
    hits = sum(sum(j) for (same, _), j in right.items() if same)
    missed = sum(len(j) - sum(j) for (same, _), j in right.items() if same)
    false = {kind: len(j) - sum(j) for (same, kind), j in right.items() if not same}
    series = sum(number for kind, number in false.items() if kind.startswith("series"))
    wrong = sum(false.values())
    print(
        f"precision {hits / (hits + wrong):.4f}  recall {hits / (hits + missed):.4f}  "
        f"F1 {2 * hits / (2 * hits + wrong + missed):.4f}  "
        f"precision against series alone {hits / (hits + series):.4f}"
    )


if __name__ == "__main__":
    main()
