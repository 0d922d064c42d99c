"""Rows of several segments' Arrow files, gathered into the files of one.

Nothing is parsed or made anew: what a row says stays what it was when its document was read.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evidence.indexer.arrow import write_batch
from evidence.indexer.document_rows import DOCUMENTS, DocumentFile
from evidence.indexer.draft import Draft
from evidence.indexer.passage_rows import PASSAGES, PassageFile
from evidence.indexer.vectors import Rows


def gather_documents(parts: Sequence[tuple[DocumentFile, Rows]], order: Rows, draft: Draft) -> None:
    """Writes these rows of each file, one file's after the other's, then put in `order`."""
    batch = _gathered([(file.batch, rows) for file, rows in parts], order)
    with draft.file(DOCUMENTS) as file:
        write_batch(batch, file)


def gather_passages(
    parts: Sequence[tuple[PassageFile, Rows]], order: Rows, documents: NDArray[np.uint32], draft: Draft
) -> None:
    """The same for passages; `documents` are their documents' rows in the new segment, in order."""
    batch = _gathered([(file.batch, rows) for file, rows in parts], order)
    batch = batch.set_column(0, batch.schema.field("document"), pa.array(documents))
    with draft.file(PASSAGES) as file:
        write_batch(batch, file)


def _gathered(parts: Sequence[tuple[pa.RecordBatch, Rows]], order: Rows) -> pa.RecordBatch:
    """A part at a time, so that memory holds what is taken and not all there is."""
    taken = [batch.take(pa.array(rows)) for batch, rows in parts]
    (batch,) = pa.Table.from_batches(taken).combine_chunks().to_batches()
    return batch.take(pa.array(order))
