"""The shipped sample corpus: every document is read, dated and cleaned as its facts say; and one real filing."""

import gzip
import json
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evidence.corpus.documents import read_document
from evidence.corpus.errors import DocumentError
from evidence.corpus.records import MAX_RECORD_BYTES, Record
from evidence.corpus.sample import folders
from evidence.corpus.sources import read_records
from evidence.corpus.times import parse_strict
from evidence.corpus.values import Document
from evidence.corpus.walking import find_files
from evidence.retriever.window import parse_window

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "corpus" / "sample"
FACTS: dict[str, Any] = json.loads((ROOT / "tests" / "sample_facts.json").read_text(encoding="utf-8"))
TODAY = date(2026, 1, 15)
WARC = SAMPLE / "archive" / "crawl.warc.gz"


@cache
def _documents() -> dict[str, Document]:
    """Every document of the sample by its path below the sample's folder; a failure fails the test."""
    found = {}
    for file in find_files(folders()):
        for record in read_records(file):
            if isinstance(record, DocumentError):
                raise record
            found[record.path.removeprefix(f"{SAMPLE}/")] = read_document(record)
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _by_path(facts: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fact", facts, ids=[fact["path"] for fact in facts])


def test_the_sample_is_what_its_facts_name_and_nothing_else() -> None:
    assert set(_documents()) == {fact["path"] for fact in FACTS["documents"]}


@_by_path(FACTS["documents"])
def test_a_document_is_inside_the_window_exactly_when_its_facts_say_so(fact: dict[str, Any]) -> None:
    window = parse_window(**FACTS["window"], today=TODAY)
    assert window.holds(_documents()[fact["path"]].dated) == fact["inside"]


@_by_path([fact for fact in FACTS["documents"] if fact["inside"]])
def test_a_document_inside_the_window_has_the_day_of_its_facts_in_its_own_zone(fact: dict[str, Any]) -> None:
    document = _documents()[fact["path"]]
    expected = parse_strict(fact["modified"] or fact["published"])
    assert document.dated is not None and expected is not None
    assert abs(document.dated.earliest - expected.earliest) < timedelta(days=1)


@pytest.mark.parametrize("hidden", FACTS["hidden"])
def test_no_hidden_string_is_in_any_text(hidden: str) -> None:
    assert [path for path, document in _documents().items() if _plain(hidden) in _plain(document.text)] == []


@_by_path(FACTS["questions"])
def test_every_answer_stands_verbatim_in_its_document(fact: dict[str, Any]) -> None:
    text = _plain(_documents()[fact["path"]].text)
    assert [phrase for phrase in fact["answer_contains"] if phrase not in text] == []


@pytest.mark.parametrize("fact", FACTS["demo_documents"])
def test_the_demo_question_is_answered_from_inside_the_window(fact: str) -> None:
    assert parse_window(**FACTS["window"], today=TODAY).holds(_documents()[fact].dated)


def test_the_page_with_hidden_text_is_flagged() -> None:
    assert "hidden-text" in _documents()["news/2025-07-14-interposer-danmora-building-4.html"].flags


def test_a_capture_knows_its_address_and_its_time() -> None:
    first = _documents()["archive/crawl.warc.gz#1"]
    assert first.url == "https://www.straitstechcourier.example/2025/06/30/danmora-sarq-warehouse/"
    assert first.captured == datetime(2025, 8, 20, 2, 0, 5, tzinfo=UTC)


def test_a_capture_time_is_never_a_publication_date() -> None:
    product = _documents()["archive/crawl.warc.gz#3"]
    assert product.captured is not None
    assert product.published is None or product.published.grade == "C"


@pytest.mark.parametrize("packed", [False, True])
def test_a_capture_that_was_cut_short_is_a_failure_and_the_ones_before_it_are_read(
    tmp_path: Path, packed: bool
) -> None:
    data = WARC.read_bytes() if packed else gzip.decompress(WARC.read_bytes())
    archive = tmp_path / "cut.warc"
    archive.write_bytes(data[: len(data) // 2])
    first, second = read_records(archive)
    assert isinstance(first, Record)
    assert isinstance(second, DocumentError)
    assert (second.status, "pellmarch-lid-head" in second.path) == ("truncated", True)


def _response(url: str, headers: str, body: bytes) -> bytes:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + body
    return (
        (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-08-01T00:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


CHUNKED, ZIPPED = "Transfer-Encoding: chunked\r\n", "Content-Encoding: gzip\r\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("", b"<p>A page.</p>"),
        (ZIPPED, gzip.compress(b"<p>A page.</p>", mtime=0)),
        (CHUNKED, b"5\r\n<p>A \r\n9\r\npage.</p>\r\n0\r\n\r\n"),
        (CHUNKED, b"<p>A page.</p>"),
        (CHUNKED + ZIPPED, gzip.compress(b"<p>A page.</p>", mtime=0)),
    ],
)
def test_a_capture_is_decoded_as_it_was_sent_and_a_damaged_one_costs_only_itself(
    tmp_path: Path, headers: str, body: bytes
) -> None:
    damaged = _response("https://b.example/", ZIPPED, gzip.compress(b"<p>Lost.</p>", mtime=0)[:10] + b"no deflate")
    page = _response("https://a.example/", headers, body)
    (tmp_path / "a.warc").write_bytes(page + damaged + page)
    first, second, third = read_records(tmp_path / "a.warc")
    assert isinstance(first, Record) and isinstance(second, DocumentError) and isinstance(third, Record)
    assert first.data == third.data == b"<p>A page.</p>"
    assert second.status == "malformed"


def test_a_capture_over_the_limit_is_a_failure_and_the_next_one_is_read(tmp_path: Path) -> None:
    big = _response("https://b.example/", CHUNKED, b" " * MAX_RECORD_BYTES)
    zipped = _response("https://c.example/", ZIPPED, gzip.compress(b" " * (MAX_RECORD_BYTES + 1), mtime=0))
    (tmp_path / "a.warc").write_bytes(big + zipped + _response("https://a.example/", "", b"<p>A page.</p>"))
    *failures, last = read_records(tmp_path / "a.warc")
    assert [failure.status for failure in failures if isinstance(failure, DocumentError)] == ["too-large"] * 2
    assert isinstance(last, Record)


def test_a_damaged_archive_is_a_failure(tmp_path: Path) -> None:
    data = bytearray(WARC.read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "damaged.warc.gz").write_bytes(data)
    failures = [found for found in read_records(tmp_path / "damaged.warc.gz") if isinstance(found, DocumentError)]
    assert [failure.status for failure in failures] == ["truncated"]


def test_the_figures_of_a_real_filing_are_read_as_its_table_shows_them(shared_data: Path, tmp_path: Path) -> None:
    filing = "nvda-10-q-2025-08-27.html.gz"
    path = tmp_path / filing
    shutil.copyfile(shared_data / "sec_edgartools" / "html_2024_2025" / filing, path)
    (tmp_path / f"{filing}.meta.json").write_text('{"published": "2025-08-27", "form": "10-Q", "ticker": "NVDA"}')
    (record,) = read_records(path)
    assert isinstance(record, Record)
    document = read_document(record)
    row = next(line for line in document.text.splitlines() if line.startswith("Revenue | ") and "$46,743" in line)
    assert "Three Months Ended Jul 27, 2025: $46,743" in row
    assert re.findall(r"\$[\d,]+", row) == ["$46,743", "$30,040", "$90,805", "$56,084"]
    assert "in millions" in row.casefold()
    assert (document.kind, document.ticker) == ("filing", "NVDA")
    assert parse_window("2025-08-27", "2025-08-27", today=TODAY).holds(document.dated)
