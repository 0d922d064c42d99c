"""Slower proofs, run by `make soak`: a writer killed at any instant loses nothing that it committed."""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.corpus.errors import NoIndex
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index

KILLS = 60
FILES = 60
# Kills itself, from a thread of its own, this many seconds after it has begun to index.
DYING_RUN = """
import os, signal, sys, threading
from pathlib import Path
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder

threading.Timer(float(sys.argv[3]), os.kill, (os.getpid(), signal.SIGKILL)).start()
build_index(Path(sys.argv[1]), [Path(sys.argv[2])], HashingEmbedder())
os._exit(0)
"""
NOTES = 60
# The same, with commits of one note, so that every second or third is followed by a merge.
DYING_MERGES = """
import os, signal, sys, threading
from pathlib import Path
from evidence.corpus.hashing import digest
from evidence.corpus.values import Document
from evidence.indexer.passages import Passage
from evidence.indexer.document_rows import Source
from evidence.indexer.runs import AT_REST
from evidence.indexer.segment import CutDocument
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import open_writer

threading.Timer(float(sys.argv[3]), os.kill, (os.getpid(), signal.SIGKILL)).start()
with open_writer(Path(sys.argv[1]), HashingEmbedder()) as writer:
    held = {document.path for document, _ in writer.index().documents()}
    for number in range(int(sys.argv[2])):
        text = f"Company {number} reported order {number * 7}."
        if text not in held:
            document = Document(digest(text.encode())[:16], text, "news", text, writer.originals.put(text.encode()))
            passage = Passage(0, len(text), ((0, len(text)),))
            writer.commit([CutDocument(document, (passage,), Source())], HashingEmbedder().encode([text]), ())
            writer.merge(AT_REST)
os._exit(0)
"""


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_writer_killed_at_any_instant_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    source, index = tmp_path / "source", tmp_path / "index"
    source.mkdir()
    for number in range(FILES):
        words = " ".join(f"Company {number} reported order {n} on line {n * 7}." for n in range(1200))
        (source / f"{number:02}.txt").write_text(words, encoding="utf-8")
    killed = wholes = 0
    for was_killed, held in _die_again_and_again(DYING_RUN, index, str(source), 2.5, FILES, random.Random(5)):
        killed += was_killed
        wholes += held == FILES
    build_index(index, [source], HashingEmbedder())
    assert len(_sound_ids(index)) == FILES
    print(f"{killed} kills over {wholes} whole indexes: 0 documents lost, 0 files damaged")


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_writer_killed_while_it_merges_leaves_the_old_snapshot_or_the_new(tmp_path: Path) -> None:
    index = tmp_path / "index"
    killed = merges = 0
    for was_killed, held in _die_again_and_again(DYING_MERGES, index, str(NOTES), 1.0, NOTES, random.Random(9)):
        killed += was_killed
        if held:
            merges += len(Index.open(index).segments) < held
    assert merges > KILLS // 4
    print(f"{killed} kills, {merges} of them after merges: 0 documents lost, 0 files damaged")


def _die_again_and_again(
    program: str, index: Path, what: str, seconds: float, whole: int, chance: random.Random
) -> Iterator[tuple[bool, int]]:
    """Runs that go on from one another until KILLS were killed: whether each was, and how much is held then.

    What one held the next holds, too; an index that is whole is removed before the next run.
    """
    held: set[str] = set()
    killed = 0
    while killed < KILLS:
        done = subprocess.run(
            [sys.executable, "-c", program, str(index), what, str(chance.uniform(0.0, seconds))],
            check=False,
            capture_output=True,
        )
        assert done.returncode in {0, -9}, done.stderr
        killed += done.returncode == -9
        now = _sound_ids(index)
        assert held <= now
        held = now
        yield done.returncode == -9, len(held)
        if len(held) == whole:
            held = set()
            shutil.rmtree(index)


def _sound_ids(index: Path) -> set[str]:
    """The documents of an index in which nothing is damaged; none where there is no index yet."""
    try:
        opened = Index.open(index)
    except NoIndex:
        return set()
    assert opened.check() == []
    return {document.id for document, _ in opened.documents()}
