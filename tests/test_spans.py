"""Chosen quotes: slices of stored text inside the window, each thing said once, in the same order every run."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from evidence.corpus.hashing import digest
from evidence.corpus.values import Document, Mark, MarkKind
from evidence.generator.spans import (
    FIRST_OF_PUBLISHER,
    MAX_FINDINGS,
    MAX_PER_DOCUMENT,
    MAX_SENTENCES,
    MIN_RELEVANCE,
    MIN_RELEVANCE_LONG,
    Choice,
    choose_findings,
    least_relevance,
    rank_passages,
)
from evidence.indexer.build import build_index
from evidence.indexer.sentences import split_sentences
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.retriever.hits import Hit
from evidence.retriever.plan import plan_queries
from evidence.retriever.search import search
from evidence.retriever.window import Window, parse_window

ROOT = Path(__file__).resolve().parent.parent
FACTS: dict[str, Any] = json.loads((ROOT / "tests" / "sample_facts.json").read_text(encoding="utf-8"))
QUESTIONS = [FACTS["demo_question"], *(fact["question"] for fact in FACTS["questions"])]
TODAY = date(2026, 1, 15)
WINDOWS = [
    parse_window(since, until, today=TODAY, min_grade=grade)
    for since, until, grade in (
        (*FACTS["window"].values(), "B"),
        (*FACTS["window"].values(), "A"),
        (*FACTS["window"].values(), "C"),
        ("2025-08", "2025-08", "B"),
        ("2025-08-06", "2025-08-06", "B"),
        ("2024", "2025-06-05T12:00-04:00", "B"),
    )
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The shipped sample corpus, indexed once."""
    root = tmp_path_factory.mktemp("sample") / "index"
    build_index(root, [ROOT / "corpus" / "sample"], HashingEmbedder())
    return Index.open(root)


def choose(index: Index, question: str, window: Window) -> Choice:
    embedder = HashingEmbedder()
    queries = plan_queries(question)
    found = [(query, search(index, embedder, query, window, 12)) for query in queries[1:] or queries]
    return choose_findings(found, embedder, lambda d: d.dated is not None and window.on_edge(d.dated))


def choices(index: Index) -> list[tuple[Window, Choice]]:
    return [(window, choose(index, question, window)) for window in WINDOWS for question in QUESTIONS]


@pytest.fixture(scope="module")
def chosen(index: Index) -> list[tuple[Window, Choice]]:
    """The findings of every question of the sample's facts in every window."""
    return choices(index)


def hit(text: str, name: str = "a") -> Hit:
    document = Document(name, f"{name}.txt", "news", text, "0" * 64)
    return Hit(1, 1.0, document, 0, len(text), tuple(split_sentences(text)), 1, 1)


def quoted(found: list[tuple[str, list[Hit]]]) -> list[tuple[str, list[str]]]:
    choice = choose_findings(found, HashingEmbedder(), lambda document: False)
    return [(finding.document.id, [quote.text for quote in finding.quotes]) for finding in choice.findings]


def test_every_quote_is_a_slice_of_a_stored_document_inside_the_window(
    index: Index, chosen: list[tuple[Window, Choice]]
) -> None:
    findings = [(window, finding) for window, choice in chosen for finding in choice.findings]
    for window, finding in findings:
        document = index.document(finding.document.id)
        assert window.holds(document.dated)
        for quote in finding.quotes:
            assert quote.document_id == document.id
            assert 0 <= quote.start < quote.end <= len(document.text)
            assert document.text[quote.start : quote.end] == quote.text == quote.text.strip() != ""
            assert quote.sha256 == digest(quote.text.encode())
    assert len(findings) > 100


def test_findings_are_few_numbered_from_one_and_no_document_speaks_too_often(
    chosen: list[tuple[Window, Choice]],
) -> None:
    for _, choice in chosen:
        assert [finding.number for finding in choice.findings] == list(range(1, len(choice.findings) + 1))
        assert len(choice.findings) <= MAX_FINDINGS
        assert all(1 <= len(finding.quotes) <= MAX_SENTENCES for finding in choice.findings)
        spoken = Counter(finding.document.id for finding in choice.findings)
        assert max(spoken.values(), default=0) <= MAX_PER_DOCUMENT


