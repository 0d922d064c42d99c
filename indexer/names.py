"""What a segment keeps of the names its documents state: by the key of every form the other forms, and where.

A statement is placed at its document's first passage. Rows are sorted by time, so what was stated inside a window
is a bisected range of them, like all else.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evidence.corpus.naming import name_key, stated_names
from evidence.corpus.values import Document
from evidence.indexer.arrow import open_batch, write_batch
from evidence.indexer.draft import Draft
from evidence.indexer.vectors import Mask

NAMES = "names.arrow"

_SCHEMA = pa.schema([("key", pa.uint64()), ("forms", pa.list_(pa.string())), ("rows", pa.list_(pa.uint32()))])


@dataclass(frozen=True, slots=True)
class Stated:
    """Two forms of one name, as documents write them, and how many of a range do; `key` is the one looked for."""

    key: int
    forms: tuple[str, ...]
    documents: int


def hash_key(key: str) -> int:
    """64 bits of a name's key."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def write_names(documents: Sequence[Document], first_rows: Sequence[int | None], draft: Draft) -> None:
    """Writes the names of documents by the row of each one's first passage; one without passages says nothing."""
    stated: dict[tuple[str, ...], list[int]] = {}
    for document, row in zip(documents, first_rows, strict=True):
        for forms in stated_names(document) if row is not None else ():
            stated.setdefault(forms, []).append(int(row or 0))
    _write(stated, draft)


def merge_names(parts: Sequence[tuple["NameFile", NDArray[np.int64]]], draft: Draft) -> None:
    """Writes one segment's names. A part's map has the new row of each of its rows, negative for one left out."""
    stated: dict[tuple[str, ...], list[int]] = {}
    for file, row_map in parts:
        for forms, rows in file.statements().items():
            stated.setdefault(forms, []).extend(row for row in row_map[rows].tolist() if row >= 0)
    _write({forms: rows for forms, rows in stated.items() if rows}, draft)


def _write(stated: Mapping[tuple[str, ...], Sequence[int]], draft: Draft) -> None:
    rows = sorted(
        (hash_key(key), forms, sorted(places))
        for forms, places in stated.items()
        for key in {name_key(form) for form in forms}
    )
    arrays = [pa.array([row[n] for row in rows], column.type) for n, column in enumerate(_SCHEMA)]
    with draft.file(NAMES) as file:
        write_batch(pa.record_batch(arrays, schema=_SCHEMA), file)


class NameFile:
    """A segment's names on disk. Its bytes must have been checked before."""

    def __init__(self, path: Path) -> None:
        self._batch = open_batch(path, _SCHEMA)
        self._keys: NDArray[np.uint64] = self._batch.column("key").to_numpy(zero_copy_only=True)

    def find(self, keys: NDArray[np.uint64], first: int, wanted: Mask) -> Iterable[Stated]:
        """What is stated of names of these hashed keys by documents that begin where `wanted[row - first]`."""
        low, high = np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")
        for at in {at for start, end in zip(low.tolist(), high.tolist(), strict=True) for at in range(start, end)}:
            rows = _list(self._batch.column("rows"), at)
            inside = rows[np.searchsorted(rows, first) : np.searchsorted(rows, first + len(wanted))]
            count = int(np.count_nonzero(wanted[inside.astype(np.int64) - first]))
            if count:
                yield Stated(int(self._keys[at]), tuple(self._batch.column("forms")[at].as_py()), count)

    def statements(self) -> dict[tuple[str, ...], NDArray[np.uint32]]:
        """All that is stated, with the rows in which the documents that state it begin."""
        return {
            tuple(forms): _list(self._batch.column("rows"), at)
            for at, forms in enumerate(self._batch.column("forms").to_pylist())
        }


def _list(column: Any, at: int) -> NDArray[np.uint32]:
    values: NDArray[np.uint32] = column[at].values.to_numpy(zero_copy_only=True)
    return values
