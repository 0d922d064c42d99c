"""EDGAR submissions of every era: cut as stored, headers read, documents dated and named by them."""

import gzip
import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.corpus.edgar import (
    MAX_DOCUMENTS,
    MAX_HEADER_BYTES,
    find_parts,
    is_submission,
    skipped_parts,
    split_submission,
)
from evidence.corpus.errors import DocumentError
from evidence.corpus.headers import Party, read_header
from evidence.corpus.item_titles import item_number
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.corpus.submissions import read_submission
from evidence.corpus.values import Basis, Claim, Filing, Status
from evidence.corpus.xmlforms import form_text

TEXT_HEADER = """<SEC-DOCUMENT>0009990001-24-000007.txt : 20240311
<SEC-HEADER>0009990001-24-000007.hdr.sgml : 20240311
<ACCEPTANCE-DATETIME>20240311160102
ACCESSION NUMBER:\t\t0009990001-24-000007
CONFORMED SUBMISSION TYPE:\t8-K
PUBLIC DOCUMENT COUNT:\t\t2
CONFORMED PERIOD OF REPORT:\t20240308
ITEM INFORMATION:\t\tResults of Operations and Financial Condition
ITEM INFORMATION:\t\tFinancial Statements and Exhibits
FILED AS OF DATE:\t\t20240311
DATE AS OF CHANGE:\t\t20240615

FILER:

\tCOMPANY DATA:\t
\t\tCOMPANY CONFORMED NAME:\t\t\tQUILLMOOR INSTRUMENTS INC
\t\tCENTRAL INDEX KEY:\t\t\t0009990123
\t\tORGANIZATION NAME:           \t08 Industrial Applications
\tFILING VALUES:
\t\tFORM TYPE:\t\t8-K
\tFORMER COMPANY:\t
\t\tFORMER CONFORMED NAME:\tQUILLMOOR BELLOWS CO
\t\tDATE OF NAME CHANGE:\t19980101
</SEC-HEADER>
"""
TAG_HEADER = """<SUBMISSION>
<ACCESSION-NUMBER>0009990001-24-000007
<TYPE>8-K
<PUBLIC-DOCUMENT-COUNT>2
<PERIOD>20240308
<ITEMS>2.02
<ITEMS>9.01
<FILING-DATE>20240311
<DATE-OF-FILING-DATE-CHANGE>20240615
<FILER>
<COMPANY-DATA>
<CONFORMED-NAME>QUILLMOOR INSTRUMENTS INC
<CIK>0009990123
<ORGANIZATION-NAME>
</COMPANY-DATA>
<FILING-VALUES>
<FORM-TYPE>8-K
</FILING-VALUES>
<FORMER-COMPANY>
<FORMER-CONFORMED-NAME>QUILLMOOR BELLOWS CO
</FORMER-COMPANY>
</FILER>
"""
ENVELOPE = """-----BEGIN PRIVACY-ENHANCED MESSAGE-----
Proc-Type: 2001,MIC-CLEAR
Originator-Name: keys@regulator.example
MIC-Info: RSA-MD5,RSA,
 AbCdEf==

"""
PRESS = "Quillmoor sold 1,204 barometers in the quarter, up from 988 a year before."
UUENCODED = "begin 644 logo.jpg\nM_]C_X  02D9)1@\n`\nend\n"
FORM_4 = """<XML>
<?xml version="1.0"?>
<ownershipDocument>
    <documentType>4</documentType>
    <issuer><issuerName>Quillmoor Instruments</issuerName><issuerTradingSymbol>qmr</issuerTradingSymbol></issuer>
    <nonDerivativeTable><nonDerivativeTransaction>
        <securityTitle><value>Common Stock</value></securityTitle>
        <transactionAmounts>
            <transactionShares><value>1500</value><footnoteId id="F1"/></transactionShares>
            <transactionPricePerShare><value>66.90</value></transactionPricePerShare>
        </transactionAmounts>
    </nonDerivativeTransaction></nonDerivativeTable>
    <footnotes><footnote id="F1">Sold under a plan &amp; a trust.</footnote></footnotes>
</ownershipDocument>
</XML>"""


