"""Postings on disk, and BM25 over a window of them: tantivy and the formula itself are the oracles."""

import functools
import json
import random
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.disk import DISK
from evidence.corpus.errors import SegmentError
from evidence.indexer.draft import Draft
from evidence.indexer.posting_merge import DROPPED, merge_postings
from evidence.indexer.postings import FILES, PostingFiles, write_postings
from evidence.indexer.store import Index
from evidence.indexer.vocabulary import Field, Vocabulary
from evidence.indexer.words import index_words, query_words
from evidence.retriever.bm25 import WEIGHTS, Slice, Weights
from evidence.retriever.ranges import find_ranges
from evidence.retriever.scoring import MAX_CLAUSES, best_rows
from evidence.retriever.terms import Clause, plain_clauses
from evidence.retriever.window import parse_window


class Row(NamedTuple):
    """A passage's words, and those over it."""

    body: list[str]
    head: list[str]

    def count(self, word: str, weights: Weights) -> float:
        return self.body.count(word) + weights.head * self.head.count(word)

    def length(self, weights: Weights) -> float:
        return len(self.body) + weights.head * len(self.head)


_VOCABULARY = "order backlog chip tool wheat rain k&s 1540 zürich".split()
_WORDS = st.lists(st.sampled_from(_VOCABULARY), max_size=12)
_ROW = st.builds(Row, _WORDS, _WORDS)
_CORPUS = st.lists(_ROW, min_size=1, max_size=30)
_WORD = st.sampled_from([*_VOCABULARY, "absent"])
_SPELLING = st.lists(_WORD, min_size=1, max_size=3, unique=True).map(tuple)
_CLAUSE = st.builds(Clause, st.lists(_SPELLING, min_size=1, max_size=3, unique=True).map(tuple))
_CLAUSES = st.lists(_WORD.map(lambda word: Clause(((word,),))), max_size=4, unique=True) | st.lists(
    _CLAUSE, max_size=4
)
_MASK = st.lists(st.booleans(), min_size=30, max_size=30)
_CUTS = st.lists(st.integers(0, 99), max_size=3)
_WEIGHTS = st.sampled_from([WEIGHTS, Weights(head=0.25), Weights(head=3.0, b=0.3), Weights(k1=0.9, b=1.0)])
repeatable = settings(derandomize=True, deadline=None)


def post(rows: Sequence[Row], folder: Path) -> PostingFiles:
    folder.mkdir()
    terms = list(dict.fromkeys(word for row in rows for field in row for word in field))
    number = {word: at for at, word in enumerate(terms)}
    body, head = (
        Field.of([np.array([number[word] for word in words], np.int32) for words in field])
        for field in ([row.body for row in rows], [row.head for row in rows])
    )
    write_postings(terms, body, head, Draft(folder, DISK))
    return PostingFiles(folder, len(rows))


def naive_bm25(
    rows: Sequence[Row], clauses: Sequence[Clause], weights: Weights, within: Sequence[Row] = ()
) -> list[float]:
    """Robertson & Zaragoza's formula, word by word, in double precision; a clause is its best spelling."""
    within = within or rows

    @functools.cache
    def idf_of(word: str) -> float:
        holding = sum(word in other.body + other.head for other in within)
        return log(1 + (len(within) - holding + 0.5) / (holding + 0.5))

    def score(row: Row, word: str) -> float:
        idf, count = idf_of(word), row.count(word, weights)
        norm = weights.k1 * (1 - weights.b + weights.b * row.length(weights) / average) if count else 1
        return idf * count * (weights.k1 + 1) / (count + norm)

    def spell(row: Row, words: Sequence[str]) -> float:
        held = all(word in row.body + row.head for word in words)
        return sum(score(row, word) for word in words) if held else 0.0

    average = sum(row.length(weights) for row in within) / len(within) if within else 0
    return [sum(max(spell(row, words) for words in clause.spellings) for clause in clauses) for row in rows]


def score_cut(
    rows: Sequence[Row],
    wanted: Sequence[bool],
    cuts: Sequence[int],
    clauses: Sequence[Clause],
    weights: Weights = WEIGHTS,
    depth: int = 1000,
) -> dict[int, float]:
    """Scores of the rows that are found with the corpus cut into segments at `cuts`, by their number."""
    slices, starts = [], []
    with TemporaryDirectory() as folder:
        for start, end in pairwise(sorted({0, len(rows), *(cut % len(rows) for cut in cuts)})):
            inside = [at for at in range(start, end) if wanted[at]] or [start]
            first, last = max(start, inside[0] - 1), min(end, inside[-1] + 2)
            mask = np.array(wanted[first:last], np.bool_)
            slices.append(Slice(post(rows[start:end], Path(folder) / str(start)), first - start, mask))
            starts.append(start)
        found = best_rows(slices, clauses, depth, weights)
    return {
        start + row: score
        for start, (held, scores) in zip(starts, found, strict=True)
        for row, score in zip(held.tolist(), scores.tolist(), strict=True)
    }


