"""Items of filings are found where they begin, and lines that only look like headings are not taken for them."""

import gzip
import json
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.blocks import visible_text
from evidence.corpus.sections import find_sections
from evidence.corpus.tree import clean, parse
from evidence.corpus.values import Document, MarkKind

PROSE = "The Company builds bonders in Möderbrück and sells them to those who bond. " * 8
ANNUAL = [
    "Part I, Item 1. Business",
    "Part I, Item 1A. Risk Factors",
    "Part I, Item 1B. Unresolved Staff Comments",
    "Part I, Item 2. Properties",
    "Part I, Item 3. Legal Proceedings",
    "Part I, Item 4. Mine Safety Disclosures",
    "Part II, Item 5. Market for Registrant's Common Equity",
    "Part II, Item 6. [Reserved]",
    "Part II, Item 7. Management's Discussion and Analysis",
    "Part II, Item 7A. Quantitative and Qualitative Disclosures About Market Risk",
    "Part II, Item 8. Financial Statements and Supplementary Data",
    "Part II, Item 9A. Controls and Procedures",
    "Part III, Item 11. Executive Compensation",
    "Part IV, Item 15. Exhibits and Financial Statement Schedules",
]
QUARTERLY = [
    "Part I, Item 1. Financial Statements",
    "Part I, Item 2. Management's Discussion and Analysis",
    "Part I, Item 3. Quantitative and Qualitative Disclosures About Market Risk",
    "Part I, Item 4. Controls and Procedures",
    "Part II, Item 1. Legal Proceedings",
    "Part II, Item 1A. Risk Factors",
    "Part II, Item 2. Unregistered Sales of Equity Securities",
    "Part II, Item 6. Exhibits",
]
FOREIGN = [
    "Part I, Item 1. Identity of Directors, Senior Management and Advisers",
    "Part I, Item 2. Offer Statistics and Expected Timetable",
    "Part I, Item 3. Key Information",
    "Part I, Item 4. Information on the Company",
    "Part I, Item 4A. Unresolved Staff Comments",
    "Part I, Item 5. Operating and Financial Review and Prospects",
    "Part I, Item 6. Directors, Senior Management and Employees",
    "Part I, Item 7. Major Shareholders and Related Party Transactions",
    "Part I, Item 8. Financial Information",
    "Part I, Item 9. The Offer and Listing",
    "Part I, Item 10. Additional Information",
    "Part I, Item 11. Quantitative and Qualitative Disclosures About Market Risk",
    "Part I, Item 12. Description of Securities Other than Equity Securities",
    "Part II, Item 13. Defaults, Dividend Arrearages and Delinquencies",
    "Part II, Item 14. Material Modifications to the Rights of Security Holders",
    "Part II, Item 15. Controls and Procedures",
    "Part II, Item 16A. Audit Committee Financial Expert",
    "Part II, Item 16C. Principal Accountant Fees and Services",
    "Part II, Item 16F. Change in Registrant's Certifying Accountant",
    "Part II, Item 16K. Cybersecurity",
    "Part III, Item 17. Financial Statements",
    "Part III, Item 18. Financial Statements",
    "Part III, Item 19. Exhibits",
]
ANNUAL_SMALL = [
    "Part I, Item 1. Description of Business",
    "Part I, Item 2. Description of Property",
    "Part I, Item 3. Legal Proceedings",
    "Part I, Item 4. Submission of Matters to a Vote of Security Holders",
    "Part II, Item 5. Market for Common Equity and Related Stockholder Matters",
    "Part II, Item 6. Management's Discussion and Analysis or Plan of Operation",
    "Part II, Item 7. Financial Statements",
    "Part II, Item 8. Changes in and Disagreements with Accountants",
    "Part II, Item 8A. Controls and Procedures",
    "Part III, Item 9. Directors, Executive Officers, Promoters and Control Persons",
    "Part III, Item 10. Executive Compensation",
    "Part III, Item 13. Exhibits and Reports on Form 8-K",
    "Part III, Item 14. Principal Accountant Fees and Services",
]
QUARTERLY_SMALL = [
    "Part I, Item 1. Financial Statements",
    "Part I, Item 2. Management's Discussion and Analysis or Plan of Operation",
    "Part I, Item 3. Controls and Procedures",
    "Part II, Item 1. Legal Proceedings",
    "Part II, Item 6. Exhibits and Reports on Form 8-K",
]
SIGNATURES = (
    "SIGNATURES\n\nPursuant to the requirements of the Act the registrant has duly caused this to be signed."
)


def _headings(labels: list[str]) -> list[str]:
    return [label.split(", ", 1)[1] for label in labels]


def _filing(form: str, labels: list[str], contents: str = "") -> str:
    body = "\n\n".join(f"{heading}\n\n{PROSE}" for heading in _headings(labels))
    return (
        f"FORM {form}\n\nMöderbrück Bonders N.V.\n\n{contents}\n\n{body}\n\n{SIGNATURES}\n\nBy: /s/ A. B.\n\nEnd."
    )


def _found(text: str, form: str | None) -> list[str]:
    marks = find_sections(text, form)
    assert all(mark.kind is MarkKind.SECTION for mark in marks)
    assert [mark.start for mark in marks] == sorted({mark.start for mark in marks})
    return [mark.label for mark in marks]


FORMS = [
    ("10-K", ANNUAL),
    ("10-K/A", ANNUAL),
    ("10-Q", QUARTERLY),
    ("20-F", FOREIGN),
    ("20-F/A", FOREIGN),
    ("10-KSB", ANNUAL_SMALL),
    ("10-KSB40", ANNUAL_SMALL),
    ("10-QSB", QUARTERLY_SMALL),
]


@pytest.mark.parametrize(("form", "labels"), FORMS)
def test_items_are_found_at_their_headings_and_end_at_the_signature(form: str, labels: list[str]) -> None:
    text = _filing(form, labels)
    marks = find_sections(text, form)
    assert [mark.label for mark in marks] == [*labels, ""]
    for mark, heading in zip(marks, [*_headings(labels), "SIGNATURES"], strict=True):
        assert text.startswith(heading, mark.start)


def test_a_passage_knows_its_section() -> None:
    text = _filing("10-Q", QUARTERLY)
    document = Document("d", "a", "filing", text, "0", marks=find_sections(text, "10-Q"))
    inside = text.index(PROSE, text.index("Item 1A."))
    assert document.locate(inside).section == "Part II, Item 1A. Risk Factors"
    assert document.locate(0).section is None
    assert document.locate(text.index("By: /s/")).section is None


@pytest.mark.parametrize(
    "entry",
    ["{} | {}", "{} ..... {}", "{}    {}", "{}"],
    ids=["a table", "dots", "spaces", "without pages"],
)
@pytest.mark.parametrize(("form", "labels"), [("10-K", ANNUAL), ("10-Q", QUARTERLY)])
def test_a_table_of_contents_is_no_heading(form: str, labels: list[str], entry: str) -> None:
    lines = [entry.format(heading, page) for page, heading in enumerate(_headings(labels), start=3)]
    text = _filing(form, labels, "Table of Contents\n\n" + "\n\n".join([*lines, "Signatures"]))
    assert _found(text, form) == [*labels, ""]
    assert find_sections(text, form)[0].start > text.index("Signatures")


@pytest.mark.parametrize(
    "mention",
    [
        "Item 7 of this report says more about that.",
        "Item 1A, “Risk Factors,” of our Annual Report is where it stands.",
        "Item 7. Management's Discussion and Analysis of our Annual Report for 2030 says more.",
        "see\nItem 1A. Risk Factors\nfor what may go wrong",
        "Item 42. The answer",
        "Items sold were 5.",
    ],
)
def test_a_mention_of_an_item_is_no_heading(mention: str) -> None:
    text = _filing("10-K", ANNUAL)
    place = text.index("Item 2. Properties")
    assert _found(f"{text[:place]}{mention}\n\n{text[place:]}", "10-K") == [*ANNUAL, ""]


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("ITEM 1A. RISK FACTORS", ANNUAL[1]),
        ("Item 1A | Risk Factors", ANNUAL[1]),
        ("PART I, ITEM 1A — Risk Factors", ANNUAL[1]),
        ("Item 1A:\n\nRisk Factors", ANNUAL[1]),
        ("  Item  1A.   Risk Factors. Not required for smaller companies.", ANNUAL[1]),
        ("Item 1(A). Risk\nFactors", ANNUAL[1]),
        ("Items 1 and 2. Business and Properties", "Part I, Items 1 and 2. Business and Properties"),
        (
            "Item 14. Exhibits and Reports on Form 8-K",
            "Part IV, Item 14. Exhibits, Financial Statement Schedules and Reports on Form 8-K",
        ),
        (
            "Item 14. Principal Accountant Fees and Services",
            "Part III, Item 14. Principal Accountant Fees and Services",
        ),
    ],
)
def test_a_heading_is_read_as_filers_write_it(heading: str, label: str) -> None:
    assert _found(f"FORM 10-K\n\n{PROSE}\n\n{heading}\n\n{PROSE}", "10-K") == [label]


def test_the_first_of_a_heading_that_pages_repeat_counts() -> None:
    again = "Item 7. Management's Discussion and Analysis (Continued)\n\n"
    text = _filing("10-K", ANNUAL).replace(PROSE, f"{PROSE}\n\n")
    place = text.index("Item 7A.")
    text = f"{text[:place]}{again}{PROSE}\n\n{text[place:]}"
    start = find_sections(text, "10-K")[ANNUAL.index("Part II, Item 7. Management's Discussion and Analysis")].start
    assert start == text.index("Item 7. Management's")


CURRENT = (
    "FORM 8-K\n\nMöderbrück Bonders N.V.\n\n{}\n\nOn May 2 we said so, as Item 5.02 of the form asks.\n\n{}\n\n"
    f"(d) Exhibits\n\n{SIGNATURES}\n\nExhibit Index\n\nItem 8.01 Other Events"
)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (
            "Item 2.02 Results of Operations and Financial Condition.",
            "Item 9.01. Financial Statements and Exhibits",
            [
                "Item 2.02 Results of Operations and Financial Condition",
                "Item 9.01 Financial Statements and Exhibits",
            ],
        ),
        (
            "ITEM 5.02(b): | DEPARTURE OF DIRECTORS",
            "Item 9.01Financial Statements and Exhibits",
            ["Item 5.02 Departure of Directors or Certain Officers", "Item 9.01 Financial Statements and Exhibits"],
        ),
        (
            "Item 8.01 Other Events\n\nPart II, Item 7. Financial Statements and Exhibits",
            "Item 9.01",
            ["Item 8.01 Other Events", "Item 9.01 Financial Statements and Exhibits"],
        ),
        (
            "Item 5. Other Events.",
            "         ITEM 7:   FINANCIAL STATEMENTS AND EXHIBITS\n- ------",
            ["Item 5. Other Events", "Item 7. Financial Statements and Exhibits"],
        ),
        (
            "Item 2.",
            "Item 7.",
            ["Item 2. Acquisition or Disposition of Assets", "Item 7. Financial Statements and Exhibits"],
        ),
    ],
)
@pytest.mark.parametrize("form", ["8-K", "8-K/A", None])
def test_items_of_an_8k_are_found_old_and_new(form: str | None, first: str, last: str, labels: list[str]) -> None:
    assert _found(CURRENT.format(first, last), form) == [*labels, ""]


def test_a_report_without_headings_is_divided_by_its_index_of_pages() -> None:
    titles = {4: "Fundamentals", 6: "Risk Factors", 9: "Legal Proceedings", 10: "Controls and Procedures"}
    pages = [f"{titles.get(page, 'Text')}\n\n{PROSE}\n\nOur Report | {page}" for page in range(1, 13)]
    index = [
        "Item 1. | Business | Pages 3 - 5",
        "Item 1A. | Risk Factors | Pages 6 - 8",
        "Item 1B. | Unresolved Staff Comments | None",
        "Item 3. | Legal Proceedings | Page 9",
        "Item 9A. | Controls and Procedures | Pages 10-11",
    ]
    text = "\n\n".join([*pages, "Form 10-K Cross-Reference Index", *index, SIGNATURES])
    document = Document("d", "a", "filing", text, "0", marks=find_sections(text, "10-K"))

    def section(page: int) -> str | None:
        return document.locate(text.index(PROSE, text.index(f"Our Report | {page - 1}"))).section

    assert section(2) is None
    assert section(4) == "Part I, Item 1. Business"
    assert section(7) == "Part I, Item 1A. Risk Factors"
    assert section(9) == "Part I, Item 3. Legal Proceedings"
    assert section(11) == "Part II, Item 9A. Controls and Procedures"
    assert section(12) is None
    assert document.locate(text.index("Item 1B.")).section == "Part I, Item 1B. Unresolved Staff Comments"


