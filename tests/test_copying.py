"""What a grammar of a quote's own words lets be said: its words in its order, nothing invented, nothing turned."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.generator.reading.quote_sentences import split_quote
from evidence.generator.writing.copying import copying_grammar

_RULE = re.compile(r"(\w+) ::= (.+)")
_ITEM = re.compile(r'"((?:\\.|[^"\\])*)"|(\w+)|([()|])')


def sayings(*sentences: str, filer: str | None = None) -> list[str]:
    """Every text of the grammar."""
    grammar = copying_grammar(sentences, filer)
    if grammar is None:
        return []
    rules = {match[1]: match[2] for match in map(_RULE.fullmatch, grammar.splitlines()) if match}
    assert len(rules) == len(grammar.splitlines())
    texts = list(expand("root", rules))
    assert all(text.endswith(".") and "\n" not in text for text in texts)
    return texts


def expand(name: str, rules: dict[str, str]) -> Iterator[str]:
    """The texts of a rule: a literal and then a choice of literals and rules, or a choice of rules alone."""
    body = rules[name]
    lead, rest = "", body
    if body.startswith('"'):
        first = _ITEM.match(body)
        assert first is not None
        lead, rest = unescaped(first[1]), body[first.end() :].strip()
    for alternative in re.split(r" \| (?=(?:[^\"]|\"(?:\\.|[^\"\\])*\")*$)", rest.strip("()") if lead else rest):
        items = list(_ITEM.finditer(alternative))
        text = "".join(unescaped(item[1]) for item in items if item[1] is not None)
        names = [item[2] for item in items if item[2]]
        assert len(names) <= 1
        for tail in expand(names[0], rules) if names else [""]:
            yield lead + text + tail


def unescaped(text: str) -> str:
    return text.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Gulls nest on roofs here.", ["Gulls nest on roofs here."]),
        ("gulls nest on roofs here!", ["Gulls nest on roofs here."]),
        # too short, a question, no sentence, a heading
        ("Gulls nest.", []),
        ("Do gulls nest on these roofs?", []),
        ("Where gulls nest on these roofs", []),
        # it may end where a clause does, or behind a figure, but not in the middle of saying something
        (
            "Its owner Orlens sold 12 tools in June, which was a record.",
            [],
        ),
        (
            "The owner of Orlens sold 12 tools in June, which was a record.",
            [
                "The owner of Orlens sold 12 tools in June, which was a record.",
                "The owner of Orlens sold 12 tools in June.",
                "The owner of Orlens sold 12 tools.",
            ],
        ),
        # what is inserted may go, and the sentence does not end inside it or in front of it
        (
            "Orlens, which makes casting machines, sold 12 (twelve) tools.",
            [
                "Orlens, which makes casting machines, sold 12 (twelve) tools.",
                "Orlens, which makes casting machines, sold 12 tools.",
                "Orlens sold 12 (twelve) tools.",
                "Orlens sold 12 tools.",
            ],
        ),
        # an item of a list is not inserted
        ("Orlens sells lathes, casting machines, saws and drills.", None),
        # datelines, ties and dashes in front
        ("LYNDHURST, May 4 (Wire) - But gulls nest on roofs.", ["Gulls nest on roofs."]),
        ("- Meanwhile, gulls nest on roofs.", ["Gulls nest on roofs."]),
        # nobody knows who that is
        ("It sold 12 tools in the second quarter.", []),
        ("Orlens expects it to rise by 22 per cent.", []),
        ("Orlens said it sold 12 tools.", ["Orlens said it sold 12 tools."]),
        ("Orlens said that we sold 12 tools in May.", []),
        # when it was, before anything is said
        (
            "In the second quarter of 2025, orders of tools rose, as they do.",
            [
                "In the second quarter of 2025, orders of tools rose, as they do.",
                "In the second quarter of 2025, orders of tools rose.",
            ],
        ),
        # in front of `and` only where a statement of its own follows
        (
            "Orders of tools rose in June, and Orlens sold 12 lathes.",
            ["Orders of tools rose in June, and Orlens sold 12 lathes.", "Orders of tools rose in June."],
        ),
        ("Orders of tools rose in June, July, and the autumn.", None),
        # a subject alone says nothing
        ("The chief executive of Orlens, who paints ferries and knows the mayor as well as his sister does.", None),
        ("Between five and six tools were sold by Orlens.", ["Between five and six tools were sold by Orlens."]),
        # what is quoted stays whole, and may speak for itself
        (
            'Marit Stolpe said: "We sold 12 tools in May, which was a record."',
            ['Marit Stolpe said: "We sold 12 tools in May, which was a record".'],
        ),
        (
            'Orlens sold "a dozen" tools in June, which was a record.',
            [
                'Orlens sold "a dozen" tools in June, which was a record.',
                'Orlens sold "a dozen" tools in June.',
            ],
        ),
        ('Marit Stolpe said: "We sold 12 tools in May.', []),
        ("See https://a.example for what Orlens sold in May.", []),
        ("Orlens sold [12] tools in the second quarter.", []),
    ],
)
def test_a_sentence_may_be_said_whole_or_up_to_where_it_may_end(sentence: str, said: list[str] | None) -> None:
    found = sayings(sentence)
    if said is None:
        assert found == [sentence]
    else:
        assert sorted(found) == sorted(said)


@pytest.mark.parametrize(
    "tail",
    [
        "but orders fell by 3 per cent",
        "although it does not expect to do so again",
        "excluding those of the memory floor",
        "unless the third hall opens",
        "Marit Stolpe said on Tuesday",
        "according to the Farne Courier",
        "which it may have to give back",
        "analysts at Merrow Bank estimated",
        "which hadn't been planned",
    ],
)
def test_what_denies_limits_hedges_or_attributes_is_never_left_out(tail: str) -> None:
    for sentence in (f"Orlens sold 12 tools in the second quarter, {tail}.", f"Orlens, {tail}, sold 12 new tools."):
        assert sayings(sentence) == [sentence]


def test_each_sentence_of_a_quote_can_be_said_alone() -> None:
    quote = "Mr. Stolpe of Orlens Inc. sold 12 tools. It was a record. Gulls nest on roofs here.\nA heading\n"
    assert split_quote(quote) == [
        "Mr. Stolpe of Orlens Inc. sold 12 tools.",
        "It was a record.",
        "Gulls nest on roofs here.",
        "A heading",
    ]
    assert sayings(*split_quote(quote)) == ["Mr. Stolpe of Orlens Inc. sold 12 tools.", "Gulls nest on roofs here."]


def test_a_filing_that_says_we_is_quoted_word_for_word_with_its_filer() -> None:
    said = "We expect orders of 12 tools, which is a record."
    assert sayings(said) == []
    assert sayings(said, filer="Orlens Inc.") == [f'Orlens Inc. says: "{said[:-1]}".']
    assert sayings(f"Additionally, {said}", filer="Orlens Inc.") == [f'Orlens Inc. says: "{said[:-1]}".']
    # nobody knows what this means, whoever says it; and a sentence that names its subject needs no speaker
    assert sayings("It is our largest order.", filer="Orlens Inc.") == []
    assert sayings('We said "12 tools" and meant it.', filer="Orlens Inc.") == []
    assert sayings("Orders of tools rose.", filer="Orlens Inc.") == ["Orders of tools rose."]


def test_a_line_that_was_wrapped_is_no_sentence_and_a_heading_is_none_either() -> None:
    wrapped = (
        "The backlog of tools, most of them for the new hall in Taree of\nOrlens Foundry, rose to\n$5 million."
    )
    assert split_quote(wrapped) == [wrapped]
    assert sayings(*split_quote(wrapped)) == [" ".join(wrapped.split())]
    assert sayings(*split_quote("Order backlog\nThe backlog of tools rose.")) == ["The backlog of tools rose."]


def test_a_quote_without_a_sentence_that_can_stand_alone_has_no_grammar() -> None:
    assert copying_grammar([]) is None
    assert copying_grammar(["Revenue | 2025 | 44,062", "It rose.", "We expect orders of 12 tools."]) is None


_WORDS = st.sampled_from(
    'Orlens sold tools 12 $3.5 million in the which and but not said, (twelve), June, roofs, as, - "x" a\\b May may'
    " while from Stolpe, up 5%".split()
)


@given(st.lists(_WORDS, min_size=1, max_size=25))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_whatever_the_sentence_is_what_can_be_said_are_its_words_in_its_order(words: list[str]) -> None:
    for text in sayings(" ".join(words) + "."):
        left = iter(re.findall(r"[\w$%().-]+", " ".join(words).lower()))
        assert all(word in left for word in re.findall(r"[\w$%()-]+(?:\.\d)?", text[:-1].lower()))
        # what stands in front of a dateline's dash, and what ties a sentence to the one before it, go
        begin = next((place for place, word in enumerate(words[:9], start=1) if word == "-"), 0)
        assert len(re.findall(r"\bnot\b", text.lower())) == words[begin:].count("not")
        assert len(re.findall(r"\bsaid\b", text.lower())) == len(
            [word for word in words[begin:] if word == "said,"]
        )
