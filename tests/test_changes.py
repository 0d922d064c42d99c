"""Documents are deleted, restored and forgotten, snapshots cleared away, and reports keep verifying."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import evidence
from evidence.cli import run
from evidence.corpus.errors import NotFound, SegmentError, StoreError, UsageError
from evidence.indexer.build import build_index
from evidence.indexer.changes import collect, compact, delete, forget, restore
from evidence.indexer.manifest import Deletion
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.workers import Workers
from evidence.indexer.writer import Writer, open_writer

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
CANARY = "Quillfeather"
TEXTS = {
    "orders.txt": "Invented Bonders booked orders of 41 million dollars in July.",
    "canary.txt": f"{CANARY} Holdings told its bank of a loss of 7 million dollars in July.",
    "wheat.txt": "Wheat fell after rain in the north of the country.",
    "tools.txt": "Die attach tools ship in May, the maker said in a note.",
}
WINDOW = {"since": "2025-08-01", "until": "2025-08-31"}


class Place:
    """One index of a test, its source, and the ids of its documents by file."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self.source, self.root, self._workers = folder / "source", folder / "index", workers
        self.source.mkdir()

    def add(self, **texts: str) -> Any:
        for name, text in texts.items():
            (self.source / f"{name}.txt").write_text(text)
            (self.source / f"{name}.txt.meta.json").write_text('{"published": "2025-08-04"}')
        return build_index(self.root, [self.source], HashingEmbedder(), workers=self._workers)

    @property
    def index(self) -> Index:
        return Index.open(self.root)

    @property
    def ids(self) -> dict[str, str]:
        return {Path(document.path).stem: document.id for document, _ in self.index.documents()}

    def archive(self) -> evidence.Archive:
        return evidence.open(self.root, embedder=HashingEmbedder(), clock=lambda: AT)

    def found(self, query: str) -> set[str]:
        return {Path(hit.document.path).stem for hit in self.archive().search(query, **WINDOW)}

    def bytes_holding(self, *needles: bytes) -> list[Path]:
        """Files of the index that hold one of these, whether they are compressed or not."""
        found = []
        for path in self.root.rglob("*"):
            data = path.read_bytes() if path.is_file() else b""
            if path.suffix == ".gz":
                data += self.index.originals.get(path.stem)
            if any(needle in data for needle in needles):
                found.append(path)
        return found


@pytest.fixture
def place(tmp_path: Path, workers: Workers) -> Place:
    made = Place(tmp_path, workers)
    made.add(**{Path(name).stem: text for name, text in TEXTS.items()})
    return made


@pytest.fixture
def change(place: Place) -> Iterator[Callable[..., Any]]:
    """change(delete, ids, ...) -> what the function says, as a run of its own."""

    def call(function: Callable[..., Any], *arguments: Any) -> Any:
        with open_writer(place.root) as writer:
            return function(writer, *arguments)

    yield call


def test_what_is_deleted_is_in_no_search_listing_or_count_and_says_why(
    place: Place, change: Callable[..., Any]
) -> None:
    canary = place.ids["canary"]
    before = place.index
    assert change(delete, [canary], "a court said so", AT) == [canary]
    assert change(delete, [canary], "again", AT) == []
    assert (
        set(place.ids) == {"orders", "wheat", "tools"} == place.found("Quillfeather loss bank orders wheat tools")
    )
    assert (place.index.manifest.documents, place.index.check()) == (3, [])
    assert place.index.deleted[canary].reason == "a court said so"
    # who opened the snapshot before has it still
    assert [document.id for document, _ in before.documents()] == sorted([canary, *place.ids.values()])


def test_what_is_deleted_stays_so_when_its_source_is_indexed_again(
    place: Place, change: Callable[..., Any]
) -> None:
    canary = place.ids["canary"]
    change(delete, [canary], "a court said so", AT)
    assert (place.add().deleted, place.add().skipped) == (1, 3)
    change(compact)
    assert (place.add().deleted, place.add().added) == (1, 0)
    assert canary not in place.ids.values()


def test_a_deletion_can_be_taken_back(place: Place, change: Callable[..., Any]) -> None:
    canary = place.ids["canary"]
    change(delete, [canary], "by mistake", AT)
    assert change(restore, [canary]) == []
    assert place.ids["canary"] == canary
    change(delete, [canary], "by mistake", AT)
    change(compact)
    assert change(restore, [canary]) == [canary]
    assert "canary" not in place.ids
    assert (place.add().added, place.ids["canary"]) == (1, canary)


