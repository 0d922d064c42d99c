"""The files of a run to records: split one by one, and what a revisit means found over all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from evidence.corpus.errors import DocumentError
from evidence.corpus.metadata import NO_METADATA, Metadata, MetadataFile, read_sidecar
from evidence.corpus.records import Record, Revisit, Spot
from evidence.corpus.revisits import Held, Revisits
from evidence.corpus.splitting import Split, read_bodies, split_file
from evidence.corpus.values import Status

Wanted = Mapping[Spot, Sequence[Revisit]]
Found = tuple[Path, Record | DocumentError]
# How a file is split and how bodies are read out of one; contained, where nobody trusts the files.
Splitter = Callable[[Path, Metadata], Iterable[Split]]
Fetcher = Callable[[Path, Wanted], Iterable[tuple[Revisit, Record | DocumentError]]]
# What earlier runs hold of a capture that a revisit means.
Keeper = Callable[[Revisit], Iterable[Record]]


def read_records(path: Path, stated: MetadataFile | None = None) -> Iterator[Record | DocumentError]:
    """The records of one file, each read only when asked for; a broken part is yielded as its error."""
    for _, found in read_all([path], stated):
        yield found


def split_path(path: Path, metadata: Metadata) -> Iterator[Split]:
    """Opens the file and splits it here, in this process."""
    with path.open("rb") as raw:
        yield from split_file(path, raw, metadata)


def fetch_path(path: Path, wanted: Wanted) -> Iterator[tuple[Revisit, Record | DocumentError]]:
    """Opens the file and reads the bodies here, in this process."""
    with path.open("rb") as raw:
        yield from read_bodies(path, raw, wanted)


def read_all(
    files: Sequence[Path],
    stated: MetadataFile | None = None,
    split: Splitter = split_path,
    fetch: Fetcher = fetch_path,
    kept: Keeper = lambda revisit: (),
) -> Iterator[Found]:
    """Every record and every failure with its file, in order; revisits last, under the file they stand in.

    A revisit of a page gives a record of its own, with the body of the page it means: out of this run's files, or
    what is `kept` of earlier ones.
    """
    revisits = Revisits()
    for number, path in enumerate(files):
        for value in _split(path, stated, split):
            if not isinstance(value, DocumentError):
                revisits.see(number, value)
            if isinstance(value, Record | DocumentError):
                yield path, value
    yield from _settled(files, revisits, fetch, kept)


def _split(path: Path, stated: MetadataFile | None, split: Splitter) -> Iterator[Split]:
    try:
        if not path.is_file():
            raise DocumentError(str(path), *_no_file(path))
        metadata = (stated and stated.of(path)) or read_sidecar(path) or NO_METADATA
        yield from split(path, metadata)
    except DocumentError as error:
        yield error
    except OSError as error:
        yield DocumentError(str(path), Status.UNREADABLE, error.strerror or str(error))


def _no_file(path: Path) -> tuple[Status, str]:
    if path.is_dir():
        return Status.UNREADABLE, "the folder cannot be listed"
    if not path.exists():
        return Status.UNREADABLE, "no file, or a link to none"
    kinds = {"a pipe": path.is_fifo(), "a socket": path.is_socket()}
    kind = next((name for name, fits in kinds.items() if fits), "a device")
    return Status.UNSUPPORTED, f"{kind} and no file: only what lies on disk is read"


def _settled(files: Sequence[Path], revisits: Revisits, fetch: Fetcher, kept: Keeper) -> Iterator[Found]:
    wanted: dict[int, dict[Spot, list[Revisit]]] = defaultdict(lambda: defaultdict(list))
    owners: dict[str, Path] = {}
    for file, revisit, body in revisits.settle():
        if isinstance(body, Held):
            wanted[body.file][body.spot].append(revisit)
            owners[revisit.path] = files[file]
        elif body is None:
            for found in _kept(revisit, kept):
                yield files[file], found
    for number in sorted(wanted):
        for revisit, found in _fetched(files[number], wanted[number], fetch):
            # a fetcher in a process that was taken over may say anything
            yield owners.get(revisit.path, files[number]), found


def _kept(revisit: Revisit, kept: Keeper) -> list[Record] | list[DocumentError]:
    means = revisit.refers_url or revisit.capture.url
    reason = f"it refers to an earlier capture of {means}, which is in none of these files, nor in the index"
    return list(kept(revisit)) or [DocumentError(revisit.path, Status.REVISIT, reason)]


def _fetched(path: Path, wanted: Wanted, fetch: Fetcher) -> Iterator[tuple[Revisit, Record | DocumentError]]:
    try:
        yield from fetch(path, wanted)
    except OSError as error:
        for revisit in (revisit for revisits in wanted.values() for revisit in revisits):
            yield revisit, DocumentError(revisit.path, Status.REVISIT, f"its body cannot be read: {error.strerror}")