def document(body: str, kind: str = "8-K", name: str = "a.htm") -> str:
    return f"<DOCUMENT>\n<TYPE>{kind}\n<SEQUENCE>1\n<FILENAME>{name}\n<TEXT>\n{body}\n</TEXT>\n</DOCUMENT>\n"


def page(text: str) -> str:
    return f"<HTML><HEAD><TITLE>Form</TITLE></HEAD><BODY><P>{text}</P></BODY></HTML>"


def read(piece: bytes) -> Reading:
    return read_submission(Record("filing.txt#1", Media.SUBMISSION, piece))


def only(text: str) -> Reading:
    (piece,) = split_submission(text.encode())
    return read(piece)


WHOLE = TEXT_HEADER + document(page(PRESS)) + "</SEC-DOCUMENT>\n"
ERAS = {
    "text": WHOLE,
    "crlf": WHOLE.replace("\n", "\r\n"),
    "ims": WHOLE.replace("<SEC-", "<IMS-").replace("</SEC-", "</IMS-"),
    "envelope": ENVELOPE + WHOLE + "-----END PRIVACY-ENHANCED MESSAGE-----\n",
    "tags": TAG_HEADER + document(page(PRESS)) + "</SUBMISSION>\n",
    "tags, cr": (TAG_HEADER + document(page(PRESS)) + "</SUBMISSION>\n").replace("\n", "\r"),
    "tags, one line": (TAG_HEADER + document(page(PRESS)) + "</SUBMISSION>").replace("\n", ""),
}


@pytest.mark.parametrize("era", ERAS)
def test_headers_of_every_era_say_the_same(era: str) -> None:
    data = ERAS[era].encode()
    assert is_submission(data[:4096])
    (piece,) = split_submission(data)
    reading = read(piece)
    accepted = None if era.startswith("tags") else "2024-03-11T16:01:02-04:00"
    assert reading.filing == Filing(
        cik="0009990123",
        accession="0009990001-24-000007",
        filed="2024-03-11",
        accepted=accepted,
        period="2024-03-08",
        items=("2.02", "9.01"),
    )
    assert (reading.kind, reading.form, reading.status) == ("filing", "8-K", Status.OK)
    assert reading.company == reading.publisher == "QUILLMOOR INSTRUMENTS INC"
    assert reading.title == "QUILLMOOR INSTRUMENTS INC 8-K for 2024-03-08 (filed 2024-03-11)"
    assert PRESS in reading.text
    assert reading.claims == (Claim("published", Basis.EDGAR, accepted or "2024-03-11"),)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20240109173005", "2024-01-09T17:30:05-05:00"),
        ("20240709173005", "2024-07-09T17:30:05-04:00"),
        ("20060402120000", "2006-04-02T12:00:00-04:00"),
        # daylight saving time began in March only since 2007
        ("20060320120000", "2006-03-20T12:00:00-05:00"),
        ("20231105013000", "2023-11-05T01:30:00-05:00"),
        ("20241341999999", None),
        ("2024-01-09", None),
    ],
)
def test_acceptance_is_new_york_time(written: str, meant: str | None) -> None:
    assert read_header(TEXT_HEADER.replace("20240311160102", written).encode()).accepted == meant


def test_without_a_time_of_acceptance_the_day_of_filing_is_claimed_and_a_change_of_the_header_never() -> None:
    reading = only(WHOLE.replace("<ACCEPTANCE-DATETIME>20240311160102\n", ""))
    assert reading.claims == (Claim("published", Basis.EDGAR, "2024-03-11"),)


def test_what_was_released_later_is_dated_by_its_release_and_was_not_known_before() -> None:
    later = WHOLE.replace(" : 20240311", " : 20240902").replace(
        "ACCESSION NUMBER", "<PRIVATE-TO-PUBLIC>\nACCESSION NUMBER"
    )
    reading = only(later)
    assert reading.claims == (
        Claim("published", Basis.EDGAR, "2024-03-11T16:01:02-04:00"),
        Claim("modified", Basis.EDGAR, "2024-09-02"),
    )
    assert reading.filing is not None
    assert reading.filing.accepted is None
    assert "released-later" in reading.flags


