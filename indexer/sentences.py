"""The one module that knows nupunkt: spans of a text's sentences, with exact offsets.

On hostile text the splitter takes minutes (350 s for 1.2 MB of quotes and full stops), so that it works where
documents are read: in a contained process.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from nupunkt import sent_spans

Span = tuple[int, int]

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")


def split_sentences(text: str, breaks: Iterable[int] = ()) -> list[Span]:
    """Spans of the text's sentences without the white space around them; none reaches over a break."""
    spans = []
    for start, end in _paragraphs(text, breaks):
        for first, last in sent_spans(text[start:end]):
            sentence = trim(text, start + first, start + last)
            if sentence[0] < sentence[1]:
                spans.append(sentence)
    return spans


def _paragraphs(text: str, breaks: Iterable[int]) -> Iterator[Span]:
    cuts = {0, len(text), *breaks}
    cuts.update(match.end() for match in _PARAGRAPH_END.finditer(text))
    ordered = sorted(cuts)
    for start, end in pairwise(ordered):
        trimmed = trim(text, start, end)
        if trimmed[0] < trimmed[1]:
            yield trimmed


def trim(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())
