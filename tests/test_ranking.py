"""What comes first, and why: impact, then novelty, then the source; and whose source is primary."""

from itertools import product

import pytest

from evidence.corpus.entities import SHIPPED, read_entities
from evidence.corpus.values import Document, Place
from evidence.generator.weighing.impact import SCALE, Level
from evidence.generator.weighing.primary import is_primary
from evidence.generator.weighing.ranking import Standing, rank
from evidence.loading import load_lens

LABELS = ("new", "corroborated", "unknown", "widely reported", "known")
RULES = load_lens(None).primary
ENTITIES = read_entities(SHIPPED)


def test_what_is_material_and_new_comes_before_whatever_is_widely_reported_or_known() -> None:
    material = [Standing(level, "new", False) for level in (Level.HIGH, Level.MEDIUM)]
    others = [Standing(level, label, True) for level in SCALE for label in ("widely reported", "known")]
    assert all(new.score > other.score for new, other in product(material, others))


def test_what_is_material_comes_before_what_is_not_however_new() -> None:
    material = [Standing(level, label, False) for level in (Level.HIGH, Level.MEDIUM) for label in LABELS]
    immaterial = [Standing(Level.LOW, label, primary) for label in LABELS for primary in (True, False)]
    assert all(one.score > other.score for one, other in product(material, immaterial))


@pytest.mark.parametrize("level", SCALE)
def test_the_newer_and_then_the_primary_comes_first_among_equals(level: Level) -> None:
    standings = dict(enumerate([Standing(level, label, False) for label in reversed(LABELS)]))
    assert rank(standings, range(len(LABELS))) == [4, 3, 2, 1, 0]
    assert rank({0: Standing(level, "new", False), 1: Standing(level, "new", True)}, [0, 1]) == [1, 0]


def test_a_primary_source_lifts_over_no_step_of_the_impact() -> None:
    for label in LABELS:
        assert Standing(Level.HIGH, label, False).score > Standing(Level.MEDIUM, label, True).score


def test_equals_stay_in_the_order_of_relevance_and_an_unheard_label_is_unknown() -> None:
    standings = {3: Standing(Level.LOW, "unknown", False), 1: Standing(Level.LOW, "nonsense", False)}
    assert rank(standings, [3, 1]) == [3, 1]


def document(kind: str, publisher: str | None = None, text: str = "", **known: str) -> Document:
    return Document("1", "path", kind, text, "", publisher=publisher, **known)


@pytest.mark.parametrize(
    ("source", "quoted", "about", "primary"),
    [
        (document("filing", "EDGAR", company="NVIDIA CORP", ticker="NVDA"), "Our revenue rose.", None, True),
        (document("filing", "EDGAR", company="NVIDIA CORP"), "Nvidia's revenue rose.", None, True),
        (document("filing", "EDGAR", company="Intel Corp"), "Nvidia competes with us.", "NVIDIA", False),
        (document("filing", "EDGAR", company="Intel Corp"), "Nvidia sells graphics chips.", None, False),
        (document("press-release", "ASMPT"), "ASMPT has decided to close a plant.", None, True),
        (document("press-release", "ASMPT"), "TSMC has decided to close a plant.", None, False),
        (document("press-release", "Newsroom", url="https://ir.asmpt.com/n"), "ASMPT closes a plant.", None, True),
        (document("press-release", "Business Wire", "Amkor today said"), "Amkor expands.", None, True),
        (document("press-release", "Business Wire", "A maker said"), "Amkor expands.", None, False),
        (document("press-release", None), "Amkor expands.", None, False),
        (document("transcript", "TSMC"), "We see strong demand.", None, True),
        (document("news", "ASMPT"), "ASMPT expands.", None, False),
        (document("news", "digitimes"), "ASMPT expands.", None, False),
        (document("news", "European Commission"), "Nvidia was fined.", "NVIDIA", True),
        (document("page", "Rail Safety Board"), "A line is closed.", None, True),
        (document("news", "Secure Times"), "Nvidia was fined.", None, False),
    ],
)
def test_a_source_is_primary_when_it_speaks_for_itself(
    source: Document, quoted: str, about: str | None, primary: bool
) -> None:
    assert is_primary(source, quoted, about, ENTITIES, RULES) is primary


@pytest.mark.parametrize(
    ("speaker", "role", "said", "primary"),
    [
        ("C. C. Wei", "Chief Executive Officer", "We see demand.", True),
        ("Wendell Huang", None, "We see demand.", True),
        ("Operator", None, "We see a question.", False),
        ("Nadia Brightwell", "Corvane Securities", "We see demand.", False),
        ("A. Analyst", "A Bank, Managing Director", "We see demand.", False),
        ("Nadia Brightwell", None, "Could we have the lead time?", False),
    ],
)
def test_only_the_companys_own_words_on_a_call_are_primary(
    speaker: str, role: str | None, said: str, primary: bool
) -> None:
    call = document("transcript", "TSMC")
    place = Place("path", speaker=speaker, role=role)
    assert is_primary(call, said, None, ENTITIES, RULES, place) is primary
