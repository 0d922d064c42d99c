"""PDF streams that inflate beyond all measure, found before a PDF library inflates them. Pure, and bounded."""

import re
import zlib
from contextlib import suppress

# Text of a page is some kilobytes; a library holds all of a stream at once, and a copy or two.
_MAX_STREAM = 100_000_000
# One stage of Flate cannot inflate more than this.
_MAX_RATIO = 1_032
_STEP = 1 << 20
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FLATE = re.compile(rb"/Fl(?:ateDecode)?\b")
_DICTIONARY_BYTES = 1_024
# Inflating to find out costs half a second for so much; a file that asks for more answers the question.
_MAX_WORK = 400_000_000


def is_bomb(data: bytes) -> bool:
    """Whether a stream, or all that had to be tried, inflates to more than a reader should hold."""
    work = 0
    for match in _STREAM.finditer(data):
        head = data[max(0, match.start() - _DICTIONARY_BYTES) : match.start()]
        head = head[max(0, head.rfind(b" obj")) :]
        stages = len(_FLATE.findall(head))
        # how long a stream is may be said anywhere and be wrong; it ends at the latest with the next one
        length = data.find(b"endstream", match.end())
        length = (length if length >= 0 else len(data)) - match.end()
        if not stages or (stages == 1 and length * _MAX_RATIO <= _MAX_STREAM) or b"/Image" in head:
            continue
        size = _inflated(memoryview(data)[match.end() : match.end() + length], stages)
        work += size
        if size > _MAX_STREAM or work > _MAX_WORK:
            return True
    return False


def _inflated(data: memoryview, stages: int) -> int:
    """Bytes after all stages, or of the largest one before; counting ends soon after the limit."""
    sizes = [0] * stages
    machines = [zlib.decompressobj() for _ in range(stages)]

    def feed(stage: int, piece: bytes | memoryview) -> None:
        # past its end a decompressor gives nothing more, and says that there is something left
        while piece and not machines[stage].eof and max(sizes) <= _MAX_STREAM:
            out = machines[stage].decompress(piece, _STEP)
            sizes[stage] += len(out)
            if out and stage + 1 < stages:
                feed(stage + 1, out)
            piece = machines[stage].unconsumed_tail

    # encrypted, or damaged: what there was is counted
    with suppress(zlib.error):
        feed(0, data)
    return max(sizes)
