"""One open file to its records. Opens nothing and looks at no clock, so it runs where neither is allowed."""

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from evidence.corpus.bodies import Block, Page, is_furniture, read_page
from evidence.corpus.bundles import Piece, split_articles
from evidence.corpus.captures import is_archive, is_crawl, read_archive, read_blocks_at
from evidence.corpus.edgar import split_submission
from evidence.corpus.errors import DocumentError
from evidence.corpus.feeds import split_feed
from evidence.corpus.inflating import MAX_INFLATION, SMALL_BYTES, Bomb, Damaged, is_gzip, is_packed, open_inflated
from evidence.corpus.metadata import Metadata
from evidence.corpus.records import MAX_RECORD_BYTES, Passed, Record, Revisit, Spot
from evidence.corpus.sniffing import HEAD_BYTES, Media, is_picture, sniff
from evidence.corpus.values import Status
from evidence.corpus.wacz import is_zip

# A submission is all documents of one filing, most of them exhibits and pictures; each piece is a record.
MAX_SUBMISSION_BYTES = 256 << 20

# zlib's own number for "with a gzip header"
_GZIP_WINDOW = 31

Split = Record | DocumentError | Passed | Revisit


def split_file(path: Path, raw: BinaryIO, metadata: Metadata) -> Iterator[Split]:
    """What the file holds, in order, each read only when asked for; a broken part is yielded as its error."""
    try:
        if not holds_one(raw) and is_archive(raw):
            yield from _of_archive(path, raw, metadata)
        else:
            yield from _of_plain(path, raw, metadata)
    except DocumentError as error:
        yield error
    except Bomb as error:
        yield DocumentError(str(path), Status.TOO_LARGE, str(error))
    except (EOFError, zlib.error, Damaged) as error:
        yield DocumentError(str(path), Status.TRUNCATED, f"compressed data ends early or is damaged: {error}")
    except OSError as error:
        yield DocumentError(str(path), Status.UNREADABLE, error.strerror or str(error))


def holds_one(raw: BinaryIO) -> bool:
    """Whether the file is one page, PDF or text: nothing but zlib has to touch it before it is read as that."""
    raw.seek(0)
    head = raw.read(HEAD_BYTES)
    try:
        if is_gzip(head):
            head = zlib.decompressobj(_GZIP_WINDOW).decompress(head, HEAD_BYTES)
        if is_packed(head) or is_zip(head) or is_crawl(head) or not head.strip():
            return False
        return sniff("", head) in {Media.HTML, Media.PDF, Media.TEXT}
    except (zlib.error, DocumentError):
        # perhaps an archive whose beginning is damaged
        return False


def read_bodies(
    path: Path, raw: BinaryIO, wanted: Mapping[Spot, Sequence[Revisit]]
) -> Iterator[tuple[Revisit, Record | DocumentError]]:
    """The records that revisits mean, out of the open file that has their bodies, in one pass.

    Each has its revisit's path, URL, time and metadata.
    """
    left, reason = dict(wanted), "it is not there any more"
    try:
        for block in read_blocks_at(raw, str(path), sorted(left)):
            for revisit in left.pop(block.capture.spot, ()):
                for found in _of_block(block, revisit.path, revisit.metadata):
                    if not isinstance(found, Passed):
                        yield revisit, _as_visited(found, revisit)
    except (OSError, DocumentError) as error:
        reason = str(error)
    for revisit in (revisit for revisits in left.values() for revisit in revisits):
        yield revisit, DocumentError(revisit.path, Status.REVISIT, f"its body cannot be read in {path}: {reason}")


def _as_visited(found: Record | DocumentError, revisit: Revisit) -> Record | DocumentError:
    if isinstance(found, DocumentError):
        return found
    return replace(found, url=revisit.capture.url, captured=revisit.captured, capture=revisit.capture)


def _of_archive(path: Path, raw: BinaryIO, metadata: Metadata) -> Iterator[Split]:
    """Numbered are pages and revisits, so that a picture more in the crawl, or a repair, moves no document."""
    number = 0
    for block in read_archive(raw, str(path)):
        if isinstance(block, DocumentError):
            yield block
        elif block.kind == "untyped":
            yield DocumentError(str(path), Status.MALFORMED, "a record that does not say what it is is left out")
        elif block.kind != "other" and is_furniture(block):
            yield Passed(block.capture)
        elif block.kind != "other":
            number += 1
            where = f"{path}#{number}"
            if block.kind == "revisit":
                yield Revisit(where, block.capture, block.captured, metadata, *block.refers)
                continue
            for found in _of_block(block, where, metadata):
                yield replace(found, position=raw.tell()) if isinstance(found, Record) else found


