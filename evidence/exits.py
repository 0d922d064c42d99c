"""Exit codes, a contract that scripts depend on."""

from evidence.corpus.errors import (
    EvidenceError,
    Locked,
    ModelMismatch,
    ModelMissing,
    NoIndex,
    ReportError,
    SegmentError,
    UsageError,
)

DONE = 0
FAILED = 1
USAGE = 2
SOME_UNREADABLE = 3
NO_ANSWER = 4
DAMAGED = 5
DIFFERENT = 6
NO_INDEX = 10
LOCKED = 11
NO_MODEL = 12
INTERRUPTED = 130

_CODES: dict[type[EvidenceError], int] = {
    UsageError: USAGE,
    SegmentError: DAMAGED,
    ReportError: DAMAGED,
    NoIndex: NO_INDEX,
    Locked: LOCKED,
    ModelMissing: NO_MODEL,
    ModelMismatch: NO_MODEL,
}


def exit_code(error: EvidenceError) -> int:
    """The code of an error's class or of the nearest above it; FAILED for all others."""
    return next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), FAILED)
