"""Filters on documents, beside the window: publisher, form, ticker. Exact but for case."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from evidence.indexer.segment import Segment


@dataclass(frozen=True, slots=True)
class Filter:
    """What a document must say to be searched, withdrawn ones aside; None asks nothing. Fields are columns."""

    publisher: str | None = None
    form: str | None = None
    ticker: str | None = None

    def mask(self, segment: Segment, first: int, last: int) -> NDArray[np.bool_]:
        """Which of the segment's rows [first, last) belong to documents that pass."""
        passing = segment.live.copy()
        for field in fields(self):
            wanted = getattr(self, field.name)
            if wanted is not None:
                column = segment.documents.column(field.name)
                passing &= np.array(
                    [value is not None and value.casefold() == wanted.casefold() for value in column]
                )
        chosen: NDArray[np.bool_] = passing[segment.passages.documents[first:last]]
        return chosen


NO_FILTER = Filter()
