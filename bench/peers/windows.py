"""One window search after another, in what a user might pick: latency, recall, build time and size, in one run.

    python -m pip install -r bench/peers/requirements.txt     (an environment of its own: see README.md beside this)
    python bench/peers/windows.py --folder DIR [--rows 300000 --dimensions 384 | --index INDEX] [--systems NAME ...]

Every system gets the same passages in the same order and is opened from disk. Queries are asked one at a time, ten
of each system in turn, after some that are not counted. What is built in DIR stays there and is used again.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from in_evidence import Evidence
from in_faiss import FETCH_DEFAULT, FlatRange, PostFilter
from in_lancedb import Lance
from in_qdrant import Qdrant
from in_sqlite import SqliteVec
from passages import SHARES, Passages, Query, make_passages, make_queries, passages_of

COUNT = 50
# Queries that a system is asked before it is the next one's turn: a program that searches uses one system, which
# then stays in the caches, while the machine's other work comes and goes.
_STRETCH = 10


class System(Protocol):
    """Passages on disk, searched under a window. `ask` makes ready and `rows` reads: neither is timed."""

    name: str
    settings: str

    def build(self, folder: Path, passages: Passages) -> None: ...
    def open(self, folder: Path) -> None: ...
    def ask(self, query: Query) -> Any: ...
    def search(self, asked: Any, count: int) -> Any: ...
    def rows(self, found: Any) -> list[int]: ...


# Two that share a folder search what one of them built.
SYSTEMS: dict[str, tuple[System, ...]] = {
    "evidence": (Evidence(),),
    "flat": (FlatRange(),),
    "langchain": (PostFilter(None), PostFilter(FETCH_DEFAULT)),
    "lancedb-flat": (Lance(index=False),),
    "lancedb": (Lance(index=True),),
    "qdrant-edge-exact": (Qdrant(exact=True),),
    "qdrant-edge": (Qdrant(exact=False),),
    "sqlite-vec": (SqliteVec(partitions=False),),
    "sqlite-vec-partitions": (SqliteVec(partitions=True),),
}


def build(folder: Path, names: Sequence[str], passages: Passages) -> dict[str, float]:
    """Seconds each took, now or when it was built; each is built once."""
    taken = folder / "seconds.json"
    seconds: dict[str, float] = json.loads(taken.read_text()) if taken.exists() else {}
    for name in names:
        if name in seconds:
            continue
        started = time.perf_counter()
        SYSTEMS[name][0].build(folder / name, passages)
        seconds[name] = time.perf_counter() - started
        taken.write_text(json.dumps(seconds, indent=1))
        print(f"built {name} in {seconds[name]:.1f} s", flush=True)
    return seconds


def megabytes(folder: Path) -> float:
    """What a folder takes, counted in blocks: some files are set aside larger than what is in them."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()) / 1e6


def measure(systems: Sequence[System], queries: Sequence[Query], passages: Passages) -> dict[str, dict[float, Any]]:
    """By system and share: milliseconds and recalls, a pair a query. Each is asked _STRETCH queries, in turn."""
    for system in systems:
        for query in queries[:: max(1, len(queries) // (2 * len(SHARES)))]:
            system.search(system.ask(query), COUNT)
    measured: dict[str, dict[float, Any]] = defaultdict(lambda: defaultdict(list))
    for first in range(0, len(queries), _STRETCH):
        stretch = queries[first : first + _STRETCH]
        for system in systems:
            for query in stretch:
                asked = system.ask(query)
                started = time.perf_counter()
                found = system.search(asked, COUNT)
                taken = (time.perf_counter() - started) * 1000
                recall = passages.recall(query, system.rows(found), COUNT)
                measured[system.name][query.share].append((taken, recall))
    return measured


def show(measured: dict[str, dict[float, Any]], first: str) -> None:
    """One line a system and window, with the ratio of its median to that of `first`."""
    for share in SHARES:
        base = np.median([taken for taken, _ in measured[first][share]])
        for name, by_share in measured.items():
            taken, recall = np.array(by_share[share]).T
            print(
                f"{share:5} %  {name:24} median {np.median(taken):8.2f} ms, 95th percentile "
                f"{np.percentile(taken, 95):8.2f} ms, recall {recall.mean():.3f}, "
                f"{np.median(taken) / base:7.2f} times {first}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--dimensions", type=int, default=384)
    parser.add_argument("--index", type=Path, help="take passages and vectors from this index")
    parser.add_argument("--queries", type=int, default=40, help="a window")
    parser.add_argument("--systems", nargs="+", choices=list(SYSTEMS), default=list(SYSTEMS))
    parser.add_argument("--only-build", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    if arguments.index:
        passages = passages_of(arguments.index)
    else:
        passages = make_passages(arguments.rows, arguments.dimensions, arguments.seed)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    seconds = build(arguments.folder, arguments.systems, passages)
    if arguments.only_build:
        return
    raw = passages.vectors.nbytes / 1e6
    print(f"{len(passages.days)} passages of {passages.vectors.shape[1]} dimensions, {raw:.0f} MB of vectors")
    systems = []
    for name in arguments.systems:
        size = megabytes(arguments.folder / name)
        print(f"{name:24} built in {seconds[name]:7.1f} s, {size:6.0f} MB, {size / raw:.2f} times the vectors")
        for system in SYSTEMS[name]:
            system.open(arguments.folder / name)
            systems.append(system)
            print(f"    {system.name}: {system.settings}")
    queries = make_queries(passages, arguments.queries, arguments.seed + 1)
    show(measure(systems, queries, passages), systems[0].name)


if __name__ == "__main__":
    main()
