"""The gate: true sentences stand, false ones are cut with the reason, and nobody is asked."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.generator.gate.grounds import Ground
from evidence.generator.gate.support import judge
from evidence.generator.verdicts import Reason, Value


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
        ("SARQ said its backlog stood at $318.3 million on June 29.", (1,), Reason.PERIOD),
        ("SARQ said its backlog stood at $318.3 billion on June 30.", (1,), Reason.NUMBER),
        ("Halden & Voss quotes 30 months from order to shipment.", (3,), Reason.NUMBER),
        ("Kaldbach installs its tools within ten weeks.", (6,), Reason.NUMBER),
        ("SARQ said its backlog stood at $318.3 million on July 30.", (1,), Reason.PERIOD),
        ("SARQ said on Monday its backlog stood at $318.3 million.", (1,), Reason.PERIOD),
        ("Danmora said its backlog stood at $318.3 million on June 30.", (1,), Reason.NAME),
        ("SARQ said its backlog stood at $318.3 million at Ipoh.", (1,), Reason.NAME),
        ("SARQ said its backlog stood at EUR 318.3 million.", (1,), Reason.NUMBER),
        ("Ostrellan holds 1,540 tools.", (3,), Reason.NAME),
        ("Danmora holds 15.40 tools.", (3,), Reason.NUMBER),
        ("Das sind 125 Prozent mehr Aufträge als im Vorjahr.", (5,), Reason.NUMBER),
        ("SARQ plans on June 30 a merger and a dividend for shareholders.", (1,), Reason.SENSE),
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
    ],
)
def test_who_did_what_to_whom_is_not_turned_round(sentence: str, citations: tuple[int, ...]) -> None:
    assert unsupported(sentence, citations, QUOTES) is Reason.SWAPPED


def test_two_quotes_together_bear_one_sentence() -> None:
    sentence = "SARQ said its backlog stood at $318.3 million, and Ostrellan ordered 16 bonders worth $58 million."
    assert unsupported(sentence, (1, 2), QUOTES) is None
    assert unsupported(sentence, (1,), QUOTES) is Reason.NAME
    assert unsupported(sentence, (2,), QUOTES) is Reason.SOURCE


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
        # four digits may be a year's
        assert (reason is None) == (said == quoted)
        assert reason in {None, Reason.NUMBER, Reason.PERIOD}


QUOTED = "H&V expects lead times for Kestrel tools to shorten in July. Orders rose 12% to 41 million dollars."


@pytest.mark.parametrize(
    "sentence",
    [
        "H&V does not expect lead times for Kestrel tools to shorten in July.",
        "H&V never expects lead times for Kestrel tools to shorten in July.",
        "H&V doesn't expect lead times for Kestrel tools to shorten in July.",
    ],
)
def test_the_sense_of_a_quote_is_not_turned_round(sentence: str) -> None:
    assert unsupported(sentence, (1,), {1: QUOTED}) is Reason.SENSE


def test_what_rose_did_not_fall_nor_rise_less_nor_in_other_money() -> None:
    quotes = {1: QUOTED}
    assert unsupported("Orders fell 12% to 41 million dollars.", (1,), quotes) is Reason.SWAPPED
    assert unsupported("Orders rose no more than 12% to 41 million dollars.", (1,), quotes) is Reason.NUMBER
    assert unsupported("Orders rose 12% to 41 million euros.", (1,), quotes) is Reason.NUMBER


def test_what_a_quote_denies_is_not_asserted() -> None:
    denied = "The company does not expect lead times to shorten. Orders rose 12%."

    assert unsupported("The company expects lead times to shorten.", (1,), {1: denied}) is Reason.SENSE
    assert unsupported("Orders rose 12%.", (1,), {1: denied}) is None


TURNED = "SARQ may close its plant in Ipoh. It plans to hire 40 people. Danmora denied that it will buy SARQ."


@pytest.mark.parametrize(
    "sentence",
    [
        "SARQ will close its plant in Ipoh.",
        "SARQ closed its plant in Ipoh.",
        "Danmora will buy SARQ.",
        "SARQ may not close its plant in Ipoh.",
        "SARQ may open its plant in Ipoh.",
    ],
)
def test_what_may_be_is_not_said_to_be(sentence: str) -> None:
    assert not judge(sentence, (1,), {1: Ground((TURNED,))}).stands


def test_what_may_be_may_be() -> None:
    assert judge("SARQ may close its plant in Ipoh.", (1,), {1: Ground((TURNED,))}).stands
    assert judge("SARQ could close its plant in Ipoh.", (1,), {1: Ground((TURNED,))}).stands
    assert judge("Danmora denied that it will buy SARQ.", (1,), {1: Ground((TURNED,))}).stands


@pytest.mark.parametrize(
    "sentence",
    [
        "On June 30, SARQ's backlog stood at $318.3 million.",
        "16 bonders were ordered by Ostrellan from SARQ.",
        "SARQ said its backlog increased 12.5% on the year to $318.3 million.",
        "In June, Ostrellan placed an order for 16 bonders with SARQ, worth $58m.",
    ],
)
def test_the_same_said_otherwise_stands(sentence: str) -> None:
    quotes = {1: QUOTES[1].replace("stood at", "rose to") + " " + QUOTES[1], 2: QUOTES[2]}
    cited = 2 if "Ostrellan" in sentence else 1
    assert unsupported(sentence, (cited,), quotes) is None


def test_a_clause_that_nothing_bears_out_is_cut_and_the_rest_stands_in_part() -> None:
    quote = "Danmora filed for bankruptcy protection and is weighing strategic alternatives."
    sentence = "Danmora filed for bankruptcy protection, which is a sale of its 40 plants."
    verdict = judge(sentence, (1,), {1: Ground((quote,))})
    assert (verdict.value, verdict.text) == (Value.PARTLY, "Danmora filed for bankruptcy protection.")
    assert verdict.reason is Reason.NUMBER
    assert judge(verdict.text, (1,), {1: Ground((quote,))}).value is Value.SUPPORTED


def test_one_thing_is_not_said_to_be_another_because_both_are_named() -> None:
    quote = "Danmora filed for bankruptcy protection and reviews strategic alternatives to a sale."
    sentence = "Danmora filed for bankruptcy protection, which is a strategic alternative to bankruptcy."
    verdict = judge(sentence, (1,), {1: Ground((quote,))})
    assert (verdict.reason, verdict.text) == (Reason.LINK, "Danmora filed for bankruptcy protection.")
    named = {1: Ground(("SARQ, a maker of bonders, hired Anna Lee as its chief engineer.",))}
    assert judge("SARQ is a maker of bonders.", (1,), named).stands
    assert judge("Anna Lee is the chief engineer.", (1,), named).stands


def test_what_is_left_without_its_condition_is_no_sentence() -> None:
    verdict = judge("If orders rise 12%, and Danmora agrees, SARQ hires.", (1,), {1: Ground((QUOTED,))})
    assert (verdict.value, verdict.text) == (Value.UNSUPPORTED, "")
