"""A disk with little space left, and a process with little memory: FOLDER disk|memory. Prints counts as JSON.

`disk` wants FOLDER to be a small file system of its own; it is filled but for some thousand bytes, more each time,
so that space ends at another place of the run.
"""

import json
import os
import resource
import sys
import traceback
from collections import Counter
from pathlib import Path

from workload import AT, add, id_of, live_texts, text_of

from evidence.corpus.errors import StoreError
from evidence.indexer.changes import collect, compact, delete
from evidence.indexer.checking import check_index
from evidence.indexer.layout import Layout
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.writer import Writer, open_writer

FREE_BYTES = [0, *range(4096, 160_000, 8192)]
SPARE_BYTES = [0, *(1 << power for power in range(16, 27))]


def change(writer: Writer, number: int) -> None:
    """More than the space that is left: documents that hardly shrink, a deletion, a compaction."""
    add(writer, [text_of(number * 100 + one) + os.urandom(3000).hex() for one in range(20)])
    delete(writer, [id_of(text_of(0))], "why", AT)
    compact(writer)


def fill(folder: Path, free: int) -> None:
    """Takes all space of the file system but so much."""
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            file.truncate(max(0, file.tell() - free))


def on_full_disk(folder: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    root = folder / "index"
    with open_writer(root, HashingEmbedder()) as writer:
        add(writer, [text_of(0), text_of(1)])
    for number, free in enumerate(FREE_BYTES, start=1):
        before = live_texts(root)
        fill(folder, free)
        refused = attempt(root, number)
        counts["refused" if refused else "done"] += 1
        assert check_index(Layout(root)).problems == ()
        assert refused is False or before - {text_of(0)} <= live_texts(root)
        (folder / "filler").unlink()
        with open_writer(root, HashingEmbedder()) as writer:
            add(writer, [text_of(10_000 + number)])
        assert text_of(10_000 + number) in live_texts(root)
        with open_writer(root) as writer:
            delete(writer, [id_of(text) for text in live_texts(root) if len(text) > 1000], "to make room", AT)
            compact(writer)
            collect(writer, 1)
    return counts


def attempt(root: Path, number: int) -> bool:
    """Whether it was refused, by an error that says the way out."""
    try:
        with open_writer(root, HashingEmbedder()) as writer:
            change(writer, number)
    except StoreError as error:
        assert error.hint
        return True
    return False


def with_little_memory(folder: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    root = folder / "index"
    for place in (root, folder / "warm"):
        with open_writer(place, HashingEmbedder()) as writer:
            add(writer, [text_of(0), text_of(1)])
    # what Python and the libraries load late they have loaded by then
    assert not attempt(folder / "warm", 0)
    for number, spare in enumerate(SPARE_BYTES, start=1):
        before = live_texts(root)
        child = os.fork()
        if child == 0:
            code = 2
            try:
                pages = int(Path("/proc/self/statm").read_text().split()[0])
                limit = pages * resource.getpagesize() + spare
                resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
                code = int(attempt(root, number))
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(code)
        _, ended = os.waitpid(child, 0)
        assert os.WIFEXITED(ended) and os.WEXITSTATUS(ended) in {0, 1}, (spare, ended)
        counts["refused" if os.WEXITSTATUS(ended) else "done"] += 1
        assert check_index(Layout(root)).problems == ()
        assert before - {text_of(0)} <= live_texts(root)
        with open_writer(root, HashingEmbedder()) as writer:
            add(writer, [text_of(10_000 + number)])
        assert text_of(10_000 + number) in live_texts(root)
    return counts


def main() -> None:
    run = {"disk": on_full_disk, "memory": with_little_memory}[sys.argv[2]]
    print(json.dumps(run(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
