"""Questions about filings, asked of one index of the 15 filings: answered rightly, wrongly, or refused.

    python bench/financebench.py --data ../shared/data --index DIR [--model NAME --models FILE] [--limit N]
                                 [--out FILE]

Of 77 questions 27 have their filing in the index; the others are to be refused, which is when a report has no
finding. A report is right when its words hold the figure of the gold answer, to 1 % and in whichever scale,
or, where that answer has no figure, when it quotes a gold page; with a model only what the model wrote
counts, where it wrote anything. Else it is wrong. A ratio that the gold answer computed stands in no filing:
a report that quotes the parts of it is wrong, and `gold page` says how often the page was quoted. A line a
question in FILE, which a second run goes on from.
"""

import argparse
import gzip
import json
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import evidence
from evidence.archive import Archive
from evidence.generator.reading.quantities import find_quantities

TOLERANCE = Decimal("0.01")
_SCALES = [Decimal(10) ** power for power in (-9, -6, -3, 0, 3, 6, 9)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--model")
    parser.add_argument("--models", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    started = time.monotonic()
    rows = list(_judged(arguments))
    held = [row for row in rows if row["held"]]
    others = [row for row in rows if not row["held"]]
    minutes, refused = (time.monotonic() - started) / 60, sum(row["outcome"] == "refused" for row in others)
    counts = {kind: sum(row["outcome"] == kind for row in held) for kind in ("right", "wrong", "refused")}
    print(
        f"{arguments.model or 'no model'}: of {len(held)} whose filing is held "
        + ", ".join(f"{kind} {count}" for kind, count in counts.items())
        + f"; gold page quoted {sum(row['page'] for row in held)}; of {len(others)} whose filing is not "
        f"held refused {refused}; {minutes:.1f} minutes"
    )


def _judged(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    folder = arguments.data / "financebench"
    held = {path.stem for path in (folder / "pdfs").glob("*.pdf")}
    out: Path | None = arguments.out
    lines = out.read_text(encoding="utf-8").splitlines() if out and out.exists() else []
    known = {row["id"]: row for row in map(json.loads, lines)}
    archive = evidence.open(arguments.index, arguments.models)
    archive.generator_name = arguments.model
    with gzip.open(folder / "questions.jsonl.gz", "rt", encoding="utf-8") as file:
        questions = [json.loads(line) for line in file]
    for question in questions[: arguments.limit]:
        name = question["financebench_id"]
        if name not in known:
            known[name] = _judge(archive, question, question["doc_name"] in held, arguments.model is not None)
            if out:
                with out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(known[name], ensure_ascii=False) + "\n")
        yield known[name]


def _judge(archive: Archive, question: dict[str, Any], held: bool, llm: bool) -> dict[str, Any]:
    report = archive.ask(question["question"], "2000", "2030", llm=llm)
    quotes = [quote["text"] for finding in report["findings"] for quote in finding["quotes"]]
    written = [sentence["text"] for sentence in report["analysis"]["sentences"]]
    page = _quotes_gold_page(report, question)
    figures = _figures(question["answer"])
    right = _holds(figures, written or quotes) if figures else page
    outcome = "refused" if not report["findings"] else "right" if right else "wrong"
    return {
        "id": question["financebench_id"],
        "question": question["question"],
        "answer": question["answer"],
        "held": held,
        "outcome": outcome,
        "page": page,
        "written": written,
        "quotes": quotes,
    }


def _quotes_gold_page(report: dict[str, Any], question: dict[str, Any]) -> bool:
    # pages are counted from 0 there, from 1 here
    gold = {f"{row['doc_name']}.pdf#{row['evidence_page_num'] + 1}" for row in question["evidence"]}
    return any(Path(finding["source"]["path"]).name in gold for finding in report["findings"])


def _figures(answer: str) -> list[Decimal]:
    return [quantity.amount for quantity in find_quantities(str(answer)) if quantity.amount]


def _holds(figures: list[Decimal], texts: list[str]) -> bool:
    """Whether one of the answer's figures stands in the texts; which of several is the answer nobody marked."""
    found = [quantity.amount for text in texts for quantity in find_quantities(text)]
    return any(
        abs(one * scale - figure) <= TOLERANCE * abs(figure)
        for figure in figures
        for one in found
        for scale in _SCALES
    )


if __name__ == "__main__":
    main()
