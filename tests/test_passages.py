"""Passages: whole sentences with exact offsets, nothing lost, nothing too long, nothing across a break."""

import re
from bisect import bisect_right
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.indexer.passages import MAX_PIECES, Passage, pack
from evidence.indexer.sentences import Span, split_sentences
from evidence.indexer.standin import HashingEmbedder

EMBEDDER = HashingEmbedder()

_WORDS = st.sampled_from(
    "revenue rose 4.2% to $1,540 in Q2; U.S. orders K&S AT&T's Dr. (see p. 3) déjà 日本語。 — •".split()
)
_RUN = st.builds(
    lambda words, times, end: " ".join(words * times) + end,
    st.lists(_WORDS, min_size=1, max_size=20),
    st.integers(1, 40),
    st.sampled_from(".?!\n "),
)
_TEXTS = st.builds(
    lambda parts, joint: joint.join(parts),
    st.lists(_RUN | st.text(max_size=60), min_size=1, max_size=8),
    st.sampled_from(["", " ", "\n", "\n\n", "\n \t\n", " \u2029 "]),
)
_BREAKS = st.lists(st.integers(0, 3000), max_size=6)
repeatable = settings(derandomize=True, deadline=None, max_examples=150)


def cut(text: str, breaks: list[int] | None = None) -> list[Passage]:
    breaks = breaks or []
    return pack(text, split_sentences(text, breaks), breaks, EMBEDDER.count_pieces, EMBEDDER.piece_spans)


def letters(text: str) -> str:
    return "".join(text.split())


@given(_TEXTS, _BREAKS)
@repeatable
def test_spans_are_ordered_trimmed_and_inside_their_passage(text: str, breaks: list[int]) -> None:
    passages = cut(text, breaks)
    assert all(one.end <= other.start for one, other in pairwise(passages))
    for passage in passages:
        assert passage.sentences[0][0] == passage.start < passage.end == passage.sentences[-1][1]
        assert all(one[1] <= other[0] for one, other in pairwise(passage.sentences))
        for start, end in passage.sentences:
            assert text[start:end] == text[start:end].strip() != ""


@given(_TEXTS, _BREAKS)
@repeatable
def test_no_character_is_lost_and_none_comes_twice(text: str, breaks: list[int]) -> None:
    passages = cut(text, breaks)
    assert letters("".join(text[p.start : p.end] for p in passages)) == letters(text)
    assert letters("".join(text[start:end] for p in passages for start, end in p.sentences)) == letters(text)


@given(_TEXTS, _BREAKS)
@repeatable
def test_no_passage_is_longer_than_the_embedder_reads(text: str, breaks: list[int]) -> None:
    texts = [text[p.start : p.end] for p in cut(text, breaks)]
    assert all(0 < count <= MAX_PIECES for count in EMBEDDER.count_pieces(texts))


@given(_TEXTS, _BREAKS)
@repeatable
def test_nothing_reaches_across_a_break(text: str, breaks: list[int]) -> None:
    for passage in cut(text, breaks):
        assert not any(passage.start < at < passage.end for at in breaks)


@given(_TEXTS)
@repeatable
def test_cutting_is_repeatable_and_uses_the_room_there_is(text: str) -> None:
    passages = cut(text)
    assert passages == cut(text)
    for one, other in pairwise(passages):
        start, end = other.sentences[0]
        held = sum(EMBEDDER.count_pieces([text[a:b] for a, b in one.sentences]))
        assert held + EMBEDDER.count_pieces([text[start:end]])[0] > MAX_PIECES


def test_an_over_long_sentence_is_cut_between_words() -> None:
    words = [f"cell{number}," for number in range(1000)]
    text = " ".join(words)
    passages = cut(text)
    assert len(passages) > 1000 * 2 // MAX_PIECES
    assert [word for p in passages for word in text[p.start : p.end].split()] == words


def test_a_word_longer_than_a_passage_is_cut_where_it_must_be() -> None:
    text = "a-" * 500
    passages = cut(text)
    assert [p.end - p.start for p in passages] == [220, 220, 220, 220, 120]


def test_characters_without_a_piece_stay_in_the_passage() -> None:
    """Wordpiece tokenizers drop invisible characters; an offset must not drop them, too."""

    def visible_words(text: str) -> list[Span]:
        return [match.span() for match in re.finditer(r"[a-z]+", text)]

    text = "\u200b" + "\u200b ".join(["word"] * 500) + "\u200b."
    sentences = split_sentences(text)
    passages = pack(text, sentences, [], lambda texts: [len(visible_words(one)) for one in texts], visible_words)
    assert letters("".join(text[p.start : p.end] for p in passages)) == letters(text)
    assert len(passages) == 3


def test_sentences_keep_abbreviations_numbers_and_names_whole() -> None:
    text = "Dr. Smith of U.S. Steel Corp. paid $1.5 million. Analysts at Baird & Co. agreed.\n\nA heading\n\nMore."
    found = [text[start:end] for start, end in split_sentences(text)]
    assert found == [
        "Dr. Smith of U.S. Steel Corp. paid $1.5 million.",
        "Analysts at Baird & Co. agreed.",
        "A heading",
        "More.",
    ]


def test_a_section_starts_a_new_passage() -> None:
    text = "# One\n\nFirst part. Second part.\n\n# Two\n\nThird part."
    at = text.index("# Two")
    assert [bisect_right([at], p.start) for p in cut(text, [at])] == [0, 1]
    assert len(cut(text)) == 1
    assert cut(text, [at, len(text), 10_000]) == cut(text, [at])


def test_white_space_is_no_passage() -> None:
    assert cut("") == cut(" \n\t\n ") == []