def test_no_character_is_quoted_twice(chosen: list[tuple[Window, Choice]]) -> None:
    for _, choice in chosen:
        spans = sorted((q.document_id, q.start, q.end) for f in choice.findings for q in f.quotes)
        for (one, _, end), (other, start, _) in pairwise(spans):
            assert one != other or end <= start


def test_a_choice_repeats_from_run_to_run_and_with_the_hits_in_any_order(
    index: Index, chosen: list[tuple[Window, Choice]]
) -> None:
    assert choices(Index.open(index.layout.root)) == chosen
    hits = search(index, HashingEmbedder(), "orders and lead times", WINDOWS[0], 12)
    ranked = rank_passages("orders and lead times", hits, HashingEmbedder())
    assert ranked == rank_passages("orders and lead times", hits[::-1], HashingEmbedder())
    assert ranked == sorted(ranked, key=lambda c: (-c.relevance, c.document.id, c.spans))


def test_a_press_release_and_its_copies_are_quoted_once(index: Index) -> None:
    copies = {"haldenvoss-ostrellan-22-kestrel", "millrace-halden-voss-order", "toolmakers-bulletin-hv-order"}
    choice = choose(index, "Halden & Voss receives order for 22 Kestrel X bonders from Ostrellan", WINDOWS[0])
    quoted = [Path(finding.document.path).stem for finding in choice.findings]
    assert len({name for name in quoted if name in copies}) == 1


def test_a_copy_is_quoted_once_though_its_words_differ_a_little() -> None:
    text = "SARQ said its order backlog rose to $318.3 million at the end of June 2025."
    copy = "SARQ said that its order backlog rose to $318.3 million at the end of June 2025, a wire report said."
    assert quoted([("SARQ order backlog", [hit(text, "a"), hit(copy, "b")])]) == [("a", [text])]


def test_sentences_apart_are_two_quotes_and_neighbours_are_one() -> None:
    first, other, last = (
        "SARQ counts an order backlog of 40 tools.",
        "The weather over the harbour was mild and pleasant all week long.",
        "SARQ sees the order backlog of tools grow.",
    )
    assert quoted([("SARQ order backlog", [hit(f"{first} {other} {last}")])]) == [("a", [first, last])]
    assert quoted([("SARQ order backlog", [hit(f"{first} {last} {other}")])]) == [("a", [f"{first} {last}"])]


@pytest.mark.parametrize(("marks", "findings"), [((), 1), ((Mark(60, "2", MarkKind.PAGE),), 2)])
def test_quotes_that_meet_where_a_passage_ends_are_one_unless_the_text_ends_there_too(
    marks: tuple[Mark, ...], findings: int
) -> None:
    first, last = (
        "SARQ counts an order backlog of forty tools for bonding now.",
        "SARQ sees the order backlog grow.",
    )
    document = Document("a", "a.pdf", "filing", f"{first}\n{last}", "0" * 64, marks=marks)
    spans = [(0, len(first)), (len(first) + 1, len(document.text))]
    hits = [Hit(n, 1.0, document, start, end, ((start, end),), n, n) for n, (start, end) in enumerate(spans, 1)]
    quotes = quoted([("SARQ order backlog", hits)])
    assert sorted(texts for _, texts in quotes) == ([[document.text]] if findings == 1 else [[first], [last]])


