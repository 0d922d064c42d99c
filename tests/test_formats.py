"""A frozen index of every format is opened for ever; what is not known is refused, with the way out."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from evidence.corpus.errors import FormatError
from evidence.indexer.changes import delete
from evidence.indexer.checking import check_index
from evidence.indexer.layout import FORMAT, FORMATS, Layout
from evidence.indexer.manifest import sealed
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import open_writer
from evidence.retriever.search import search
from evidence.retriever.window import parse_window

FROZEN = Path(__file__).parent / "formats"
# Formats 1 to 3 were never released.
FIRST_FORMAT = 4


@pytest.fixture(params=[path.name for path in sorted(FROZEN.iterdir()) if path.name.isdecimal()])
def frozen(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a frozen index, named after its format."""
    return Path(shutil.copytree(FROZEN / request.param, tmp_path / request.param))


def test_every_format_that_is_known_has_its_frozen_index() -> None:
    held = {int(path.name) for path in FROZEN.iterdir() if path.name.isdecimal()}
    assert held == set(FORMATS) == set(range(FIRST_FORMAT, FORMAT + 1))


@pytest.mark.whole
def test_a_frozen_index_says_what_it_always_said(frozen: Path, keep_counts: Callable[..., None]) -> None:
    index = Index.open(frozen)
    assert check_index(index.layout).problems == ()
    # format 4 knew no deletion
    kept = ["orders.json", "tools.md", "wheat.txt"] + (["copper.txt"] if index.manifest.format == 4 else [])
    assert sorted(Path(document.path).name for document, _ in index.documents()) == sorted(kept)
    assert all(index.originals.get(document.original) for document, _ in index.documents())
    assert (len(index.withdrawn), [failure.status for failure in index.failures()]) == (1, ["malformed"])
    window = parse_window("2025-05", "2025-08", today=date(2026, 1, 15))
    (best, *_) = search(index, HashingEmbedder(), "orders booked", window, 3)
    assert best.text == "Invented Bonders booked orders of 41 million dollars."
    keep_counts(f"format-{frozen.name}", True, opened=1, documents=len(kept))


def test_a_frozen_index_can_be_written_to_and_is_of_the_newest_format_then(frozen: Path) -> None:
    before = Index.open(frozen)
    (one, *_) = (document.id for document, _ in before.documents())
    with open_writer(frozen, HashingEmbedder()) as writer:
        delete(writer, [one], "a reason", parse_window("2025", None, today=date(2026, 1, 15)).first_instant)
    after = Index.open(frozen)
    assert (after.manifest.format, after.manifest.documents) == (FORMAT, before.manifest.documents - 1)
    assert (frozen / "format").read_text() == f"{FORMAT}\n"
    assert check_index(after.layout).problems == ()
    assert list(after.at(before.manifest.number).documents()) == list(before.documents())


@pytest.mark.parametrize("number", [1, FIRST_FORMAT - 1, FORMAT + 1, 99])
def test_an_unknown_number_is_refused_with_the_way_out(tmp_path: Path, number: int) -> None:
    layout = Layout(Path(shutil.copytree(FROZEN / str(FORMAT), tmp_path / "index")))
    layout.format.write_text(f"{number}\n")
    with pytest.raises(FormatError, match=f"format {number}; this program knows") as refused:
        Index.open(layout.root)
    assert "index the sources again" in refused.value.hint


def test_an_unknown_flag_is_refused_with_the_way_out(tmp_path: Path) -> None:
    layout = Layout(Path(shutil.copytree(FROZEN / str(FORMAT), tmp_path / "index")))
    path = layout.snapshot(Index.open(layout.root).manifest.number)
    body = json.loads(path.read_bytes())
    del body["sha256"]
    path.write_bytes(sealed({**body, "flags": ["encrypted"]}))
    with pytest.raises(FormatError, match="encrypted, which this program does not know") as refused:
        Index.open(layout.root)
    assert "use the version of evidence that wrote it" in refused.value.hint