@pytest.mark.parametrize("form", ["6-K", "DEF 14A", "", "S-1"])
def test_other_forms_have_no_sections(form: str) -> None:
    assert find_sections(_filing("10-K", ANNUAL), form) == ()


def test_the_form_is_read_from_the_cover_where_nobody_says_it() -> None:
    assert _found(_filing("10-K", ANNUAL), None) == [*ANNUAL, ""]
    assert _found("Notes on Item 1. Business", None) == []


_PARTS = st.sampled_from(
    [
        "Item",
        "ITEM 1",
        "Items 1, 2",
        "7A",
        "5.02",
        "(",
        "Part II",
        "Risk Factors",
        "|",
        "\n",
        "\n\n",
        " ",
        "12",
        "SIGNATURE",
        "\t",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PARTS, max_size=60).map("".join), st.sampled_from(["10-K", "10-Q", "8-K", None]))
def test_any_text_gives_marks_inside_it_in_order(text: str, form: str | None) -> None:
    starts = [mark.start for mark in find_sections(text, form)]
    assert starts == sorted(set(starts))
    assert all(0 <= start <= len(text) for start in starts)


@pytest.mark.parametrize(
    "line",
    [
        "item 1. business\n",
        "item 1\n",
        "Item 1A. | Risk Factors | 12\n\n",
        "signature\n",
        "12\n\n",
        "item" + " " * 5_000 + "\n",
        "Item 1, 2, 3 and " + "4, " * 2_000 + "\n",
        "part I" + "\t" * 3_000,
        "signature" + " " * 3_000 + "x\n",
        " " * 100_000,
    ],
)
def test_no_text_takes_long(line: str) -> None:
    text = "FORM 10-K\n\nItem 1. Business\n\n" + line * (2_000_000 // len(line))
    started = time.process_time()
    for form in ("10-K", "8-K"):
        find_sections(text, form)
    assert time.process_time() - started < 10


def test_the_expected_sections_of_real_filings_are_found(shared_data: Path) -> None:
    found = expected = 0
    for path in sorted((shared_data / "sec_parser_test_data").glob("*/*/*/expected-top-level-sections.json")):
        root = parse(gzip.decompress(path.with_name("primary-document.html.gz").read_bytes()).decode(), "filing")
        clean(root)
        labels = [mark.label.lower() for mark in find_sections(visible_text(root), path.parts[-4])]
        for row in json.loads(path.read_text(encoding="utf-8")):
            part, _, number = row["identifier"].lower().removeprefix("part").rpartition("item")
            name = f"part {'i' * int(part)}, item {number}." if part else f"item {number}."
            expected += bool(row["character_count"])
            found += bool(row["character_count"]) and any(name in label for label in labels)
    assert found >= 0.95 * expected > 0


def test_the_items_of_real_8ks_agree_with_another_program(shared_data: Path) -> None:
    folder = shared_data / "edgar_crawler_8k"
    agreed = reports = 0
    with (
        zipfile.ZipFile(folder / "RAW_FILINGS" / "8-K.zip") as raw,
        zipfile.ZipFile(folder / "EXTRACTED_FILINGS" / "8-K.zip") as reference,
    ):
        for name in sorted(name for name in reference.namelist() if name.endswith(".json")):
            row = json.loads(reference.read(name))
            page = raw.read(f"8-K/{row['filename']}").decode("utf-8", "replace").split("<TEXT>", 1)[-1]
            page = page.split("</TEXT>")[0]
            text = visible_text(parse(page, name)) if "<html" in page.lower() else page
            items = {key.removeprefix("item_") for key, value in row.items() if key.startswith("item_") and value}
            labels = [mark.label for mark in find_sections(text, "8-K") if mark.label]
            agreed += {label.split()[1].rstrip(".") for label in labels} == items
            reports += 1
    assert agreed >= 0.95 * reports > 0
