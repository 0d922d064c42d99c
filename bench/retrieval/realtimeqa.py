"""Weekly news quizzes over dated articles: the window is the three weeks up to the quiz.

Some articles are the quizzes themselves. They hold the questions with every choice, so they are found first and
answer nothing; and a gold article has copies of other addresses, of which a search gives one. `news` passes over
the quizzes, and counts as gold whatever bears a gold article's headline.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from judged import JudgedSet, Topic, rows

from evidence.corpus.values import Document

WINDOW_DAYS = 21
YEARS = ("2023", "2024")
_QUIZ = "quiz of the week"


def realtimeqa(data: Path, work: Path, years: tuple[str, ...] = YEARS, news: bool = False) -> JudgedSet:
    """Every question of these years; gold articles where they are known and lie inside the window."""
    folder = data / "realtimeqa"
    sources = tuple(folder / f"articles_{year}.jsonl.gz" for year in years)
    articles = {f"{s.name}#{number}": row for s in sources for number, row in enumerate(rows(s), start=1)}
    published = {row["id"]: date.fromisoformat(row["publish_date"]) for row in articles.values()}
    headlines = {row["id"]: _headline(row["title"]) for row in articles.values()} if news else {}
    quizzes = frozenset(name for name, headline in headlines.items() if headline.startswith(_QUIZ))
    gold = {row["question_id"]: row["article_ids"] for row in rows(folder / "gold_articles.jsonl.gz")}
    topics = []
    for row in rows(folder / "questions.jsonl.gz"):
        until = date.fromisoformat(row["question_date"].replace("/", "-"))
        if str(until.year) not in years:
            continue
        since = until - timedelta(days=WINDOW_DAYS)
        golden = _with_copies(gold.get(row["question_id"], ()), headlines)
        inside = [name for name in golden if since <= published.get(name, date.min) <= until]
        topics.append(
            Topic(
                id=row["question_id"],
                text=row["question_sentence"],
                since=since.isoformat(),
                until=until.isoformat(),
                relevant=frozenset(inside),
                answer=row["choices"][int(row["answer"][0])],
                aside=quizzes,
            )
        )
    return JudgedSet(
        name="realtimeqa",
        sources=sources,
        topics=tuple(topics),
        unit=partial(_article, {name: row["id"] for name, row in articles.items()}),
        measures=("Success@1", "Success@5", "Success@10", "RR@10"),
        index="-".join(("realtimeqa", *years)),
    )


def _headline(title: str) -> str:
    """Without the paper's name, which differs between addresses of one article."""
    return title.partition(" | ")[0].removesuffix(" ...").casefold()


def _with_copies(names: Sequence[str], headlines: dict[str, str]) -> set[str]:
    wanted = {headlines[name] for name in names if name in headlines}
    return {*names, *(name for name, headline in headlines.items() if headline in wanted)}


def _article(names: dict[str, str], document: Document, offset: int) -> str:
    return names[Path(document.path).name]
