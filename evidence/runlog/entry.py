"""An entry of the run log: who did what and when, chained to the entry before it. Pure.

An entry holds no text of a question or a document. Those stand in its payload, a file beside it, of which the entry
has the SHA-256 alone: a payload can be erased, and the chain is checked as before.
"""

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from evidence.corpus.errors import SegmentError
from evidence.corpus.hashing import canonical, digest

FORMAT = 1
# What the first entry follows.
NOTHING = "0" * 64
# Digits of a number in names and ids; a longer number is written whole.
_DIGITS = 6
# Characters of its head that make an entry's id tell a record from another log's record of that number.
_ID_CHARACTERS = 8

_RUN_ID = re.compile(r"(\d{1,12})(?:-([0-9a-f]{8}))?")


@dataclass(frozen=True, slots=True)
class Who:
    """The operating system's account and machine; nobody's word but the system's."""

    user: str
    uid: int
    host: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the chain. `number` counts from 1; `previous` is the head of the entry before it.

    `manifest` is the SHA-256 of the manifest of the snapshot that was used, `payload` that of the payload's bytes,
    which hold a salt: without the payload nobody can test a guess of what it said. `erases` are the numbers of the
    entries whose payloads this one removes.
    """

    number: int
    previous: str
    at: datetime
    who: Who
    verb: str
    snapshot: int
    manifest: str
    policy: str
    payload: str
    erases: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Its fields and the format."""
        return {"format": FORMAT, **asdict(self), "at": _written(self.at)}

    def to_bytes(self) -> bytes:
        """The file: canonical JSON and a line end."""
        return canonical(self.as_json()) + b"\n"

    @property
    def head(self) -> str:
        """SHA-256 of its bytes, and so of all entries before it."""
        return digest(self.to_bytes())

    @property
    def id(self) -> str:
        """What a report and `evidence logs` call the run: 000012-1f2e3d4c."""
        return f"{numbered(self.number)}-{self.head[:_ID_CHARACTERS]}"

    @classmethod
    def from_row(cls, row: dict[str, Any], place: str) -> "Entry":
        """Raises SegmentError for what no version of this program has written."""
        try:
            number = row["format"]
            if number != FORMAT:
                raise SegmentError(
                    f"{place} is of format {number}; this program knows format {FORMAT}",
                    "use the version of evidence that wrote it",
                )
            fields = {name: row[name] for name in _FIELDS}
            fields |= {"at": datetime.fromisoformat(row["at"]), "who": Who(**row["who"])}
            return cls(**{**fields, "erases": tuple(row["erases"])})
        except (KeyError, TypeError, ValueError) as error:
            raise SegmentError(f"{place} is no entry of a run log: {error!r}") from error


_FIELDS = ("number", "previous", "verb", "snapshot", "manifest", "policy", "payload")


def numbered(number: int) -> str:
    """A number as names and ids have it, so that they sort."""
    return f"{number:0{_DIGITS}d}"


def parse_run_id(text: str) -> tuple[int, str | None] | None:
    """A run's id, or its number alone, to number and the start of its head; None for neither."""
    match = _RUN_ID.fullmatch(text.strip())
    return (int(match[1]), match[2]) if match else None


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
