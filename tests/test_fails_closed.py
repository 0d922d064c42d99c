"""A slip of the hand or of a crawler ends in a refusal or in a document, never in an open window or a silence."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import evidence
from evidence import exits
from evidence.cli import run
from evidence.commands.search import _read
from evidence.corpus.errors import DocumentError, SegmentError, UsageError
from evidence.corpus.originals import Originals
from evidence.corpus.sources import read_records
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.output import write_file
from evidence.retriever.coverage import cover
from evidence.retriever.window import parse_window

PAGE = b"<html><body><p>Orders of bonders rose in July.</p></body></html>"
WARC_HEAD = """WARC/1.1
WARC-Type: response
WARC-Target-URI: https://x.example/a
WARC-Date: 2025-08-04T00:00:00Z
WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>
Content-Type: application/http; msgtype=response
Content-Length: {length}

"""
DEFAULT = {"since": "2025-08", "until": "2025-08", "as_of": "2025-09-01", "tz": None, "min_grade": None}


@pytest.fixture
def archive(write_folder: Callable[..., Path], build: Callable[..., Index]) -> Index:
    return build(write_folder({"a.txt": "Orders of bonders rose."}, {"a.txt": {"published": "2025-08-04"}}))


@pytest.mark.parametrize(
    "more", [{"unitl": "2025-08"}, {"as_of": "2026-01-01"}, {"min_grade": "C"}, {"until": ""}, {"until": 0}]
)
def test_a_query_line_cannot_open_the_window_by_a_slip(
    archive: Index, embedder: HashingEmbedder, more: dict[str, object]
) -> None:
    opened = evidence.open(archive.layout.root, embedder=embedder)
    line = {"id": 1, "text": "orders", **more}

    with pytest.raises(UsageError):
        _read(json.dumps(line).encode(), opened, dict(DEFAULT))


@pytest.mark.parametrize("verb", ["search", "ask"])
@pytest.mark.parametrize("window", [["--since", "08/27/2025"], ["--since", "2025-09", "--until", "2025-08"]])
def test_a_window_that_cannot_be_is_refused_before_an_index_is_looked_for(
    tmp_path: Path, verb: str, window: list[str]
) -> None:
    assert run([verb, "orders", *window, "-i", str(tmp_path / "none")]) == exits.USAGE


def test_a_report_with_one_key_twice_does_not_verify(archive: Index, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"schema": "evidence.report/1", "query": "forged", "query": "asked"}', encoding="utf-8")

    assert run(["verify", str(path), "-i", str(archive.layout.root)]) == exits.DAMAGED


@pytest.mark.parametrize(
    ("status", "headers", "documents"),
    [
        ("200 OK", [("Content-Type", "Text/HTML")], 1),
        ("203 Non-Authoritative Information", [("Content-Type", "text/html")], 1),
        ("200 OK", [("Content-Type", "application/octet-stream")], 1),
        ("200 OK", [], 1),
        ("404 Not Found", [("Content-Type", "text/html")], 0),
        ("200 OK", [("Content-Type", "image/png")], 0),
    ],
)
def test_a_captured_page_is_a_document_however_its_server_spells_it(
    tmp_path: Path, status: str, headers: list[tuple[str, str]], documents: int
) -> None:
    http = "".join(f"{name}: {value}\r\n" for name, value in headers)
    block = f"HTTP/1.1 {status}\r\n{http}\r\n".encode() + PAGE
    head = WARC_HEAD.format(length=len(block)).replace("\n", "\r\n").encode()
    (tmp_path / "crawl.warc").write_bytes(head + block + b"\r\n\r\n")

    records = list(read_records(tmp_path / "crawl.warc"))

    assert not any(isinstance(record, DocumentError) for record in records)
    assert len(records) == documents


def test_a_damaged_original_is_mended_by_indexing_its_source_again(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    sha256 = originals.put(PAGE)
    originals.path(sha256).write_bytes(b"rot")
    with pytest.raises(SegmentError):
        originals.get(sha256)

    originals.put(PAGE)

    assert originals.get(sha256) == PAGE


def test_a_result_goes_into_a_device_and_through_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    link.symlink_to(target)

    write_file(link, "report")
    write_file(Path("/dev/null"), "report")

    assert (link.is_symlink(), target.read_text(encoding="utf-8")) == (True, "report")
    assert Path("/dev/null").is_char_device()


def test_a_withdrawn_document_is_not_counted_inside(
    archive: Index, build: Callable[..., Index], tmp_path: Path
) -> None:
    (tmp_path / "source" / "a.txt.meta.json").write_text('{"published": "2025-10-04"}', encoding="utf-8")
    index = build(tmp_path / "source")
    counted = [
        cover(index, parse_window(month, month, as_of="2025-12-31", today=date(2026, 1, 15))).inside
        for month in ("2025-08", "2025-10")
    ]

    assert counted == [0, 1]


def test_a_document_that_was_undated_until_its_sidecar_said_when_is_counted_once(
    write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    source = write_folder({"a.txt": "Orders rose."})
    build(source)
    index = build(write_folder({}, {"a.txt": {"published": "2025-08-04"}}))
    counts = cover(index, parse_window("2025", "2025", today=date(2026, 1, 15)))
    assert (counts.documents, counts.inside, counts.undated, counts.outside) == (1, 1, 0, 0)