def single(words: Sequence[str]) -> list[Clause]:
    return [Clause(((word,),)) for word in words]


@given(_CORPUS, _MASK, _CUTS, _CLAUSES, _WEIGHTS)
@repeatable
def test_scores_are_the_formula_over_any_window_and_any_cut(
    rows: list[Row], wanted: list[bool], cuts: list[int], clauses: list[Clause], weights: Weights
) -> None:
    inside = [number for number in range(len(rows)) if wanted[number]]
    expected = dict(zip(inside, naive_bm25([rows[at] for at in inside], clauses, weights), strict=True))
    found = score_cut(rows, wanted, cuts, clauses, weights)
    assert found == pytest.approx({at: score for at, score in expected.items() if score}, rel=1e-5)


@given(_CORPUS, _MASK, _CUTS, _CLAUSES, st.integers(1, 8))
@repeatable
def test_the_best_rows_are_those_of_full_scoring_bit_for_bit(
    rows: list[Row], wanted: list[bool], cuts: list[int], clauses: list[Clause], depth: int
) -> None:
    every = score_cut(rows, wanted, [], clauses)
    least = sorted(every.values(), reverse=True)[:depth][-1:] or [0.0]
    best = score_cut(rows, wanted, cuts, clauses, depth=depth)
    assert best.items() <= every.items()
    assert {at for at, score in every.items() if score >= least[0]} <= best.keys()


def test_wide_windows_and_narrow_ones_sum_up_the_same_bits(tmp_path: Path) -> None:
    chance = random.Random(3)
    words = [f"w{n}" for n in range(400)]
    shares = [1 / (n + 1) for n in range(400)]
    draw = functools.partial(chance.choices, words, shares)
    # wide enough for words that are rare to be summed up by their rows, and others by those of the window
    rows = [Row(draw(k=chance.randint(0, 8)), draw(k=2)) for _ in range(30_000)]
    postings, wanted = post(rows, tmp_path / "segment"), np.array([chance.random() < 0.9 for _ in rows], np.bool_)
    for mask in (wanted, np.ones(len(rows), np.bool_)):
        inside = [row for row, keep in zip(rows, mask, strict=True) if keep]
        for clauses in (single(words[-5:]), single(["w0", "w300", "w5"]), single(["w0", "w1", "w2"])):
            every, best = (
                dict(
                    zip(
                        *(v.tolist() for v in best_rows([Slice(postings, 0, mask)], clauses, depth)[0]), strict=True
                    )
                )
                for depth in (len(rows), 50)
            )
            least = sorted(every.values())[-50:][0]
            assert best == {row: score for row, score in every.items() if score >= least}
            expected = naive_bm25(inside[:200], clauses, WEIGHTS, within=inside)
            numbers = np.flatnonzero(mask)[:200].tolist()
            assert [every.get(number, 0.0) for number in numbers] == pytest.approx(expected, rel=1e-5)


def test_of_a_query_of_ten_thousand_words_the_first_are_asked(tmp_path: Path) -> None:
    postings = post([Row([f"w{n}"], []) for n in range(2 * MAX_CLAUSES)], tmp_path / "segment")
    query = single([f"w{n}" for n in range(10_000)])
    [(rows, _)] = best_rows([Slice(postings, 0, np.ones(2 * MAX_CLAUSES, np.bool_))], query, 10_000)
    assert sorted(rows.tolist()) == list(range(MAX_CLAUSES))


@given(_CORPUS, _CORPUS, _CORPUS, _CUTS, _CLAUSES)
@repeatable
def test_what_lies_outside_the_window_changes_no_bit_of_a_score(
    inside: list[Row], before: list[Row], after: list[Row], cuts: list[int], clauses: list[Clause]
) -> None:
    alone = score_cut(inside, [True] * len(inside), [], clauses)
    wanted = [False] * len(before) + [True] * len(inside) + [False] * len(after)
    found = score_cut([*before, *inside, *after], wanted, cuts, clauses)
    assert {at - len(before): score for at, score in found.items()} == alone


@given(_CORPUS, st.integers(0, 30), st.integers(0, 30), st.sampled_from(_VOCABULARY))
@repeatable
def test_a_word_is_found_in_the_rows_that_hold_it(rows: list[Row], one: int, other: int, word: str) -> None:
    first, last = sorted((min(one, len(rows)), min(other, len(rows))))
    with TemporaryDirectory() as folder:
        postings = post(rows, Path(folder) / "segment")
        found = postings.find(["absent", word], first, last)[1]
        lengths, total = postings.lengths(0, len(rows)).tolist(), postings.total(first, last)
    holding = [row for row in range(first, last) if word in (*rows[row].body, *rows[row].head)]
    assert found.rows.tolist() == holding
    assert found.bodies.tolist() == [rows[row].body.count(word) for row in holding]
    assert found.heads.tolist() == [rows[row].head.count(word) for row in holding]
    assert lengths == [[len(row.body) for row in rows], [len(row.head) for row in rows]]
    assert total == tuple(sum(field[first:last]) for field in lengths)