def test_dates_inside_the_page_do_not_argue_with_the_header() -> None:
    dated = page(PRESS).replace("<TITLE>", '<META property="article:published_time" content="2019-05-05"><TITLE>')
    assert [claim.text for claim in only(TEXT_HEADER + document(dated)).claims] == ["2024-03-11T16:01:02-04:00"]
    assert [claim.text for claim in only(document(dated)).claims] == ["2019-05-05"]


def test_a_document_without_a_header_has_the_form_it_says() -> None:
    main, exhibit = split_submission((document(page(PRESS), "S-3/A") + document(page(PRESS), "EX-99")).encode())
    assert (read(main).form, read(main).company, read(main).filing) == ("S-3/A", None, None)
    assert read(exhibit).form is None


def test_pieces_are_the_stored_header_and_the_stored_document() -> None:
    documents = [document(page(PRESS)), document(page("Exhibit."), "EX-99.1")]
    head, foot = TEXT_HEADER.replace("INC", "INC é").encode("latin-1"), b"</SEC-DOCUMENT>\n"
    pieces = list(split_submission(head + "".join(documents).encode() + foot))
    assert pieces == [head + text.encode().rstrip(b"\n") for text in documents]


def test_exhibits_are_found_by_the_form_of_their_submission() -> None:
    pieces = list(split_submission((WHOLE + document(page("Exhibit of Quillmoor."), "EX-99.1")).encode()))
    reading = read(pieces[1])
    assert reading.form == "8-K"
    assert reading.title == "QUILLMOOR INSTRUMENTS INC 8-K EX-99.1 for 2024-03-08 (filed 2024-03-11)"


SKIPPED = {
    "GRAPHIC": UUENCODED,
    "EX-99.2": f"<PDF>\n{UUENCODED}</PDF>",
    "ZIP": UUENCODED,
    "EXCEL": UUENCODED,
    "JSON": '{"version": 1}',
    "XML": page("Cover page, drawn again."),
    "EX-101.INS": '<XBRL>\n<?xml version="1.0"?>\n<!-- <p> --><xbrli:xbrl><a:Sold>7</a:Sold></xbrli:xbrl>\n</XBRL>',
    "EX-100.SCH": '<?xml version="1.0"?><xsd:schema><xsd:element/></xsd:schema>',
    "EX-100.LAB": "<XBRL><link:linkbase><link:label>Sales</link:label></link:linkbase></XBRL>",
}


def test_parts_for_machines_are_left_out_and_counted() -> None:
    data = (WHOLE + "".join(document(body, kind) for kind, body in SKIPPED.items())).encode()
    (piece,) = split_submission(data)
    assert skipped_parts(data) == dict.fromkeys(SKIPPED, 1)
    reading = read(piece)
    assert f"skipped-parts:{len(SKIPPED)}" in reading.flags
    assert reading.status is Status.OK
    assert "drawn again" not in reading.text
    assert b"02D9)1@" not in piece


def test_inline_xbrl_is_read_and_a_bare_instance_is_not() -> None:
    inline = (
        '<XBRL>\n<?xml version="1.0"?>\n<html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"><body><div>'
        "<ix:header><ix:hidden>424242</ix:hidden></ix:header><p>Sales were <ix:nonFraction>1,204"
        "</ix:nonFraction> barometers.</p></div></body></html>\n</XBRL>"
    )
    reading = only(TEXT_HEADER + document(inline))
    assert "Sales were 1,204 barometers." in reading.text
    assert "424242" not in reading.text


def test_all_of_a_page_is_kept_not_only_what_looks_like_an_article() -> None:
    rows = "".join(f"<tr><td>Line {number}</td><td>{number * 37}</td></tr>" for number in range(30))
    links = "".join(f'<a href="#{number}">Exhibit {number}</a> ' for number in range(30))
    body = f"<div>{links}</div><p>{PRESS}</p><table>{rows}</table><footer>Signed: A. Quill</footer>"
    text = only(TEXT_HEADER + document(f"<html><body>{body}</body></html>")).text
    assert all(f"Exhibit {number}" in text and str(number * 37) in text for number in range(30))
    assert "Signed: A. Quill" in text