@pytest.mark.parametrize("function", [delete, forget])
def test_an_unknown_id_and_a_missing_reason_change_nothing(
    place: Place, change: Callable[..., Any], function: Callable[..., Any]
) -> None:
    before = place.index.manifest
    with pytest.raises(NotFound, match="0123456789abcdef"):
        change(function, [place.ids["wheat"], "0123456789abcdef"], "a reason", AT)
    with pytest.raises(UsageError, match="reason"):
        change(function, [place.ids["wheat"]], " ", AT)
    with pytest.raises(NotFound, match="is not deleted"):
        change(restore, [place.ids["wheat"]])
    assert place.index.manifest == before


def test_compact_gives_up_what_is_deleted_and_finds_what_was_found(
    place: Place, change: Callable[..., Any]
) -> None:
    place.add(copper="Copper rose on news of a strike.", tin="Tin was steady in thin trade.")
    change(delete, [place.ids["canary"], place.ids["tin"]], "a court said so", AT)
    query = "orders wheat tools copper"
    before = [(hit.id, hit.score, hit.lexical) for hit in place.archive().search(query, **WINDOW)]
    told = change(compact)
    assert (told.documents, told.before, told.after) == (2, 2, 1)
    assert [(hit.id, hit.score, hit.lexical) for hit in place.archive().search(query, **WINDOW)] == before
    assert (place.index.check(), place.index.manifest.documents) == ([], 4)
    assert change(compact).documents == 0
    assert {path.parts[-3] for path in place.bytes_holding(CANARY.encode())} == {"segments", "originals"}
    change(collect, 1)
    assert place.bytes_holding(CANARY.encode()) == []


def test_an_index_of_which_all_is_deleted_is_an_empty_index(place: Place, change: Callable[..., Any]) -> None:
    change(delete, list(place.ids.values()), "all of it", AT)
    change(compact)
    assert (place.ids, place.found("orders"), place.index.segments, place.index.check()) == ({}, set(), [], [])
    assert place.add(new="A new text of its own.").added == 1
    assert place.found("new text") == {"new"}


def test_gc_keeps_the_snapshots_it_is_told_to_and_all_they_need(place: Place, change: Callable[..., Any]) -> None:
    for number in range(4):
        place.add(**{f"note{number}": f"Note {number} says that {number * 7} ships came in."})
    whole = place.index.manifest.number
    change(delete, [place.ids["note0"]], "no reason", AT)
    told = change(collect, 2)
    assert (told.snapshots, told.first, told.read) == (tuple(range(1, whole)), whole, None)
    assert (place.index.manifest.number, place.index.check(), place.index.at(whole).check()) == (whole + 1, [], [])
    assert (place.index.at(whole).manifest.documents, place.index.manifest.documents) == (8, 7)
    with pytest.raises(NotFound, match=f"snapshot {whole - 1} is not kept"):
        place.index.at(whole - 1)
    with pytest.raises(UsageError):
        change(collect, 0)


def test_gc_takes_nothing_from_a_reader(place: Place, change: Callable[..., Any]) -> None:
    reader = place.archive()
    change(delete, [place.ids["canary"]], "a court said so", AT)
    change(compact)
    told = change(collect, 1)
    assert (told.snapshots, told.read) == ((), 1)
    assert {Path(hit.document.path).stem for hit in reader.search("Quillfeather loss", **WINDOW)} >= {"canary"}
    del reader
    assert change(collect, 1).snapshots == (1, 2)
    assert place.index.check() == []


def test_gc_removes_what_dead_writers_left(place: Place, change: Callable[..., Any]) -> None:
    layout = place.index.layout
    leftovers = [layout.draft / "documents.arrow", layout.segment("0123456789abcdef") / "vectors.npy"]
    leftovers += [layout.originals / "ab" / f"{'ab' * 32}.gz", layout.originals / "ab" / f"{'ab' * 32}.tmp"]
    leftovers += [
        layout.snapshots / "00000002.json.tmp",
        layout.root / "newest.tmp",
        layout.failure_list("ab" * 32),
    ]
    for path in leftovers:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half a f")
    before = place.found("orders")
    assert change(collect, 9).bytes == 8 * len(leftovers)
    assert [path for path in leftovers if path.exists()] == []
    assert (place.found("orders"), place.index.check()) == (before, [])


def test_gc_removes_nothing_when_a_snapshot_that_stays_is_damaged(place: Place, change: Callable[..., Any]) -> None:
    place.add(note="Four ships came in.")
    path = place.index.layout.segment(place.index.segments[1].entry.id) / "documents.arrow"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    before = sorted(place.root.rglob("*"))
    with pytest.raises(SegmentError, match=r"documents\.arrow"):
        change(collect, 1)
    assert sorted(place.root.rglob("*")) == before


