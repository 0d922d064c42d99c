"""Index words: names stay whole, numbers and accents have one spelling, questions lose their grammar."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.indexer.words import FUNCTION_WORDS, fold, index_words, query_words, surface_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("K&S", "k&s"),
        ("AT&T Inc.", "at&t inc"),
        ("S&P 500", "s&p 500"),
        ("BESI/ASMPT/K&S", "besi asmpt k&s"),
        ("Kulicke & Soffa", "kulicke soffa"),
        ("die-attach", "die attach"),
        ("$1,540 and 12,345,678.90", "1540 and 12345678.90"),
        ("6.09% of 10.1.2", "6.09 of 10.1.2"),
        ("the U.S. and Besi N.V.", "the us and besi nv"),
        ("Nestlé, Zürich, Řež", "nestle zurich rez"),
        ("STRASSE Straße", "strasse strasse"),
        ("Ｋ＆Ｓ ﬁnance", "k&s finance"),
        ("Nvidia's and TSMC’s", "nvidia and tsmc"),
        ("AT&T's and K&S’s", "at&t and k&s"),
        ("MI300X H100", "mi300x h100"),
        ("ASML.com q2/2025", "asml com q2 2025"),
        ("日本", "日本"),
        ("??? … —", ""),
        ("", ""),
    ],
)
def test_names_numbers_and_accents_have_one_spelling(text: str, words: str) -> None:
    assert surface_words(text) == words.split()


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("backlogs", "backlog"),
        ("orders were tagged", "order tag"),
        ("Installing tools", "installed tool"),
        ("CoWoS", "cowos"),
        ("1,540", "1540"),
        ("U.S.", "US"),
        ("Nestlé's", "nestle"),
    ],
)
def test_inflected_words_meet(written: str, asked: str) -> None:
    assert set(query_words(asked)) <= set(index_words(written))


@pytest.mark.parametrize("name", ["k&s", "at&t", "mi300x", "6.09", "ps5s"])
def test_names_are_not_stemmed(name: str) -> None:
    assert index_words(name) == [name]


def test_a_text_repeats_its_words_and_a_query_does_not() -> None:
    assert index_words("orders, order, ordering") == ["order", "order", "order"]
    assert query_words("orders, order, ordering") == ["order"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What is the backlog of BESI?", ["backlog", "besi"]),
        ("why did it do that", ["whi", "did", "it", "do", "that"]),
        ("To be or not to be", ["to", "be", "or", "not"]),
        ("The Who", ["the", "who"]),
        ("???", []),
        ("", []),
    ],
)
def test_a_query_is_about_its_content_words_unless_it_has_none(question: str, words: list[str]) -> None:
    assert query_words(question) == words


def test_function_words_are_spelt_as_texts_are_folded() -> None:
    assert all(surface_words(word) == [word] for word in FUNCTION_WORDS)


@given(st.text(max_size=80))
@settings(derandomize=True, deadline=None)
def test_any_text_has_words_without_white_space_that_fold_to_themselves(text: str) -> None:
    words = surface_words(text)
    assert all(word and not any(character.isspace() for character in word) for word in words)
    assert all(fold(word) == word for word in words)
    assert len(index_words(text)) == len(words)