def parties(*groups: tuple[str, str, str]) -> str:
    head, _, _ = TEXT_HEADER.partition("FILER:")
    named = (
        f"{role}:\n\tCOMPANY DATA:\t\n\t\tCOMPANY CONFORMED NAME:\t\t{name}\n\t\tCENTRAL INDEX KEY:\t\t{cik}\n"
        for role, name, cik in groups
    )
    return head + "".join(named) + "</SEC-HEADER>\n"


@pytest.mark.parametrize(
    ("groups", "company", "cik", "publisher"),
    [
        (
            [("FILED BY", "Harrow Capital", "9"), ("SUBJECT COMPANY", "Quillmoor", "123")],
            "Quillmoor",
            "123",
            "Harrow Capital",
        ),
        ([("REPORTING-OWNER", "Doe Ann", "9"), ("ISSUER", "Quillmoor", "123")], "Quillmoor", "123", "Doe Ann"),
        ([("FILER", "Quillmoor", "123"), ("FILER", "Quillmoor Finance", "9")], "Quillmoor", "123", "Quillmoor"),
        ([("FILER", "Quillmoor", "123"), ("SERIAL COMPANY", "Trust 7", "9")], "Quillmoor", "123", "Quillmoor"),
    ],
)
def test_a_filing_belongs_to_whom_it_is_about_and_is_published_by_who_files_it(
    groups: list[tuple[str, str, str]], company: str, cik: str, publisher: str
) -> None:
    reading = only(parties(*groups) + document(page(PRESS)))
    assert reading.filing is not None
    assert (reading.company, reading.publisher) == (company, publisher)
    assert reading.filing.cik == cik.zfill(10)
    assert (publisher == company) is ("by " not in (reading.title or ""))


def test_the_regulators_own_letters_are_published_by_it() -> None:
    reading = only(WHOLE.replace("0009990001-24-000007", "0000000000-24-000007"))
    assert reading.company == "QUILLMOOR INSTRUMENTS INC"
    assert reading.publisher == "U.S. Securities and Exchange Commission"


def test_all_parties_of_a_header_are_named_in_their_order() -> None:
    header = read_header(parties(("FILER", "Quillmoor", "123"), ("FILER", "Quillmoor Finance", "9")).encode())
    assert header.parties == (
        Party("FILER", "Quillmoor", "0000000123"),
        Party("FILER", "Quillmoor Finance", "0000000009"),
    )


@pytest.mark.parametrize(
    ("title", "filed", "number"),
    [
        ("Results of Operations and Financial Condition", "2024-03-11", "2.02"),
        ("Other Events", "2024-03-11", "8.01"),
        ("Other events", "2003-03-11", "5"),
        ("Changes in Registrant's Certifying Accountant", "2010-01-01", "4.01"),
        ("5.02", "2025-01-08", "5.02"),
        ("06b", None, "06b"),
        ("Something new", "2024-03-11", "Something new"),
    ],
)
def test_titles_of_items_become_their_numbers(title: str, filed: str | None, number: str) -> None:
    assert item_number(title, filed) == number


def test_a_missing_end_in_the_middle_is_not_a_truncation() -> None:
    first = document(page(PRESS)).replace("</TEXT>\n</DOCUMENT>\n", "")
    second = document(page("Exhibit of Quillmoor."), "EX-99.1").replace("</TEXT>\n</DOCUMENT>\n", "")
    pieces = list(split_submission((TEXT_HEADER + first + second + "</SEC-DOCUMENT>\n").encode()))
    readings = [read(piece) for piece in pieces]
    assert [reading.status for reading in readings] == [Status.OK, Status.OK]
    assert "Exhibit" not in readings[0].text
    assert "Exhibit of Quillmoor." in readings[1].text


def test_a_file_that_just_stops_is_truncated_and_held() -> None:
    data = (TEXT_HEADER + document(page("Cover of Quillmoor.")) + document(page(PRESS), "EX-99.1")).encode()
    pieces = list(split_submission(data[: data.index(b"988")]))
    readings = [read(piece) for piece in pieces]
    assert [reading.status for reading in readings] == [Status.OK, Status.TRUNCATED]
    assert "sold 1,204 barometers" in readings[1].text