def test_what_is_forgotten_is_in_no_byte_of_the_index(place: Place, change: Callable[..., Any]) -> None:
    place.add(copper="Copper rose on news of a strike.")
    index = place.index
    document = index.document(place.ids["canary"])
    (segment,) = [segment for segment in index.segments if document.id in segment.ids]
    rows = np.flatnonzero(segment.passages.documents == segment.rows_by_id[document.id])
    traces = [CANARY.encode(), CANARY.lower().encode(), b"quillfeath", segment.vectors.take(rows).tobytes()]
    assert len(place.bytes_holding(*traces)) >= 4
    change(delete, [place.ids["wheat"]], "a court said so", AT)
    told = change(forget, [document.id], "the law", AT)
    assert (told.ids, told.copies) == ((document.id,), ())
    assert place.bytes_holding(*traces) == []
    assert set(place.ids) == {"orders", "tools", "copper"}
    assert (place.index.check(), place.index.manifest.documents) == ([], 3)
    assert place.index.deleted[document.id].forgotten
    # the source is still there, and does not bring it back, whatever is stated about it now
    assert place.add().deleted == 2
    (place.source / "canary.txt.meta.json").write_text('{"published": "2025-08-05"}')
    assert (place.add().added, place.bytes_holding(*traces)) == (0, [])


def test_forget_takes_every_document_of_the_same_bytes_and_names_copies_that_stay(
    place: Place, change: Callable[..., Any]
) -> None:
    text = " ".join(f"Invented Bonders sold {n * 7} tools to plant {n} for {n * 3} million." for n in range(20))
    place.add(first=text)
    (place.source / "second.txt").write_text(text)
    (place.source / "second.txt.meta.json").write_text('{"published": "2025-08-09"}')
    place.add(third=text + "The shares rose.")
    ids = place.ids
    told = change(forget, [ids["first"]], "the law", AT)
    assert told.ids == tuple(sorted([ids["first"], ids["second"]]))
    assert told.copies == (ids["third"],)
    assert set(place.ids) == {"orders", "canary", "wheat", "tools", "third"}


def test_forget_goes_on_where_a_process_died(place: Place, change: Callable[..., Any]) -> None:
    canary = place.ids["canary"]

    def die_half_way(writer: Writer) -> None:
        # all but the clearing away: what a kill after the commit leaves
        gone = Deletion(canary, place.index.document(canary).original, "the law", AT.isoformat(), True, True)
        manifest = writer.without(frozenset([canary]))
        writer.publish(replace(manifest, deleted=(gone,), first=manifest.number + 1))

    change(die_half_way)
    assert place.bytes_holding(CANARY.encode())
    # the next writer, whatever it is for, finishes
    place.add(note="Four ships came in.")
    assert place.bytes_holding(CANARY.encode()) == []
    assert change(forget, [canary], "the law", AT).ids == (canary,)
    assert place.index.check() == []


def ask(place: Place) -> dict[str, Any]:
    return place.archive().ask("What loss did Quillfeather tell its bank?", llm=False, **WINDOW)


def test_a_report_keeps_verifying_while_its_snapshot_is_kept_and_says_so_when_it_is_not(
    place: Place, change: Callable[..., Any]
) -> None:
    report = ask(place)
    canary = place.ids["canary"]
    assert canary in {source["id"] for source in report["sources"]}
    archive = place.archive
    assert (archive().verify(report), archive().notes(report)) == ([], [])
    change(delete, [canary], "a court said so", AT)
    assert archive().verify(report) == []
    assert ["a court said so" in note for note in archive().notes(report)] == [True]
    change(compact)
    assert archive().verify(report) == []
    change(collect, 1)
    assert ["snapshot 1, from which it was written, is no longer kept" in n for n in archive().notes(report)] == [
        True,
        False,
    ]
    problems = archive().verify(report)
    assert problems and all(f"document {canary} was deleted at" in line for line in problems)


def test_a_report_whose_quotes_are_still_held_verifies_without_its_snapshot(
    place: Place, change: Callable[..., Any]
) -> None:
    report = ask(place)
    place.add(note="Four ships came in.")
    change(collect, 1)
    assert place.archive().verify(report) == []
    assert ["is no longer kept (the oldest is 2)" in note for note in place.archive().notes(report)] == [True]


def test_a_report_of_a_snapshot_that_never_was_is_refused(place: Place) -> None:
    report = ask(place)
    problems = place.archive().verify({**report, "snapshot": 9})
    assert "report: this archive never had a snapshot 9; its newest is 1" in problems


