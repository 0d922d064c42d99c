"""The vector file: what is written is read, products are those computed by hand, and damage is refused."""

from pathlib import Path

import faiss
import numpy as np
import pytest

from evidence.corpus.errors import SegmentError
from evidence.indexer.embedder import Vectors
from evidence.indexer.vectors import VectorFile, write_vectors

ROWS, DIMENSIONS = 1500, 48


def unit_vectors(seed: int, rows: int, dimensions: int = DIMENSIONS) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def written(vectors: Vectors, folder: Path) -> VectorFile:
    with (folder / "vectors.npy").open("wb") as file:
        write_vectors([vectors], *vectors.shape, file)
    return VectorFile(folder / "vectors.npy", *vectors.shape)


@pytest.mark.parametrize("cuts", [[], [1], [700, 700, 1400]])
def test_a_file_written_in_blocks_is_the_file_that_numpy_writes(tmp_path: Path, cuts: list[int]) -> None:
    vectors = unit_vectors(1, ROWS)
    with (tmp_path / "vectors.npy").open("wb") as file:
        write_vectors(np.split(vectors, cuts), *vectors.shape, file)
    np.save(tmp_path / "whole.npy", vectors)
    assert (tmp_path / "vectors.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4, 8, 12, 16, 48, 384, 1000])
@pytest.mark.parametrize(("first", "count"), [(0, ROWS), (13, 1), (700, 800), (5, 0)])
def test_a_scan_errs_no_more_than_it_says(tmp_path: Path, dimensions: int, first: int, count: int) -> None:
    vectors, query = unit_vectors(2, ROWS, dimensions), unit_vectors(3, 1, dimensions)[0]
    file = written(vectors, tmp_path)
    truth = vectors[first : first + count].astype(np.float64) @ query.astype(np.float64)
    rows = np.arange(first, first + count)
    scanned, gathered = np.empty(count, np.float32), np.empty(count, np.float32)
    file.scan(query, first, scanned)
    file.scan_some(query, rows, gathered)
    for scores in (scanned, gathered):
        assert (np.abs(scores - truth) <= file.error).all()
    assert file.exact(query, rows).tolist() == pytest.approx(truth.tolist(), abs=1e-12)


def test_a_scan_says_what_a_flat_index_says(tmp_path: Path) -> None:
    vectors, query = unit_vectors(4, ROWS), unit_vectors(5, 1)[0]
    file, flat, scores = written(vectors, tmp_path), faiss.IndexFlatIP(DIMENSIONS), np.empty(ROWS, np.float32)
    flat.add(vectors)
    file.scan(query, 0, scores)
    best, rows = flat.search(query[np.newaxis], ROWS)
    assert scores[rows[0]].tolist() == pytest.approx(best[0].tolist(), abs=2 * file.error)


@pytest.mark.parametrize("dimensions", [1, 3, 16, 48, 383, 384, 1000])
def test_an_exact_product_is_the_same_bits_wherever_its_row_lies(tmp_path: Path, dimensions: int) -> None:
    vectors, query = unit_vectors(6, ROWS, dimensions), unit_vectors(7, 1, dimensions)[0]
    file = written(vectors, tmp_path)
    alone = [file.exact(query, np.array([row]))[0] for row in range(0, ROWS, 7)]
    for rows in (np.arange(ROWS), np.arange(ROWS)[::-1], np.arange(0, ROWS, 7)):
        together = dict(zip(rows.tolist(), file.exact(query, rows).tolist(), strict=True))
        assert [together[row] for row in range(0, ROWS, 7)] == alone


@pytest.mark.parametrize("shape", [(9, DIMENSIONS), (11, DIMENSIONS), (10, DIMENSIONS * 2)])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, shape: tuple[int, int]) -> None:
    written(unit_vectors(8, 10), tmp_path)
    with pytest.raises(SegmentError, match=r"holds 10 x 48 of float32, not"):
        VectorFile(tmp_path / "vectors.npy", *shape)


@pytest.mark.parametrize("content", [b"", b"no array", None], ids=["empty", "other", "missing"])
def test_a_file_that_is_no_array_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vectors.npy"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SegmentError, match=r"vectors\.npy cannot be opened"):
        VectorFile(path, 10, DIMENSIONS)
