"""Crawled bytes are kept once, under their digest, and come back as they were or not at all."""

import gzip
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.corpus.disk import Disk
from evidence.corpus.errors import SegmentError
from evidence.corpus.hashing import digest, file_digest
from evidence.corpus.originals import Originals

PAGE = b"<html><body><p>A page that was crawled.</p></body></html>" * 3


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@given(data=st.binary())
def test_any_bytes_round_trip(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    originals = Originals(tmp_path_factory.mktemp("round-trip"))
    sha256 = originals.put(data)
    assert (sha256, originals.get(sha256)) == (digest(data), data)


def test_the_same_bytes_are_kept_once_and_never_written_again(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    first = originals.put(PAGE)
    written = originals.path(first).stat()
    assert originals.put(PAGE) == first
    assert _files(tmp_path) == [originals.path(first)]
    assert originals.path(first).stat() == written


class Noting(Disk):
    """A disk that notes what it is told to sync."""

    def __init__(self) -> None:
        self.synced: list[Path] = []

    def sync(self, path: Path) -> None:
        super().sync(path)
        self.synced.append(path)


def test_what_a_dead_writer_left_is_synced_before_anything_refers_to_it(tmp_path: Path) -> None:
    dead = Originals(tmp_path)
    path = dead.path(dead.put(PAGE))
    disk = Noting()
    originals = Originals(tmp_path, disk)
    originals.put(PAGE)
    originals.settle()
    assert disk.synced == [path]


def test_the_same_bytes_make_the_same_file_everywhere(tmp_path: Path) -> None:
    here, there = Originals(tmp_path / "here"), Originals(tmp_path / "there")
    sha256 = here.put(PAGE)
    there.put(PAGE)
    assert file_digest(here.path(sha256)) == file_digest(there.path(sha256))


def test_a_write_that_was_cut_short_is_done_again(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    unfinished = originals.path(digest(PAGE)).with_suffix(".tmp")
    unfinished.parent.mkdir()
    unfinished.write_bytes(b"half a ")
    sha256 = originals.put(PAGE)
    assert originals.get(sha256) == PAGE
    assert _files(tmp_path) == [originals.path(sha256)]


def test_a_flipped_byte_never_gives_other_bytes(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    sha256 = originals.put(PAGE)
    path = originals.path(sha256)
    whole = path.read_bytes()
    for at, bit in product(range(len(whole)), range(8)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        with pytest.raises(SegmentError):
            originals.get(sha256)
    for other in (whole + bytes(1), whole + whole, whole[:-1]):
        path.write_bytes(other)
        with pytest.raises(SegmentError):
            originals.get(sha256)


def test_an_original_can_be_opened_by_anything_that_knows_gzip(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    assert gzip.decompress(originals.path(originals.put(PAGE)).read_bytes()) == PAGE


def test_originals_of_the_format_before_are_read(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    path = originals.path(digest(PAGE))
    path.parent.mkdir()
    path.write_bytes(gzip.compress(PAGE, 5, mtime=0))
    assert originals.get(digest(PAGE)) == PAGE


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\x1f\x8b", b"not gzip", gzip.compress(b"another page", mtime=0), gzip.compress(PAGE, mtime=0)[:-9]],
)
def test_damage_is_a_segment_error_that_says_the_way_out(tmp_path: Path, damaged: bytes) -> None:
    originals = Originals(tmp_path)
    sha256 = originals.put(PAGE)
    originals.path(sha256).write_bytes(damaged)
    with pytest.raises(SegmentError, match=str(originals.path(sha256))) as caught:
        originals.get(sha256)
    assert "index the source again" in caught.value.hint


def test_bytes_that_were_never_kept_are_a_segment_error(tmp_path: Path) -> None:
    with pytest.raises(SegmentError, match="cannot be read"):
        Originals(tmp_path).get(digest(PAGE))
