"""Words inside a window: our BM25 against SQLite's FTS5 over the same pieces of 180 words; latency, build, size.

    python bench/peers/words.py --folder DIR --articles FILE.jsonl.gz ... --questions FILE.jsonl.gz [--queries 60]

Both are asked for the content words of real questions, any of them, and give the 50 best inside the window; one
query at a time, in turn. FTS5 stems as Porter did. It knows no window: its day is a column beside the words, as its
pages say, or its rows are in the order of days, which a program may know to use. What is built in DIR stays there.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pysqlite3 as sqlite3
from in_evidence import cut_document
from passages import SHARES
from pieces import Asked, Pieces, ask, read_articles
from windows import megabytes

from evidence.indexer.build import COMMIT_PASSAGES
from evidence.indexer.segment import CutDocument
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import open_writer
from evidence.retriever.lexical import rank_lexical
from evidence.retriever.ranges import find_ranges
from evidence.retriever.terms import plain_clauses
from evidence.retriever.window import Window, parse_window

COUNT = 50
# Vectors are written, too, and not searched here.
_DIMENSIONS = 8

Search = Callable[[Asked], Any]


def build_evidence(folder: Path, articles: Sequence[Pieces]) -> None:
    """As `evidence index` commits, with vectors of a stand-in."""
    with open_writer(folder, HashingEmbedder(_DIMENSIONS)) as writer:
        cut: list[CutDocument] = []
        for number, article in enumerate(articles, start=1):
            cut.append(cut_document(number, article.day, article.text, article.spans))
            waiting = sum(len(one.passages) for one in cut)
            if waiting >= COMMIT_PASSAGES or number == len(articles):
                writer.commit(cut, np.full((waiting, _DIMENSIONS), _DIMENSIONS**-0.5, np.float32), ())
                cut = []


def build_fts(folder: Path, articles: Sequence[Pieces]) -> None:
    """One row a piece, in the order of days; the day beside it as a number."""
    folder.mkdir(parents=True)
    database = sqlite3.connect(folder / "words.db")
    database.execute("create virtual table pieces using fts5(text, day unindexed, tokenize = 'porter unicode61')")
    database.execute("create table days(day integer primary key, first integer, last integer)")
    rows = [(text, article.day.toordinal()) for article in articles for text in article.texts()]
    database.executemany(
        "insert into pieces(rowid, text, day) values (?, ?, ?)", ((number, *row) for number, row in enumerate(rows))
    )
    database.execute("insert into days select day, min(rowid), max(rowid) from pieces group by day")
    database.execute("insert into pieces(pieces) values ('optimize')")
    database.commit()
    database.close()


def search_evidence(folder: Path) -> Search:
    """Our ranking by words, as `search` asks for it."""
    index = Index.open(folder)

    def search(asked: Asked) -> Any:
        return rank_lexical(find_ranges(index, _window(asked)), plain_clauses(" ".join(asked.words)), COUNT)

    return search


@cache
def _window(asked: Asked) -> Window:
    return parse_window(asked.since.isoformat(), asked.until.isoformat(), today=date(2026, 1, 1))


def search_fts(folder: Path, by_rows: bool) -> Search:
    """FTS5 with the day tested on every row that matches, or with a range of rows."""
    database = sqlite3.connect(folder / "words.db")
    test = "day between ? and ?"
    if by_rows:
        first, last = "select min(first) from days where day >= ?", "select max(last) from days where day <= ?"
        test = f"rowid between ({first}) and ({last})"

    def search(asked: Asked) -> Any:
        words = " OR ".join(f'"{word}"' for word in asked.words)
        return database.execute(
            f"select rowid, rank from pieces where pieces match ? and {test} order by rank limit {COUNT}",
            (words, asked.since.toordinal(), asked.until.toordinal()),
        ).fetchall()

    return search


def measure(systems: dict[str, Search], queries: Sequence[Asked]) -> Iterator[str]:
    """A line a window and system; a first round opens files and parses windows, and is not counted."""
    taken: dict[tuple[float, str], list[float]] = defaultdict(list)
    for counted in (False, True):
        for asked in queries:
            for name, search in systems.items():
                started = time.perf_counter()
                search(asked)
                if counted:
                    taken[asked.share, name].append((time.perf_counter() - started) * 1000)
    for share in SHARES:
        base = np.median(taken[share, "evidence"])
        for name in systems:
            one = np.array(taken[share, name])
            yield (
                f"{share:5} %  {name:20} median {np.median(one):7.2f} ms, 95th percentile "
                f"{np.percentile(one, 95):7.2f} ms, {np.median(one) / base:6.2f} times evidence"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--articles", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=60, help="a window")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    articles = read_articles(arguments.articles)
    print(f"{sum(len(article.spans) for article in articles)} pieces of {len(articles)} articles")
    for name, build in (("evidence", build_evidence), ("fts5", build_fts)):
        folder, started = arguments.folder / name, time.perf_counter()
        if not folder.exists():
            build(folder, articles)
            print(f"{name:20} built in {time.perf_counter() - started:.1f} s")
        print(f"{name:20} {megabytes(folder):.0f} MB")
    systems = {
        "evidence": search_evidence(arguments.folder / "evidence"),
        "fts5, day column": search_fts(arguments.folder / "fts5", by_rows=False),
        "fts5, range of rows": search_fts(arguments.folder / "fts5", by_rows=True),
    }
    for line in measure(systems, ask(articles, arguments.questions, arguments.queries, arguments.seed)):
        print(line)


if __name__ == "__main__":
    main()
