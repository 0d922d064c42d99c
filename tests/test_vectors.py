"""The vector file: the same answer as every product computed by hand, whichever road FAISS takes."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError
from evidence.indexer.embedder import Vectors
from evidence.indexer.vectors import MAX_EXTRA, VectorFile, write_vectors

ROWS, DIMENSIONS = 1500, 16


def unit_vectors(seed: int, rows: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, DIMENSIONS)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def written(vectors: Vectors, folder: Path) -> VectorFile:
    write_vectors(vectors, folder / "vectors.faiss")
    return VectorFile(folder / "vectors.faiss", *vectors.shape)


def best_by_hand(
    vectors: Vectors, query: Vectors, first: int, wanted: NDArray[np.bool_], count: int
) -> tuple[list[int], list[float]]:
    rows = first + np.flatnonzero(wanted)
    scores = vectors[rows].astype(np.float64) @ query.astype(np.float64)
    order = np.lexsort((rows, -scores))[:count]
    return rows[order].tolist(), scores[order].tolist()


@pytest.mark.parametrize("unwanted", [0, 1, MAX_EXTRA, MAX_EXTRA + 1, 600, 995, 1000], ids=lambda n: f"{n}-of-1000")
@pytest.mark.parametrize("first", [0, 13, 500])
@pytest.mark.parametrize("count", [1, 10, 2000])
def test_the_best_wanted_rows_come_back_exactly(tmp_path: Path, unwanted: int, first: int, count: int) -> None:
    vectors, query = unit_vectors(1, ROWS), unit_vectors(2, 1)[0]
    wanted = np.ones(1000, np.bool_)
    wanted[np.random.default_rng(unwanted).permutation(1000)[:unwanted]] = False
    rows, scores = written(vectors, tmp_path).search(query, first, wanted, count)
    expected_rows, expected_scores = best_by_hand(vectors, query, first, wanted, count)
    assert rows.tolist() == expected_rows
    assert scores.tolist() == pytest.approx(expected_scores, abs=1e-6)


@pytest.mark.parametrize("unwanted", [0, MAX_EXTRA + 1])
def test_every_row_that_ties_with_the_last_comes_back(tmp_path: Path, unwanted: int) -> None:
    vectors = unit_vectors(3, ROWS)
    twins = np.arange(100, 1100, 3)
    vectors[twins] = vectors[0]
    wanted = np.ones(ROWS, np.bool_)
    wanted[1100 : 1100 + unwanted] = False
    rows, scores = written(vectors, tmp_path).search(vectors[0], 0, wanted, 50)
    assert rows.tolist() == [0, *twins.tolist()]
    assert len(set(scores.tolist())) == 1


def test_a_vector_scores_the_same_wherever_it_lies(tmp_path: Path) -> None:
    vectors, query = unit_vectors(4, ROWS), unit_vectors(5, 1)[0]
    vectors[1::7] = vectors[1]
    for wanted in (np.ones(ROWS, np.bool_), np.arange(ROWS) % 7 == 1):
        rows, scores = written(vectors, tmp_path).search(query, 0, wanted, ROWS)
        assert len(set(scores[rows % 7 == 1].tolist())) == 1


def test_a_window_without_a_row_finds_nothing(tmp_path: Path) -> None:
    file = written(unit_vectors(6, 10), tmp_path)
    for wanted in (np.zeros(10, np.bool_), np.zeros(0, np.bool_)):
        rows, scores = file.search(unit_vectors(7, 1)[0], 0, wanted, 5)
        assert len(rows) == len(scores) == 0


@pytest.mark.parametrize("shape", [(9, DIMENSIONS), (11, DIMENSIONS), (10, DIMENSIONS * 2)])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, shape: tuple[int, int]) -> None:
    write_vectors(unit_vectors(8, 10), tmp_path / "vectors.faiss")
    with pytest.raises(SegmentError, match=r"holds 10 x 16, not"):
        VectorFile(tmp_path / "vectors.faiss", *shape)


@pytest.mark.parametrize("content", [b"", b"no index", None], ids=["empty", "other", "missing"])
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vectors.faiss"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SegmentError, match=r"vectors\.faiss cannot be opened"):
        VectorFile(path, 10, DIMENSIONS)
