"""The process that reads untrusted bytes: it forks a contained child for each document, and outlives them all.

`python -m evidence.indexer.nursery`, frames on stdin and stdout. It is started fresh, never forked from the
writer, which holds threads, models and the index. A child has its document in memory, or one open file to
split; what goes wrong with it becomes one typed error, and the next document gets a new child.
"""

import codecs
import encodings.aliases
import encodings.idna
import gc
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from evidence.corpus import sandbox
from evidence.corpus.documents import parse_document
from evidence.corpus.records import Record
from evidence.corpus.sandbox import Limits
from evidence.corpus.sniffing import Media
from evidence.corpus.splitting import read_bodies, split_file
from evidence.corpus.values import Status
from evidence.indexer.contained import attempt, contained
from evidence.indexer.huge_pages import collapse
from evidence.indexer.sentences import split_sentences
from evidence.indexer.wire import (
    END,
    MAX_REQUEST_BYTES,
    BrokenFrame,
    FetchBodies,
    Refused,
    Sentenced,
    SplitFile,
    pack_frame,
    path_of,
    read_frame,
    written,
)

_BUFFER_BYTES = 1 << 20

# Read before the first child is made, so that what libraries load late is loaded while files may be opened.
_WARM_UP = {
    Media.HTML: b"<html lang='en'><body><article><h1>Warm</h1><p>Published 4 August 2025. Read once.</p></article>"
    b"</body></html>",
    Media.TEXT: b"Warm up\n\nOne sentence. Another one.",
    Media.ARTICLE: b'{"title": "Warm", "text": "One sentence.", "published": "2025-08-04T10:00:00+02:00"}',
    Media.PDF: b"%PDF-1.4\n%%EOF",
    Media.FEED_ITEM: b"<rss><channel><item><description>Warm up.</description></item></channel></rss>",
    Media.SUBMISSION: b"<SEC-HEADER>\n<ACCEPTANCE-DATETIME>20250804163000\n</SEC-HEADER>\n"
    b"<DOCUMENT>\n<TYPE>8-K\n<TEXT>\nItem 2.02. Results.\n\nOrders rose.\n</TEXT>\n</DOCUMENT>",
}


def main() -> None:
    """Serves requests until stdin ends; the first frame is the Limits."""
    # Ctrl-C is for the writer, which ends this process by closing its stdin
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sandbox.die_with_parent()
    requests, replies = _take_streams()
    _warm_up()
    try:
        limits: Limits = read_frame(requests.read, MAX_REQUEST_BYTES)
        while True:
            for frame in _serve(read_frame(requests.read, MAX_REQUEST_BYTES), limits):
                replies.write(frame)
                replies.flush()
    except (BrokenFrame, BrokenPipeError):
        return


def _take_streams() -> tuple[Any, Any]:
    """The two streams for ourselves: whatever a library prints goes nowhere."""
    requests, replies = os.fdopen(os.dup(0), "rb", _BUFFER_BYTES), os.fdopen(os.dup(1), "wb", _BUFFER_BYTES)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    return requests, replies


def _warm_up() -> None:
    for name in sorted(set(encodings.aliases.aliases.values())):
        with suppress(LookupError):
            codecs.lookup(name)
    datetime.strptime("2025-08-04", "%Y-%m-%d")
    samples = [Record("warm", media, data) for media, data in _WARM_UP.items()]
    for sample in samples:
        for value in attempt(partial(_read_one, sample), "warm"):
            pack_frame(value)
    sandbox.prepare()
    # children share these pages; a collection would copy them
    gc.collect()
    gc.freeze()
    collapse()


def _serve(request: Record | SplitFile | FetchBodies, limits: Limits) -> Iterator[bytes]:
    if isinstance(request, Record):
        yield from contained(partial(_read_one, request), request.path, limits)
        return
    path = path_of(request.name)
    try:
        raw = path.open("rb")
    except OSError as error:
        yield pack_frame(Refused(written(path), Status.UNREADABLE, error.strerror or str(error)))
        yield END
        return
    with raw:
        yield from contained(partial(_open_one, path, raw, request), written(path), limits, raw.fileno(), many=True)


def _open_one(path: Path, raw: BinaryIO, request: SplitFile | FetchBodies) -> Iterator[Any]:
    if isinstance(request, SplitFile):
        yield from split_file(path, raw, request.metadata)
        return
    for revisit, found in read_bodies(path, raw, dict(request.wanted)):
        yield revisit
        yield found


def _read_one(record: Record) -> list[Sentenced]:
    document = parse_document(record)
    return [Sentenced(document, tuple(split_sentences(document.text, [mark.start for mark in document.marks])))]


if __name__ == "__main__":
    main()
