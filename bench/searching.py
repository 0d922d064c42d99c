"""1,000 queries in one process: what a search costs beyond the embedding of its query.

python bench/searching.py --index DIR --questions QUESTIONS.jsonl.gz --since 2023 --until 2023
"""

import argparse
import gzip
import itertools
import json
import time
from pathlib import Path

import numpy as np

import evidence
from evidence.retriever.search import search_embedded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--since", required=True)
    parser.add_argument("--until", required=True)
    parser.add_argument("--limit", type=int, default=1000)
    arguments = parser.parse_args()
    archive = evidence.open(arguments.index)
    window = archive.window(arguments.since, arguments.until)
    with gzip.open(arguments.questions, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in itertools.islice(file, arguments.limit)]
    questions = [row.get("question_sentence") or row.get("question") or row.get("text") for row in rows]
    embedding, beyond = [], []
    for question in questions:
        started = time.perf_counter()
        vector = archive.embedder.encode([question])[0]
        embedded = time.perf_counter()
        search_embedded(archive.index, vector, question, window, 10)
        beyond.append((time.perf_counter() - embedded) * 1000)
        embedding.append((embedded - started) * 1000)
    print(
        f"{len(questions)} queries over {archive.index.manifest.passages} passages: embedding median "
        f"{np.median(embedding):.1f} ms; beyond it median {np.median(beyond):.1f} ms, "
        f"95th percentile {np.percentile(beyond, 95):.1f} ms"
    )


if __name__ == "__main__":
    main()
