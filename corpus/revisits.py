"""Captures without a body to the captures that have it, over a whole run. Pure: values in, values out.

A revisit may stand before what it means, and in another file. By the standard it names URL and time, or the
record, or only the digest of the bytes (WARC 1.1, 6.7).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from evidence.corpus.records import Capture, Passed, Record, Revisit, Spot

# Keys are short, for there are three a capture; a forged collision would need control of the crawl itself.
_KEY_BYTES = 8
# Crawlers write the same second with and without its fractions.
_SECOND = len("2025-08-04T10:00:00")

_NOWHERE = None
_Body = tuple[int, Spot] | None


@dataclass(frozen=True, slots=True)
class Held:
    """The body lies in this file of the run, by its number, at this place."""

    file: int
    spot: Spot


class Revisits:
    """What the captures of a run are called, and the revisits among them; about 600 bytes a capture."""

    def __init__(self) -> None:
        self._bodies: dict[int, _Body] = {}
        self._pending: list[tuple[int, Revisit]] = []

    def see(self, file: int, value: Record | Passed | Revisit) -> None:
        """Takes the next value of this file."""
        if isinstance(value, Revisit):
            self._pending.append((file, value))
        elif value.capture is not None:
            body = (file, value.capture.spot) if isinstance(value, Record) else _NOWHERE
            for key in capture_keys(value.capture):
                # the first page of these bytes has it; that a picture has the same ones takes nothing away
                if self._bodies.get(key) is None:
                    self._bodies[key] = body

    def settle(self) -> Iterator[tuple[int, Revisit, Held | Passed | None]]:
        """After the last file, every revisit with its file: held there, no document, or without a body anywhere."""
        for file, revisit in self._pending:
            key = next((key for key in wanted_keys(revisit) if key in self._bodies), None)
            if key is None:
                yield file, revisit, None
            else:
                body = self._bodies[key]
                yield file, revisit, Passed(revisit.capture) if body is None else Held(*body)


def capture_keys(capture: Capture) -> Iterator[int]:
    """What a capture is called, as 64-bit numbers: by URL and time, by record, by the digest of its payload."""
    if capture.url and capture.date:
        yield _key("time", capture.date[:_SECOND], capture.url)
    if capture.record_id:
        yield _key("record", capture.record_id)
    if capture.payload:
        yield _key("payload", capture.payload.lower())


def wanted_keys(revisit: Revisit) -> Iterator[int]:
    """The keys of the capture that is meant, the surest first; old crawlers give the digest alone."""
    if revisit.refers_url and revisit.refers_date:
        yield _key("time", revisit.refers_date[:_SECOND], revisit.refers_url)
    if revisit.refers_id:
        yield _key("record", revisit.refers_id)
    if revisit.capture.payload:
        yield _key("payload", revisit.capture.payload.lower())


def _key(*parts: str) -> int:
    digest = blake2b(" ".join(parts).encode("utf-8", "replace"), digest_size=_KEY_BYTES).digest()
    return int.from_bytes(digest, "big")
