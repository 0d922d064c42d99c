"""Words: postings against tantivy on the same passages and the same queries, in one run, one thread a query.

Passages are real articles cut to 180 words, in order of time; beyond as many as there are, a passage is the first
half of one and the second half of another, drawn by seed, so that words keep their frequencies and their company
(the vocabulary no longer grows, which spares both). tantivy has one writer thread, its own English stemmer,
frequencies without positions, and a fast integer field for the time; its query is the same words, any of them, and
a range.
Building is timed from texts to something that can be searched, merges included, on the clock and in processor time
(tantivy's merges run beside its writer). Queries are cut into words inside the time of both, and timed as the
processor time of their one thread, which is what they would take on a machine that does nothing else. With --folder
what is built is kept and used again, and only searching is timed.

    python bench/lexical.py --articles FILE.jsonl.gz... --questions FILE.jsonl.gz [--passages N] [--folder DIR]
"""

import argparse
import functools
import gzip
import itertools
import json
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import tantivy

from evidence.corpus.disk import DISK
from evidence.indexer.draft import Draft
from evidence.indexer.posting_merge import merge_postings
from evidence.indexer.postings import PostingFiles, write_postings
from evidence.indexer.vocabulary import Field, Vocabulary
from evidence.indexer.words import query_words
from evidence.retriever.bm25 import Slice
from evidence.retriever.scoring import best_rows
from evidence.retriever.terms import plain_clauses

WORDS = 180
PART = 65_536
WINDOWS = (100.0, 25.0, 5.0, 1.0, 0.1)
SCHEMA = (
    tantivy.SchemaBuilder()
    .add_text_field("body", tokenizer_name="en_stem", index_option="freq")
    .add_integer_field("row", fast=True, indexed=True)
    .build()
)


# Seconds on the clock, and of all the process's threads on the processor.
Spent = np.ndarray


def now() -> Spent:
    return np.array([time.perf_counter(), time.process_time()])


def cut_articles(paths: Sequence[Path]) -> list[str]:
    """Real passages, by day of publication."""
    articles = []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            articles += [json.loads(line) for line in file]
    passages = []
    for article in sorted(articles, key=lambda row: (row["publish_date"], row["id"])):
        words = article["text"].split(" ")
        passages += [" ".join(words[at : at + WORDS]) for at in range(0, len(words), WORDS)]
    return passages


