"""The dense ranking: the same list as every product computed by hand, for any cut of segments and any threads."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.values import Basis, Dating, Document, Grade, Precision
from evidence.indexer.datings import BLOCK, NEVER, Extremes, Times
from evidence.indexer.document_rows import Source
from evidence.indexer.embedder import Vectors
from evidence.indexer.passages import Passage
from evidence.indexer.segment import CutDocument
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.vectors import Mask
from evidence.indexer.writer import open_writer
from evidence.retriever.dense import nearest, rank_dense
from evidence.retriever.ranges import Range, find_ranges, mask_blocks
from evidence.retriever.window import parse_window

COUNT, DIMENSIONS = 400, 64
FIRST = datetime(2023, 1, 1, tzinfo=UTC)
WHOLE = parse_window("2023", None, today=date(2026, 1, 1))
repeatable = settings(derandomize=True, deadline=None)


def vectors_with_near_ties() -> Vectors:
    """Twins, and rows that differ in their last bits alone, all over the place."""
    random = np.random.default_rng(1)
    vectors = random.normal(size=(COUNT, DIMENSIONS)).astype(np.float32)
    vectors[::3] = vectors[0] + random.normal(size=(len(vectors[::3]), DIMENSIONS)) * 1e-6
    vectors[::10] = vectors[0]
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


VECTORS = vectors_with_near_ties()
QUERY = VECTORS[1]


def note(number: int) -> CutDocument:
    at = FIRST + timedelta(hours=number * 7919 % 20_000)
    name = f"{number * 7 % COUNT:016d}"
    published = Dating(at, at, Precision.SECOND, Basis.META, Grade.B, zoned=True)
    return CutDocument(
        Document(name, name, "news", "A word.", "0" * 64, published=published),
        (Passage(0, 7, ((0, 7),)),),
        Source(),
    )


def committed(root: Path, cuts: Sequence[int]) -> Index:
    with open_writer(root, HashingEmbedder(DIMENSIONS)) as writer:
        for first, last in zip([0, *cuts], [*cuts, COUNT], strict=True):
            writer.commit([note(number) for number in range(first, last)], VECTORS[first:last], ())
    return Index.open(root)


def ranked(index: Index, query: Vectors, depth: int) -> list[str]:
    return [one.document_id for one in rank_dense(find_ranges(index, WHOLE), query, depth)]


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> list[Index]:
    root = tmp_path_factory.mktemp("cuts")
    cuts = [[], [1], [200], [3, 5, 390], list(range(40, COUNT, 40))]
    return [committed(root / str(n), places) for n, places in enumerate(cuts)]


@pytest.mark.parametrize("depth", [1, 7, 40, 41, 133, 500])
@pytest.mark.parametrize("row", [0, 1, 3, 10])
def test_the_ranking_is_the_one_by_hand_for_any_cut(indexes: list[Index], depth: int, row: int) -> None:
    scores = (VECTORS.astype(np.float64) * VECTORS[row].astype(np.float64)).sum(axis=1).round(14)
    names = [f"{number * 7 % COUNT:016d}" for number in range(COUNT)]
    by_hand = sorted(range(COUNT), key=lambda n: (-scores[n], names[n]))[:depth]
    lists = [ranked(index, VECTORS[row], depth) for index in indexes]
    assert lists == [lists[0]] * len(indexes)
    assert [scores[names.index(name)] for name in lists[0]] == [scores[n] for n in by_hand]
    twins = {names[number] for number in range(0, COUNT, 10)}
    found = [name for name in lists[0] if name in twins]
    assert found == sorted(found)


@given(wanted=st.lists(st.booleans(), min_size=COUNT, max_size=COUNT), depth=st.integers(1, 60))
@repeatable
def test_only_wanted_rows_come_back_and_the_best_of_them_all_do(
    indexes: list[Index], wanted: list[bool], depth: int
) -> None:
    segment = indexes[0].segments[0]
    check_nearest(Range(segment, 0, np.array(wanted), all(wanted)), depth)


@pytest.mark.parametrize("every", [2, 9, 50, 399])
@pytest.mark.parametrize("first", [0, 13])
def test_few_wanted_rows_are_found_among_many(indexes: list[Index], every: int, first: int) -> None:
    wanted = np.arange(COUNT - first) % every == 0
    check_nearest(Range(indexes[0].segments[0], first, wanted, False), 10)


def check_nearest(part: Range, depth: int) -> None:
    [(rows, scores)] = nearest([part], QUERY, depth)
    allowed = part.first + np.flatnonzero(part.wanted)
    truth = np.sort(part.segment.vectors.exact(QUERY, allowed))[::-1]
    assert set(rows.tolist()) <= set(allowed.tolist())
    assert np.sort(scores)[::-1][:depth].tolist() == truth[:depth].tolist()


def test_no_range_has_no_row() -> None:
    assert nearest([], QUERY, 5) == []


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """So many rows that more threads than one are worth it."""
    root, rows, dimensions = tmp_path_factory.mktemp("large") / "index", 18_000, 2048
    vectors = np.random.default_rng(5).normal(size=(rows, dimensions)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    notes = [note(number % COUNT) for number in range(rows)]
    cut = [
        CutDocument(
            Document(f"{n:08d}", "a", "news", "A word.", "0" * 64, published=one.document.published), p, Source()
        )
        for n, one in enumerate(notes)
        for p in [one.passages]
    ]
    with open_writer(root, HashingEmbedder(dimensions)) as writer:
        writer.commit(cut[:9000], vectors[:9000], ())
        writer.commit(cut[9000:], vectors[9000:], ())
    return Index.open(root)


def test_any_number_of_threads_gives_the_same_bits(large: Index) -> None:
    query = np.random.default_rng(6).normal(size=2048).astype(np.float32)
    query /= np.linalg.norm(query)
    ranges = find_ranges(large, WHOLE)
    alone = nearest(ranges, query, 50, threads=1)
    for threads in (2, 3, 8, None):
        together = nearest(ranges, query, 50, threads=threads)
        assert [(r.tolist(), s.tolist()) for r, s in together] == [(r.tolist(), s.tolist()) for r, s in alone]


@given(seed=st.integers(0, 2**32), odd=st.integers(0, 400), since=st.integers(-3, 3), span=st.integers(0, 6))
@settings(repeatable, max_examples=60)
def test_a_mask_by_blocks_is_the_mask_row_by_row(seed: int, odd: int, since: int, span: int) -> None:
    random = np.random.default_rng(seed)
    rows = int(random.integers(1, 5 * BLOCK))
    times = random_times(random, rows, odd)
    day = date(2023, 11, 14) + timedelta(days=since)
    window = parse_window(
        day.isoformat(),
        (day + timedelta(days=span)).isoformat(),
        today=date(2026, 1, 1),
        tz=random.choice(["UTC", "Asia/Kolkata", "Pacific/Kiritimati"]),
        min_grade=str(random.choice(["A", "B", "C"])),
        known_by=[None, "2023-11-16"][int(random.integers(2))],
    )
    first, last = sorted(random.integers(0, rows + 1, 2).tolist())
    part = times.cut(first, last)
    expected: Mask = window.mask(part)
    assert mask_blocks(window, part, first, Extremes.of(times)).tolist() == expected.tolist()


def random_times(random: np.random.Generator, rows: int, odd: int) -> Times:
    """Rows by time within days of each other; a few of them wide, undated, unzoned, guessed or known late."""
    strange = random.random((4, rows)) < odd / 4000
    latest = np.sort(1_700_000_000 * 10**6 + random.integers(-(10**11) * 4, 10**11 * 4, rows))
    latest[len(latest) - int(strange[0].sum()) :] = NEVER
    width = np.where(strange[1], 86_400 * 10**6 * 20, 0)
    known = np.where(strange[2], NEVER, 1_600_000_000 * 10**6)
    grade = np.where(strange[3], random.integers(0, 3, rows), 3).astype(np.uint8)
    return Times(latest - width, latest, known, random.random(rows) < 0.5, grade)
