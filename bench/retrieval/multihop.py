"""Facts of autumn 2023, each a small document of its own, hidden among the news articles of that year.

An article that is not a fact may take several places in a list, as it does for a user. The window is that year.
"""

from functools import partial
from pathlib import Path

from judged import JudgedSet, Topic, rows, write_rows

from evidence.corpus.values import Document

_NULL = "null_query"


def multihop(data: Path, work: Path) -> JudgedSet:
    """All queries but those without evidence."""
    folder = data / "multihop_rag_500"
    facts = list(rows(folder / "facts.jsonl"))
    documents = (
        {
            "title": row["title"],
            "publisher": row["source"],
            "published": row["published_at"],
            "url": row["url"],
            "text": row["fact"],
        }
        for row in facts
    )
    source = write_rows(work / "multihop.facts.jsonl", documents)
    names = {f"{source.name}#{number}": row["id"] for number, row in enumerate(facts, start=1)}
    topics = tuple(
        Topic(
            id=f"q{number}",
            text=row["query"],
            since="2023",
            until="2023",
            relevant=frozenset(row["evidence_ids"]),
            kind=row["question_type"],
        )
        for number, row in enumerate(rows(folder / "queries.jsonl.gz"))
        if row["question_type"] != _NULL
    )
    return JudgedSet(
        name="multihop",
        sources=(source, data / "realtimeqa" / "articles_2023.jsonl.gz"),
        topics=topics,
        unit=partial(_fact, names),
        measures=("R@4", "R@10", "RR@10", "Success@4", "Success@10"),
        index="multihop",
    )


def _fact(names: dict[str, str], document: Document, offset: int) -> str:
    return names.get(Path(document.path).name, f"{document.id}:{offset}")
