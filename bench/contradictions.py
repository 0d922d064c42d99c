"""How well disagreement is told from what only looks like it: a built set of pairs, and filings of one company.

Each pair of invented documents is indexed with all the others and asked for; what the report says of the two is
compared with what was meant. Part `a` was looked at while rules were written. Parts `b` and `c` were asked unseen
first (recall 0.60 each, precision 0.75 and 1.00), and then the rules were mended by what they showed. Then the same
measures in filings of different quarters, where there is nothing to contradict (with DATA, the folder of real data
sets).

    python bench/contradictions.py [DATA] [--half a|b|c] [--limit N] [--model] [--verbose]
"""

import argparse
import json
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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

SET = Path(__file__).with_name("contradictions.toml")
WINDOW = ("2025-05-01", "2025-09-30")
DISAGREEMENT, NOTHING = "disagreement", "nothing"
NVDA = (
    "sec_parser_test_data/10-Q/NVDA/0001045810-23-000175/primary-document.html.gz",
    "sec_parser_test_data/10-K/NVDA/0001045810-24-000029/primary-document.html.gz",
    "sec_edgartools/html_2024_2025/nvda-10-k-2025-02-26.html.gz",
    "sec_edgartools/html_2024_2025/nvda-10-q-2025-08-27.html.gz",
)
FILED = ("2023-08-28", "2024-02-21", "2025-02-26", "2025-08-27")
MEASURES = ("revenue", "gross margin", "operating income", "net income", "inventories", "Data Center revenue")
_FILING = """<SEC-HEADER>
<ACCEPTANCE-DATETIME>{day}160102
ACCESSION NUMBER:\t\t{accession}
CONFORMED SUBMISSION TYPE:\t{form}
CONFORMED PERIOD OF REPORT:\t{period}
FILED AS OF DATE:\t\t{day}
FILER:
\tCOMPANY DATA:
\t\tCOMPANY CONFORMED NAME:\t\t\t{company}
\t\tCENTRAL INDEX KEY:\t\t\t{cik}
</SEC-HEADER>
<DOCUMENT>
<TYPE>{form}
<SEQUENCE>1
<TEXT>
{text}
</TEXT>
</DOCUMENT>
"""


@dataclass(frozen=True, slots=True)
class Scores:
    """Meant class and found class, a pair each."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def recall(self) -> float:
        """Of the disagreements that were meant."""
        found = [found == DISAGREEMENT for meant, found in self.pairs if meant == DISAGREEMENT]
        return sum(found) / len(found) if found else 1.0

    @property
    def precision(self) -> float:
        """Of those that were called so."""
        meant = [meant == DISAGREEMENT for meant, found in self.pairs if found == DISAGREEMENT]
        return sum(meant) / len(meant) if meant else 1.0

    def count(self, meant: str, found: str) -> int:
        """Pairs meant so and called so."""
        return self.pairs.count((meant, found))


def read_pairs(half: str | None = None) -> list[dict[str, Any]]:
    """The built set, or a half of it."""
    pairs: list[dict[str, Any]] = tomllib.loads(SET.read_text(encoding="utf-8"))["pairs"]
    return [pair for pair in pairs if half in {None, pair["half"]}]


def write_pairs(pairs: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Files named after a pair's number and side: filings as submissions, the others as articles."""
    for number, pair in enumerate(pairs):
        for side in ("first", "second"):
            name = f"{number:03d}-{side}"
            day, publisher, title, text, *filed = pair[side]
            if filed:
                (folder / f"{name}.txt").write_text(_filing(number, side, pair[side]), encoding="utf-8")
            else:
                row = {"title": title, "text": text, "date": day, "publisher": publisher}
                (folder / f"{name}.json").write_text(json.dumps(row), encoding="utf-8")


def _filing(number: int, side: str, row: Sequence[str]) -> str:
    day, company, _, text, form, period = row
    return _FILING.format(
        day=day.replace("-", ""),
        accession=f"000999{number:04d}-25-00000{1 if side == 'first' else 2}",
        form=form,
        period=period.replace("-", ""),
        company=company,
        cik=f"000999{number:04d}",
        text=text,
    )


