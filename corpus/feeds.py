"""A feed's bytes to its items' bytes, each behind the feed's own head so that it can be read alone.

RSS 0.9x, 1.0 and 2.0 and Atom, by a scan for tags: no parser runs here, and an item's bytes are as they were.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evidence.corpus.errors import DocumentError
from evidence.corpus.values import Status

# The head is repeated before each item, so a small hostile feed could unfold to many gigabytes. A head has a title,
# a few links and a picture; where it is longer (RSS 1.0 lists every item in it), only what items inherit is kept.
MAX_HEAD_BYTES = 1 << 14
MAX_ITEMS = 50_000
# What has no item so far in is no feed.
_MAX_HEAD_SCAN = 1 << 20
_MAX_KEPT_BYTES = 1 << 11
_MAX_DEPTH = 32

_INHERITED = frozenset({b"title", b"link", b"language", b"publisher"})
_ITEMS = frozenset({b"item", b"entry"})

_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARATION = re.compile(r"\ufeff?\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^<>\[]*+(?:\[[^\]]*+\]\s*+)?>", re.IGNORECASE)
# a value may hold `>`, and never `<`: what is left open ends at the next tag
_TAG = re.compile(rb"<(/?)([A-Za-z_][\w.:-]*+)((?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)>")
_OPAQUE = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"), (b"<?", b"?>"))


def split_feed(data: bytes, path: str = "") -> Iterator[bytes]:
    """Each item or entry, in order: the feed's head, the item as stored, and what closes the feed.

    A UTF-16 feed comes back in UTF-8. An item that the feed's end cuts off comes last, without what would close it,
    so that its reader can tell. Nothing comes of bytes that hold no item. Raises DocumentError `too-large` with
    this path after MAX_ITEMS.
    """
    data = _as_utf_8(data)
    frame = _read_head(data)
    if frame is None:
        return
    head, tail = frame.head(data), b"".join(b"</%b>" % name for name, _ in reversed(frame.open))
    for count, (start, end, closed) in enumerate(_items(data, frame.end, frame.item), start=1):
        if count > MAX_ITEMS:
            raise DocumentError(
                path, Status.TOO_LARGE, f"more than {MAX_ITEMS:,} items in one feed; the rest is left"
            )
        yield head + data[start:end] + (tail if closed else b"")


@dataclass(slots=True)
class _Frame:
    """What stands around the items: where the first starts, its tag's name, and the elements open there."""

    item: bytes = b""
    end: int = 0
    # of each element: its name and the span of its start tag
    open: list[tuple[bytes, tuple[int, int]]] = field(default_factory=list)
    channel: tuple[int, int] | None = None
    kept: list[tuple[int, int]] = field(default_factory=list)

    def head(self, data: bytes) -> bytes:
        """All before the first item; of a long head the start tags and what items inherit."""
        if self.end <= MAX_HEAD_BYTES:
            return data[: self.end]
        declared = data.startswith((b"<?xml", b"\xef\xbb\xbf<?xml"))
        declaration = data[: data.find(b"?>") + 2][:256] if declared else b""
        inherited = b"".join(data[start:end] for start, end in self.kept)
        tags = [data[start:end][:MAX_HEAD_BYTES] for _, (start, end) in self.open]
        if self.channel is not None:
            return declaration + b"".join(tags) + b"<channel>" + inherited + b"</channel>"
        return declaration + b"".join(tags) + inherited


def _as_utf_8(data: bytes) -> bytes:
    for start, encoding in _BOMS:
        if data.startswith(start):
            text = data.decode(encoding, "replace")
            return _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    return data


def _read_head(data: bytes) -> _Frame | None:
    """The frame up to the first item; None where there is none, or only far down."""
    frame = _Frame()
    for start, end, closing, name, empty in _tags(data):
        local = _local(name)
        if closing:
            _close(frame, name, end)
        elif local in _ITEMS:
            frame.item, frame.end = name, start
            return frame
        elif not empty:
            if len(frame.open) == _MAX_DEPTH:
                return None
            frame.open.append((name, (start, end)))
        elif local in _INHERITED and end - start <= _MAX_KEPT_BYTES and _is_top(frame):
            frame.kept.append((start, end))
    return None


def _close(frame: _Frame, name: bytes, end: int) -> None:
    """Takes the element off, and what was left open inside it."""
    names = [opened for opened, _ in frame.open]
    if name not in names:
        return
    while frame.open:
        opened, (start, after) = frame.open.pop()
        if opened == name:
            break
    if _local(name) == b"channel":
        # in RSS 1.0 the items stand behind it
        frame.channel = (start, after)
    elif _local(name) in _INHERITED and end - start <= _MAX_KEPT_BYTES and _is_top(frame):
        frame.kept.append((start, end))


def _is_top(frame: _Frame) -> bool:
    return bool(frame.open) and (len(frame.open) == 1 or _local(frame.open[-1][0]) == b"channel")


def _local(name: bytes) -> bytes:
    return name.rpartition(b":")[2].lower()


def _tags(data: bytes) -> Iterator[tuple[int, int, bool, bytes, bool]]:
    """Start, end, whether it closes, name, whether it is empty: of each tag outside comments and CDATA."""
    at, doctype = 0, False
    while (at := data.find(b"<", at, _MAX_HEAD_SCAN)) != -1:
        if after := _past_opaque(data, at):
            at = after
        elif not doctype and data.startswith(b"<!", at):
            doctype, match = True, _DOCTYPE.match(data, at)
            at = match.end() if match else at + 2
        elif match := _TAG.match(data, at):
            yield at, match.end(), bool(match[1]), match[2], match[3].endswith(b"/")
            at = match.end()
        else:
            at += 1


def _past_opaque(data: bytes, at: int) -> int:
    """Where the comment, CDATA or instruction that starts here ends; 0 where none starts."""
    for opening, closing in _OPAQUE:
        if data.startswith(opening, at):
            end = data.find(closing, at + len(opening))
            return len(data) if end == -1 else end + len(closing)
    return 0


def _items(data: bytes, start: int, name: bytes) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether it is whole, of each element of this name. None stands in another, in any feed."""
    edge = re.compile(
        rb"<(?:!\[CDATA\[|!--|\?|(/?)%b(?=[\s/>])((?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)>)" % re.escape(name)
    )
    opened, at = -1, start
    while match := edge.search(data, at):
        at = _past_opaque(data, match.start()) or match.end()
        if match[2] is None:
            continue
        if match[1] or match[2].endswith(b"/"):
            if match[1] and opened >= 0:
                yield opened, match.end(), True
            opened = -1
        else:
            if opened >= 0:
                # one that nobody closed
                yield opened, match.start(), True
            opened = match.start()
    if opened >= 0:
        yield opened, len(data), False
