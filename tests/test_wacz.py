"""A WACZ is read like the archives in it; any other zip, a locked or a damaged one is named."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from evidence.corpus.errors import DocumentError
from evidence.corpus.records import Record
from evidence.corpus.sources import read_records


def _page(name: str, body: bytes, kind: str = "response", head: str = "") -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    return gzip.compress(
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://x.example/{name}\r\n{head}"
        f"WARC-Date: 2025-08-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n".encode()
        + block
        + b"\r\n\r\n",
        mtime=0,
    )


ARCHIVES = {
    "archive/a.warc.gz": _page("1", b"<p>One.</p>") + _page("2", b"<p>Two.</p>"),
    "archive/b.warc.gz": _page("3", b"<p>Three.</p>"),
}
REST = {
    "datapackage.json": json.dumps({"resources": [{"path": name} for name in ARCHIVES]}).encode(),
    "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n',
    "indexes/index.cdx.gz": b"",
}


def _zip(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _read(tmp_path: Path, data: bytes) -> tuple[list[Record], list[DocumentError]]:
    (tmp_path / "crawl.wacz").write_bytes(data)
    found = list(read_records(tmp_path / "crawl.wacz"))
    return [r for r in found if isinstance(r, Record)], [e for e in found if isinstance(e, DocumentError)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("described", [True, False])
def test_the_pages_of_all_archives_inside_are_read(tmp_path: Path, method: int, described: bool) -> None:
    records, failures = _read(tmp_path, _zip({**(REST if described else {}), **ARCHIVES}, method))
    assert failures == []
    assert [(r.path.rpartition("#")[2], r.data) for r in records] == [
        ("1", b"<p>One.</p>"),
        ("2", b"<p>Two.</p>"),
        ("3", b"<p>Three.</p>"),
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_revisit_finds_its_body_in_another_archive_of_the_same_file(tmp_path: Path, method: int) -> None:
    head = "WARC-Refers-To-Target-URI: https://x.example/3\r\nWARC-Refers-To-Date: 2025-08-01T00:00:00Z\r\n"
    records, failures = _read(
        tmp_path, _zip({"archive/0.warc.gz": _page("later", b"", "revisit", head), **ARCHIVES}, method)
    )
    assert failures == []
    assert (records[-1].data, records[-1].url) == (b"<p>Three.</p>", "https://x.example/later")


@pytest.mark.parametrize(
    ("status", "files"),
    [
        ("unsupported", {"word/document.xml": b"<w/>"}),
        ("unsupported", {"datapackage.json": b"{}", "data/archive/a.warc.gz": b"x"}),
        ("unsupported", {"archive/notes.txt": b"No crawl."}),
        ("malformed", {**ARCHIVES, "datapackage.json": b'{"resources": [{"path": "archive/lost.warc.gz"}]}'}),
    ],
)
def test_what_is_no_crawl_and_what_is_missing_is_named(
    tmp_path: Path, status: str, files: dict[str, bytes]
) -> None:
    records, failures = _read(tmp_path, _zip(files))
    assert [failure.status for failure in failures] == [status]
    assert len(records) == (3 if ARCHIVES.keys() <= files.keys() else 0)


@pytest.mark.parametrize(
    "description", [b"", b"not JSON", b"[]", b'{"resources": [1, {"path": 2}]}', b"[" * 10_000]
)
def test_a_description_nobody_can_read_costs_nothing(tmp_path: Path, description: bytes) -> None:
    records, failures = _read(tmp_path, _zip({**ARCHIVES, "datapackage.json": description}))
    assert (len(records), failures) == (3, [])


def test_a_locked_archive_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    data = bytearray(_zip(ARCHIVES))
    # the flag in the local head and in the directory; nothing in the standard library can write a locked zip
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(head) + flags] |= 1
    records, failures = _read(tmp_path, bytes(data))
    assert [r.data for r in records] == [b"<p>Three.</p>"]
    assert [(e.status, "a.warc.gz" in e.path) for e in failures] == [("encrypted", True)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_archive_inside_costs_no_other(tmp_path: Path, method: int) -> None:
    data = bytearray(_zip(ARCHIVES, method))
    at = data.index(b"archive/a.warc.gz") + 17 + 60
    data[at : at + 30] = bytes(30)
    records, failures = _read(tmp_path, bytes(data))
    assert records[-1].data == b"<p>Three.</p>"
    assert failures


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_cut_short_says_so(tmp_path: Path, share: float) -> None:
    data = _zip({**ARCHIVES, **REST})
    records, failures = _read(tmp_path, data[: int(len(data) * share)])
    assert (records, [failure.status for failure in failures]) == ([], ["truncated"])


def test_any_flipped_byte_is_survived(tmp_path: Path) -> None:
    data = _zip({**ARCHIVES, **REST}, zipfile.ZIP_DEFLATED)
    for at in range(0, len(data), 7):
        damaged = bytearray(data)
        damaged[at] ^= 0xFF
        records, failures = _read(tmp_path, bytes(damaged))
        assert len(records) + len(failures) >= 1
        assert {record.data for record in records} <= {b"<p>One.</p>", b"<p>Two.</p>", b"<p>Three.</p>"}
