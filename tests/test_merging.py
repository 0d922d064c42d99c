"""Segments that are merged: the same bytes however they were cut, the same answers, and snapshots that stay."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from evidence.corpus.hashing import digest, file_digest
from evidence.corpus.values import Basis, Dating, Document, Grade, Precision
from evidence.indexer.build import strip_invisible
from evidence.indexer.document_rows import Source
from evidence.indexer.manifest import SegmentEntry
from evidence.indexer.merging import merge_segments
from evidence.indexer.passages import Passage
from evidence.indexer.runs import AT_REST, FEW_RUNS, WHILE_ADDING, mergeable
from evidence.indexer.segment import CutDocument
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import open_writer
from evidence.retriever.search import search
from evidence.retriever.window import parse_window

COUNT = 60
WORDS = "order backlog chip tool wheat rain lead time week bonder die attach price".split()


def article(number: int) -> CutDocument:
    """An article of two to four passages; each fifth is a copy of the one before, each seventh has no date."""
    told = number - 1 if number % 5 == 4 else number
    facts = [" ".join(WORDS[(told * k + n * k) % len(WORDS)] for n in range(40)) for k in range(2, 4 + told % 3)]
    text = "\n".join(facts)
    at = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=(told * 37) % 700)
    dating = Dating(at, at, Precision.SECOND, Basis.META, Grade.B if number % 3 else Grade.A, zoned=True)
    spans = [(at := text.index(fact), at + len(fact)) for fact in facts]
    document = Document(
        digest(f"{number}".encode())[:16],
        f"{number}.txt",
        "news",
        text,
        digest(text.encode()),
        title=f"{WORDS[told % len(WORDS)]} {told}" if number % 2 else None,
        published=None if number % 7 == 0 else dating,
        captured=at_or_none(number),
        flags=("hidden-text",) if number % 4 == 0 else (),
    )
    return CutDocument(document, tuple(Passage(*span, (span,)) for span in spans), Source(f"/{number}"))


def at_or_none(number: int) -> datetime | None:
    return datetime(2024, 1, 1, tzinfo=UTC) if number % 2 else None


ARTICLES = [article(number) for number in range(COUNT)]


def committed(root: Path, *commits: Sequence[CutDocument], withdrawn: Sequence[str] = ()) -> Index:
    embedder = HashingEmbedder()
    with open_writer(root, embedder) as writer:
        for cut in commits:
            vectors = embedder.encode([strip_invisible(text) for one in cut for text in one.texts()])
            for one in cut:
                writer.originals.put(one.document.text.encode())
            writer.commit(cut, vectors, (), withdrawn)
    return Index.open(root)


def merged(root: Path, times: float = AT_REST) -> Index:
    with open_writer(root, HashingEmbedder()) as writer:
        writer.merge(times)
    return Index.open(root)


def answers(index: Index) -> list[Any]:
    """What every kind of reader sees of it."""
    windows = [("2023", "2024"), ("2023-04", "2023-06"), ("2024-01-01", "2024-01-31")]
    hits = [
        [(hit.id, hit.score, hit.dense, hit.lexical) for hit in search(index, HashingEmbedder(), query, window, 50)]
        for query in ("order backlog", "rain tool price", "wheat")
        for window in (parse_window(since, until, today=date(2026, 1, 1)) for since, until in windows)
    ]
    return [hits, list(index.documents()), [cluster.members for cluster in index.clusters], index.check()]


CUTS = {"one by one": range(1, COUNT), "thirds": [20, 40], "uneven": [1, 2, 3, 50], "odd": range(1, COUNT, 9)}


def cut_at(places: Sequence[int]) -> list[Sequence[CutDocument]]:
    ends = [0, *places, COUNT]
    return [ARTICLES[first:last] for first, last in pairwise(ends)]


@pytest.mark.parametrize("cuts", CUTS.values(), ids=CUTS)
def test_answers_are_the_same_before_and_after_merging_and_however_commits_were_cut(
    tmp_path: Path, cuts: Sequence[int]
) -> None:
    gone = [ARTICLES[3].document.id, ARTICLES[30].document.id]
    whole = answers(committed(tmp_path / "whole", ARTICLES, withdrawn=gone))
    before = committed(tmp_path / "cut", *cut_at(cuts), withdrawn=gone)
    assert len(before.segments) == len(cuts) + 1
    after = merged(tmp_path / "cut")
    assert len(after.segments) == (1 if len(cuts) + 1 > FEW_RUNS else len(cuts) + 1)
    assert whole[0] and whole[2]
    assert answers(before) == answers(after) == whole


@pytest.mark.parametrize("cuts", CUTS.values(), ids=CUTS)
def test_a_merged_segment_is_the_one_that_a_single_commit_would_have_written(
    tmp_path: Path, cuts: Sequence[int]
) -> None:
    """But for which of two copies was there first, which is known to commits alone."""
    (whole,) = committed(tmp_path / "whole", ARTICLES).manifest.segments
    index = committed(tmp_path / "cut", *cut_at(cuts))
    (entry,) = merge_segments(index.layout, index.segments)
    different = {name for name in whole.files if whole.files[name] != entry.files[name]}
    assert different <= {"stories.kinships.npy"}
    assert (entry.documents, entry.passages, entry.undated) == (whole.documents, whole.passages, whole.undated)
    assert (entry.earliest, entry.latest) == (whole.earliest, whole.latest)


def test_merging_in_steps_gives_the_bytes_of_merging_at_once(tmp_path: Path) -> None:
    index = committed(tmp_path / "index", *cut_at(range(10, COUNT, 10)))
    parts = index.segments
    at_once = merge_segments(index.layout, parts)

    def opened(entries: Sequence[SegmentEntry]) -> list[Any]:
        return [type(parts[0])(index.layout, entry, 64) for entry in entries]

    left = opened(merge_segments(index.layout, parts[:2])) + opened(merge_segments(index.layout, parts[2:5]))
    assert merge_segments(index.layout, [*left, parts[5]]) == at_once
    assert merge_segments(index.layout, [parts[5], *reversed(left)]) == at_once


def with_segments(index: Index, entries: Sequence[SegmentEntry]) -> Index:
    return Index(index.layout, replace(index.manifest, segments=tuple(entries)))


def test_a_large_merge_is_cut_in_time_between_documents(tmp_path: Path) -> None:
    whole = answers(committed(tmp_path / "whole", ARTICLES))
    index = committed(tmp_path / "cut", *cut_at(range(6, COUNT, 6)))
    entries = merge_segments(index.layout, index.segments, most=50)
    assert len(entries) == -(-sum(entry.passages for entry in entries) // 50) > 2
    assert max(entry.passages for entry in entries) <= 54
    spans = [(entry.earliest, entry.latest) for entry in entries if entry.earliest is not None]
    assert spans == sorted(spans) and all(a[1] <= b[0] for a, b in pairwise(spans))
    assert answers(with_segments(index, entries)) == whole


def test_segments_that_lie_apart_in_time_are_not_written_again(tmp_path: Path) -> None:
    dated = [(one.document.dated.latest, one) for one in ARTICLES if one.document.dated]
    in_time = [one for _, one in sorted(dated, key=lambda pair: pair[0])]
    before = committed(tmp_path / "index", in_time[:12], in_time[12:24], in_time[24:26], in_time[26:28])
    entries = merge_segments(before.layout, before.segments, most=60)
    assert entries[:2] == [segment.entry for segment in before.segments[:2]]
    assert len(entries) == 3
    assert answers(with_segments(before, entries)) == answers(before)


def test_older_snapshots_stay_readable_after_a_merge(tmp_path: Path) -> None:
    old = committed(tmp_path / "index", *cut_at(range(6, COUNT, 6)))
    before = answers(old)
    assert merged(tmp_path / "index").manifest.number == old.manifest.number + 1
    assert answers(Index(old.layout, old.manifest)) == before


def test_what_a_merge_would_write_over_is_left_alone_when_it_is_the_same(tmp_path: Path) -> None:
    index = committed(tmp_path / "index", *cut_at([20, 40]))
    (entry,) = merge_segments(index.layout, index.segments)
    files = sorted(index.layout.segment(entry.id).iterdir())
    inodes = [path.stat().st_ino for path in files]
    assert merge_segments(index.layout, index.segments) == [entry]
    assert [path.stat().st_ino for path in files] == inodes
    files[0].write_bytes(b"half a f")
    assert merge_segments(index.layout, index.segments) == [entry]
    assert Index(index.layout, index.manifest).check() == []
    folder = index.layout.segment(entry.id)
    assert {path.name: file_digest(path) for path in folder.iterdir()} == {
        name: file.sha256 for name, file in entry.files.items()
    }


def test_what_a_later_segment_holds_anew_is_not_merged_twice(tmp_path: Path) -> None:
    """Every other article was found again, captured earlier."""
    captured = datetime(2023, 6, 1, tzinfo=UTC)
    anew = [replace(one, document=replace(one.document, captured=captured)) for one in ARTICLES[::2]]
    names = frozenset(one.document.id for one in anew)
    before = committed(tmp_path / "index", ARTICLES[:20], ARTICLES[20:40], ARTICLES[40:])
    with open_writer(before.layout.root, HashingEmbedder()) as writer:
        vectors = HashingEmbedder().encode([text for one in anew for text in one.texts()])
        writer.commit(anew[:15], vectors[: sum(len(one.passages) for one in anew[:15])], (), (), names)
        writer.commit(anew[15:], vectors[sum(len(one.passages) for one in anew[:15]) :], ())
    before, after = Index.open(before.layout.root), merged(before.layout.root)
    assert [entry.documents for entry in after.manifest.segments] == [COUNT]
    assert {document.id: document.captured for document, _ in after.documents()} == {
        one.document.id: one.document.captured for one in [*ARTICLES[1::2], *anew]
    }
    assert answers(after) == answers(before)


def test_documents_added_after_a_merge_find_their_copies_in_it(tmp_path: Path) -> None:
    apart = [one for number, one in enumerate(ARTICLES) if number % 5 != 4]
    late = [one for number, one in enumerate(ARTICLES) if number % 5 == 4]
    whole = [cluster.members for cluster in committed(tmp_path / "whole", ARTICLES).clusters]
    committed(tmp_path / "index", *(apart[n : n + 8] for n in range(0, len(apart), 8)))
    merged(tmp_path / "index")
    index = committed(tmp_path / "index", late)
    assert [cluster.members for cluster in index.clusters] == whole != []


def entries(*sizes: int) -> list[SegmentEntry]:
    return [SegmentEntry(f"{n}", 1, size, 0, None, None, {}, run=n) for n, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("sizes", "times", "merged_sizes"),
    [
        ([], AT_REST, []),
        ([5] * FEW_RUNS, AT_REST, []),
        ([5] * 5, AT_REST, [5] * 5),
        ([5] * 7, WHILE_ADDING, []),
        ([5] * 8, WHILE_ADDING, [5] * 8),
        ([40, *[5] * 8], WHILE_ADDING, [5] * 8),
        ([300, 28, 7, 7, 7], AT_REST, [7, 7, 7]),
        ([300, 28, 14, 7, 7], AT_REST, [28, 14, 7, 7]),
        ([300, 100, 30, 10, 3, 1], AT_REST, []),
    ],
)
def test_runs_are_merged_as_digits_are_carried(sizes: list[int], times: float, merged_sizes: list[int]) -> None:
    assert [entry.passages for entry in mergeable(entries(*sizes), times)] == merged_sizes


@pytest.mark.parametrize("additions", [1, 10, 147, 1000])
def test_however_much_is_added_runs_stay_few_and_each_passage_is_written_a_few_times(additions: int) -> None:
    for times, most_runs, most_times in ((WHILE_ADDING, 7 * 4 + 1, 5), (AT_REST, 11, 11)):
        held, written = entries(), additions
        for number in range(additions):
            held.append(SegmentEntry("", 1, 1, 0, None, None, {}, run=-number - 1))
            tail = mergeable(held, times)
            if tail:
                size = sum(entry.passages for entry in tail)
                held = [*held[: -len(tail)], SegmentEntry("", 1, size, 0, None, None, {}, run=number + 1)]
                written += size
            assert len(held) <= most_runs
        assert written <= most_times * additions
