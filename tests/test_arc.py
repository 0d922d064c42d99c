"""Old crawls: ARC files, read like the newer kind."""

import gzip
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from evidence.corpus.errors import DocumentError
from evidence.corpus.records import Record
from evidence.corpus.sources import read_records

PAGES = [b"<p>The orders of July.</p>", b"<p>The orders of August.</p>"]
Pack = Callable[[Iterable[bytes]], bytes]


def _http(body: bytes, kind: str = "text/html") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body


def _plain(records: Iterable[bytes]) -> bytes:
    return b"".join(records)


def _members(records: Iterable[bytes]) -> bytes:
    return b"".join(map(gzip.compress, records))


def _read(tmp_path: Path, data: bytes) -> tuple[list[Record], list[DocumentError]]:
    (tmp_path / "crawl").write_bytes(data)
    found = list(read_records(tmp_path / "crawl"))
    return [r for r in found if isinstance(r, Record)], [e for e in found if isinstance(e, DocumentError)]


ARC_HEAD = b"1 0 X\nURL IP-address Archive-date Content-type Archive-length\n"
ARC = b"filedesc://a.arc 127.0.0.1 20140216050221 text/plain %d\n%b\n" % (len(ARC_HEAD), ARC_HEAD)


@pytest.mark.parametrize("pack", [_plain, _members], ids=["plain", "gz"])
def test_an_old_crawl_is_read_too(tmp_path: Path, pack: Pack) -> None:
    blocks = [_http(PAGES[0]), _http(b"GIF89a", "image/gif"), _http(PAGES[1])]
    lines = [
        b"https://x.example/a b?c=%d 127.0.0.1 20140216050221 text/html %d\n%b\n" % (n, len(block), block)
        for n, block in enumerate(blocks)
    ]
    records, failures = _read(tmp_path, pack([ARC, *lines, b"https://x.example/ 127.0.0.1 2014 text/html abc\n"]))
    assert [(r.data, r.url) for r in records] == [
        (PAGES[0], "https://x.example/a b?c=0"),
        (PAGES[1], "https://x.example/a b?c=2"),
    ]
    assert str(records[0].captured) == "2014-02-16 05:02:21+00:00"
    assert [failure.status for failure in failures] == ["malformed"]


def test_an_old_crawl_that_ends_early_says_so(tmp_path: Path) -> None:
    line = b"https://x.example/ 127.0.0.1 20140216050221 text/html %d\n%b" % (len(PAGES[0]), PAGES[0][:-9])
    records, failures = _read(tmp_path, ARC + line)
    assert (records, [failure.status for failure in failures]) == ([], ["truncated"])


def test_a_damaged_member_costs_no_other(tmp_path: Path) -> None:
    blocks = [_http(body) for body in PAGES * 2]
    lines = [
        b"https://x.example/%d 127.0.0.1 20140216050221 text/html %d\n%b\n" % (n, len(block), block)
        for n, block in enumerate(blocks)
    ]
    members = [bytearray(gzip.compress(part, mtime=0)) for part in (ARC, *lines)]
    members[2][30] ^= 0xFF
    records, failures = _read(tmp_path, b"".join(members))
    assert [r.url for r in records] == [f"https://x.example/{n}" for n in (0, 2, 3)]
    assert [failure.status for failure in failures] == ["truncated"]
