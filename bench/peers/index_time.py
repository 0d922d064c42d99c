"""Seconds to index the same articles in ours, txtai and Haystack at their defaults, in turn, nothing kept.

    python bench/peers/index_time.py ARTICLES.jsonl.gz [--articles 100 --rounds 2]

Every round takes other articles. Models are loaded before the clock starts. What each embeds is not the same: txtai
the first 512 wordpieces of an article, Haystack the first 256 of each piece, ours all of it. Only ours reads files,
in processes that contain them, and writes an index that lasts.
"""

import argparse
import gzip
import itertools
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

from articles import Article
from in_haystack import Haystack
from in_txtai import Txtai

from evidence.indexer.build import build_index
from evidence.loading import load_embedder, load_models


def measure(lines: list[str], folder: Path) -> dict[str, float]:
    """Seconds of each for these records."""
    models = load_models(None)
    model = models.get(models.embedder, "embedder").check().parent
    articles = [Article.of(str(number), json.loads(line)) for number, line in enumerate(lines)]
    source = folder / "articles.jsonl"
    source.write_text("".join(lines), encoding="utf-8")
    embedder = load_embedder(models)
    embedder.encode(["warm"])
    runs: dict[str, Callable[[], object]] = {
        "evidence": lambda: build_index(folder / "index", [source], embedder),
        "txtai": lambda: txtai.index(articles),
        "haystack": lambda: haystack.index(articles),
    }
    txtai, haystack = Txtai(model, hybrid=False), Haystack(model, hybrid=False)
    haystack.warm_up()
    seconds = {}
    for name, run in runs.items():
        started = time.perf_counter()
        run()
        seconds[name] = time.perf_counter() - started
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=100, help="a round")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    rounds = []
    with gzip.open(arguments.file, "rt", encoding="utf-8") as file:
        for _ in range(arguments.rounds):
            lines = list(itertools.islice(file, arguments.articles))
            with tempfile.TemporaryDirectory() as folder:
                rounds.append(measure(lines, Path(folder)))
            print(", ".join(f"{name} {seconds:.1f} s" for name, seconds in rounds[-1].items()), flush=True)
    for name in rounds[0]:
        ratio = fmean(one[name] / one["evidence"] for one in rounds)
        print(f"{name:10} {fmean(one[name] for one in rounds):6.1f} s a round, {ratio:.2f} times evidence")


if __name__ == "__main__":
    main()
