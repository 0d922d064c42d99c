"""PDF files to readings: the visible text of each page, and what was left out of it.

Invisible text is taken out before a page is read: letters drawn in the mode that draws nothing, in white on
nothing, without ink, of a point or less, and what stands outside the page. One case is kept: a picture of a whole
page with an invisible layer over it and hardly a visible letter is a scan that a machine has read. That layer is
all there is to search it by; its document says `ocr-layer`, for nobody has compared the layer with the picture.
"""

import re
from dataclasses import replace

from evidence.corpus.cover_page import cover_title, find_cover_page
from evidence.corpus.errors import DocumentError
from evidence.corpus.inflation import is_bomb
from evidence.corpus.inline_xbrl import Cover
from evidence.corpus.pdfpages import PdfDamaged, PdfEncrypted, PdfPage, open_pdf
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.values import Filing, Mark, MarkKind, Status

# A long annual report has 500 pages; what is beyond is left out and said.
MAX_PAGES = 5_000
# Characters of one document: four times War and Peace.
MAX_TEXT = 13_000_000
# Stamped numbers and file names on a scan; more is a page with text of its own.
_STAMP_SHARE = 0.05

FLAG_OCR = "ocr-layer"
FLAG_NO_TEXT = "pages-without-text"
FLAG_UNREADABLE = "pages-unreadable"
FLAG_LEFT_OUT = "pages-left-out"
FLAG_HIDDEN = "hidden-text"

# pdfium writes U+FFFE or U+0002 for the hyphen that a line break put into a word
_BROKEN_WORD = re.compile("[\ufffe\x02]\n?")
_PAGE_BREAK = "\n\n"
# Behind the end mark other programs leave a signature's or a mailer's rest.
_TAIL_BYTES = 4_096


def read_pdf(record: Record) -> Reading:
    """The pages' text with a page mark at the start of each; pdfium is not thread-safe, call it from one.

    Raises DocumentError: `encrypted`, `malformed`, `too-large` for a file that inflates beyond all measure, or
    `needs-ocr` when no page has text that can be seen.
    """
    if is_bomb(record.data):
        raise DocumentError(record.path, Status.TOO_LARGE, "a stream in it inflates beyond all measure")
    try:
        with open_pdf(record.data) as document:
            title, count = document.title(), len(document)
            pages = _Pages(count)
            for number in range(min(count, MAX_PAGES)):
                if not pages.add(document.read_page(number)):
                    break
    except PdfEncrypted as error:
        raise DocumentError(record.path, Status.ENCRYPTED, str(error)) from error
    except PdfDamaged as error:
        raise DocumentError(record.path, Status.MALFORMED, str(error)) from error
    pages.check(record.path)
    cut = b"%%EOF" not in record.data.rstrip(b"\0\r\n\t ")[-_TAIL_BYTES:]
    reading = Reading(
        text=_PAGE_BREAK.join(pages.texts),
        kind="document",
        title=title,
        status=Status.TRUNCATED if cut or pages.left_out else Status.INCOMPLETE if pages.unreadable else Status.OK,
        marks=pages.marks(),
        flags=pages.flags(),
    )
    cover = find_cover_page(pages.texts)
    return reading if cover is None else _as_filing(reading, cover)


def _as_filing(reading: Reading, cover: Cover) -> Reading:
    """What the cover says goes before the file's own title, which is the number of an upload as often as a name."""
    return replace(
        reading,
        kind="filing",
        title=cover_title(cover) or reading.title,
        form=cover.form,
        company=cover.company,
        ticker=cover.ticker,
        filing=Filing(period=cover.period) if cover.period else None,
    )


class _Pages:
    """The texts of a file's pages as they come, and what is to be said of them."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._length = 0
        self.texts: list[str] = []
        self.unreadable = 0
        self._hidden: set[str] = set()
        self._layers = 0

    def add(self, page: PdfPage | None) -> bool:
        """False when no more pages fit; None is a page that cannot be read."""
        text = ""
        if page is None:
            self.unreadable += 1
        elif page.scanned and len(page.text.strip()) <= _STAMP_SHARE * len(page.full.strip()):
            text = page.full
            self._layers += 1
        else:
            text = page.text
            self._hidden.update(page.hidden)
        text = _BROKEN_WORD.sub("", text.replace("\r\n", "\n")).strip()
        if self._length + len(text) > MAX_TEXT:
            return False
        self._length += len(text)
        self.texts.append(text)
        return True

    @property
    def left_out(self) -> int:
        return self._count - len(self.texts)

    def check(self, path: str) -> None:
        """Raises DocumentError for a file without text."""
        if self.unreadable and self.unreadable == len(self.texts):
            raise DocumentError(path, Status.MALFORMED, f"none of its {self._count} pages can be read")
        if not any(self.texts):
            reason = f"none of its {self._count} pages has text that can be seen"
            raise DocumentError(path, Status.NEEDS_OCR, reason)

    def marks(self) -> tuple[Mark, ...]:
        """A page mark for each, also for one without text, which begins where the next one does."""
        marks, start = [], 0
        for number, text in enumerate(self.texts, start=1):
            marks.append(Mark(start, str(number), MarkKind.PAGE))
            start += len(text) + len(_PAGE_BREAK)
        return tuple(marks)

    def flags(self) -> tuple[str, ...]:
        empty = sum(not text for text in self.texts) - self.unreadable
        counts = ((FLAG_NO_TEXT, empty), (FLAG_UNREADABLE, self.unreadable), (FLAG_LEFT_OUT, self.left_out))
        hidden = (FLAG_HIDDEN, *(f"{FLAG_HIDDEN}:{kind}" for kind in sorted(self._hidden))) if self._hidden else ()
        layer = (FLAG_OCR,) if self._layers else ()
        return (*hidden, *layer, *(f"{name}:{number}" for name, number in counts if number))
