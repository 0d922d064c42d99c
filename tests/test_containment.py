"""A document can cost itself, and nothing else: no file, socket, process, memory or time of anybody's."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.corpus.errors import DocumentError
from evidence.corpus.metadata import NO_METADATA
from evidence.corpus.records import Record
from evidence.corpus.sandbox import Limits, layers
from evidence.corpus.sniffing import Media
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.wire import BrokenFrame, pack_frame, read_frame
from evidence.indexer.workers import Workers

PROBE = Path(__file__).with_name("containment") / "probe.py"

# The sentence splitter takes minutes for it.
HANGING = b"Quotes without end. " + b"(\"'." * 300_000
# Each of these strings takes 84 bytes of memory and five of text.
HUNGRY = b'{"text": "short", "more": [' + '"Ā",'.encode() * 6_000_000 + b"0]}"
LISTS = b'{"text": "short", "more": [' + b"[]," * 2_000_000 + b"[]]}"
# A busy machine gives a document little of its processors; these limits are in time that it was given.
ON_A_BUSY_MACHINE = Limits(seconds=2, memory_bytes=512 << 20, clock_seconds=100)


# Reads everything outside of the sandbox after the warm-up, and prints what was opened meanwhile.
LATE = """
import sys
from pathlib import Path
from evidence.corpus.metadata import NO_METADATA
from evidence.corpus.records import Record
from evidence.corpus.sources import read_records
from evidence.corpus.walking import find_files
from evidence.indexer import nursery
from evidence.indexer.contained import attempt

nursery._warm_up()
records = [r for f in find_files([Path(p) for p in sys.argv[1:]]) for r in read_records(f) if isinstance(r, Record)]
opened = set()
sys.addaudithook(lambda event, given: event == "open" and opened.add(str(given[0])))
loaded = set(sys.modules)
for record in records:
    list(attempt(lambda: nursery._read_one(record), "late"))