def _of_block(block: Block, where: str, metadata: Metadata) -> Iterator[Record | DocumentError | Passed]:
    """The page of one capture; several, if it is a feed, a submission or a list of articles."""
    try:
        page = read_page(block, f"{where.rpartition('#')[0]}#{block.capture.url}", MAX_RECORD_BYTES)
        media = _sniff_page(page, where)
        if media is None:
            yield Passed(block.capture)
            return
        if not page.data.strip():
            raise DocumentError(where, Status.EMPTY, f"no body was captured for {block.capture.url}")
        for piece in _pieces(BytesIO(page.data), media, where):
            record = _record(piece, where, ".", metadata)
            if isinstance(record, Record):
                url, captured, capture = block.capture.url, block.captured, block.capture
                record = replace(record, url=url, captured=captured, capture=capture, status=page.status)
            yield record
    except DocumentError as error:
        yield error
        if error.status is Status.UNSUPPORTED:
            # said once; its revisits need not be
            yield Passed(block.capture)


def _sniff_page(page: Page, where: str) -> Media | None:
    """None for what a server called a page and is none: fonts, pictures, and XML for machines, like site maps."""
    head = _first_bytes(BytesIO(page.data))
    try:
        return sniff(where, head)
    except DocumentError:
        if page.is_xml or is_picture(head):
            return None
        raise


def _of_plain(path: Path, raw: BinaryIO, metadata: Metadata) -> Iterator[Record | DocumentError]:
    raw.seek(0)
    magic = raw.read(4)
    raw.seek(0)
    with (
        gzip.open(raw) if is_gzip(magic) else open_inflated(raw) if is_packed(magic) else nullcontext(raw) as opened
    ):
        file = cast("BinaryIO", opened)
        head = _first_bytes(file)
        file.seek(0)
        if not head:
            reason = "it holds nothing but blanks" if _size(raw) else "the file holds nothing"
            raise DocumentError(str(path), Status.EMPTY, reason)
        media = sniff(str(path), head)
        whole = file if media is Media.ARTICLE else BytesIO(_read_whole(path, file, raw, media))
        for piece in _pieces(whole, media, str(path)):
            found = _record(piece, str(path), "#", metadata)
            yield replace(found, position=raw.tell()) if isinstance(found, Record) else found


def _first_bytes(file: BinaryIO) -> bytes:
    """The first bytes that are no blanks, as sniffing wants them; none of a record's length of blanks."""
    for _ in range(MAX_RECORD_BYTES // HEAD_BYTES):
        head = file.read(HEAD_BYTES)
        if not head or head.strip():
            break
    if not head.strip() or not head[:1].isspace():
        return head.strip() and head
    text = head.lstrip()
    return text + file.read(HEAD_BYTES - len(text))


def _pieces(file: BinaryIO, media: Media, where: str) -> Iterator[Piece | DocumentError]:
    """The documents of what was sniffed. Raises DocumentError with this path."""
    if media is Media.ARTICLE:
        yield from split_articles(file, where)
        return
    data = file.read()
    if media not in {Media.SUBMISSION, Media.FEED_ITEM}:
        yield Piece(None, media, data)
        return
    number = 0
    pieces = split_submission(data) if media is Media.SUBMISSION else split_feed(data, where)
    for number, piece in enumerate(pieces, start=1):
        yield Piece(number, media, piece)
    if number == 0:
        raise DocumentError(where, Status.EMPTY, f"a {media.partition('-')[0]} without a document")


def _record(piece: Piece | DocumentError, where: str, mark: str, metadata: Metadata) -> Record | DocumentError:
    if isinstance(piece, DocumentError):
        return piece
    path = where if piece.number is None else f"{where}{mark}{piece.number}"
    if len(piece.data) > MAX_RECORD_BYTES:
        return DocumentError(path, Status.TOO_LARGE, f"more than {MAX_RECORD_BYTES >> 20} MB in one document")
    return Record(path, piece.media, piece.data, metadata)


def _read_whole(path: Path, file: BinaryIO, raw: BinaryIO, media: Media) -> bytes:
    most = MAX_SUBMISSION_BYTES if media is Media.SUBMISSION else MAX_RECORD_BYTES
    size = _size(raw)
    data = file.read(min(most, max(size * MAX_INFLATION, SMALL_BYTES)) + 1)
    if len(data) > max(size * MAX_INFLATION, SMALL_BYTES):
        raise DocumentError(str(path), Status.TOO_LARGE, f"{size:,} bytes inflate more than {MAX_INFLATION}-fold")
    if len(data) > most:
        raise DocumentError(str(path), Status.TOO_LARGE, f"more than {most >> 20} MB in one document")
    return data


def _size(raw: BinaryIO) -> int:
    at = raw.tell()
    size = raw.seek(0, 2)
    raw.seek(at)
    return size
