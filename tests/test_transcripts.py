"""Transcripts: each turn has its speaker and the speaker's role, and an article that is none has no speakers."""

import time
from pathlib import Path

import pytest

from evidence.corpus.transcripts import MIN_TURNS, find_speakers
from evidence.corpus.values import Document, MarkKind

CFO, CEO = "Chief Financial Officer", "Chief Executive Officer"
ASKED = "What is the backlog at the end of the quarter?"
SAID = "The backlog at the end of the quarter was 487 million. That is a record."
LIST = """Example Corp. second quarter call

Company Participants
Jane Doe - Chief Executive Officer
Pieter-Jan van der Berg - Chief Financial Officer
• K. O'Neil — Example Securities — Analyst

Prepared Remarks

"""


def _call(form: str, names: list[str], said: str = SAID) -> str:
    return "".join(f"{form.format(name)}{said}\n\n" for name in names)


def _speakers(text: str) -> list[tuple[str, str | None]]:
    return [(mark.label, mark.role) for mark in find_speakers(text) if mark.kind is MarkKind.SPEAKER and mark.label]


TURNS = ["Operator", "Jane Doe", "Pieter-Jan van der Berg", "Operator", "K. O'Neil", "Jane Doe", "Operator"]


@pytest.mark.parametrize("form", ["{}: ", "**{}:** ", "{}\n", "{}\n\n", "**{}**\n", "  {}:\n"])
def test_a_list_of_participants_gives_the_roles(form: str) -> None:
    text = LIST + _call(form, TURNS)
    roles = {
        "Operator": None,
        "Jane Doe": CEO,
        "Pieter-Jan van der Berg": CFO,
        "K. O'Neil": "Example Securities, Analyst",
    }
    assert _speakers(text) == [(name, roles[name]) for name in TURNS]


@pytest.mark.parametrize(
    ("form", "role"),
    [
        ("Jane Doe -- {}\n", CFO),
        ("Jane Doe — {}\n\n", CFO),
        ("Jane Doe - Example Corp. - {}\n", f"Example Corp., {CFO}"),
        ("Jane Doe, {}\n", CFO),
        ("Jane Doe, {}: ", CFO),
        ("Jane Doe ({}): ", CFO),
        ("Jane Doe, Example Corp. - {}\n", f"Example Corp., {CFO}"),
    ],
)
def test_a_line_gives_the_role_and_later_bare_names_inherit_it(form: str, role: str) -> None:
    later = "Jane Doe: " if ": " in form else "Jane Doe\n"
    other = "Max Roe: " if ": " in form else "Max Roe -- Analyst\n"
    text = "".join(f"{head}{SAID}\n\n" for head in [form.format(CFO), other, later, other, later, other])
    assert [speaker for speaker in _speakers(text) if speaker[0] == "Jane Doe"] == [("Jane Doe", role)] * 3


def test_questions_and_answers_are_turns() -> None:
    text = "An interview with a maker of bonders.\n\n" + f"Q: {ASKED}\n\nA: {SAID}\n\n" * 4
    assert _speakers(text) == [("Q", None), ("A", None)] * 4


def test_the_halves_of_a_call_are_sections() -> None:
    contents = "Contents:\nPrepared Remarks\nQuestions and Answers\nCall Participants\n\n"
    call = _call("{}: ", TURNS)
    end = f"Call participants:\n\nJane Doe -- {CFO}\n"
    text = f"{contents}Prepared Remarks:\n\n{call}**Questions & Answers:**\n\n{call}{end}"
    marks = [mark for mark in find_speakers(text) if mark.kind is MarkKind.SECTION]
    assert [(mark.label, text[mark.start :][:9]) for mark in marks] == [
        ("Prepared remarks", "Prepared "),
        ("Questions and answers", "**Questio"),
    ]
    assert [text[mark.start :][:4] for mark in find_speakers(text) if mark.label == ""] == ["Call"]


def test_a_passage_knows_who_speaks_in_it() -> None:
    text = LIST + _call("{}: ", TURNS)
    document = Document("1", "call.txt", "transcript", text, "0" * 64, marks=find_speakers(text))
    place = document.locate(text.rindex("Jane Doe:") + 20)
    assert (place.speaker, place.role, place.section) == ("Jane Doe", CEO, "Prepared remarks")
    assert document.locate(3).speaker is None