def test_a_page_that_was_crawled_again_is_a_version_and_the_old_one_is_kept(
    tmp_path: Path, workers: Workers
) -> None:
    place = Place(tmp_path, workers)
    pages = {
        "old": ("2025-08-04", "Orders were 41 million dollars."),
        "new": ("2025-08-09", "Orders were 43 million."),
    }
    for name, (day, text) in pages.items():
        (place.source / f"{name}.txt").write_text(text)
        stated = {"url": "https://paper.example/orders", "captured": f"{day}T10:00:00Z", "published": day}
        (place.source / f"{name}.txt.meta.json").write_text(json.dumps(stated))
        place.add()
    ids = place.ids
    for name in pages:
        assert place.archive().relations(ids[name]).versions == (ids["old"], ids["new"])
    # two versions inside the window are two sources: they say different things
    assert place.found("orders million") == {"old", "new"}


def test_the_commands_change_an_index_and_leave_records(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    canary, wheat = place.ids["canary"], place.ids["wheat"]

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([*arguments, "-i", str(place.root)])
        return code, *capsys.readouterr()

    assert call("delete", canary, "--reason", "a court said so")[:2] == (0, "1 document deleted; snapshot 2\n")
    assert call("documents", "--deleted")[1].startswith(f"{canary}  deleted at ")
    assert "a court said so; it is in no search" in call("show", canary)[1]
    assert call("delete", canary, "--undo")[:2] == (0, "1 deletion taken back; snapshot 3\n")
    assert call("delete", canary)[0] == call("delete", canary, "--undo", "--reason", "x")[0] == 2
    assert call("delete", wheat, "--reason", "a court said so", "--json")[1].startswith('{"deleted":')
    assert call("compact")[1] == "1 document given up; 1 segment became 1; snapshot 5\n"
    assert call("show", canary, "--original")[0] == 0
    code, out, err = call("forget", canary, "--reason", "the law")
    assert (code, "1 document forgotten; removed 5 snapshots" in out, err) == (0, True, "")
    assert call("gc", "--keep", "1")[1].endswith("kept are snapshots 6 to 6\n")
    assert "was forgotten at" in call("show", canary)[2]
    assert call("verify")[0] == 0
    assert place.bytes_holding(CANARY.encode()) == []
    verbs = [entry.verb for entry in place.archive().recorder.log.entries()]
    assert verbs == ["delete", "restore", "delete", "compact", "view", "forget", "gc"]


@pytest.mark.parametrize("link", ["originals/zz", "originals/ab", "segments/0123456789abcdef", "segments/.writing"])
def test_what_a_link_leads_to_is_never_removed(
    place: Place, change: Callable[..., Any], tmp_path: Path, link: str
) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / f"{'ab' * 32}.gz").write_text("a thesis")
    (place.root / link).symlink_to(precious)
    change(collect, 1)
    change(forget, [place.ids["canary"]], "the law", AT)
    assert [path.read_text() for path in precious.iterdir()] == ["a thesis"]


@pytest.mark.parametrize("name", ["lock", "newest.tmp", "snapshots/00000002.json.tmp"])
def test_nothing_is_written_through_a_link(
    place: Place, change: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("a letter")
    (place.root / name).unlink(missing_ok=True)
    (place.root / name).symlink_to(letter)
    if name == "lock":
        with pytest.raises(StoreError):
            change(delete, [place.ids["canary"]], "a court said so", AT)
    else:
        change(delete, [place.ids["canary"]], "a court said so", AT)
        assert "canary" not in place.ids
    assert letter.read_text() == "a letter"


@pytest.mark.parametrize("stray", ["segments/.DS_Store", "originals/c7/@eaDir/x", "failures/notes.txt", "mine.tmp"])
def test_what_is_not_the_indexs_stays_and_keeps_nothing_from_being_forgotten(
    place: Place, change: Callable[..., Any], stray: str
) -> None:
    path = place.root / stray
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("somebody's")
    change(forget, [place.ids["canary"]], "the law", AT)
    change(collect, 1)
    assert place.bytes_holding(CANARY.encode(), b"quillfeath") == []
    assert path.read_text() == "somebody's"


def test_what_was_forgotten_does_not_come_back(place: Place, change: Callable[..., Any]) -> None:
    canary = place.ids["canary"]
    change(forget, [canary], "the law", AT)
    with pytest.raises(UsageError, match="was forgotten"):
        change(restore, [canary])
    assert place.add().added == 0
    assert place.index.deleted[canary].forgotten
