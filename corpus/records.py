"""A record: one crawled thing, still unread. And what crawlers' archives leave beside records: references. Pure."""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from evidence.corpus.errors import DocumentError
from evidence.corpus.hashing import digest
from evidence.corpus.metadata import NO_METADATA, Metadata
from evidence.corpus.sniffing import Media
from evidence.corpus.times import parse_written
from evidence.corpus.values import Status

# One page or filing. The largest 10-K of a bank is about 20 MB; what is larger is a dump, not a document.
MAX_RECORD_BYTES = 32 << 20
# 28 MB of `[],` are nine million lists: 2.1 s and 700 MB to build, 15 ms to count. An article has some hundreds.
MAX_CONTAINERS = 1_000_000

# Of a feed's head the address of its site is the same every day.
_CHANNEL = re.compile(rb"<link\b[^>]{0,500}>[^<]{0,500}", re.IGNORECASE)
_ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Where in a file a capture stands.

    `member` counts the archives inside a WACZ; `offset` is where its compressed member, or else the plain record,
    begins; `within` is how many bytes into that member, once inflated, the record begins.
    """

    member: int = 0
    offset: int = 0
    within: int = 0


@dataclass(frozen=True, slots=True)
class Capture:
    """What a crawler's archive calls one capture, by which another can refer to it; times as they are written."""

    spot: Spot
    url: str | None = None
    date: str | None = None
    record_id: str | None = None
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One crawled thing. `path` is the source as given, `#` and its number where the file holds several.

    `position` is how far into such a file it ends, in bytes on disk; it tells progress and nothing else.
    `status` is TRUNCATED where the crawl says that it kept only a part. `capture` is there for what came out of
    a crawler's archive.
    """

    path: str
    media: Media
    data: bytes
    metadata: Metadata = NO_METADATA
    url: str | None = None
    captured: datetime | None = None
    position: int = 0
    status: Status = Status.OK
    capture: Capture | None = None

    @property
    def captured_by(self) -> datetime | None:
        """When its crawler had it, or else when the user says that it was had: of a day its end."""
        if self.captured is not None:
            return self.captured
        span = parse_written(self.metadata.captured) if self.metadata.captured else None
        return span.latest if span else None

    @property
    def id(self) -> str:
        """16 hexadecimal digits of what the document is, not where it lies: moving a file changes nothing."""
        if self.media is Media.FEED_ITEM and (item := _ITEM.search(self.data)):
            # the same item in every day's copy of its feed, whenever that was fetched
            stated = self.metadata.model_copy(update={"captured": None})
            channel = _CHANNEL.search(self.data, 0, item.start())
            identity = [
                digest((channel[0] if channel else b"") + self.data[item.start() :]),
                stated.canonical(),
                self.url,
            ]
        else:
            identity = [digest(self.data), self.metadata.canonical(), self.url]
        return digest(json.dumps(identity).encode())[:16]


@dataclass(frozen=True, slots=True)
class Passed:
    """A capture that is no document: a picture, a redirect, an error page."""

    capture: Capture


@dataclass(frozen=True, slots=True)
class Revisit:
    """A capture without a body: the crawler found the same bytes as before and says which it means.

    `payload` of its own capture is the digest of those bytes.
    """

    path: str
    capture: Capture
    captured: datetime | None = None
    metadata: Metadata = NO_METADATA
    refers_id: str | None = None
    refers_url: str | None = None
    refers_date: str | None = None


def refuse_containers(data: bytes, path: str) -> None:
    """Raises DocumentError `too-large` for JSON, unparsed yet, of more than MAX_CONTAINERS lists and objects."""
    count = data.count(b"[") + data.count(b"{")
    if count > MAX_CONTAINERS:
        raise DocumentError(path, Status.TOO_LARGE, f"{count:,} lists and objects in one document")
