"""Whether every readable page of real crawls, many of them damaged, is read.

Counted a second time without our reader: the heads of responses and resources by a scan of what zlib and zipfile
unpack, and by warcio where it can read on.

    python bench/warc.py ../shared/data/warc_samples
"""

import argparse
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from fastwarc.stream_io import Lz4Reader
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from evidence.corpus.bodies import Block
from evidence.corpus.captures import read_archive
from evidence.corpus.errors import DocumentError
from evidence.corpus.metadata import NO_METADATA
from evidence.corpus.records import Record, Revisit
from evidence.corpus.sources import read_all, split_path

# Version line, then header lines up to the one that says what it is.
HEAD = re.compile(rb"(?<![^\n])WARC/[01]\.\d+\r*\n(?:[!-9;-~]+:[^\r\n]*\r*\n)*?WARC-Type: *(?:response|resource)\b")


def unpacked(data: bytes) -> Iterator[bytes]:
    """The archives in a file, inflated as far as they go."""
    if data[:2] == b"PK":
        try:
            with ZipFile(BytesIO(data)) as file:
                names = [name for name in file.namelist() if name.startswith("archive/")]
                yield from (part for name in names for part in unpacked(file.read(name)))
        except BadZipFile:
            return
    elif data[:2] == b"\x1f\x8b":
        whole = b""
        while data[:2] == b"\x1f\x8b":
            inflater = zlib.decompressobj(31)
            whole += inflater.decompress(data)
            data = inflater.unused_data
        yield whole
    elif data[:4] == b"\x04\x22\x4d\x18":
        reader, whole = Lz4Reader(BytesIO(data)), b""
        while more := reader.read(1 << 20):
            whole += more
        yield whole
    else:
        yield data


def count_heads(archive: bytes) -> int:
    """Responses and resources by their heads alone; of an ARC its lines but the first, which is its own head."""
    if archive.startswith(b"filedesc:"):
        return len(re.findall(rb"^(?!filedesc)\w+://[^\n]+ [\d.]+ \d{14,18} \S+ \d+\n", archive, re.MULTILINE))
    return len(HEAD.findall(archive))


def count_warcio(archive: bytes) -> int | None:
    """By another program; None where it gives up."""
    count = 0
    try:
        for record in ArchiveIterator(BytesIO(archive), arc2warc=True):
            count += record.rec_type in {"response", "resource"}
            record.raw_stream.read()
    except (ArchiveLoadFailed, ValueError, EOFError, AttributeError):
        return None
    return count


def count_ours(path: Path) -> Counter[str]:
    """What our reader makes of a file: blocks of pages, records, failures, and failures that name a capture."""
    try:
        with path.open("rb") as file:
            blocks = list(read_archive(file, str(path)))
    except DocumentError:
        blocks = []
    values = list(split_path(path, NO_METADATA))
    errors = [value for value in values if isinstance(value, DocumentError)]
    return Counter(
        pages=sum(isinstance(block, Block) and block.kind == "page" for block in blocks),
        named=sum(isinstance(block, DocumentError) and "#" in block.path for block in blocks),
        records=sum(isinstance(value, Record) for value in values),
        revisits=sum(isinstance(value, Revisit) for value in values),
        failures=len(errors),
        damaged=bool(errors),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data/warc_samples"))
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    files = sorted(path for path in arguments.folder.glob("*/*") if path.is_file())
    total: Counter[str] = Counter()
    for path in files:
        archives = list(unpacked(path.read_bytes()))
        others = [count_warcio(archive) for archive in archives]
        counts = count_ours(path)
        counts.update(heads=sum(map(count_heads, archives)))
        counts.update(warcio=sum(other or 0 for other in others), warcio_gives_up=None in others)
        counts.update(lost=max(0, counts["heads"] - counts["pages"] - counts["named"]))
        total.update(counts)
        if arguments.verbose:
            print(f"{path.relative_to(arguments.folder)}: {dict(counts)}")
            errors = (value for value in split_path(path, NO_METADATA) if isinstance(value, DocumentError))
            print("".join(f"    {str(error).replace(str(path), '')}\n" for error in errors), end="")
    last = [found for _, found in read_all(files)]
    bodiless = sum(isinstance(found, DocumentError) and found.status == "revisit-without-body" for found in last)
    print(
        f"{len(files)} files; {total['heads']} response and resource heads by scan ({total['warcio']} by warcio, "
        f"which gives up in {total['warcio_gives_up']} files): {total['pages']} read, {total['named']} named as "
        f"damaged, {total['lost']} lost; {total['records']} records of pages; {total['revisits']} revisits of "
        f"pages, {bodiless} without a body; {total['failures']} failures in {total['damaged']} files"
    )


if __name__ == "__main__":
    main()