print(len(records), sorted(opened), sorted(set(sys.modules) - loaded))
"""


def test_no_reader_loads_anything_late_when_no_file_may_be_opened(
    sample: Path, write_folder: Callable[..., Path]
) -> None:
    exports = write_folder(
        {
            "feed.xml": "<rss><channel><title>F</title><item><title>T</title><pubDate>Mon, 04 Aug 2025 10:00:00 EST"
            "</pubDate><description>Orders rose.</description></item></channel></rss>",
            "article.json": '{"maintext": "Orders rose.", "date_publish": "2025-08-04 10:00:00", "language": "en"}',
            "undated.html": "<html lang=de><body><div class=date>im 12. Monat</div><p>Auftrag um Auftrag kam."
            "</p></body></html>",
            "latin.html": "<meta charset=iso-8859-15><p>Aufträge nahmen zu.</p>".encode("latin-1"),
            "russian.html": "<meta charset=koi8-r><p>Заказы выросли вчера в Москве.</p>".encode("koi8-r"),
        }
    )
    done = subprocess.run(
        [sys.executable, "-c", LATE, str(sample), str(exports)], capture_output=True, text=True, check=True
    )
    count, _, rest = done.stdout.partition(" ")
    assert int(count) >= 55
    assert rest.strip() == "[] []"


@pytest.mark.skipif(bool(layers().missing), reason="this system lacks Landlock or seccomp")
def test_a_parser_that_was_taken_over_gets_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(PROBE), str(tmp_path)], capture_output=True, check=True, timeout=120)
    said = json.loads(done.stdout)
    assert said["attempts"] == {
        "open a socket": "PermissionError",
        "look up a name": "gaierror",
        "read a foreign file": "PermissionError",
        "see whether a file is there": "PermissionError",
        "write a file": "PermissionError",
        "start a program": "PermissionError",
        "fork 50 children": "PermissionError",
        "start a thread": "RuntimeError",
        "signal its parent": "PermissionError",
        "take 4 GB": "MemoryError",
    }
    assert said["ends"] == {
        "endless loop": ["timeout"],
        "endless wait": ["timeout"],
        "abort": ["crashed"],
        "all memory": ["out-of-memory"],
        "flood": ["too-large"],
        "lie": ["crashed"],
    }
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_hanging_document_and_a_hungry_one_cost_only_themselves(
    write_folder: Callable[..., Path], tmp_path: Path
) -> None:
    files = {f"{number}.txt": f"Note {number}.\n\nOrders rose by {number} million." for number in range(6)}
    source = write_folder({**files, "2a.txt": HANGING, "4a.json": HUNGRY})
    with Workers(2, ON_A_BUSY_MACHINE) as workers:
        outcome = build_index(tmp_path / "index", [source], HashingEmbedder(), workers=workers)
    assert outcome.added == 6
    assert {Path(one.path).name: one.status for one in outcome.failures} == {
        "2a.txt": "timeout",
        "4a.json": "out-of-memory",
    }


def test_an_article_of_a_million_lists_is_refused_before_they_are_built(tmp_path: Path) -> None:
    file = tmp_path / "lists.json"
    file.write_bytes(LISTS)
    with Workers(1) as workers:
        found = [found for _, _, found in workers.read([(0, Record(str(file), Media.ARTICLE, LISTS))])]
        found += workers.split(file, NO_METADATA)
    reason = "2,000,003 lists and objects in one document"
    assert [(one.status, one.reason) for one in found if isinstance(one, DocumentError)] == [
        ("too-large", reason)
    ] * 2


def test_results_come_in_the_order_asked_whatever_the_number_of_workers() -> None:
    def text(number: int) -> bytes:
        return f"Note {number}.\n\n{'Orders rose again. ' * (2000 if number % 7 == 0 else 1)}".encode()

    records = [(number, Record(f"{number}.txt", Media.TEXT, text(number))) for number in range(40)]
    with Workers(3) as three, Workers(1) as one:
        read = [(key, found) for key, _, found in three.read(records)]
        assert [key for key, _ in read] == list(range(40))
        assert read == [(key, found) for key, _, found in one.read(records)]


def test_a_nursery_that_dies_costs_one_document_and_is_started_again() -> None:
    good = Record("good.txt", Media.TEXT, b"A fine text.")
    with Workers(1) as workers:
        first = [found for _, _, found in workers.read([(0, good)])]
        for nursery in workers.nurseries():
            nursery.kill()
        lost, found = [found for _, _, found in workers.read([(0, good), (1, good)])]
    assert isinstance(lost, DocumentError)
    assert (lost.path, lost.status) == ("good.txt", "crashed")
    assert [found] == first


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x00\x00\x05\x00\x00\x00\x00End",
        b"\x00\x00\x00\x06\x00\x00\x00\x00Nope {",
        b"\xff" * 64,
        b'\x00\x00\x00\x0c\x00\x00\x00\x00Record {"a"}',
    ],
)
def test_what_is_no_frame_is_believed_by_nobody(data: bytes) -> None:
    left = bytearray(data)

    def read(size: int) -> bytes:
        part = bytes(left[:size])
        del left[:size]
        return part

    with pytest.raises(BrokenFrame):
        read_frame(read, 1 << 20)


def test_a_record_crosses_unchanged() -> None:
    record = Record("a#1", Media.PDF, bytes(range(256)), url="https://a.example/x", position=7)
    frame = bytearray(pack_frame(record))

    def read(size: int) -> bytes:
        part = bytes(frame[:size])
        del frame[:size]
        return part

    assert read_frame(read, 1 << 20) == record


def test_a_bomb_is_named_and_the_run_goes_on(
    write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    source = write_folder({"bomb.txt.gz": gzip.compress(b"a" * (64 << 20), mtime=0), "note.txt": "A fine text."})
    index = build(source)
    assert [one.status for one in index.failures()] == ["too-large"]


def test_a_long_file_may_take_longer_than_one_document_does(tmp_path: Path) -> None:
    """The seconds are those of one document: a crawl of many goes on for as long as they keep coming."""
    script = """
import sys, time
from evidence.corpus.errors import DocumentError
from evidence.corpus.sandbox import Limits
from evidence.corpus.values import Status
from evidence.indexer.contained import contained

limits = Limits(seconds=1, clock_seconds=3)

def slow():
    for number in range(3):
        until = time.monotonic() + 1.2
        while time.monotonic() < until:
            pass
        yield DocumentError(str(number), Status.OK, "part")

print(sum(b"part" in frame for frame in contained(slow, "long", limits, many=True)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "3\n", done.stderr


def test_a_file_that_is_given_up_half_way_does_not_answer_for_the_next(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    first.write_text("\n".join('{"text": "First."}' for _ in range(500)))
    second.write_text('{"text": "Second one."}\n{"text": "Second two."}')
    with Workers(1) as workers:
        parts = workers.split(first, NO_METADATA)
        next(parts)
        parts.close()
        found = [value.data for value in workers.split(second, NO_METADATA) if isinstance(value, Record)]
    assert found == [b'{"text": "Second one."}', b'{"text": "Second two."}']
