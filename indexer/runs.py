"""Which segments are worth merging. Pure.

A run is what one commit or one merge wrote: a segment, or several that lie apart in time. Every run costs a search
some microseconds, and every merge writes again what it merges, so runs are let grow as the digits of a number do.
What a merge replaced stays on disk for older snapshots.
"""

from collections.abc import Sequence
from itertools import groupby

from evidence.indexer.manifest import SegmentEntry

# So few runs are left as they are.
FEW_RUNS = 4
# A run is merged when it is at most this many times what is newer than it. While documents are being added, eight
# of a size become one: 300,000 passages in commits of 2,048 are written 3 times, as against 8 by twos.
WHILE_ADDING = 1 / 7
# At rest: each run is larger than all newer ones together. 300,000 passages added at once are one run then, and
# nine additions of 700 beside them are at most four.
AT_REST = 1.0


def mergeable(entries: Sequence[SegmentEntry], times: float) -> tuple[SegmentEntry, ...]:
    """The newest segments that are to become one run: all from the oldest run that is small enough on, or none."""
    runs = [list(run) for _, run in groupby(entries, key=lambda entry: entry.run)]
    if len(runs) <= FEW_RUNS:
        return ()
    sizes = [sum(entry.passages for entry in run) for run in runs]
    for at, size in enumerate(sizes[:-1]):
        if size <= times * sum(sizes[at + 1 :]):
            return tuple(entry for run in runs[at:] for entry in run)
    return ()
