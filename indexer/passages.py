"""A document's sentences to passages: runs of whole ones, with exact offsets. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evidence.indexer.sentences import Span, trim

# MiniLM reads 256 wordpieces, two of them its own marks; the margin keeps a passage whole under tokenizers
# that count a little differently. Long passages answer better than short ones up to this size.
MAX_PIECES = 220


@dataclass(frozen=True, slots=True)
class Passage:
    """`text[start:end]` of a document; `sentences` are the spans of its sentences, in the same offsets."""

    start: int
    end: int
    sentences: tuple[Span, ...]


def pack(
    text: str,
    sentences: Sequence[Span],
    breaks: Sequence[int],
    count_pieces: Callable[[Sequence[str]], list[int]],
    piece_spans: Callable[[str], list[Span]],
) -> list[Passage]:
    """Packs a text's sentences, in order and without overlap, into passages of at most MAX_PIECES wordpieces.

    A sentence that is longer than a passage (a table, a list) is cut between words. A passage never reaches
    over a break, which is where a page or section starts.
    """
    sizes = count_pieces([text[start:end] for start, end in sentences])
    passages: list[Passage] = []
    held: list[Span] = []
    room, section = MAX_PIECES, 0
    ordered = sorted(breaks)
    for (start, end), size in _cut_long(text, sentences, sizes, piece_spans):
        at = bisect_right(ordered, start)
        if held and (size > room or at != section):
            passages.append(_passage(held))
            held, room = [], MAX_PIECES
        held.append((start, end))
        room, section = room - size, at
    return [*passages, _passage(held)] if held else passages


def _passage(sentences: list[Span]) -> Passage:
    return Passage(sentences[0][0], sentences[-1][1], tuple(sentences))


def _cut_long(
    text: str, sentences: Sequence[Span], sizes: list[int], piece_spans: Callable[[str], list[Span]]
) -> Iterator[tuple[Span, int]]:
    for (start, end), size in zip(sentences, sizes, strict=True):
        if size <= MAX_PIECES:
            yield (start, end), size
            continue
        for first, last, pieces in _cuts(text[start:end], piece_spans(text[start:end])):
            yield (start + first, start + last), pieces


def _cuts(sentence: str, pieces: list[Span]) -> Iterator[tuple[int, int, int]]:
    """Cuts before the last piece that follows white space, or in mid-word where a word is a passage long.

    Characters that are no piece (tokenizers drop invisible ones) stay with the piece before them.
    """
    at = start = 0
    while at < len(pieces):
        until = min(at + MAX_PIECES, len(pieces))
        if until < len(pieces):
            spaced = (n for n in range(until, at, -1) if sentence[pieces[n][0] - 1].isspace())
            until = next(spaced, until)
        end = pieces[until][0] if until < len(pieces) else len(sentence)
        yield *trim(sentence, start, end), until - at
        at, start = until, end