def score_pairs(archive: Archive, pairs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What was meant, what the report calls it, and the report."""
    window = archive.window(*WINDOW)
    for number, pair in enumerate(pairs):
        report = archive.ask_in(window, Question(pair["question"], llm=False))
        yield pair["class"], _called(report, number), report


def _called(report: Mapping[str, Any], number: int) -> str:
    """The class of the pair's two documents; the gravest where there are several."""
    paths = {finding["id"]: Path(finding["source"]["path"]).name[:3] for finding in report["findings"]}
    own = f"{number:03d}"
    for pair in report["contradictions"]["pairs"]:
        if {paths[pair[side]["finding"]] for side in ("first", "second")} == {own}:
            return str(pair["class"])
    return NOTHING


def open_archive(root: Path, sources: Sequence[Path], embedder: Embedder) -> Archive:
    """An index of these sources, opened."""
    build_index(root, list(sources), embedder)
    return evidence.open(root, embedder=embedder, generator=ScriptedGenerator())


def quarters(archive: Archive) -> Counter[str]:
    """What is said of the same measures in one company's filings, by class; and how many pairs were compared."""
    found: Counter[str] = Counter()
    window = archive.window("2023-01-01", "2025-12-31")
    for measure in MEASURES:
        part = archive.ask_in(window, Question(f"What was NVIDIA's {measure}?", llm=False))["contradictions"]
        found["compared"] += part["compared"]
        found.update(pair["class"] for pair in part["pairs"])
    return found


def copy_filings(data: Path, folder: Path) -> list[Path]:
    """The filings with their days, which their pages do not say."""
    paths = []
    for name, day in zip(NVDA, FILED, strict=True):
        path = folder / f"nvda-{day}.html.gz"
        path.write_bytes((data / name).read_bytes())
        stated = {
            "published": day,
            "publisher": "NVIDIA Corporation",
            "company": "NVIDIA Corporation",
            "ticker": "NVDA",
        }
        path.with_name(f"{path.name}.meta.json").write_text(json.dumps(stated), encoding="utf-8")
        paths.append(path)
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--half", choices=("a", "b", "c"))
    parser.add_argument("--limit", type=int)
    parser.add_argument("--model", action="store_true", help="the embedder of models.toml, not the stand-in")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    embedder = load_embedder(load_models(None)) if arguments.model else HashingEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        source = root / "pairs"
        source.mkdir()
        pairs = read_pairs(arguments.half)[: arguments.limit]
        write_pairs(pairs, source)
        archive = open_archive(root / "index", [source], embedder)
        rows = []
        for pair, (meant, found, report) in zip(pairs, score_pairs(archive, pairs), strict=True):
            rows.append((meant, found))
            if arguments.verbose and meant != found:
                print(f"meant {meant}, found {found}: {pair['question']}")
                for finding in report["findings"]:
                    if Path(finding["source"]["path"]).name[:3] == f"{pairs.index(pair):03d}":
                        print(f"    {finding['source']['publisher']}: {[q['text'] for q in finding['quotes']]}")
        scores = Scores(tuple(rows))
        print(
            f"{len(rows)} pairs ({embedder.name}): disagreements recall {scores.recall:.2f}, precision "
            f"{scores.precision:.2f}; amendments and later words called disagreements "
            f"{scores.count('superseded', DISAGREEMENT)}; classed as meant {sum(m == f for m, f in rows)}"
        )
        print("meant -> found: " + "; ".join(f"{m} -> {f} {n}" for (m, f), n in sorted(Counter(rows).items())))
        if arguments.data:
            filings = root / "filings"
            filings.mkdir()
            found = quarters(open_archive(root / "nvda", copy_filings(arguments.data, filings), embedder))
            print(f"one company's filings of {len(NVDA)} periods: {dict(sorted(found.items()))}")


if __name__ == "__main__":
    main()
