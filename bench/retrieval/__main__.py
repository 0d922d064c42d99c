"""How well `search` finds: named sets through the real search in one process, scored with ir-measures.

    python bench/retrieval run  --data ../shared/data --work DIR --out DIR [--sets NAME...] [--systems NAME...]
    python bench/retrieval diff OUT/SET.SYSTEM.jsonl OTHER/SET.SYSTEM.jsonl

Sets: realtimeqa (articles that answer quiz questions of the following three weeks; `Answer@k`: the right choice
stands in one of the first k passages), -2023 of it, and both with `-news` (the quizzes themselves passed over,
copies of gold gold), financebench-dated, -stated, -numbered, and each with `-known` (the page of a filing),
multihop (facts among articles), cacm (abstracts; words alone). Systems: plain (BM25 over pieces of 180 words),
lexical, dense, search. `run` prints a line of figures for each set and system and leaves a line a question in
OUT; `diff` compares two of those files question by question. WORK keeps indexes and vectors: what was embedded
once is not embedded again.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from runpy import run_path
from typing import Any

from cacm import cacm
from financebench import financebench
from indexes import open_set
from judged import JudgedSet, rows
from multihop import multihop
from realtimeqa import realtimeqa
from scores import compare, means, score
from systems import Systems
from unembedded import Unembedded

from evidence.indexer.embedder import Embedder
from evidence.indexer.standin import HashingEmbedder
from evidence.loading import load_embedder, load_models

SETS: dict[str, Callable[[Path, Path], JudgedSet]] = {
    "realtimeqa": realtimeqa,
    "realtimeqa-2023": partial(realtimeqa, years=("2023",)),
    "realtimeqa-2023-news": partial(realtimeqa, years=("2023",), news=True),
    "realtimeqa-news": partial(realtimeqa, news=True),
    "financebench-dated": financebench,
    "financebench-dated-known": partial(financebench, known=True),
    "financebench-stated": partial(financebench, stated=True),
    "financebench-stated-known": partial(financebench, stated=True, known=True),
    "financebench-numbered": partial(financebench, numbered=True),
    "financebench-numbered-known": partial(financebench, numbered=True, known=True),
    "multihop": multihop,
    "cacm": cacm,
}
SYSTEMS = ("plain", "lexical", "dense", "search")
WORDS_ALONE = {"plain", "lexical"}
_KEPT_UNITS = 20


def run(arguments: argparse.Namespace) -> None:
    """Scores the systems on the sets."""
    vectors = arguments.vectors or arguments.work / "vectors"
    for name in arguments.sets:
        judged = SETS[name](arguments.data, arguments.work)
        systems = [s for s in arguments.systems if not judged.lexical_only or s in WORDS_ALONE]
        embedder = _embedder(judged, systems, vectors)
        archive = open_set(judged, arguments.work / "indexes" / f"{judged.index}.{embedder.name}", embedder)
        for system, rank in Systems(judged, archive, systems).rank.items():
            started = time.perf_counter()
            lines: list[dict[str, Any]] = []
            for topic in judged.topics[: arguments.limit]:
                found = list(rank(topic))
                units = list(dict.fromkeys(unit for unit, _ in found))[:_KEPT_UNITS]
                figures = score(topic, found, judged.measures)
                lines.append({"id": topic.id, "kind": topic.kind, **figures, "units": units})
            _keep(arguments.out / f"{name}.{system}.jsonl", lines)
            seconds = time.perf_counter() - started
            print(f"{name:25} {system:8} {_line(lines)}  {len(lines)} questions, {seconds:.0f} s", flush=True)
            for kind in sorted({line["kind"] for line in lines} - {"all"}):
                print(f"{'':25} {kind:20} {_line([line for line in lines if line['kind'] == kind])}")


def _embedder(judged: JudgedSet, systems: Sequence[str], vectors: Path) -> Embedder:
    if judged.lexical_only:
        return HashingEmbedder()
    if WORDS_ALONE.issuperset(systems):
        return Unembedded(load_embedder(load_models(None)))
    return _remembering(vectors)


@cache
def _remembering(folder: Path) -> Embedder:
    script = run_path(str(Path(__file__).parent.parent / "remembered.py"))
    embedder: Embedder = script["RememberingEmbedder"](load_embedder(load_models(None)), folder)
    return embedder


def _keep(path: Path, lines: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _figures(line: dict[str, Any]) -> dict[str, float]:
    return {name: value for name, value in line.items() if isinstance(value, float | int)}


def _line(lines: list[dict[str, Any]]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in means([_figures(line) for line in lines]).items())


def diff(arguments: argparse.Namespace) -> None:
    """Compares two files of `run`."""
    first, second = ({row["id"]: row for row in rows(path)} for path in (arguments.first, arguments.second))
    shared = [(_figures(first[name]), _figures(second[name])) for name in first if name in second]
    for measure in dict.fromkeys(name for one, _ in shared for name in one):
        pairs = [(one[measure], other[measure]) for one, other in shared if measure in one and measure in other]
        d = compare([one for one, _ in pairs], [other for _, other in pairs])
        gain = f"{d.second - d.first:+.3f} [{d.least:+.3f}, {d.most:+.3f}]"
        print(
            f"{measure:10} {d.first:.3f} -> {d.second:.3f}  {gain}"
            f"  better {d.better}, worse {d.worse} of {d.questions}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    running = commands.add_parser("run")
    running.set_defaults(command=run)
    for name in ("data", "work", "out"):
        running.add_argument(f"--{name}", type=Path, required=True)
    running.add_argument("--vectors", type=Path)
    running.add_argument("--sets", nargs="+", choices=SETS, default=[s for s in SETS if "-2023" not in s])
    running.add_argument("--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    running.add_argument("--limit", type=int)
    comparing = commands.add_parser("diff")
    comparing.set_defaults(command=diff)
    comparing.add_argument("first", type=Path)
    comparing.add_argument("second", type=Path)
    arguments = parser.parse_args()
    arguments.command(arguments)


if __name__ == "__main__":
    main()