@given(_CORPUS, st.lists(st.integers(0, 3), min_size=30, max_size=30), st.randoms(use_true_random=False))
@repeatable
def test_merged_postings_are_those_of_all_rows_written_at_once(
    rows: list[Row], homes: list[int], chance: random.Random
) -> None:
    homes = homes[: len(rows)]
    kept = [at for at in range(len(rows)) if homes[at] < 3]
    chance.shuffle(kept)
    with TemporaryDirectory() as root:
        parts = []
        for home in range(4):
            # what lives nowhere is dropped from the part it is in
            mine = [at for at in range(len(rows)) if homes[at] == home or (home == 0 and homes[at] == 3)]
            files = post([rows[at] for at in mine], Path(root) / f"part{home}")
            new = [kept.index(at) if at in kept else DROPPED for at in mine]
            parts.append((files, np.array(new if home < 3 else [DROPPED] * len(mine), np.int64)))
        post([rows[at] for at in kept], Path(root) / "once")
        (Path(root) / "merged").mkdir()
        merge_postings(parts, len(kept), Draft(Path(root) / "merged", DISK))
        for name in FILES:
            assert (Path(root) / "merged" / name).read_bytes() == (Path(root) / "once" / name).read_bytes(), name


@given(st.lists(st.text("aAbsSk&.,'’‘“…– 19_ß́éü日本がก\u200b", max_size=12), max_size=12))
@repeatable
def test_texts_are_numbered_as_they_are_cut_into_words(texts: list[str]) -> None:
    vocabulary = Vocabulary()
    numbers = [vocabulary.numbers(text).tolist() for text in texts]
    assert [[vocabulary.terms[number] for number in row] for row in numbers] == list(map(index_words, texts))


def test_rows_without_a_word_can_be_posted(tmp_path: Path) -> None:
    postings = post([Row([], []), Row([], [])], tmp_path / "segment")
    assert len(postings.find(["any"], 0, 2)[0].rows) == 0
    assert postings.lengths(0, 2).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("name", FILES)
def test_postings_that_are_missing_or_do_not_fit_are_refused(tmp_path: Path, name: str) -> None:
    post([Row(["chip"], []), Row([], ["tool"])], tmp_path / "segment")
    with pytest.raises(SegmentError, match="do not fit"):
        PostingFiles(tmp_path / "segment", 3)
    (tmp_path / "segment" / name).unlink()
    with pytest.raises(SegmentError, match="cannot be opened"):
        PostingFiles(tmp_path / "segment", 2)


def tantivy_scores(texts: Sequence[str], query: str) -> dict[int, float]:
    """Another engine's BM25: one segment, one thread, words parted at white space."""
    schema = (
        tantivy.SchemaBuilder()
        .add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        .add_integer_field("row", stored=True)
        .build()
    )
    index = tantivy.Index(schema)
    writer = index.writer(num_threads=1)
    for row, text in enumerate(texts):
        writer.add_document(tantivy.Document(body=" ".join(index_words(text)), row=row))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    words = [
        (tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", word, index_option="freq"))
        for word in query_words(query)
    ]
    hits = searcher.search(tantivy.Query.boolean_query(words), limit=len(texts)).hits
    return {searcher.doc(address)["row"][0]: score for score, address in hits}


@pytest.mark.parametrize(
    "query", ["order backlogs", "K&S tools in Zürich", "1,540 chips of wheat and rain", "rain"]
)
def test_a_window_of_an_index_scores_as_tantivy_scores_its_documents(
    write_folder: Callable[..., Path], build: Callable[..., Index], query: str
) -> None:
    chance = random.Random(7)
    words = ["orders", "backlog", "chips", "tool", "wheat", "rain", "K&S", "1,540", "Zürich", "the", "again"]
    rows = [
        {
            "text": " ".join(chance.choices(words, k=chance.randint(1, 30))),
            "date": f"2025-08-{1 + n % 28:02}",
            "n": n,
        }
        for n in range(150)
    ]
    index = build(write_folder({"export.jsonl": "\n".join(map(json.dumps, rows))}))
    window = parse_window("2025-08-06", "2025-08-20", today=date(2026, 1, 15))
    part = find_ranges(index, window)[0]
    found = best_rows([Slice(part.segment.postings, part.first, part.wanted)], plain_clauses(query), len(rows))
    scores = dict(zip(*(values.tolist() for values in found[0]), strict=True))
    numbers = (part.first + np.flatnonzero(part.wanted)).tolist()
    inside = [part.segment.passages.read(number) for number in numbers]
    texts = [part.segment.documents.read(row.document).text for row in inside]
    expected = tantivy_scores(texts, query)
    assert 70 < len(texts) < len(rows)
    assert len(expected) > 10
    assert scores == pytest.approx({numbers[row]: score for row, score in expected.items()}, 1e-4)
