"""Arrow files: one batch of columns, written once and memory-mapped."""

from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from evidence.corpus.errors import SegmentError
from evidence.indexer.arrays import memory_told


def write_batch(batch: pa.RecordBatch, file: BinaryIO) -> None:
    """One batch a file: a row is then addressed directly, where several would be searched for it."""
    with pa.ipc.new_file(pa.PythonFile(file, "w"), batch.schema) as writer:
        writer.write_batch(batch)


def open_batch(path: Path, schema: pa.Schema) -> pa.RecordBatch:
    """Its bytes must have been checked before. Raises SegmentError for other columns."""
    try:
        with memory_told(), path.open("rb") as file:
            # by its descriptor, for a path need not be text
            mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
            reader = pa.ipc.open_file(pa.BufferReader(pa.py_buffer(mapped)))
        if reader.schema != schema or reader.num_record_batches != 1:
            raise SegmentError(f"{path} does not have the columns of this format")
        return reader.get_batch(0)
    except (OSError, ValueError, pa.ArrowInvalid) as error:
        raise SegmentError(f"{path} cannot be opened: {error}") from error
