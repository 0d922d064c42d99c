"""What the relevance threshold of quotes lets in and keeps out.

Each question that has a gold article in the archive is asked twice: of the three weeks before it, where the
article is, and of three weeks that ended before the article was published, where it cannot be. Relevance is that
of the best quote.

    python bench/spans.py --index DIR --questions questions.jsonl.gz --gold gold_articles.jsonl.gz \\
        --ids articles.jsonl.gz
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

import evidence
from evidence.archive import PASSAGES_PER_QUERY, Archive
from evidence.generator.spans import MIN_RELEVANCE, rank_passages

WEEKS = timedelta(days=21)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def best_relevance(archive: Archive, question: str, until: date) -> float:
    """Relevance of the best quote in the three weeks up to this day; 0 without any."""
    window = archive.window((until - WEEKS).isoformat(), until.isoformat())
    hits = archive.search_in(window, question, PASSAGES_PER_QUERY)
    ranked = rank_passages(question, hits, archive.embedder, least=0.0)
    return ranked[0].relevance if ranked else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("index", "questions", "gold", "ids"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=200)
    arguments = parser.parse_args()
    archive = evidence.open(arguments.index)
    published = {row["id"]: row["publish_date"] for row in rows(arguments.ids)}
    gold = {row["question_id"]: row["article_ids"] for row in rows(arguments.gold)}
    with_article, without = [], []
    for row in rows(arguments.questions):
        days = [date.fromisoformat(published[a]) for a in gold.get(row["question_id"], []) if published.get(a)]
        asked = date.fromisoformat(row["question_date"].replace("/", "-"))
        if not days or not asked - WEEKS <= min(days) <= asked or len(with_article) == arguments.limit:
            continue
        with_article.append(best_relevance(archive, row["question_sentence"], asked))
        without.append(best_relevance(archive, row["question_sentence"], min(days) - timedelta(days=1)))
    print(f"{len(with_article)} questions; threshold in use {MIN_RELEVANCE}")
    print("threshold  answered with its article  answered without")
    for least in np.arange(0.25, 0.66, 0.05):
        shares = [float(np.mean(np.array(values) >= least)) for values in (with_article, without)]
        print(f"{least:9.2f}  {shares[0]:25.2f}  {shares[1]:16.2f}")


if __name__ == "__main__":
    main()
