"""The one module that knows pypdfium2: a PDF's text layer, page by page."""

import re

import pypdfium2

from evidence.corpus.errors import DocumentError
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.values import Mark, MarkKind, Status

# pdfium writes U+FFFE or U+0002 for the hyphen that a line break put into a word
_BROKEN_WORD = re.compile("[\ufffe\x02]\n?")


def read_pdf(record: Record) -> Reading:
    """The pages' text with a page mark at the start of each; pdfium is not thread-safe, call it from one.

    Raises DocumentError: `encrypted`, `malformed`, or `needs-ocr` when no page has a text layer.
    """
    try:
        title, pages = _read(record.data)
    except (pypdfium2.PdfiumError, ValueError) as error:
        # pdfium's text of a damaged document need not be text
        status = Status.ENCRYPTED if "password" in str(error).lower() else Status.MALFORMED
        raise DocumentError(record.path, status, str(error)) from error
    if not any(pages):
        raise DocumentError(record.path, Status.NEEDS_OCR, f"none of its {len(pages)} pages has a text layer")
    marks, start = [], 0
    for number, page in enumerate(pages, start=1):
        marks.append(Mark(start, str(number), MarkKind.PAGE))
        start += len(page) + len(_PAGE_BREAK)
    return Reading(text=_PAGE_BREAK.join(pages), kind="document", title=title, marks=tuple(marks))


_PAGE_BREAK = "\n\n"


def _read(data: bytes) -> tuple[str | None, list[str]]:
    with pypdfium2.PdfDocument(data) as document:
        return _title(document), [_page_text(document[number]) for number in range(len(document))]


def _title(document: pypdfium2.PdfDocument) -> str | None:
    try:
        return str(document.get_metadata_value("Title")).strip() or None
    except ValueError:
        return None


def _page_text(page: pypdfium2.PdfPage) -> str:
    text = page.get_textpage().get_text_bounded().replace("\r\n", "\n")
    return _BROKEN_WORD.sub("", text).strip()