def draw(real: Sequence[str], count: int) -> Iterator[str]:
    """The real passages first, then halves of two of them."""
    yield from itertools.islice(real, count)
    chance = random.Random(1)
    halves = [(text[: text.find(" ", len(text) // 2)], text[text.find(" ", len(text) // 2) :]) for text in real]
    for _ in range(count - len(real)):
        yield chance.choice(halves)[0] + chance.choice(halves)[1]


def in_parts(texts: Iterator[str]) -> Iterator[list[str]]:
    while part := list(itertools.islice(texts, PART)):
        yield part


def build_ours(parts: Iterator[list[str]], folder: Path) -> Spent:
    """Postings part by part, merged into one segment's; what that took, the drawing of texts aside."""
    spent, sizes = np.zeros(2), []
    for number, texts in enumerate(parts):
        place = folder / f"part{number}"
        place.mkdir(parents=True)
        started = now()
        vocabulary = Vocabulary()
        body = Field.of([vocabulary.numbers(text) for text in texts])
        head = Field.of([np.zeros(0, np.int32)] * len(texts))
        write_postings(vocabulary.terms, body, head, Draft(place, DISK))
        spent += now() - started
        sizes.append(len(texts))
    if len(sizes) == 1:
        for path in place.iterdir():
            path.rename(folder / path.name)
        return spent
    started = now()
    starts = np.cumsum([0, *sizes]).tolist()
    opened = [PostingFiles(folder / f"part{number}", size) for number, size in enumerate(sizes)]
    maps = [np.arange(start, start + size) for start, size in zip(starts, sizes, strict=False)]
    merge_postings(list(zip(opened, maps, strict=True)), starts[-1], Draft(folder, DISK))
    for number in range(len(sizes)):
        shutil.rmtree(folder / f"part{number}")
    return spent + now() - started


def build_tantivy(parts: Iterator[list[str]], folder: Path) -> Spent:
    folder.mkdir(parents=True)
    started = now()
    writer = tantivy.Index(SCHEMA, path=str(folder)).writer(num_threads=1)
    spent, row = now() - started, 0
    for texts in parts:
        started = now()
        for text in texts:
            writer.add_document(tantivy.Document(body=text, row=row))
            row += 1
        spent += now() - started
    started = now()
    writer.commit()
    writer.wait_merging_threads()
    return spent + now() - started


def ask_tantivy(searcher: tantivy.Searcher, text: str, first: int, last: int, depth: int) -> list[int]:
    words = [
        (tantivy.Occur.Should, tantivy.Query.term_query(SCHEMA, "body", word, index_option="freq"))
        for word in query_words(text)
    ]
    inside = tantivy.Query.range_query(SCHEMA, "row", tantivy.FieldType.Integer, first, last - 1)
    query = tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, tantivy.Query.boolean_query(words)), (tantivy.Occur.Must, inside)]
    )
    return [address for _, address in searcher.search(query, limit=depth, count=False).hits]


def ask_ours(files: PostingFiles, text: str, first: int, wanted: np.ndarray, depth: int) -> object:
    return best_rows([Slice(files, first, wanted)], plain_clauses(text), depth)


def timed(ask: Callable[[], object]) -> float:
    started = time.thread_time_ns()
    ask()
    return (time.thread_time_ns() - started) / 1e6


def compare(
    files: PostingFiles, searcher: tantivy.Searcher, questions: Sequence[str], count: int, share: float, depth: int
) -> None:
    """One window's line: windows of this share of the rows, one drawn for each query, the same for both."""
    chance = random.Random(share)
    width = max(1, int(count * share / 100))
    firsts = [chance.randint(0, count - width) for _ in questions]
    wanted = np.ones(width, np.bool_)
    pairs = []
    for text, first in [*zip(questions, firsts, strict=True)] * 2:
        ours = timed(functools.partial(ask_ours, files, text, first, wanted, depth))
        theirs = timed(functools.partial(ask_tantivy, searcher, text, first, first + width, depth))
        pairs.append((ours, theirs))
    # every query is asked of both in turn, and once before it counts
    ours, theirs = zip(*pairs[len(questions) :], strict=True)
    medians, tails = [np.median(t) for t in (ours, theirs)], [np.percentile(t, 95) for t in (ours, theirs)]
    print(
        f"{share:g} % of {count} passages, top {depth}, {len(questions)} queries: ours median {medians[0]:.3f} ms, "
        f"95th percentile {tails[0]:.3f} ms; tantivy {medians[1]:.3f}, {tails[1]:.3f}; "
        f"ratio {medians[0] / medians[1]:.2f}, {tails[0] / tails[1]:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=43_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--depth", type=int, default=100)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with gzip.open(arguments.questions, "rt", encoding="utf-8") as file:
        questions = [json.loads(line)["question_sentence"] for line in itertools.islice(file, arguments.queries)]
    with tempfile.TemporaryDirectory() as scratch:
        root = (arguments.folder or Path(scratch)) / str(arguments.passages)
        if not root.exists():
            real = cut_articles(arguments.articles)
            spent = [
                build(in_parts(draw(real, arguments.passages)), root / name)
                for name, build in (("ours", build_ours), ("tantivy", build_tantivy))
            ]
            ours, theirs = (arguments.passages / seconds for seconds in spent)
            print(
                f"built {arguments.passages} passages ({min(len(real), arguments.passages)} real): ours "
                f"{ours[0]:.0f} passages/s, tantivy {theirs[0]:.0f}, ratio {ours[0] / theirs[0]:.2f}; in processor "
                f"time {ours[1]:.0f}, {theirs[1]:.0f}, ratio {ours[1] / theirs[1]:.2f}"
            )
        files = PostingFiles(root / "ours", arguments.passages)
        index = tantivy.Index.open(str(root / "tantivy"))
        for share in WINDOWS:
            compare(files, index.searcher(), questions, arguments.passages, share, arguments.depth)


if __name__ == "__main__":
    main()
