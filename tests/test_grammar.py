"""The grammar of an answer: it knows only this request's numbers, and whatever is written can be read."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.generator.values import Sentence
from evidence.generator.writing.grammar import MAX_SENTENCES, answer_grammar, parse_answer

_RULE = re.compile(r"([a-z]+) ::= (.+)")


def rules(numbers: list[int]) -> dict[str, str]:
    matches = [_RULE.fullmatch(line) for line in answer_grammar(numbers).splitlines()]
    assert None not in matches
    return {match[1]: match[2] for match in matches if match}


@pytest.mark.parametrize("numbers", [[1], [1, 2, 3], list(range(1, 9)), [4, 17]])
def test_only_the_numbers_of_this_request_can_be_cited(numbers: list[int]) -> None:
    named = rules(numbers)
    assert [int(cited) for cited in re.findall(r'"\[(\d+)\]"', named["citation"])] == numbers
    assert named["root"] == f"sentence{{1,{MAX_SENTENCES}}}"
    assert "citation{1,2}" in named["sentence"]
    assert not [name for name, body in named.items() if name != "citation" and '"[' in body]


def test_every_rule_that_is_named_is_there_and_no_text_can_look_like_a_citation() -> None:
    named = rules([1, 2])
    bare = (re.sub(r'"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]', "", body) for body in named.values())
    assert {word for body in bare for word in re.findall(r"[a-z]+", body)} <= set(named)
    assert named["char"].startswith("[^")
    assert [mark for mark in (r"\[", r"\]", r"\n", *'<>{}|"') if mark not in named["char"]] == []


def test_an_answer_without_anything_to_cite_is_refused() -> None:
    with pytest.raises(ValueError, match="something to cite"):
        answer_grammar([])


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Orders rose. [1]\n", [("Orders rose.", (1,))]),
        ("Orders rose. [1][2]\nThey fell. [3]\n", [("Orders rose.", (1, 2)), ("They fell.", (3,))]),
        ("Orders rose [1]", [("Orders rose.", (1,))]),
        ("Orders rose.[2][2]", [("Orders rose.", (2,))]),
        ("Orders rose. [1]\nThey fell, bec", [("Orders rose.", (1,)), ("They fell, bec", ())]),
        ("Orders rose. [1]\nThey fell. [", [("Orders rose.", (1,)), ("They fell. [", ())]),
        ("Orders rose. [1]\nThey fell. [2", [("Orders rose.", (1,)), ("They fell. [2", ())]),
        ("Orders [1] rose.", [("Orders [1] rose.", ())]),
        ("Orders [1] rose. [2]", [("Orders [1] rose. [2]", ())]),
        ("Orders rose.", [("Orders rose.", ())]),
        ("[1]", [("[1]", ())]),
        ("Orders rose. [0]", [("Orders rose.", (0,))]),
        ("Orders rose. [-1]", [("Orders rose. [-1]", ())]),
        ("Orders rose. [x]", [("Orders rose. [x]", ())]),
        ("Orders rose. [" + "9" * 5000 + "]", [("Orders rose. [" + "9" * 5000 + "]", ())]),
        ("Orders rose. [٣]", [("Orders rose. [٣]", ())]),
        ("", []),
        ("\n \n\t\n", []),
    ],
)
def test_an_answer_is_read_as_it_stands_and_what_is_cut_off_is_uncited(
    text: str, sentences: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert parse_answer(text) == [Sentence(*sentence) for sentence in sentences]


@given(st.text() | st.text(alphabet="Aa. []\n0123٣²x"))
@settings(derandomize=True, deadline=None, max_examples=500)
def test_whatever_is_written_can_be_read(text: str) -> None:
    for sentence in parse_answer(text):
        assert sentence.text.strip() == sentence.text
        assert "\n" not in sentence.text
        assert all(number >= 0 for number in sentence.citations)


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Z][a-z ,0-9]{25,60}[a-z]", fullmatch=True),
            st.lists(st.integers(1, 12), min_size=1, max_size=2, unique=True),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(derandomize=True, deadline=None)
def test_what_the_grammar_allows_comes_back_whole(written: list[tuple[str, list[int]]]) -> None:
    text = "".join(f"{body}. {''.join(f'[{number}]' for number in cited)}\n" for body, cited in written)
    assert parse_answer(text) == [Sentence(f"{body}.", tuple(cited)) for body, cited in written]
