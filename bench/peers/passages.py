"""Dated passages to search, and what is the truth inside a window. Made with a seed, or taken from an index.

Made ones are unit vectors around centres of unlike weight, as texts about topics are, a fixed number a day; their
topics do not follow time. Rows are ordered by day: a crawl grows with time, and it favours the peers that keep
statistics of a block of rows.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evidence.indexer.store import Index

FIRST_DAY = date(2021, 1, 1)
# A thousand days, so that a thousandth of the rows is one day, the narrowest window that a person asks for.
DAYS = 1000
SHARES = (100.0, 25.0, 5.0, 1.0, 0.1)

_TOPICS = 2000
# Length of the noise around a centre of length 1: neighbours of one topic are at a cosine of about 0.5.
_SPREAD = 1.0
# Two scores that differ by less are the same: libraries add up in unlike order.
_EQUAL = 1e-5
_DAY_MICROSECONDS = 24 * 3600 * 1_000_000

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Query:
    """A vector, and the days [since, until], both inside, counted from FIRST_DAY."""

    vector: Vectors
    share: float
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Passages:
    """Unit vectors, one row a passage, with the day of each; `days` never falls."""

    vectors: Vectors
    days: Rows

    def rows(self, query: Query) -> slice:
        """The rows inside the query's window."""
        first, last = np.searchsorted(self.days, [query.since, query.until + 1]).tolist()
        return slice(first, last)

    def recall(self, query: Query, found: list[int], count: int) -> float:
        """The share of the `count` best inside the window that was found; what ties with the last is as good."""
        inside = self.rows(query)
        scores = self.vectors[inside] @ query.vector
        count = min(count, len(scores))
        least = np.partition(scores, len(scores) - count)[len(scores) - count] - _EQUAL
        kept = {row for row in found if inside.start <= row < inside.stop}
        right = sum(bool(scores[row - inside.start] >= least) for row in kept)
        return min(right, count) / count


def make_passages(rows: int, dimensions: int, seed: int) -> Passages:
    """The same passages for the same arguments."""
    dice = np.random.default_rng(seed)
    centres = _units(dice.standard_normal((_TOPICS, dimensions), np.float32))
    weights = 1 / np.arange(1, _TOPICS + 1)
    topics = dice.choice(_TOPICS, rows, p=weights / weights.sum())
    noise = dice.standard_normal((rows, dimensions), np.float32)
    noise *= _SPREAD / np.sqrt(dimensions)
    noise += centres[topics]
    return Passages(_units(noise), np.arange(rows) * DAYS // rows)


def passages_of(root: Path) -> Passages:
    """All dated passages of an index; its dates are laid over DAYS days in their order."""
    vectors, latest = [], []
    index = Index.open(root)
    for segment in index.segments:
        times = segment.passages.times
        dated = np.flatnonzero(times.grade > 0)
        vectors.append(segment.vectors.take(dated))
        latest.append(times.latest[dated])
    order = np.argsort(np.concatenate(latest), kind="stable")
    return Passages(np.concatenate(vectors)[order], np.arange(len(order)) * DAYS // len(order))


def make_queries(passages: Passages, count: int, seed: int) -> list[Query]:
    """For each share `count` queries near some passage, each with a window of its own somewhere."""
    dice = np.random.default_rng(seed)
    length, dimensions = passages.vectors.shape
    queries = []
    for share in SHARES:
        days = round(DAYS * share / 100)
        vectors = dice.standard_normal((count, dimensions), np.float32)
        vectors *= _SPREAD / np.sqrt(dimensions)
        vectors = _units(vectors + passages.vectors[dice.integers(length, size=count)])
        starts = dice.integers(DAYS - days + 1, size=count).tolist()
        for vector, since in zip(vectors, starts, strict=True):
            queries.append(Query(vector, share, since, since + days - 1))
    return queries


def iso_day(day: int) -> str:
    """A day as people write it."""
    return (FIRST_DAY + timedelta(days=day)).isoformat()


def _units(vectors: Vectors) -> Vectors:
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors
