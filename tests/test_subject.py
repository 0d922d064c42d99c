"""Whom a report is about: as given, as the question names it, or nobody; and who is around it."""

import pytest

from evidence.corpus.entities import SHIPPED, Entity, read_entities
from evidence.corpus.errors import ConfigError, UsageError
from evidence.corpus.values import Document
from evidence.generator.reading.companies import companies_in, stated_companies
from evidence.generator.weighing.relations import Circle, Relation
from evidence.generator.weighing.subject import find_subject

ENTITIES = read_entities(SHIPPED)
NVIDIA = ENTITIES.by_ticker("NVDA")
assert NVIDIA is not None


@pytest.mark.parametrize("given", ["NVDA", "nvda", "Nvidia", "NVIDIA Corp.", " NVIDIA  Corporation "])
def test_a_given_subject_is_known_by_each_of_its_forms(given: str) -> None:
    subject = find_subject(given, "What about TSMC?", ENTITIES)
    assert subject is not None
    assert subject.as_json() == {"name": "NVIDIA", "ticker": "NVDA", "from": "given"}


def test_the_beginning_of_one_companys_name_is_a_form_of_it() -> None:
    ostrellan = Entity("Ostrellan Assembly & Test Co.", ("OSTR",))
    known = ENTITIES.plus([ostrellan])
    subject = find_subject("Ostrellan", "", known)
    assert subject is not None and (subject.name, subject.ticker) == (ostrellan.name, "OSTR")
    assert Circle.around(subject.company, known, "").nearest("Ostrellan ordered tools.")[0] is Relation.SUBJECT
    both = find_subject("Ostrellan", "", known.plus([Entity("Ostrellan Logistics")]))
    assert both is not None and both.name == "Ostrellan"


def test_a_subject_that_nobody_knows_is_itself() -> None:
    named, ticker = (find_subject(text, "", ENTITIES) for text in ("Halden & Voss", "HAVO"))
    assert named is not None and ticker is not None
    assert (named.as_json()["name"], named.ticker, named.known) == ("Halden & Voss", None, False)
    assert (ticker.name, ticker.ticker) == ("HAVO", "HAVO")


@pytest.mark.parametrize("given", ["", "  ", "--", "&"])
def test_a_subject_without_a_word_is_a_usage_error(given: str) -> None:
    with pytest.raises(UsageError, match="names nobody"):
        find_subject(given, "Nvidia orders", ENTITIES)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did Nvidia say about CoWoS capacity?", "NVIDIA"),
        ("How does NVDA's supply from NVIDIA Corp. look?", "NVIDIA"),
        ("Nvidia and TSMC on capacity", None),
        ("BESI/ASMPT/K&S order backlogs for ASE/Amkor", None),
        ("What happened to lead times?", None),
        ("What did Halden & Voss say about lead times?", "Halden & Voss N.V."),
        ("What did H&V say about lead times?", "Halden & Voss N.V."),
    ],
)
def test_a_question_gives_a_subject_when_it_names_one_company(question: str, name: str | None) -> None:
    filing = Document("1", "f", "filing", "", "", company="Halden & Voss N.V.", ticker="HAVO")
    subject = find_subject(None, question, ENTITIES.plus(stated_companies([filing])))
    assert (subject and subject.name) == name


def test_a_company_of_the_archive_has_the_forms_that_its_documents_give() -> None:
    text = "Brightwater Marine Corporation (NYSE: BWM) said orders rose."
    filing = Document("1", "f", "filing", text, "", company="Brightwater Marine Corporation")
    (company,) = stated_companies([filing])
    assert company.name == "Brightwater Marine Corporation" and "BWM" in company.forms


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Industry reports indicate that Nvidia has secured most of it.", ["Nvidia"]),
        ("Chipmaker Nvidia's supplier, Taiwan Semiconductor, said so.", ["Nvidia", "Taiwan Semiconductor"]),
        ("ASM Pacific Technology Limited and Be Semiconductor Industries N.V.", 2),
        ("We like the nova and the disco; onto the next.", []),
        ("K&S, BESI/ASMPT", 3),
        ("TSMC. It grew.", ["TSMC"]),
        ("", []),
    ],
)
def test_companies_are_found_in_a_text_by_any_form(text: str, written: list[str] | int) -> None:
    found = [named.written for named in companies_in(text, ENTITIES)]
    assert (len(found) if isinstance(written, int) else found) == written
    assert all(name in text for name in found)


@pytest.mark.parametrize(
    ("form", "relation"),
    [
        ("NVDA", Relation.SUBJECT),
        ("TSMC", Relation.SUPPLIER),
        ("SK hynix", Relation.SUPPLIER),
        ("ASMPT", Relation.ASKED),
        ("Hanmi Semiconductor", Relation.TIER),
        ("AMD", Relation.COMPETITOR),
    ],
)
def test_who_is_around_a_subject_is_told_by_entities_and_the_question(form: str, relation: Relation) -> None:
    circle = Circle.around(NVIDIA, ENTITIES, "ASMPT and BESI order backlogs for NVDA")
    company = ENTITIES.find(form)
    assert company is not None and circle.relation(company) is relation


def test_customers_can_be_named_by_an_entity_itself() -> None:
    kestner = Entity("Kestner Cells", supplies=("BRDM",))
    brandel = Entity("Brandel Motors", ("BRDM",))
    known = ENTITIES.plus([kestner, brandel])
    assert Circle.around(brandel, known, "").relation(kestner) is Relation.SUPPLIER
    assert Circle.around(kestner, known, "").relation(brandel) is Relation.CUSTOMER
    assert Circle.around(kestner, known, "").relation(NVIDIA) is Relation.NONE


def test_a_name_in_the_question_that_nobody_knows_is_asked_about() -> None:
    circle = Circle.around(NVIDIA, ENTITIES, "Halden & Voss backlog")
    relation, named = circle.nearest("At Halden & Voss orders doubled.")
    assert (relation, named and named.written) == (Relation.ASKED, "Halden & Voss")


def test_kinds_that_supply_must_exist(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "entities.toml"
    file.write_text('[kinds.osat]\nasks = "capacity"\nsupplies = ["designers"]\n')
    with pytest.raises(ConfigError, match=r"kinds.osat.supplies: no kind 'designers'"):
        read_entities(file)
