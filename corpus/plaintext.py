"""Plain text and Markdown to readings: the text as written, headings as section marks."""

import re

from evidence.corpus.decoding import decode
from evidence.corpus.errors import DocumentError
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.values import Mark, Status

_HEADING = re.compile(r"^#{1,6} +(\S.*)$", re.MULTILINE)
# wget writes one beside its WARC
_CDX = (b" CDX ", b"CDX ")
# A first line no longer than a headline, with a blank line after it, is one.
_TITLE = re.compile(r"\s*(\S.{0,119})\n\s*\n")


def read_text(record: Record) -> Reading:
    """The whole file is the text; line ends become `\\n`. Raises DocumentError `no-text` or `unsupported`."""
    if record.data.startswith(_CDX):
        raise DocumentError(record.path, Status.UNSUPPORTED, "a crawler's index of its WARC files, which are read")
    text = decode(record.data).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(character.isalnum() for character in text):
        raise DocumentError(record.path, Status.NO_TEXT, "the file holds no words")
    marks = tuple(Mark(match.start(), match[1].rstrip("# \t")) for match in _HEADING.finditer(text))
    line = _TITLE.match(text)
    title = marks[0].label if marks else line and line[1].strip()
    return Reading(text=text, kind="note", title=title, marks=marks)
