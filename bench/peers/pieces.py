"""Real articles cut into pieces of 180 words, and the words of real questions to look for inside windows."""

import gzip
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from passages import SHARES

from evidence.indexer.sentences import Span
from evidence.indexer.words import FUNCTION_WORDS

PIECE_WORDS = 180


@dataclass(frozen=True, slots=True)
class Pieces:
    """One article, and where its pieces begin and end."""

    day: date
    text: str
    spans: tuple[Span, ...]

    def texts(self) -> Iterator[str]:
        """Each piece."""
        return (self.text[start:end] for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class Asked:
    """Words, any of which may stand in a piece, and the days, both inside."""

    words: tuple[str, ...]
    share: float
    since: date
    until: date


def read_articles(files: Sequence[Path]) -> list[Pieces]:
    """Those that hold words, by day."""
    articles = []
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for row in map(json.loads, file):
                words = [match.span() for match in re.finditer(r"\S+", row["text"])]
                cuts = (words[at : at + PIECE_WORDS] for at in range(0, len(words), PIECE_WORDS))
                spans = tuple((cut[0][0], cut[-1][1]) for cut in cuts)
                articles.append(Pieces(date.fromisoformat(row["publish_date"]), row["text"], spans))
    return sorted((article for article in articles if article.spans), key=lambda article: article.day)


def ask(articles: Sequence[Pieces], questions: Path, count: int, seed: int) -> list[Asked]:
    """For each share `count` questions, each with whole days somewhere that hold about that share of the pieces."""
    dice = np.random.default_rng(seed)
    days = [article.day for article in articles for _ in article.spans]
    with gzip.open(questions, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["question_sentence"] for line in itertools.islice(file, count * len(SHARES))]
    asked = []
    for text, share in zip(texts, itertools.cycle(SHARES), strict=False):
        size = max(1, round(len(days) * share / 100))
        first = int(dice.integers(len(days) - size + 1))
        words = [word for word in re.findall(r"\w+", text) if word.lower() not in FUNCTION_WORDS]
        asked.append(Asked(tuple(dict.fromkeys(words)), share, days[first], days[first + size - 1]))
    return asked
