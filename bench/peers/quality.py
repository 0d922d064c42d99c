"""Ours against txtai and Haystack at their defaults, end to end: the same model, articles, questions and windows.

    python -m pip install -r bench/peers/requirements.txt     (an environment of its own: see README.md beside this)
    python bench/peers/quality.py embed --data ../shared/data --work DIR [--seconds 400]
    python bench/peers/quality.py score --data ../shared/data --work DIR [--vectors DIR]

`score`: two sets of bench/retrieval, the questions of realtimeqa that have gold articles and the facts of multihop
among articles; each system's figures, and ours less its with the paired 95 % interval. All systems hold the same:
the facts and the articles of 2023. With `--since` and `--until` only those published in between are held, and only
the questions are asked whose window lies in between. `embed` makes the peers' vectors ahead, for so many seconds.
They are kept in DIR/vectors, ours in `--vectors`.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from runpy import run_path
from typing import Protocol

BENCH = Path(__file__).resolve().parent.parent
# the sets, and how they are scored, are those of the bench beside this one
sys.path.append(str(BENCH / "retrieval"))

from articles import Article, Piece  # noqa: E402
from in_haystack import Haystack, haystack_vectors, split  # noqa: E402
from in_txtai import Txtai, txtai_vectors  # noqa: E402
from indexes import open_set  # noqa: E402
from judged import JudgedSet, Topic, rows  # noqa: E402
from multihop import multihop  # noqa: E402
from realtimeqa import realtimeqa  # noqa: E402
from scores import compare, means, score  # noqa: E402
from subset import between  # noqa: E402
from systems import Systems  # noqa: E402

from evidence.corpus.values import Document  # noqa: E402
from evidence.loading import load_embedder, load_models  # noqa: E402

# Of each set what the targets are about, and its neighbours.
MEASURES = {
    "realtimeqa": ("Success@1", "Success@5", "Success@10"),
    "multihop": ("R@4", "R@10", "RR@10"),
}
_OURS = "evidence"
# What somebody asks for who reads ten; txtai looks for ten times as many before it looks at their days.
_ASKED = 10

Rank = Callable[[Topic], Iterator[tuple[str, str]]]


class Peer(Protocol):
    """Another program with an index of articles; days are ISO, both inside."""

    name: str

    def index(self, articles: Sequence[Article]) -> None: ...
    def search(self, question: str, since: str, until: str, count: int) -> list[Piece]: ...


def judged_sets(arguments: argparse.Namespace) -> list[JudgedSet]:
    """Both sets. No question of the first has a window with facts in it, so one index serves both."""
    since, until = arguments.since, arguments.until
    data = between(arguments.data, since, until, arguments.work)
    quiz, facts = realtimeqa(data, arguments.work, ("2023",)), multihop(data, arguments.work)
    topics = [topic for topic in quiz.topics if topic.relevant and since <= topic.since and topic.until <= until]
    return [replace(quiz, topics=tuple(topics)), facts]


def articles_of(judged: JudgedSet) -> Iterator[Article]:
    """A set's documents, in the order of its files."""
    for source in judged.sources:
        for number, row in enumerate(rows(source), start=1):
            yield Article.of(f"{source.name}#{number}", row)


def unit_of(judged: JudgedSet, piece: Piece) -> str:
    """What the set counts a piece as; it looks at nothing of a document but where it came from."""
    return judged.unit(Document(piece.key, piece.key, "news", "", ""), piece.offset)


def model_folder() -> Path:
    """The folder of the model that all use."""
    models = load_models(None)
    return models.get(models.embedder, "embedder").check().parent


def embed(arguments: argparse.Namespace) -> None:
    """Makes what is missing of the peers' vectors."""
    facts = judged_sets(arguments)[-1]
    articles, folder = list(articles_of(facts)), arguments.work / "vectors"
    ends = time.monotonic() + arguments.seconds
    whole = [one.titled for one in articles]
    done = txtai_vectors(model_folder(), folder).fill(whole, arguments.seconds)
    print(f"txtai: {done} of {len(set(whole))} articles")
    pieces = [one.content or "" for one in split(articles)]
    done = haystack_vectors(folder).fill(pieces, ends - time.monotonic())
    print(f"haystack: {done} of {len(set(pieces))} pieces")


def peers(work: Path) -> list[Peer]:
    """Each with the vectors that are kept for it."""
    model, folder = model_folder(), work / "vectors"
    by_txtai, by_haystack = txtai_vectors(model, folder), haystack_vectors(folder)
    found: list[Peer] = []
    for hybrid in (False, True):
        found += [Txtai(model, hybrid, by_txtai, limit) for limit in (_ASKED, None)]
    return [*found, *(Haystack(model, hybrid, by_haystack) for hybrid in (False, True))]


def compare_all(arguments: argparse.Namespace) -> None:
    """Indexes the articles in every system, asks every question, and prints what each found."""
    sets = judged_sets(arguments)
    articles = list(articles_of(sets[-1]))
    print(f"{len(articles)} documents, facts among them")
    script = run_path(str(BENCH / "remembered.py"))
    embedder = script["RememberingEmbedder"](load_embedder(load_models(None)), arguments.vectors)
    archive = open_set(sets[-1], arguments.work / "indexes" / f"{arguments.since}-{arguments.until}", embedder)
    found = peers(arguments.work)
    for peer in found:
        peer.index(articles)
    for judged in sets:
        ranks = {_OURS: Systems(judged, archive, ["search"]).rank["search"]}
        ranks |= {peer.name: _rank(peer, judged) for peer in found}
        _show(judged, {name: _scores(judged, rank) for name, rank in ranks.items()})


def _rank(peer: Peer, judged: JudgedSet) -> Rank:
    def rank(topic: Topic) -> Iterator[tuple[str, str]]:
        # a year as a window is its days
        since, until = topic.since, topic.until
        days = (since, until) if len(since) > len("2023") else (f"{since}-01-01", f"{until}-12-31")
        for piece in peer.search(topic.text, *days, judged.passages):
            yield unit_of(judged, piece), ""

    return rank


def _scores(judged: JudgedSet, rank: Rank) -> list[dict[str, float]]:
    """Each question's figures; answers in text are not asked for, so that no text is needed."""
    topics = [replace(topic, answer=None) for topic in judged.topics]
    return [score(topic, list(rank(topic)), judged.measures) for topic in topics]


def _show(judged: JudgedSet, scored: dict[str, list[dict[str, float]]]) -> None:
    for name, own in scored.items():
        figures = means(own)
        line = "  ".join(f"{measure} {figures[measure]:.3f}" for measure in MEASURES[judged.name])
        print(f"{judged.name:12} {name:18} {line}  ({len(own)} questions)")
        for measure in MEASURES[judged.name] if name != _OURS else ():
            d = compare([row[measure] for row in own], [row[measure] for row in scored[_OURS]])
            print(
                f"{'':31} ours {d.second - d.first:+.3f} at {measure} [{d.least:+.3f}, {d.most:+.3f}], "
                f"better {d.better}, worse {d.worse}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["embed", "score"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, help="our embedder's, as bench/remembered.py keeps them")
    parser.add_argument("--seconds", type=float, default=400)
    parser.add_argument("--since", default="2023-01-01")
    parser.add_argument("--until", default="2023-12-31")
    arguments = parser.parse_args()
    arguments.vectors = arguments.vectors or arguments.work / "vectors"
    (embed if arguments.what == "embed" else compare_all)(arguments)


if __name__ == "__main__":
    main()
