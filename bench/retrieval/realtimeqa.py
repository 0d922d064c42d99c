"""Weekly news quizzes over dated articles: the window is the three weeks up to the quiz."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

from judged import JudgedSet, Topic, rows

from evidence.corpus.values import Document

WINDOW_DAYS = 21
YEARS = ("2023", "2024")


def realtimeqa(data: Path, work: Path, years: tuple[str, ...] = YEARS) -> JudgedSet:
    """Every question of these years; gold articles where they are known and lie inside the window."""
    folder = data / "realtimeqa"
    sources = tuple(folder / f"articles_{year}.jsonl.gz" for year in years)
    names, published = {}, {}
    for source in sources:
        for number, row in enumerate(rows(source), start=1):
            names[f"{source.name}#{number}"] = row["id"]
            published[row["id"]] = date.fromisoformat(row["publish_date"])
    gold = {row["question_id"]: row["article_ids"] for row in rows(folder / "gold_articles.jsonl.gz")}
    topics = []
    for row in rows(folder / "questions.jsonl.gz"):
        until = date.fromisoformat(row["question_date"].replace("/", "-"))
        if str(until.year) not in years:
            continue
        since = until - timedelta(days=WINDOW_DAYS)
        inside = [a for a in gold.get(row["question_id"], ()) if since <= published.get(a, date.min) <= until]
        topics.append(
            Topic(
                id=row["question_id"],
                text=row["question_sentence"],
                since=since.isoformat(),
                until=until.isoformat(),
                relevant=frozenset(inside),
                answer=row["choices"][int(row["answer"][0])],
            )
        )
    return JudgedSet(
        name="realtimeqa",
        sources=sources,
        topics=tuple(topics),
        unit=partial(_article, names),
        measures=("Success@1", "Success@5", "Success@10", "RR@10"),
        index="-".join(("realtimeqa", *years)),
    )


def _article(names: dict[str, str], document: Document, offset: int) -> str:
    return names[Path(document.path).name]
