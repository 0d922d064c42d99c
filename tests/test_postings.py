"""Postings on disk, and BM25 over a window of them: tantivy and the formula itself are the oracles."""

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

from evidence.corpus.errors import SegmentError
from evidence.indexer.postings import FILES, PostingFiles, write_postings
from evidence.indexer.store import Index
from evidence.indexer.vocabulary import Field
from evidence.indexer.words import index_words, query_words
from evidence.retriever.bm25 import WEIGHTS, Slice, Weights, score_slices
from evidence.retriever.ranges import find_ranges
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
_QUERY = st.lists(st.sampled_from([*_VOCABULARY, "absent"]), max_size=4, unique=True)
_MASK = st.lists(st.booleans(), min_size=30, max_size=30)
_CUTS = st.lists(st.integers(0, 99), max_size=3)
_WEIGHTS = st.sampled_from([WEIGHTS, Weights(head=0.25), Weights(head=3.0, b=0.3), Weights(k1=0.9, b=1.0)])
repeatable = settings(derandomize=True, deadline=None)


def post(rows: Sequence[Row], folder: Path) -> PostingFiles:
    folder.mkdir()
    terms = list(dict.fromkeys(word for row in rows for field in row for word in field))
    body, head = (
        Field.of([np.array([terms.index(word) for word in words], np.int32) for words in field])
        for field in ([row.body for row in rows], [row.head for row in rows])
    )
    write_postings(terms, body, head, folder)
    return PostingFiles(folder, len(rows))


def naive_bm25(rows: Sequence[Row], query: Sequence[str], weights: Weights) -> list[float]:
    """Robertson & Zaragoza's formula, word by word, in double precision."""
    average = sum(row.length(weights) for row in rows) / len(rows) if rows else 0
    scores = []
    for row in rows:
        score = 0.0
        for word in query:
            holding, count = sum(word in other.body + other.head for other in rows), row.count(word, weights)
            idf = log(1 + (len(rows) - holding + 0.5) / (holding + 0.5))
            if count:
                norm = weights.k1 * (1 - weights.b + weights.b * row.length(weights) / average)
                score += idf * count * (weights.k1 + 1) / (count + norm)
        scores.append(score)
    return scores


def score_cut(
    rows: Sequence[Row],
    wanted: Sequence[bool],
    cuts: Sequence[int],
    query: Sequence[str],
    weights: Weights = WEIGHTS,
) -> list[float]:
    """Scores of the wanted rows with the corpus cut into segments at `cuts`; their margins are left out."""
    slices = []
    with TemporaryDirectory() as folder:
        for start, end in pairwise(sorted({0, len(rows), *(cut % len(rows) for cut in cuts)})):
            inside = [at for at in range(start, end) if wanted[at]] or [start]
            first, last = inside[0], inside[-1] + 1
            mask = np.array(wanted[first:last], np.bool_)
            slices.append(Slice(post(rows[start:end], Path(folder) / str(start)), first - start, mask))
        found = score_slices(slices, [Clause(((word,),)) for word in query], weights)
    for piece, score in zip(slices, found, strict=True):
        assert not score[~piece.wanted].any()
    return [float(s) for piece, score in zip(slices, found, strict=True) for s in score[piece.wanted]]


@given(_CORPUS, _MASK, _CUTS, _QUERY, _WEIGHTS)
@repeatable
def test_scores_are_the_formula_over_any_window_and_any_cut(
    rows: list[Row], wanted: list[bool], cuts: list[int], query: list[str], weights: Weights
) -> None:
    inside = [row for row, keep in zip(rows, wanted, strict=False) if keep]
    expected = naive_bm25(inside, query, weights)
    assert score_cut(rows, wanted, cuts, query, weights) == pytest.approx(expected, rel=1e-5)


@given(_CORPUS, _CORPUS, _CORPUS, _CUTS, _QUERY)
@repeatable
def test_what_lies_outside_the_window_changes_no_bit_of_a_score(
    inside: list[Row], before: list[Row], after: list[Row], cuts: list[int], query: list[str]
) -> None:
    alone = score_cut(inside, [True] * len(inside), [], query)
    wanted = [False] * len(before) + [True] * len(inside) + [False] * len(after)
    assert score_cut([*before, *inside, *after], wanted, cuts, query) == alone


@given(_CORPUS, st.integers(0, 30), st.lists(st.booleans(), max_size=30), st.sampled_from(_VOCABULARY))
@repeatable
def test_a_word_is_found_in_the_wanted_rows_that_hold_it(
    rows: list[Row], first: int, wanted: list[bool], word: str
) -> None:
    first = min(first, len(rows))
    mask = np.array(wanted[: len(rows) - first], np.bool_)
    with TemporaryDirectory() as folder:
        postings = post(rows, Path(folder) / "segment")
        found = postings.find(word, first, mask)
        lengths = postings.lengths(0, len(rows)).tolist()
    holding = [
        first + i for i, keep in enumerate(mask) if keep and word in [*rows[first + i].body, *rows[first + i].head]
    ]
    assert found.rows.tolist() == holding
    assert found.bodies.tolist() == [rows[row].body.count(word) for row in holding]
    assert found.heads.tolist() == [rows[row].head.count(word) for row in holding]
    assert lengths == [[len(row.body) for row in rows], [len(row.head) for row in rows]]


def test_rows_without_a_word_can_be_posted(tmp_path: Path) -> None:
    postings = post([Row([], []), Row([], [])], tmp_path / "segment")
    assert len(postings.find("any", 0, np.ones(2, np.bool_)).rows) == 0
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
    scores = score_slices([Slice(part.segment.postings, part.first, part.wanted)], plain_clauses(query))[0]
    inside = [part.segment.passages.read(part.first + at) for at in np.flatnonzero(part.wanted).tolist()]
    texts = [part.segment.documents.read(row.document).text for row in inside]
    expected = tantivy_scores(texts, query)
    assert 70 < len(texts) < len(rows)
    assert len(expected) > 10
    assert scores[part.wanted].tolist() == pytest.approx(
        [expected.get(row, 0.0) for row in range(len(texts))], 1e-4
    )
