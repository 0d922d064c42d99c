"""What the commands say of documents: why they have their date, what amends what, what is missing of them."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.cli import run

PAGE = (
    "<html lang=en><head><title>Orders</title><meta property='article:published_time' content='{day}'></head>"
    "<body><article><p>Orders at the Invented Bonders works rose by {share} per cent, and lead times were nineteen "
    "weeks, the company told its shareholders on the lake.</p></article></body></html>"
)
FILING = """<SEC-HEADER>
<ACCEPTANCE-DATETIME>{accepted}
ACCESSION NUMBER:		{accession}
CONFORMED SUBMISSION TYPE:	{form}
CONFORMED PERIOD OF REPORT:	20250630
FILED AS OF DATE:		{day}
FILER:
	COMPANY DATA:
		COMPANY CONFORMED NAME:			INVENTED BONDERS INC
		CENTRAL INDEX KEY:			0009990001
</SEC-HEADER>
<DOCUMENT>
<TYPE>{form}
<SEQUENCE>1
<TEXT>
The backlog of orders was {millions} million dollars at the end of the quarter.
</TEXT>
</DOCUMENT>
"""
YEAR = ("--since", "2025", "--until", "2025")


def _crawl(pages: dict[str, tuple[str, str]]) -> bytes:
    """A WARC of one page an address, each with the page and the time it was captured."""
    members = []
    for url, (page, captured) in pages.items():
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}".encode()
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {captured}\r\n"
            f"WARC-Record-ID: <urn:uuid:{len(members)}>\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        members.append(gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0))
    return b"".join(members)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    source = folder / "source"
    source.mkdir()
    early = PAGE.format(day="2025-08-04T10:00:00Z", share=10), "2025-08-05T00:00:00Z"
    late = PAGE.format(day="2025-08-04T11:00:00Z", share=12), "2025-09-30T00:00:00Z"
    (source / "crawl.warc.gz").write_bytes(_crawl({"https://a.example/1": early, "https://a.example/2": late}))
    (source / "10q.txt").write_text(
        FILING.format(
            accepted="20250804163000", accession="0009990001-25-000001", form="10-Q", day="20250804", millions=143
        )
    )
    (source / "10qa.txt").write_text(
        FILING.format(
            accepted="20250821101500", accession="0009990001-25-000002", form="10-Q/A", day="20250821", millions=134
        )
    )
    (source / "german.txt").write_text(
        "Auftragsbestand\n\nDer Auftragsbestand des Unternehmens am See stieg im August, sagte der Vorstand."
    )
    (source / "german.txt.meta.json").write_text('{"published": "2025-08-06"}')
    (source / "empty.html").write_text("<html><body></body></html>")
    assert run(["index", str(source), "--jobs", "2", "--timeout", "30", "-i", str(folder / "index")]) == 3
    return folder / "index"


@pytest.fixture
def say(index: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def on_index(*arguments: str) -> str:
        capsys.readouterr()
        assert run([*arguments, "-i", str(index)]) == 0
        return capsys.readouterr().out

    return on_index


def _documents(say: Callable[..., str]) -> dict[str, dict[str, object]]:
    rows = [json.loads(line) for line in say("documents", "--json").splitlines()]
    return {Path(row["path"]).name: row for row in rows}


@pytest.mark.parametrize(
    ("known_by", "found"),
    [
        ("2025-08-04T16:00-04:00", set()),
        ("2025-08-04T17:00-04:00", {"10q.txt#1"}),
        ("2025-08-05", {"10q.txt#1", "crawl.warc.gz#1"}),
        ("2025-12-31", {"10q.txt#1", "10qa.txt#1", "crawl.warc.gz#1", "crawl.warc.gz#2"}),
    ],
)
def test_known_by_finds_only_what_was_captured_or_accepted_by_then(
    index: Path, capsys: pytest.CaptureFixture[str], known_by: str, found: set[str]
) -> None:
    command = ["search", "orders backlog", *YEAR, "--known-by", known_by, "--json", "-i", str(index)]
    code = run(command)
    hits = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {Path(hit["document"]["path"]).name for hit in hits} == found
    assert code == (0 if found else 4)


def test_a_report_in_strict_point_in_time_says_so_and_verifies(
    index: Path, say: Callable[..., str], tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    say("ask", "What was the backlog of orders?", *YEAR, "--known-by", "2025-08-10", "--no-llm", "-o", str(report))
    row = json.loads(report.read_text())
    assert row["window"]["known_by"] == "2025-08-10"
    sources = {Path(source["path"]).name for source in row["sources"]}
    assert sources and sources <= {"10q.txt#1", "crawl.warc.gz#1"}
    say("verify", str(report))
    assert "only what was captured or accepted by 2025-08-10T23:59:59Z" in say(
        "ask", "What was the backlog of orders?", *YEAR, "--known-by", "2025-08-10", "--no-llm"
    )


def test_every_document_says_why_it_has_its_date(say: Callable[..., str]) -> None:
    documents = _documents(say)
    page = json.loads(say("show", str(documents["crawl.warc.gz#1"]["id"]), "--dates", "--json"))
    assert [(claim["clock"], claim["basis"], claim["text"]) for claim in page["claims"]] == [
        ("published", "meta", "2025-08-04T10:00:00Z"),
        ("captured", "capture", "2025-08-05T00:00:00+00:00"),
    ]
    printed = say("show", str(documents["10q.txt#1"]["id"]), "--dates")
    assert "published: 2025-08-04T16:30:00-04:00 (second, from edgar, grade A)" in printed
    assert "published, edgar: 2025-08-04T16:30:00-04:00" in printed


def test_an_amendment_and_what_it_amends_name_each_other(say: Callable[..., str]) -> None:
    documents = _documents(say)
    original, amendment = documents["10q.txt#1"], documents["10qa.txt#1"]
    assert amendment["amends"] == {"original": original["id"], "assumed": False}
    assert original["amended_by"] == [amendment["id"]]
    assert f"amended by: {amendment['id']}" in say("show", str(original["id"]))
    assert f"amends: {original['id']}" in say("show", str(amendment["id"]))
    assert amendment["filing"] == {
        "cik": "0009990001",
        "accession": "0009990001-25-000002",
        "filed": "2025-08-21",
        "accepted": "2025-08-21T10:15:00-04:00",
        "period": "2025-06-30",
        "items": [],
    }


def test_the_coverage_note_counts_what_could_not_be_read_and_what_is_not_served(say: Callable[..., str]) -> None:
    text = say("ask", "What was the backlog of orders?", *YEAR, "--no-llm")
    assert "1 that could not be read (1 no-text)" in text
    assert "In languages that the embedder does not serve, of those inside: 1 (1 de)." in text


def test_status_counts_by_kind_language_and_status(say: Callable[..., str]) -> None:
    row = json.loads(say("status", "--json"))
    assert row["kinds"] == {"filing": 2, "page": 2, "note": 1} or row["kinds"] == {
        "news": 2,
        "filing": 2,
        "note": 1,
    }
    assert row["languages"] == {"en": 4, "de": 1}
    assert (row["statuses"], row["failures"]) == ({"ok": 5}, {"no-text": 1})
    assert "failures:   1 no-text" in say("status")


def test_a_document_that_takes_too_long_is_given_up_after_the_time_that_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hanging = tmp_path / "hanging.txt"
    hanging.write_bytes(b"Quotes without end. " + b"(\"'." * 300_000)
    command = [
        "index",
        str(hanging),
        "--timeout",
        "1",
        "--jobs",
        "1",
        "--dry-run",
        "--json",
        "-i",
        str(tmp_path / "i"),
    ]
    assert run(command) == 3
    (failure,) = json.loads(capsys.readouterr().out)["failures"]
    assert (failure["status"], failure["reason"]) == ("timeout", "reading it took more than 1 seconds")
