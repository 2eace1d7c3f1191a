"""How well the facts of aid news are found: in sentences, in whole articles and on the seed page."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.aid_texts import ROOT, SHARED, labelled_facts, labelled_sides, read_jsonl, wilson
from extraction.aid.facts import FACT_RULES, find_facts
from extraction.aid.gazetteer import divisions, official_name
from extraction.aid.matching import simplified
from extraction.aid.money import BY_WORDING
from extraction.aid.pairs import BY_SUBJECT, distinct, pair_evidence
from extraction.aid.pairs_of_subject import subject_of
from extraction.aid.places import find_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from benchmarks.aid_texts import Labelled
    from storage.models import Fact

KINDS = {
    "money, no role": ("text", "value", "value_max", "currency", "qualifier"),
    "money": ("text", "value", "value_max", "currency", "qualifier", "role"),
    "counts": ("value", "value_max", "unit", "qualifier"),
    "places": ("text", "code"),
    "pairs": ("donor", "recipient"),
}


def facts_table(path: Path, *, misses: bool) -> None:
    sentences = read_jsonl(path)
    print(f"\nFacts, rules {FACT_RULES}: {path.relative_to(ROOT)}, {len(sentences)} sentences, whole records")
    for kind, fields in KINDS.items():
        right = wanted = found = 0
        for sentence in sentences:
            stated = sentence[kind.partition(",")[0]]
            gold = Counter(tuple(fact[field] for field in fields) for fact in stated)
            ours = Counter(_records(find_facts(sentence["text"], sentence["language"]), kind, fields))
            right, wanted, found = right + (gold & ours).total(), wanted + gold.total(), found + ours.total()
            if misses and gold != ours:
                print(f"  {sentence['id']} {kind}: missing {list(gold - ours)}, extra {list(ours - gold)}")
        print(f"{kind:15}{wanted:>5} precision {wilson(right, found):<24} recall {wilson(right, wanted):<24}")


def _records(facts: Iterable[Fact], kind: str, fields: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for fact in facts:
        if fact.kind == kind.partition(",")[0].removesuffix("s"):
            yield tuple(getattr(fact, field) for field in fields)


def seed_page() -> None:
    page, gold_file = SHARED / "seed" / "page.txt", SHARED / "seed" / "gold.json"
    if not page.is_file():
        return
    text, gold = page.read_text("utf-8"), json.loads(gold_file.read_text("utf-8"))
    facts = find_facts(text, "zh")
    money = [(f.text, f.value) for f in facts if f.kind == "money"]
    aid = [f.text for f in facts if f.kind == "money" and f.role == "aid"]
    counts = {(f.value, f.unit) for f in facts if f.kind == "count"}
    right = sum((g["text"], str(g["value"])) in money for g in gold["money"])
    counted = sum((str(g["value"]), g["unit"]) in counts for g in gold["counts"])
    pairs = sorted({f"{f.donor} → {f.recipient}" for f in facts if f.kind == "pair"})
    print(f"\nSeed page: {right} of {len(gold['money'])} amounts, {len(money) - right} false;", end=" ")
    print(f"aid: {', '.join(aid)}; {counted} of {len(gold['counts'])} counts; pairs: {', '.join(pairs)}")


def articles_table() -> None:
    """What is found in whole articles of aid news that nothing was learnt from."""
    print("\nFacts in held articles of aid news: found, stated; precision, recall")
    for language in ("zh", "en"):
        cells: dict[str, list[int]] = {}
        articles = 0
        for item, stated in labelled_facts():
            if item.language == language and item.aid and item.group.endswith("held"):
                articles += 1
                for name, found, gold in _compared(item, stated):
                    right, ours, theirs = cells.setdefault(name, [0, 0, 0])
                    cells[name] = [right + len(found & gold), ours + len(found), theirs + len(gold)]
        for name, (right, ours, theirs) in cells.items():
            precision, recall = wilson(right, ours), wilson(right, theirs)
            print(f"{language} {name:24}{articles:4}{ours:5}{theirs:5}  {precision:24}{recall}")


def sides_table() -> None:
    """Are donor and recipient of an amount of aid those of the text? A recipient is right, too, where it
    is the prefecture or province of the one labelled."""
    print("\nDonor and recipient of amounts of aid: right, found, stated; precision, recall")
    right, found, stated = (Counter[str]() for _ in range(3))
    for item, sides in labelled_sides():
        group = f"{item.group.rpartition(' ')[2]} {item.language}"
        for donor, recipient in sides.values():
            stated.update({f"{group} donor": bool(donor), f"{group} recipient": bool(recipient)})
        for fact in find_facts(item.text, item.language, aid_news=True):
            donor, recipient = sides.get((fact.start, fact.end), ("", ""))
            if fact.role == "aid" and fact.donor:
                found[f"{group} donor"] += 1
                right[f"{group} donor"] += fact.donor in {official_name(donor, name) for name in ("zh", "en")}
            if fact.role == "aid" and fact.code:
                for name in ("recipient", "by subject" if BY_SUBJECT in fact.rule_version else "as said"):
                    found[f"{group} {name}"] += 1
                    right[f"{group} {name}"] += fact.code in _with_parents(recipient)
    for name in sorted(found):
        counts = f"{right[name]:5}{found[name]:5}{stated[name]:5}"
        recall = wilson(right[name], stated[name]) if stated[name] else ""
        print(f"{name:22}{counts}  {wilson(right[name], found[name]):24}{recall}")


def _with_parents(code: str) -> set[str]:
    division = divisions().get(code)
    return {code, *(division.parents if division else ())}


def _compared(item: Labelled, stated: dict[str, Any]) -> Iterator[tuple[str, set[Any], set[Any]]]:
    facts = find_facts(item.text, item.language, aid_news=True)
    money = {(fact.start, fact.end): fact for fact in facts if fact.kind == "money"}
    gold = {(start, end): role for start, end, role in stated["money"]}
    yield "money, no role", set(money), set(gold)
    aid = {place for place, role in gold.items() if role == "aid"}
    called = {place: fact for place, fact in money.items() if fact.role == "aid"}
    by_cue = {place for place, fact in called.items() if BY_WORDING not in fact.rule_version}
    yield "money of role aid, by cue", by_cue, aid
    yield "money of role aid, all", set(called), aid
    plain = simplified(item.text)
    places = find_places(plain, item.language)
    subject = subject_of(plain, places, item.language)
    pairs = distinct(pair_evidence(plain, places, subject=subject))
    said = {tuple(pair) for pair in stated["pairs"]}
    yield "pairs, by phrase", {(p.donor, p.recipient) for p in pairs if not p.by_subject}, said
    yield "pairs, all", {(p.donor, p.recipient) for p in pairs}, said
    yield "sectors", {fact.code for fact in facts if fact.kind == "sector"}, set(stated["sectors"])
