"""The one module that knows pypdfium2: the text of a page that can be seen, and why the rest cannot."""

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from evidence.corpus.styles import INVISIBLE, OFF_SCREEN, OPACITY, SAME_COLOUR, TINY

# A page of a book has some thousands; drawings have more, and hold no text that is asked about.
_MAX_OBJECTS = 60_000
_MAX_FORM_DEPTH = 8
_MAX_COMPARED = 2_000_000
_TINY_POINTS = 1.0
_WHITE = 245
_FAINT = 25
# How much of the page the picture of a scan covers.
_SCAN_SHARE = 0.8
_FILLS = frozenset({pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_CLIP})
_UNSEEN = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})
_PAINTS = frozenset({pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING, pdfium.FPDF_PAGEOBJ_FORM})


class PdfDamaged(Exception):
    """No PDF that can be read."""


class PdfEncrypted(Exception):
    """A PDF that asks for a password."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """`text` is what can be seen, `full` with the rest, `hidden` how that was hidden; `scanned` if it is a picture."""

    text: str
    full: str
    hidden: tuple[str, ...] = ()
    scanned: bool = False


class PdfFile:
    """An open file; pages are counted from 0."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    def title(self) -> str | None:
        """What the file says of itself."""
        try:
            return str(self._document.get_metadata_value("Title")).strip() or None
        except (ValueError, pypdfium2.PdfiumError):
            return None

    def read_page(self, number: int) -> PdfPage | None:
        """None for a page that cannot be read."""
        try:
            page = self._document[number]
        except (pypdfium2.PdfiumError, ValueError):
            return None
        try:
            return _read(page)
        except (pypdfium2.PdfiumError, ValueError):
            # pdfium's text of a damaged page need not be text
            return None
        finally:
            page.close()


@contextmanager
def open_pdf(data: bytes) -> Iterator[PdfFile]:
    """Raises PdfDamaged or PdfEncrypted."""
    try:
        document = pypdfium2.PdfDocument(data)
    except (pypdfium2.PdfiumError, ValueError) as error:
        kind = PdfEncrypted if "password" in str(error).lower() else PdfDamaged
        raise kind(str(error)) from error
    try:
        yield PdfFile(document)
    finally:
        document.close()


def _read(page: pypdfium2.PdfPage) -> PdfPage:
    full, outside = _page_text(page)
    if not full and not outside:
        return PdfPage("", "")
    hidden = _hidden_objects(page)
    if not hidden:
        return PdfPage(full, full, (OFF_SCREEN,) if outside else ())
    scanned = set(hidden.values()) == {INVISIBLE} and _is_picture(page)
    for (_, parent), kind in hidden.items():
        del kind, parent
    _remove(page, hidden)
    text, _ = _page_text(page)
    kinds = set(hidden.values()) if "".join(text.split()) != "".join(full.split()) else set()
    return PdfPage(text, full, tuple(sorted(kinds | ({OFF_SCREEN} if outside else set()))), scanned)
