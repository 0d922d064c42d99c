"""What comes first in a report, and how much its findings matter, against what people said of built statements.

Each case of tests/ranking_cases.json is a company with four findings: one that is material and new, one that is
widely reported, and two others. A case counts as right when the material new one stands above every widely reported
one. Levels were written down with the statements. Then the five snippets of a report by a large cloud model, with
the levels that it gave them, two of which are off the scale and count as either neighbour.

    python bench/ranking.py [--half development|"held back"] [--wrong]
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.corpus.entities import NO_ENTITIES, Entity
from evidence.corpus.values import Document
from evidence.generator.weighing.impact import SCALE, Impact, Level, assess
from evidence.generator.weighing.primary import is_primary, own_company
from evidence.generator.weighing.ranking import Standing, rank
from evidence.generator.weighing.relations import Circle
from evidence.loading import load_entities, load_lens

CASES = Path(__file__).resolve().parent.parent / "tests" / "ranking_cases.json"
SNIPPETS = CASES.with_name("impact_snippets.json")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case: its impacts in the order of its findings, the ranked numbers, and whether it is right."""

    impacts: tuple[Impact, ...]
    ranked: tuple[int, ...]
    right: bool
    first: bool


def judge(case: Mapping[str, Any]) -> Outcome:
    """The impacts and the order of one case."""
    subject = Entity(case["subject"]["name"], (case["subject"]["ticker"],), tuple(case["subject"]["short"]))
    others = [Entity(o["name"], (), tuple(o["short"]), supplies=tuple(o["supplies"])) for o in case["others"]]
    circle = Circle.around(subject, NO_ENTITIES.plus([subject, *others]), case["question"])
    rows = case["findings"]
    impacts, standings = [], {}
    for number, row in enumerate(rows):
        impact, primary = _assess(row, circle)
        impacts.append(impact)
        standings[number] = Standing(impact.level, row["label"], primary)
    ranked = rank(standings, range(len(rows)))
    wanted = next(n for n, row in enumerate(rows) if row["label"] == "new" and row["level"] != "Low")
    known = [n for n, row in enumerate(rows) if row["label"] == "widely reported"]
    right = all(ranked.index(wanted) < ranked.index(other) for other in known)
    return Outcome(tuple(impacts), tuple(ranked), right, ranked[0] == wanted)


def first_by_novelty(case: Mapping[str, Any]) -> bool:
    """Whether the first new finding is the material one: what a report without impacts would show first."""
    return next(row["level"] != "Low" for row in case["findings"] if row["label"] == "new")


def _assess(row: Mapping[str, Any], circle: Circle) -> tuple[Impact, bool]:
    lens = load_lens(None)
    document = Document("0", "built", row["kind"], row["text"], "", publisher=row["publisher"])
    primary = is_primary(document, row["text"], None, circle.known, lens.primary)
    owner = own_company(document, circle.known, lens.primary) if document.kind in lens.primary.kinds else None
    return assess([row["text"]], circle, lens, primary, owner and owner.name), primary


def agreement(levels: Sequence[tuple[Level, Level]]) -> str:
    """How many of pairs are equal, and how many at most a step apart."""
    equal = sum(one == other for one, other in levels)
    near = sum(abs(SCALE.index(one) - SCALE.index(other)) <= 1 for one, other in levels)
    return f"impacts as written down {equal} of {len(levels)}, within a step {near}"


def read_cases(half: str | None) -> list[dict[str, Any]]:
    """The cases of one half, or all."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    return [case for case in cases if half in {None, case["half"]}]


def snippets() -> list[tuple[Impact, list[str]]]:
    """Each of the five snippets with the levels that would do."""
    data = json.loads(SNIPPETS.read_text(encoding="utf-8"))
    entities = load_entities(None)
    subject = entities.by_ticker(data["subject"])
    assert subject is not None
    circle = Circle.around(subject, entities, data["question"])
    lens = load_lens(None)
    found = []
    for row in data["snippets"]:
        document = Document("0", "built", row["kind"], "\n".join(row["quotes"]), "", publisher=row["publisher"])
        primary = is_primary(document, document.text, None, circle.known, lens.primary)
        found.append((assess(row["quotes"], circle, lens, primary), row["levels"]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("development", "held back"))
    parser.add_argument("--wrong", action="store_true", help="print what differs from what was written down")
    arguments = parser.parse_args()
    cases = read_cases(arguments.half)
    outcomes = [judge(case) for case in cases]
    pairs = [
        (impact.level, Level(row["level"]))
        for case, outcome in zip(cases, outcomes, strict=True)
        for impact, row in zip(outcome.impacts, case["findings"], strict=True)
    ]
    if arguments.wrong:
        for case, outcome in zip(cases, outcomes, strict=True):
            print(f"{'right' if outcome.right else 'WRONG'} {case['subject']['name']}")
            for impact, row in zip(outcome.impacts, case["findings"], strict=True):
                if impact.level != row["level"]:
                    print(f"    {impact.level}, not {row['level']}: {row['text']}\n        {impact.rationale}")
        for impact, levels in snippets():
            print(f"  {impact.level} ({'/'.join(levels)}): {impact.rationale}")
    right, first = (sum(getattr(o, name) for o in outcomes) for name in ("right", "first"))
    seed = [impact.level in levels for impact, levels in snippets()]
    print(
        f"{len(cases)} cases ({arguments.half or 'both halves'}): the material new fact above every widely "
        f"reported one {right / len(cases):.2f}, first of all {first / len(cases):.2f} "
        f"(by novelty alone {sum(map(first_by_novelty, cases)) / len(cases):.2f}); {agreement(pairs)}; "
        f"on the scale {sum(one in SCALE for one, _ in pairs)} of {len(pairs)}; "
        f"five snippets: {sum(seed)} of {len(seed)}"
    )


if __name__ == "__main__":
    main()