def test_a_publisher_leaves_room_for_others_and_takes_what_they_leave() -> None:
    def told(number: int, publisher: str | None, text: str) -> Hit:
        document = Document(f"{number}", "x.txt", "news", text, "0" * 64, publisher=publisher)
        return Hit(1, 1.0, document, 0, len(text), ((0, len(text)),), 1, 1)

    towns = "Graz Ipoh Penang Delft Tainan Bromma Lausanne Kumamoto Singapore".split()
    loud = [
        told(n, "Loud Post", f"Order backlog: {town}, {n * 7} tools, {town[::-1]}.") for n, town in enumerate(towns)
    ]
    quiet = told(
        99, "Quiet Post", "Nobody in the valley heard before noon on Friday how the order backlog had grown."
    )
    choice = choose_findings([("order backlog", [*loud, quiet])], HashingEmbedder(), lambda document: False)
    assert [f.document.publisher for f in choice.findings].index("Quiet Post") == FIRST_OF_PUBLISHER
    assert len(choice.findings) == MAX_FINDINGS


def test_what_was_quoted_is_not_quoted_again_for_another_part() -> None:
    shared = "SARQ orders depend on lead times."
    before, after = "SARQ orders came from Ostrellan, Danmora.", "Lead times grew in Ipoh, Penang, Graz."
    hits = [hit(f"{before} {shared} {after}")]
    quotes = quoted([("SARQ orders", hits), ("lead times", hits)])
    assert sum(shared in text for _, texts in quotes for text in texts) == 1


def test_each_part_gives_a_finding_in_turn_and_a_part_without_one_is_named() -> None:
    orders = [hit(f"The order backlog at plant {name} grew by {name * 3} tools.", name) for name in "abc"]
    times = [hit("Lead times to install stand at nine weeks.", "t")]
    nothing = [hit("Gulls nest on the roof of the old ferry house.", "g")]
    found = [
        ("order backlog grew", orders),
        ("lead times to install", times),
        ("export licences", nothing),
        ("dividend", []),
    ]
    choice = choose_findings(found, HashingEmbedder(), lambda document: document.id == "t")
    assert [finding.query for finding in choice.findings[:2]] == ["order backlog grew", "lead times to install"]
    assert [finding.on_edge for finding in choice.findings[:2]] == [False, True]
    assert choice.unanswered == ("export licences", "dividend")


def test_a_question_without_parts_is_its_own_part() -> None:
    choice = choose_findings([("dividend", [])], HashingEmbedder(), lambda document: False)
    assert choice == Choice((), ("dividend",))


@pytest.mark.parametrize("text", ["Backlog", "Order backlog.", "—" * 40, "The gulls nest on the old ferry house."])
def test_a_heading_or_what_answers_nothing_is_not_quoted(text: str) -> None:
    assert quoted([("order backlog", [hit(text)])]) == []


def test_an_empty_window_has_no_findings_and_every_part_is_unanswered(index: Index) -> None:
    empty = parse_window("2019", "2019", today=TODAY)
    for question in QUESTIONS:
        queries = plan_queries(question)
        assert choose(index, question, empty) == Choice((), queries[1:] or queries)


def test_who_asks_how_much_is_answered_by_an_amount(
    build: Callable[..., Index], write_folder: Callable[..., Path]
) -> None:
    prose = "Orders of bonders in July were spoken of at length. Orders of bonders in July were $41 million."
    index = build(write_folder({"a.txt": prose}, {"a.txt": {"published": "2025-07-31"}}))

    first = choose(index, "How much were orders of bonders in July?", WINDOWS[0]).findings[0]

    assert "$41 million" in first.text


def test_a_long_query_asks_of_a_sentence_what_one_sentence_can_hold() -> None:
    words = "copper opera rugby tulips ferries salmon glaciers chess violins olives camels bridges tides".split()
    least = [least_relevance(" ".join((words * 3)[:count])) for count in range(1, 40)]
    assert least == sorted(least, reverse=True)
    assert (least[0], least[-1]) == (MIN_RELEVANCE, MIN_RELEVANCE_LONG)
    asked = [*words, *(f"{word}house" for word in words)]
    half = [hit(f"The {' '.join(asked[:8])} were counted.")]
    assert quoted([(" ".join(asked[:10]), half)]) and quoted([(" ".join(asked), half)])
