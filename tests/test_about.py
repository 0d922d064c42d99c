"""A quote that names nobody takes its subject from filer or title, and the verdict says so; aliases count."""

import pytest

from evidence.corpus.entities import NO_ENTITIES, SHIPPED, read_entities
from evidence.corpus.values import Document
from evidence.generator.gate.grounds import Ground
from evidence.generator.gate.subjects import about_of
from evidence.generator.gate.support import judge
from evidence.generator.reading.names import NO_NAMES, Names, names_of
from evidence.generator.verdicts import About, Reason, Value

FILED = Ground(("The Company's backlog rose 12 % to $54 million.",), title="SARQ 10-Q", filer=("SARQ N.V.", "SRQ"))
TITLED = Ground(("Its backlog rose 12 % to $54 million.",), title="Kaldbach lifts its outlook", publisher="Reuters")
BARE = Ground(("Backlog rose 12 % to $54 million.",), title="Kaldbach lifts its outlook")
OTHER = Ground(("Danmora said its backlog rose 12 % to $54 million.",), title="Kaldbach lifts its outlook")


@pytest.mark.parametrize(
    ("ground", "sentence", "about"),
    [
        (FILED, "SARQ's backlog rose 12%.", About("SARQ N.V.", "filer")),
        (FILED, "The backlog of SARQ rose 12%.", About("SARQ N.V.", "filer")),
        (TITLED, "Kaldbach's backlog rose 12% to $54 million.", About("Kaldbach", "title")),
        (BARE, "Kaldbach's backlog rose 12%.", About("Kaldbach", "title")),
        (OTHER, "Danmora's backlog rose 12%.", None),
        (BARE, "Backlog rose 12%.", None),
    ],
)
def test_the_subject_is_taken_from_above_and_said_to_be(ground: Ground, sentence: str, about: About | None) -> None:
    verdict = judge(sentence, (1,), {1: ground})
    assert (verdict.value, verdict.about) == (Value.SUPPORTED, about)


@pytest.mark.parametrize(
    ("ground", "sentence"),
    [
        (OTHER, "Kaldbach's backlog rose 12%."),
        (TITLED, "Danmora's backlog rose 12%."),
        (BARE, "Halden's backlog rose 12%."),
    ],
)
def test_nobody_else_is_made_the_subject(ground: Ground, sentence: str) -> None:
    assert judge(sentence, (1,), {1: ground}).reason is Reason.NAME


def test_a_publisher_may_be_given_as_the_source_and_no_other() -> None:
    assert judge("Reuters reported that its backlog rose 12%.", (1,), {1: TITLED}).stands
    assert judge("Bloomberg reported that its backlog rose 12%.", (1,), {1: TITLED}).reason is Reason.NAME
    two = Ground(("Anna Lee said the backlog rose 12 %, and Bo Kern left the hall.",))
    assert judge("Anna Lee said the backlog rose 12%.", (1,), {1: two}).stands
    assert not judge("Bo Kern said the backlog rose 12%.", (1,), {1: two}).stands


def test_what_a_finding_is_about_is_told_without_a_sentence() -> None:
    assert about_of(FILED) == About("SARQ N.V.", "filer")
    assert about_of(TITLED) == About("Kaldbach", "title")
    assert about_of(OTHER) is None


def test_every_form_of_a_name_is_the_name() -> None:
    ground = {1: Ground(("BE Semiconductor Industries said orders rose 12 %.",))}
    assert judge("BESI said orders rose 12%.", (1,), ground, Names(read_entities(SHIPPED))).stands
    assert judge("BESI said orders rose 12%.", (1,), ground, NO_NAMES).reason is Reason.NAME


def test_a_form_that_a_cited_document_states_counts() -> None:
    text = 'The Anthropocene Working Group ("AWG") met in Busan. The AWG votes in August.'
    names = names_of([Document("id", "a", "news", text, "0" * 64)], NO_ENTITIES)
    ground = {1: Ground(("The AWG votes in August.",))}
    assert judge("The Anthropocene Working Group votes in August.", (1,), ground, names).stands
    assert not judge("The Anthropocene Working Group votes in August.", (1,), ground).stands