def test_two_submissions_in_one_file_keep_their_own_headers() -> None:
    other = WHOLE.replace("QUILLMOOR INSTRUMENTS", "HARROW LANTERN").replace("20240311", "20240404")
    for first in (WHOLE, WHOLE.replace("</TEXT>\n</DOCUMENT>\n", "")):
        readings = [read(piece) for piece in split_submission((first + other).encode())]
        assert [reading.company for reading in readings] == ["QUILLMOOR INSTRUMENTS INC", "HARROW LANTERN INC"]
        assert [reading.filing and reading.filing.filed for reading in readings] == ["2024-03-11", "2024-04-04"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (TEXT_HEADER + "</SEC-DOCUMENT>\n", Status.NO_TEXT),
        (TEXT_HEADER[:300], Status.TRUNCATED),
        (TEXT_HEADER + document(UUENCODED, "GRAPHIC"), Status.NO_TEXT),
        (TEXT_HEADER + document(""), Status.NO_TEXT),
        (TEXT_HEADER + document(page("")), Status.NO_TEXT),
        (TEXT_HEADER + document("<XML><ownershipDocument></ownershipDocument></XML>"), Status.NO_TEXT),
        ("<SUBMISSION>", Status.TRUNCATED),
    ],
)
def test_what_holds_nothing_to_read_is_one_piece_with_a_typed_status(text: str, status: Status) -> None:
    with pytest.raises(DocumentError) as caught:
        only(text)
    assert caught.value.status is status


def test_plain_text_keeps_its_lines_and_loses_the_typesetters_marks() -> None:
    body = (
        "<PAGE>   1\n<TABLE>\n<CAPTION>\n                 1999      1998\n"
        "<S>              <C>       <C>\n# of clocks     1,204       988\n</TABLE>"
    )
    reading = only(TEXT_HEADER + document(body))
    assert reading.text.split("\n")[0] == "1"
    assert "# of clocks     1,204       988" in reading.text
    assert "<" not in reading.text
    assert reading.marks == ()


@pytest.mark.parametrize("markup", [True, False])
def test_sections_are_those_of_the_headers_form(markup: bool) -> None:
    item = "Item 2.02 Results of Operations and Financial Condition"
    lines = ["Quillmoor Instruments", item, PRESS, "Item 9.01 Financial Statements and Exhibits", "Exhibit 99.1"]
    body = page("</P><P>".join(lines)) if markup else "\n\n".join(lines)
    reading = only(TEXT_HEADER + document(body))
    assert [mark.label for mark in reading.marks] == [item, lines[3]]
    assert only(TEXT_HEADER + document(body, "EX-99.1")).marks == ()


def test_ownership_forms_become_lines_of_labels_and_values() -> None:
    reading = only(TEXT_HEADER + document(FORM_4, "4", "form4.xml"))
    assert reading.ticker == "QMR"
    assert reading.text.split("\n\n") == [
        "document type: 4",
        "issuer | issuer name: Quillmoor Instruments | issuer trading symbol: qmr",
        "non derivative transaction | security title: Common Stock | transaction shares: 1500"
        " | transaction price per share: 66.90",
        "footnotes | footnote: Sold under a plan & a trust.",
    ]


def test_a_table_of_holdings_has_a_line_a_holding() -> None:
    row = "<n:infoTable><n:nameOfIssuer>{}</n:nameOfIssuer><n:value>{}</n:value></n:infoTable>"
    xml = f"<n:informationTable>{row.format('QUILLMOOR', 7)}{row.format('HARROW', 8)}</n:informationTable>"
    assert form_text(xml).split("\n\n") == [
        "info table | name of issuer: QUILLMOOR | value: 7",
        "info table | name of issuer: HARROW | value: 8",
    ]


def test_entities_are_not_expanded_and_broken_xml_is_read_as_far_as_it_goes() -> None:
    assert "lol" not in form_text('<!DOCTYPE a [<!ENTITY x "lol">]><a><b>&x;</b></a>')
    assert form_text("<a><b>one</b><c>two") == "b: one\n\nc: two"
    assert form_text("<a><b>1 < 2</b><!-- <b>3</b>") == "b: 1 < 2"
    assert form_text("<a><b><![CDATA[3 & <i>]]></b></a>") == "b: 3 & <i>"


def test_hostile_submissions_take_bounded_time_and_lose_nothing() -> None:
    """Seconds of processor time; each takes under half a second."""
    began = time.process_time()
    many = (TEXT_HEADER + document("word") * (MAX_DOCUMENTS + 500)).encode()
    pieces = list(split_submission(many))
    assert len(pieces) == MAX_DOCUMENTS
    assert sum(piece.count(b"word") for piece in pieces) == MAX_DOCUMENTS + 500
    header = TEXT_HEADER + "\tCITY: A\n" * 400_000
    assert max(map(len, split_submission((header + document("word") * 50).encode()))) < MAX_HEADER_BYTES + 1000
    for filler in (
        "<DOCUMENT>\n",
        "<DOCUMENT>",
        "<TYPE>",
        "<!--",
        "</DOCUMENT",
        "<XML>",
        "-----END PRIVACY",
        " \n",
    ):
        for piece in split_submission((TEXT_HEADER + document("word " + filler * 200_000)).encode()[:4_000_000]):
            assert piece
    for filler in ("<a", "<a>", "<!--", "<![CDATA[", "<value>", "<?", "<a b='"):
        form_text("<r>" + filler * 300_000)
    assert time.process_time() - began < 30


SEEDS = [
    *ERAS.values(),
    TEXT_HEADER + document(FORM_4, "4") + "".join(document(body, kind) for kind, body in SKIPPED.items()),
]


@given(st.sampled_from(SEEDS), st.integers(0, 2**32), st.integers(1, 40))
def test_mutated_submissions_fail_with_a_status_or_not_at_all(seed: str, chance: int, cuts: int) -> None:
    pieces, source = [seed.encode()], random.Random(chance)
    data = bytearray(pieces[0])
    for _ in range(cuts):
        at = source.randrange(len(data) + 1)
        match source.randrange(4):
            case 0:
                del data[at : at + source.randrange(200)]
            case 1:
                data[at:at] = source.randbytes(source.randrange(8))
            case 2:
                start = source.randrange(len(data) + 1)
                data[at:at] = data[start : start + source.randrange(300)]
            case _:
                data[at:at] = source.choice(
                    [b"<DOCUMENT>", b"</DOCUMENT>", b"<TEXT>", b"<", b"\r", b"\0", b"FILER:"]
                )
    split = list(split_submission(bytes(data)))
    assert split
    for piece in split:
        try:
            reading = read(piece)
        except DocumentError as error:
            assert error.path == "filing.txt#1"
        else:
            assert reading.text.strip()


def test_headers_of_real_submissions_equal_their_index(shared_data: Path) -> None:
    folder = shared_data / "sec_edgartools"
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    held = [row for row in rows if "submission" in row["kind"] and (folder / row["file"]).is_file()]
    assert held
    for row in held:
        data = gzip.decompress((folder / row["file"]).read_bytes())
        parts = find_parts(data)
        header = read_header(data[: parts[0].start if parts else len(data)])
        assert len(parts) == row["docs"]
        assert (header.form or parts[0].type) == row["form"]
        assert (header.filed or "").replace("-", "") == row["filed"]
        assert (header.period or "").replace("-", "") == row["period"]
        assert (header.accession or "") == row["accession"]
        assert next((party.name for party in header.parties), "") == row["company"]


def test_every_readable_document_of_real_submissions_is_read_whole(shared_data: Path) -> None:
    for path in sorted((shared_data / "sec_edgartools" / "sgml").glob("*.gz")):
        data = gzip.decompress(path.read_bytes())
        pieces = list(split_submission(data))
        assert len(pieces) + sum(skipped_parts(data).values()) == len(find_parts(data))
        for piece in pieces:
            reading = read(piece)
            assert reading.status is Status.OK
            assert reading.form or not reading.filing
