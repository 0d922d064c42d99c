"""The gate: true sentences stand, false ones are cut with the reason, and nobody is asked."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.generator.grounds import Ground
from evidence.generator.support import judge, numbers
from evidence.generator.verdicts import Reason


def unsupported(sentence: str, citations: Sequence[int], quotes: Mapping[int, str]) -> Reason | None:
    return judge(sentence, citations, {number: Ground((text,)) for number, text in quotes.items()}).reason


QUOTES = {
    1: "SARQ said its backlog stood at $318.3 million on June 30, up 12.50 per cent on the year.",
    2: "Ostrellan ordered 16 thermocompression bonders from SARQ in June; the order is worth $58 million.",
    3: "Danmora holds 1,540 tools, and Halden & Voss N.V. quotes 30 weeks from order to shipment.",
    4: "The backlog rose from EUR 402 million to EUR 487 million, SARQ's from $301 million to $318.3 million.",
    5: "Das sind 12,5 Prozent mehr Aufträge als im Vorjahr, sagte Kaldbach in München.",
    6: "Kaldbach installs its tools within nine weeks.",
}


@pytest.mark.parametrize(
    ("sentence", "citations"),
    [
        ("SARQ said its backlog stood at $318.3 million on June 30.", (1,)),
        ("The backlog of SARQ stood at $318.3 million.", (1,)),
        ("SARQ's backlog stood at $318.30 million, up 12.5 per cent.", (1,)),
        ("Ostrellan ordered 16 bonders from SARQ, an order worth $58 million.", (2,)),
        ("Halden & Voss N.V. quotes 30 weeks from order to shipment.", (3,)),
        ("Danmora holds 1540 tools.", (3,)),
        ("Danmora holds 1,540.0 tools.", (3,)),
        ("Halden & Voss quotes 30 weeks from order to shipment.", (3,)),
        ("The backlog rose from EUR 402 million to EUR 487 million.", (4,)),
        ("Das sind 12,5 Prozent mehr als im Vorjahr, sagte Kaldbach.", (5,)),
        ("Kaldbach in Munchen.", (5,)),
    ],
)
def test_a_sentence_that_its_quotes_bear_out_stands(sentence: str, citations: tuple[int, ...]) -> None:
    assert unsupported(sentence, citations, QUOTES) is None


@pytest.mark.parametrize(
    ("sentence", "citations", "reason"),
    [
        ("SARQ said its backlog stood at $318.3 million on June 30.", (), Reason.UNCITED),
        ("SARQ said its backlog stood at $318.3 million on June 30.", (9,), Reason.FOREIGN),
        ("SARQ said its backlog stood at $318.3 million on June 30.", (1, 9), Reason.FOREIGN),
        ("SARQ said its backlog stood at $318.3 million, see www.sarq.example.", (1,), Reason.MARKUP),
        ("SARQ said its backlog https://a.example/ stood at $318.3 million.", (1,), Reason.MARKUP),
        ("SARQ said its [backlog](x) stood at $318.3 million.", (1,), Reason.MARKUP),
        ("SARQ said its <b>backlog</b> stood at $318.3 million.", (1,), Reason.MARKUP),
        ("SARQ said its backlog stood at $318.3 million. It was up 12.5 per cent.", (1,), Reason.SEVERAL),
        ("SARQ said its backlog stood at $318.4 million on June 30.", (1,), Reason.NUMBER),
        ("SARQ said its backlog stood at $3,183 million on June 30.", (1,), Reason.NUMBER),
        ("SARQ said its backlog stood at $318.3 million on June 29.", (1,), Reason.NUMBER),
        ("SARQ said its backlog stood at $318.3 billion on June 30.", (1,), Reason.NUMBER),
        ("Halden & Voss quotes 30 months from order to shipment.", (3,), Reason.NUMBER),
        ("Kaldbach installs its tools within ten weeks.", (6,), Reason.NUMBER),
        ("SARQ said its backlog stood at $318.3 million on July 30.", (1,), Reason.NAME),
        ("SARQ said on Monday its backlog stood at $318.3 million.", (1,), Reason.NAME),
        ("Danmora said its backlog stood at $318.3 million on June 30.", (1,), Reason.NAME),
        ("SARQ said its backlog stood at $318.3 million at Ipoh.", (1,), Reason.NAME),
        ("SARQ said its backlog stood at EUR 318.3 million.", (1,), Reason.NAME),
        ("Ostrellan holds 1,540 tools.", (3,), Reason.NAME),
        ("Danmora holds 15.40 tools.", (3,), Reason.NUMBER),
        ("Das sind 125 Prozent mehr Aufträge als im Vorjahr.", (5,), Reason.NUMBER),
        ("SARQ plans on June 30 a merger and a dividend for shareholders.", (1,), Reason.WORDS),
        ("On their own, so.", (1,), Reason.WORDS),
        (".", (1,), Reason.WORDS),
        ("", (1,), Reason.WORDS),
    ],
)
def test_a_sentence_that_they_do_not_is_cut_for_its_reason(
    sentence: str, citations: tuple[int, ...], reason: Reason
) -> None:
    assert unsupported(sentence, citations, QUOTES) is reason


@pytest.mark.parametrize(
    ("sentence", "citations"),
    [
        ("SARQ ordered 16 thermocompression bonders from Ostrellan in June.", (2,)),
        ("SARQ ordered 16 bonders from Ostrellan.", (2,)),
        ("The backlog rose from EUR 487 million to EUR 402 million.", (4,)),
        ("Danmora quotes 30 weeks from order to shipment, and Halden & Voss N.V. holds 1,540 tools.", (3,)),
        ("Shipment to order from weeks 30 quotes Voss Halden.", (3,)),
    ],
)
def test_who_did_what_to_whom_is_not_turned_round(sentence: str, citations: tuple[int, ...]) -> None:
    assert unsupported(sentence, citations, QUOTES) is Reason.WORDS


def test_two_quotes_together_bear_one_sentence() -> None:
    sentence = "SARQ said its backlog stood at $318.3 million, and Ostrellan ordered 16 bonders worth $58 million."
    assert unsupported(sentence, (1, 2), QUOTES) is None
    assert unsupported(sentence, (1,), QUOTES) is unsupported(sentence, (2,), QUOTES) is Reason.NUMBER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,540 and 1540", {"1540"}),
        ("12.50, 12.5", {"12.5"}),
        ("12.0 of 12", {"12"}),
        ("1,234,567.80", {"1234567.8"}),
        ("100 and 1,000", {"100", "1000"}),
        ("12,5", {"12,5"}),
        ("0.0", {"0"}),
        ("6.09.2025", {"6.09.2025"}),
        ("no figure", set()),
    ],
)
def test_a_number_has_one_spelling(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected


@given(st.text(max_size=80), st.dictionaries(st.integers(1, 3), st.text(max_size=80)), st.integers(1, 4))
@settings(derandomize=True, deadline=None)
def test_any_text_is_judged(sentence: str, quotes: dict[int, str], cited: int) -> None:
    reason = unsupported(sentence, (cited,), quotes)
    assert reason is None or isinstance(reason, Reason)
    assert (reason is Reason.FOREIGN) == (cited not in quotes)


@given(st.integers(1, 10**7), st.integers(1, 10**7))
@settings(derandomize=True, deadline=None)
def test_a_sentence_stands_on_a_number_exactly_when_it_is_its_quotes_number(said: int, quoted: int) -> None:
    quotes = {1: f"The company counts {quoted:,} tools in its halls."}
    for spelled in (f"{said}", f"{said:,}", f"{said}.0"):
        reason = unsupported(f"The company counts {spelled} tools.", (1,), quotes)
        assert reason is (None if said == quoted else Reason.NUMBER)


QUOTED = "H&V expects lead times for Kestrel tools to shorten in July. Orders rose 12% to 41 million dollars."


@pytest.mark.parametrize(
    "sentence",
    [
        "H&V does not expect lead times for Kestrel tools to shorten in July.",
        "H&V never expects lead times for Kestrel tools to shorten in July.",
        "H&V doesn't expect lead times for Kestrel tools to shorten in July.",
        "Orders fell 12% to 41 million dollars.",
        "Orders rose no more than 12% to 41 million dollars.",
        "Orders rose 12% to 41 million euros.",
    ],
)
def test_the_sense_of_a_quote_is_not_turned_round(sentence: str) -> None:
    assert unsupported(sentence, (1,), {1: QUOTED}) is Reason.SENSE


def test_what_a_quote_denies_is_not_asserted() -> None:
    denied = "The company does not expect lead times to shorten. Orders rose 12%."

    assert unsupported("The company expects lead times to shorten.", (1,), {1: denied}) is Reason.SENSE
    assert unsupported("Orders rose 12%.", (1,), {1: denied}) is None
