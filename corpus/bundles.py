"""A JSON file to its articles, as they were written: JSON Lines, a list, an object that holds many, or one."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from evidence.corpus.decoding import UTF_16_BOMS
from evidence.corpus.errors import DocumentError
from evidence.corpus.exports import split_object
from evidence.corpus.records import MAX_RECORD_BYTES, refuse_containers
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Status

_JSON = re.compile(rb"\s*(?:\{\s*\"|\[\s*\{)")
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One document of a file that may hold several; `number` is None where it is the whole file."""

    number: int | None
    media: Media
    data: bytes


def split_articles(file: BinaryIO, path: str) -> Iterator[Piece | DocumentError]:
    """JSON Lines line by line; else one JSON value of at most MAX_RECORD_BYTES, an article or several.

    `file` stands at its start and can seek there. Raises DocumentError with this path.
    """
    start = file.tell()
    head = file.read(2)
    file.seek(start)
    if head in UTF_16_BOMS:
        text = _whole(file, path).decode("utf-16", "replace")
        file, start = BytesIO(text.encode("utf-8", "replace")), 0
    first = file.readline(MAX_RECORD_BYTES + 1)
    is_lines = bool(file.read(1)) and _is_object(first)
    file.seek(start)
    if is_lines:
        yield from _lines(file, path)
        return
    data = _whole(file, path)
    refuse_containers(data, path)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        if data.lstrip().startswith(b"{") and any(_is_object(line) for line in data.splitlines()):
            # JSON Lines of which the first is broken
            file.seek(start)
            yield from _lines(file, path)
            return
        # prose may begin with a bracket; what goes on or ends like JSON was meant to be it
        if _JSON.match(data) or data.rstrip()[-1:] in {b"}", b"]"}:
            raise DocumentError(path, Status.MALFORMED, f"not JSON: {error}") from error
        yield Piece(None, Media.TEXT, data)
        return
    yield from _of_value(value, data, path)


def _whole(file: BinaryIO, path: str) -> bytes:
    data = file.read(MAX_RECORD_BYTES + 1)
    if len(data) > MAX_RECORD_BYTES:
        reason = f"more than {MAX_RECORD_BYTES >> 20} MB in one document; a list of articles can be JSON Lines"
        raise DocumentError(path, Status.TOO_LARGE, reason)
    return data


def _of_value(value: object, data: bytes, path: str) -> Iterator[Piece]:
    rows = split_object(value) if isinstance(value, dict) else None
    if isinstance(value, dict) and rows is None:
        yield Piece(None, Media.ARTICLE, data)
        return
    if not value or rows == []:
        raise DocumentError(path, Status.EMPTY, "a list without an article")
    for number, item in enumerate(_items(data) if rows is None else rows, start=1):
        yield Piece(number, Media.ARTICLE, item)


def _items(array: bytes) -> Iterator[bytes]:
    """The elements of a JSON array that is known to parse, each as the bytes it was written in."""
    text = array.decode(json.detect_encoding(array), "surrogatepass")
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        if text[at] == "]":
            return
        _, end = decoder.raw_decode(text, at)
        yield text[at:end].encode("utf-8", "surrogatepass")
        at = end


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(file: BinaryIO, path: str) -> Iterator[Piece | DocumentError]:
    number = 0
    while line := file.readline(MAX_RECORD_BYTES + 1):
        number += 1
        if len(line) > MAX_RECORD_BYTES:
            reason = f"a line of more than {MAX_RECORD_BYTES >> 20} MB"
            yield DocumentError(f"{path}#{number}", Status.TOO_LARGE, reason)
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_RECORD_BYTES)
        elif line.strip():
            yield Piece(number, Media.ARTICLE, line.strip())
