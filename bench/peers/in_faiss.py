"""FAISS flat in memory: over a range of rows, which is the floor of an exact scan, and filtered afterwards."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from passages import Passages, Query

# LangChain's FAISS store, read in its source: flat, euclidean; with a filter it asks for `fetch_k` and drops what
# the filter does not pass. The default is 20 for 4 wanted.
FETCH_DEFAULT = 20
FETCH_TIMES = 10


class FlatRange:
    """What a program could do that keeps its rows sorted by day and everything in memory."""

    name = "faiss flat, range"
    settings = "IndexFlatIP, IDSelectorRange over rows sorted by day, one thread"

    def build(self, folder: Path, passages: Passages) -> None:
        index = faiss.IndexFlatIP(passages.vectors.shape[1])
        index.add(passages.vectors)
        _save(folder, index, passages)

    def open(self, folder: Path) -> None:
        faiss.omp_set_num_threads(1)
        self._index = faiss.read_index(str(folder / "index"))
        self._days = np.load(folder / "days.npy")

    def ask(self, query: Query) -> Any:
        return query.vector[np.newaxis], query.since, query.until

    def search(self, asked: Any, count: int) -> Any:
        vector, since, until = asked
        first, last = np.searchsorted(self._days, [since, until + 1]).tolist()
        parameters = faiss.SearchParameters(sel=faiss.IDSelectorRange(first, last))
        return self._index.search(vector, count, params=parameters)[1][0]

    def rows(self, found: Any) -> list[int]:
        return [row for row in found.tolist() if row >= 0]


class PostFilter:
    """Over-fetch and post-filter, as LangChain's store does it, without the cost of its document objects."""

    def __init__(self, fetch: int | None) -> None:
        """`fetch` None is FETCH_TIMES what is wanted."""
        self._fetch = fetch
        self.name = f"faiss, fetch_k {fetch or f'{FETCH_TIMES} k'}"
        self.settings = "as LangChain: IndexFlatL2, metadata tested on the rows fetched; one thread"

    def build(self, folder: Path, passages: Passages) -> None:
        index = faiss.IndexFlatL2(passages.vectors.shape[1])
        index.add(passages.vectors)
        _save(folder, index, passages)

    def open(self, folder: Path) -> None:
        faiss.omp_set_num_threads(1)
        self._index = faiss.read_index(str(folder / "index"))
        self._metadata = [{"day": day} for day in np.load(folder / "days.npy").tolist()]

    def ask(self, query: Query) -> Any:
        return query.vector[np.newaxis], query.since, query.until

    def search(self, asked: Any, count: int) -> Any:
        vector, since, until = asked
        fetched = self._index.search(vector, self._fetch or FETCH_TIMES * count)[1][0].tolist()
        return [row for row in fetched if row >= 0 and since <= self._metadata[row]["day"] <= until][:count]

    def rows(self, found: Any) -> list[int]:
        return list(found)


def _save(folder: Path, index: Any, passages: Passages) -> None:
    folder.mkdir(parents=True)
    faiss.write_index(index, str(folder / "index"))
    np.save(folder / "days.npy", passages.days)
