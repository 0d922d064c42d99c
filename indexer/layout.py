"""Where everything lies inside an index folder. Every file's name comes from here."""

import re
from dataclasses import dataclass
from pathlib import Path

from evidence.corpus.disk import DISK, Disk

# What is written, and all that can be read. Format 4 knew neither deletions nor the file `newest`.
FORMAT = 5
FORMATS = (4, 5)

# What writers call what they write: a segment's folder, a list of failures, an original in its folder, and what is
# half written at the top and among the snapshots. Nothing else is ever removed.
SEGMENT = re.compile(r"[0-9a-f]{16}")
FAILURES = re.compile(r"[0-9a-f]{16}\.jsonl(\.tmp)?")
ORIGINAL = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})\.(gz|tmp)")
HALF = re.compile(r"(?:newest|format|\d{8,}\.json)\.tmp")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one index, and the disk that it is written to."""

    root: Path
    disk: Disk = DISK

    @property
    def format(self) -> Path:
        return self.root / "format"

    @property
    def head(self) -> Path:
        return self.root / "newest"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def originals(self) -> Path:
        return self.root / "originals"

    @property
    def segments(self) -> Path:
        return self.root / "segments"

    @property
    def draft(self) -> Path:
        """The segment that is being written."""
        return self.segments / ".writing"

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    @property
    def failures(self) -> Path:
        return self.root / "failures"

    @property
    def runs(self) -> Path:
        """The run log, where no other folder is named for it."""
        return self.root / "runs"

    def segment(self, segment_id: str) -> Path:
        return self.segments / segment_id

    def snapshot(self, number: int) -> Path:
        return self.snapshots / f"{number:08d}.json"

    def failure_list(self, sha256: str) -> Path:
        return self.failures / f"{sha256[:16]}.jsonl"