PROSE = [
    "",
    SAID * 20,
    _call("{}: ", ["Odds", "Buzz"] * 12),
    _call("{}: ", ["Total games", "Fun fact"] * 12),
    _call("{}: ", ["When", "Where", "Note", "Tickets"] * 5, "Saturday, noon, Example Hall"),
    _call("{}: ", [f"Name Number{number}" for number in "abcdefghijkl"]),
    _call("{}: ", TURNS[: MIN_TURNS - 1]),
    SAID * 60 + "\n\n" + _call("{}: ", TURNS),
    "\n\n".join(["Revenue - up 5 per cent", "London - The chief executive said so.", SAID] * 6),
    "\n".join("Jane Doe\nMax Roe" for _ in range(10)),
]


@pytest.mark.parametrize("text", PROSE)
def test_what_is_no_transcript_has_no_speakers(text: str) -> None:
    assert find_speakers(text) == ()


def test_marks_stand_in_order_at_the_start_of_their_lines() -> None:
    text = LIST.replace("\n", "\r\n") + _call(" \t{}: ", TURNS)
    marks = find_speakers(text)
    assert [mark.start for mark in marks] == sorted(mark.start for mark in marks)
    assert all(text[mark.start :].startswith((mark.label[:4], "Prepared")) for mark in marks)


@pytest.mark.parametrize(
    "text",
    ["Jane Doe " * 500_000, "Jane Doe:\n" * 100_000, "A, " * 500_000, "A -- " * 500_000 + "\n", "**" * 500_000,
     ("A" + " b" * 70 + "\n") * 20_000],
)  # fmt: skip
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    find_speakers(text)
    assert time.process_time() - start < 5


def test_the_calls_of_the_sample_have_speakers_with_roles(sample: Path) -> None:
    text = (sample / "transcripts" / "halden-voss-q2-2025-call.txt").read_text(encoding="utf-8")
    assert {role for _, role in _speakers(text)} == {None, CEO, CFO, "Corvane Securities", "Ashgrove Research"}


def test_news_articles_have_no_speakers_and_podcasts_do(shared_data: Path) -> None:
    import gzip
    import json

    with gzip.open(shared_data / "realtimeqa" / "articles_2023.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line, _ in zip(file, range(2000), strict=False)]
    found = [row["title"] for row in rows if find_speakers(row["text"])]
    assert 0 < len(found) < 0.02 * len(rows)


@pytest.mark.parametrize(
    "topic", ["Full Year Outlook", "Balance Sheet", "Key Takeaways", "Supply Chain", "Backlog", "Fourth Quarter"]
)
def test_a_topic_that_a_speaker_announces_is_nobody(topic: str) -> None:
    said = f"{SAID}\n\n{topic}: we expect more of the supply in the chain.\n\n{topic}: and so on."
    turns = ["Operator", "Jane Doe", "Max Roe", "Operator", "Max Roe", "Jane Doe", "Operator"]
    assert [name for name, _ in _speakers(_call("{}: ", turns, said))] == turns
    once = _call("{}: ", turns) + f"Jane Doe: {SAID}\n\n{topic}: we expect more of the supply in the chain.\n"
    assert [name for name, _ in _speakers(once)] == [*turns, "Jane Doe"]


def test_a_person_who_asks_once_is_somebody() -> None:
    turns = ["Operator", "Jane Doe", "Grant Young", "Jane Doe", "Operator", "Jane Doe", "Max Roe", "Jane Doe"]
    said = f"{SAID} A grant was had."
    assert [name for name, _ in _speakers(_call("{}: ", turns, said))] == turns


@pytest.mark.parametrize(
    "after",
    [
        "About Example Corp.\nExample Corp. makes bonders.",
        "Copyright 2025 Example Transcripts. All rights reserved.",
        "**Forward-looking statements**\nWords such as expect are such statements.",
        "THE INFORMATION CONTAINED IN THIS TRANSCRIPT IS A REPRESENTATION.",
        "This transcript was made by a machine.",
        "Disclaimer: nothing here is advice.",
    ],
)
def test_what_follows_the_last_turn_is_nobodys(after: str) -> None:
    text = _call("{}: ", TURNS) + after
    last = [mark for mark in find_speakers(text) if mark.kind is MarkKind.SPEAKER][-1]
    assert (last.label, text[last.start :]) == ("", after)


def test_what_follows_the_end_of_a_call_is_nobodys_whatever_it_is() -> None:
    end = "Operator: This concludes today's conference call. You may now disconnect.\n\n"
    text = f"{_call('{}: ', TURNS)}{end}Read our other stories of bonders.\n"
    last = [mark for mark in find_speakers(text) if mark.kind is MarkKind.SPEAKER][-1]
    assert (last.label, text[last.start :]) == ("", "Read our other stories of bonders.\n")
