"""The one module that knows pypdfium2: the text of a page that can be seen, and why the rest cannot.

What is painted over letters, or behind letters of any colour but white, and what a clipping path cuts off is not
looked for.
"""

import ctypes
import hashlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from evidence.corpus.styles import INVISIBLE, OFF_SCREEN, OPACITY, SAME_COLOUR, TINY

# Pages have some thousands, maps some ten thousands; what cannot be looked through cannot be trusted.
_MAX_OBJECTS = 300_000
_MAX_FORM_DEPTH = 8
# White letters times what may be painted behind them.
_MAX_COMPARED = 2_000_000
# One letter of so many is asked whether it can be seen.
_SAMPLE = 8
_TINY_POINTS = 1.0
# Of 255: channels of white, and the ink that nobody sees.
_WHITE = 245
_FAINT = 25
# How much of the page pictures cover where it is a scan.
_SCAN_SHARE = 0.8

_TEXT_FILLED = frozenset({pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_CLIP})
_TEXT_UNSEEN = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})
_NO_TEXT = pdfium.FPDF_TEXTRENDERMODE_UNKNOWN


def _direct(function: Any, result: Any, *arguments: Any) -> Any:
    """The same C function, with addresses for pointers: three times faster, and a page has thousands of objects."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_A, _I = ctypes.c_void_p, ctypes.c_int
_page_object = _direct(pdfium.FPDFPage_GetObject, _A, _A, _I)
_form_object = _direct(pdfium.FPDFFormObj_GetObject, _A, _A, ctypes.c_ulong)
_form_count = _direct(pdfium.FPDFFormObj_CountObjects, _I, _A)
_type = _direct(pdfium.FPDFPageObj_GetType, _I, _A)
_letter_object = _direct(pdfium.FPDFText_GetTextObject, _A, _A, _I)
_mode = _direct(pdfium.FPDFTextObj_GetTextRenderMode, _I, _A)
_fill = _direct(pdfium.FPDFPageObj_GetFillColor, _I, _A, _A, _A, _A, _A)
_size = _direct(pdfium.FPDFTextObj_GetFontSize, _I, _A, _A)
_matrix = _direct(pdfium.FPDFPageObj_GetMatrix, _I, _A, _A)
_bounds = _direct(pdfium.FPDFPageObj_GetBounds, _I, _A, _A, _A, _A, _A)
_draw_mode = _direct(pdfium.FPDFPath_GetDrawMode, _I, _A, _A, _A)
_remove_from_page = _direct(pdfium.FPDFPage_RemoveObject, _I, _A, _A)
_remove_from_form = _direct(pdfium.FPDFFormObj_RemoveObject, _I, _A, _A)
_destroy = _direct(pdfium.FPDFPageObj_Destroy, None, _A)

_Box = tuple[float, float, float, float]


class PdfDamaged(Exception):
    """No PDF that can be read."""


class PdfEncrypted(Exception):
    """A PDF that asks for a password."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """`text` is what can be seen, `full` with the rest, `hidden` how that was hidden; `scanned`: a picture."""

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


@dataclass(frozen=True, slots=True)
class _Unseen:
    """A text object that draws nothing to be seen, by its address; `form` is what it is in, if not the page."""

    address: int
    form: int | None
    kind: str


def _read(page: pypdfium2.PdfPage) -> PdfPage | None:
    full, outside, suspicious = _page_text(page)
    off_page = (OFF_SCREEN,) if outside else ()
    if not suspicious:
        return PdfPage(full, full, off_page)
    address = ctypes.cast(page.raw, _A).value
    count = pdfium.FPDFPage_CountObjects(page.raw)
    if address is None or count > _MAX_OBJECTS:
        return None
    objects = list(map(_page_object, repeat(address), range(count)))
    unseen = _find_unseen(objects, None, 0)
    if not unseen:
        return PdfPage(full, full, off_page)
    scanned = {it.kind for it in unseen} == {INVISIBLE} and _picture_share(objects, page.get_bbox()) >= _SCAN_SHARE
    for it in unseen:
        if _remove_from_page(address, it.address) if it.form is None else _remove_from_form(it.form, it.address):
            _destroy(it.address)
    text = _page_text(page)[0]
    kinds = {it.kind for it in unseen} if "".join(text.split()) != "".join(full.split()) else set()
    return PdfPage(text, full, tuple(sorted({*kinds, *off_page})), scanned)


def _page_text(page: pypdfium2.PdfPage) -> tuple[str, bool, bool]:
    """What stands inside the page, whether anything stands outside, and whether some may not be seen."""
    text_page = page.get_textpage()
    try:
        text = text_page.get_text_bounded()
        count = text_page.count_chars()
        # both counts have the line ends that pdfium adds; a few more or less are no text
        outside = count > len(text) * 1.02 + 8 and _letters(text_page.get_text_range()) > _letters(text) + 8
        return text, outside, _is_suspicious(text_page, count, text)
    finally:
        text_page.close()


def _letters(text: str) -> int:
    return sum(map(len, text.split()))


def _is_suspicious(text_page: pypdfium2.PdfTextPage, count: int, text: str) -> bool:
    """Whether a sample of the page's letters has one that may not be seen; then all its objects are looked at.

    One letter of every eight, at a place that the page's text decides: fifteen in a row cannot be missed, and
    shorter pieces cannot be placed so that all of them are, but by trying.
    """
    address = ctypes.cast(text_page.raw, _A).value
    if count <= 0:
        return False
    starts = np.arange(0, count, _SAMPLE)
    chances = hashlib.shake_128(text.encode("utf-8", "replace")).digest(len(starts))
    places = np.minimum(starts + np.frombuffer(chances, np.uint8) % _SAMPLE, count - 1)
    texts = list(set(map(_letter_object, repeat(address), places.tolist())) - {None, 0})
    return not _TEXT_UNSEEN.isdisjoint(map(_mode, texts)) or any(_kinds(texts))


def _find_unseen(objects: list[int], form: int | None, depth: int) -> list[_Unseen]:
    """The text objects of a page or a form that cannot be seen, those of the forms in it too."""
    modes = list(map(_mode, objects))
    places = [place for place, mode in enumerate(modes) if mode != _NO_TEXT]
    kinds = dict(zip(places, _kinds([objects[place] for place in places]), strict=True))
    found = {place: INVISIBLE for place in places if modes[place] in _TEXT_UNSEEN}
    found |= {place: kind for place, kind in kinds.items() if kind == TINY}
    # an outline shows what the filling does not
    faint = {place: kind for place, kind in kinds.items() if kind and modes[place] in _TEXT_FILLED}
    white = [place for place, kind in faint.items() if kind == SAME_COLOUR]
    painted = _on_paint(objects, modes, white) if white else set()
    found |= {place: kind for place, kind in faint.items() if place not in painted and place not in found}
    unseen = [_Unseen(objects[place], form, kind) for place, kind in found.items()]
    for place, mode in enumerate(modes):
        if mode == _NO_TEXT and depth < _MAX_FORM_DEPTH and _type(objects[place]) == pdfium.FPDF_PAGEOBJ_FORM:
            inner = objects[place]
            unseen += _find_unseen(_form_objects(inner), inner, depth + 1)
    return unseen


def _form_objects(form: int) -> list[int]:
    return list(map(_form_object, repeat(form), range(min(_form_count(form), _MAX_OBJECTS))))


def _kinds(texts: list[int]) -> list[str | None]:
    """Why each of these text objects may be unseen, by size and colour; in whole columns, for there are many."""
    count = len(texts)
    inks, sizes, matrices = (
        np.zeros((count, 4), np.uint32),
        np.zeros(count, np.float32),
        np.zeros((count, 6), np.float32),
    )
    at = inks.ctypes.data
    channels = [range(at + 4 * channel, at + 16 * count + 4 * channel, 16) for channel in range(4)]
    known = np.fromiter(map(_fill, texts, *channels), np.bool_, count)
    at = sizes.ctypes.data
    deque(map(_size, texts, range(at, at + 4 * count, 4)), maxlen=0)
    at = matrices.ctypes.data
    deque(map(_matrix, texts, range(at, at + 24 * count, 24)), maxlen=0)
    # a, b and c, d of each: how far a letter reaches across and up
    reach = np.abs(matrices[:, :4].astype(np.float64)).reshape(count, 2, 2).sum(axis=2).min(axis=1)
    tiny = np.abs(sizes.astype(np.float64)) * reach <= _TINY_POINTS
    faint, white = known & (inks[:, 3] <= _FAINT), known & (inks[:, :3].min(axis=1) >= _WHITE)
    if not (tiny | faint | white).any():
        return [None] * count
    verdicts = zip(tiny.tolist(), faint.tolist(), white.tolist(), strict=True)
    return [TINY if t else OPACITY if f else SAME_COLOUR if w else None for t, f, w in verdicts]


def _on_paint(objects: list[int], modes: list[int], white: list[int]) -> set[int]:
    """Which of these white letters have something that is not white under their middle, painted before them."""
    paints = [place for place, mode in enumerate(modes) if mode == _NO_TEXT and _paints(objects[place])]
    grounds = [(place, box) for place in paints if (box := _box(objects[place]))]
    if len(grounds) * len(white) > _MAX_COMPARED:
        return set()
    found = set()
    for place in white:
        box = _box(objects[place])
        if box is not None:
            x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            if any(at < place and b[0] <= x <= b[2] and b[1] <= y <= b[3] for at, b in grounds):
                found.add(place)
    return found


def _paints(address: int) -> bool:
    kind = _type(address)
    if kind != pdfium.FPDF_PAGEOBJ_PATH:
        return kind in {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING, pdfium.FPDF_PAGEOBJ_FORM}
    drawn = (ctypes.c_int * 2)()
    at = ctypes.addressof(drawn)
    if not _draw_mode(address, at, at + 4) or not drawn[0]:
        return False
    ink = (ctypes.c_uint * 4)()
    at = ctypes.addressof(ink)
    known = _fill(address, at, at + 4, at + 8, at + 12)
    # a pattern has no colour to be asked for
    return not known or (ink[3] > _FAINT and min(ink[:3]) < _WHITE)


def _picture_share(objects: list[int], page: _Box) -> float:
    """How much of the page its pictures cover; scans often come in strips, or wrapped in a form."""
    pictures = [address for address in objects if _type(address) == pdfium.FPDF_PAGEOBJ_IMAGE]
    forms = [address for address in objects if _type(address) == pdfium.FPDF_PAGEOBJ_FORM]
    for form in forms:
        if any(_type(inner) == pdfium.FPDF_PAGEOBJ_IMAGE for inner in _form_objects(form)):
            pictures.append(form)
    boxes = [box for address in pictures if (box := _box(address))]
    room = (page[2] - page[0]) * (page[3] - page[1])
    return sum((box[2] - box[0]) * (box[3] - box[1]) for box in boxes) / room if room > 0 else 0.0


def _box(address: int) -> _Box | None:
    """Left, bottom, right and top."""
    edges = (ctypes.c_float * 4)()
    at = ctypes.addressof(edges)
    return tuple(edges) if _bounds(address, at, at + 4, at + 8, at + 12) else None
