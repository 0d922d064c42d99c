"""How well the consensus check labels a built set of facts: new, corroborated, widely reported, known, unknown.

All cases stand in one index. Each fact is asked for, and the finding that quotes it is compared with what was
meant: the label, the independent publishers, and since when it is known. Half `a` was looked at while the threshold
was set.

    python bench/consensus.py [--half a|b] [--limit N] [--model] [--verbose]
"""

import argparse
import json
import tempfile
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import evidence
from evidence.answering import Question
from evidence.archive import Archive
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.indexer.embedder import Embedder
from evidence.indexer.standin import HashingEmbedder
from evidence.loading import load_embedder, load_models

SET = Path(__file__).with_name("consensus.toml")
WINDOW = ("2025-06-01", "2025-08-31")


def read_cases(half: str | None = None) -> list[dict[str, Any]]:
    """The built set, or a half of it; each case with all of its documents, the finding's copies right behind it."""
    content = tomllib.loads(SET.read_text(encoding="utf-8"))
    cases = [case for case in content["cases"] if half in {None, case["half"]}]
    for case in cases:
        day, _, title, text = case["documents"][0]
        case["told"] = [case["documents"][0], *([day, site, title, text] for site in case.get("wire", ()))]
        past = content["history"] if case.get("history") else []
        history = [[cell.format(case["company"]) for cell in row] for row in past]
        case["all"] = [*case["told"], *case["documents"][1:], *history]
    return cases


def open_archive(cases: Sequence[Mapping[str, Any]], root: Path, embedder: Embedder) -> Archive:
    """An index of the documents of all cases, named after case and place, opened."""
    source = root / "cases"
    source.mkdir()
    for number, case in enumerate(cases):
        for place, (day, publisher, title, text) in enumerate(case["all"]):
            row = {"title": title, "text": text, "date": day, "publisher": publisher}
            (source / f"{number:03d}-{place:02d}.json").write_text(json.dumps(row), encoding="utf-8")
    build_index(root / "index", [source], embedder)
    return evidence.open(root / "index", embedder=embedder, generator=ScriptedGenerator())


def check(archive: Archive, case: Mapping[str, Any], number: int) -> tuple[str, dict[str, Any] | None]:
    """The label of the finding that quotes the fact, with what is wrong about it; and the finding."""
    report = archive.ask_in(archive.window(*WINDOW), Question(case["question"], llm=False))
    # of a fact that several tell any finding will do, for nearly the same words are quoted once
    same = len(case["told"]) if case["label"] in {"new", "unknown"} else len(case["all"])
    told = {f"{number:03d}-{place:02d}.json" for place in range(same)}
    own = [f for f in report["findings"] if Path(f["source"]["path"]).name in told]
    if not own:
        return "not found", None
    consensus = own[0]["consensus"]
    wrong = [key for key in ("known_since",) if case.get(key) != consensus[key]]
    if "publishers" in case and case["publishers"] != consensus["independent_publishers"]:
        wrong.append(f"{consensus['independent_publishers']} publishers")
    return " ".join([consensus["label"], *wrong]), own[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("a", "b"))
    parser.add_argument("--limit", type=int)
    parser.add_argument("--model", action="store_true", help="the embedder of models.toml, not the stand-in")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    embedder = load_embedder(load_models(None)) if arguments.model else HashingEmbedder()
    cases = read_cases(arguments.half)[: arguments.limit]
    with tempfile.TemporaryDirectory() as folder:
        archive = open_archive(cases, Path(folder), embedder)
        rows = []
        for number, case in enumerate(cases):
            found, finding = check(archive, case, number)
            rows.append((case["label"], found))
            if arguments.verbose and case["label"] != found:
                print(f"meant {case['label']}, found {found}: {case['question']}")
                for document in finding["consensus"]["documents"] if finding else ():
                    print(f"    {document['date']} {document['publisher']}: {document['title']}")
    right = sum(meant == found for meant, found in rows)
    print(f"{len(rows)} facts ({embedder.name}): {right} with the right label, publishers and day")
    wrong = Counter(row for row in rows if row[0] != row[1])
    print(
        "meant -> found: "
        + ("; ".join(f"{m} -> {f} {n}" for (m, f), n in sorted(wrong.items())) or "none is wrong")
    )


if __name__ == "__main__":
    main()
