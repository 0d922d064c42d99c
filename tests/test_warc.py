"""What crawlers leave: every readable page comes out of a damaged archive, and what does not is named."""

import gzip
import io
import random
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from fastwarc.stream_io import BrotliWriter, Lz4Writer, ZstdWriter
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from evidence.corpus.errors import DocumentError
from evidence.corpus.records import Record
from evidence.corpus.sources import read_records

Pack = Callable[[Iterable[bytes]], bytes]


def warc_record(name: int | str, block: bytes, head: str = "", length: int | None = None) -> bytes:
    """A response, or what `head` says instead; `length` is what its head states."""
    stated = len(block) if length is None else length
    kind = "" if "WARC-Type" in head else "WARC-Type: response\r\n"
    media = "" if "Content-Type" in head else "Content-Type: application/http; msgtype=response\r\n"
    url = "" if "Target-URI" in head else f"WARC-Target-URI: https://x.example/{name}\r\n"
    start = (
        f"WARC/1.1\r\n{kind}{url}WARC-Date: 2025-08-01T00:00:00Z\r\n{media}{head}Content-Length: {stated}\r\n\r\n"
    )
    return start.encode() + block + b"\r\n\r\n"


def http(body: bytes, head: str = "Content-Type: text/html\r\n", status: str = "200 OK") -> bytes:
    """A block as servers send it."""
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def page(number: int) -> bytes:
    """Words that do not compress to nothing."""
    words = random.Random(number).choices(["orders", "rose", "in", "July", "and", "margins", "fell"], k=400)
    return f"<p>Page {number}: {' '.join(words)}.</p>".encode()


PAGES = [page(number) for number in range(10)]
RECORDS = [warc_record(number, http(body)) for number, body in enumerate(PAGES)]


def _plain(records: Iterable[bytes]) -> bytes:
    return b"".join(records)


def _members(records: Iterable[bytes]) -> bytes:
    return b"".join(map(gzip.compress, records))


def _blocks(records: Iterable[bytes]) -> bytes:
    """Members that end anywhere, as parallel compressors make them."""
    data = b"".join(records)
    return b"".join(gzip.compress(data[at : at + 1000], mtime=0) for at in range(0, len(data), 1000))


def _written(writer: Callable[[io.BytesIO], ZstdWriter | Lz4Writer]) -> Pack:
    def pack(records: Iterable[bytes]) -> bytes:
        out = io.BytesIO()
        packer = writer(out)
        for record in records:
            packer.write(record)
            packer.finish()
        packer.flush()
        return out.getvalue()

    return pack


PACKS = {
    "plain": _plain,
    "gz": _members,
    "one gz": lambda records: gzip.compress(_plain(records), mtime=0),
    "gz blocks": _blocks,
    "zst": _written(ZstdWriter),
    "lz4": _written(Lz4Writer),
}


def _streamed(writer: type[ZstdWriter] | type[BrotliWriter]) -> Callable[[bytes], bytes]:
    def pack(data: bytes) -> bytes:
        out = io.BytesIO()
        packer = writer(out)
        packer.write(data)
        packer.close()
        return out.getvalue()

    return pack


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    # in two members, as a server that appends does it
    "gzip": lambda data: gzip.compress(data[:999], mtime=0) + gzip.compress(data[999:], mtime=0),
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": _streamed(BrotliWriter),
    "zstd": _streamed(ZstdWriter),
    "identity": bytes,
}


def _read(tmp_path: Path, data: bytes) -> tuple[list[Record], list[DocumentError]]:
    (tmp_path / "crawl").write_bytes(data)
    found = list(read_records(tmp_path / "crawl"))
    return [r for r in found if isinstance(r, Record)], [e for e in found if isinstance(e, DocumentError)]


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_every_page_is_read_however_the_archive_is_packed(tmp_path: Path, pack: Pack) -> None:
    records, failures = _read(tmp_path, pack(RECORDS))
    assert [record.data for record in records] == PAGES
    assert [record.path for record in records] == [f"{tmp_path / 'crawl'}#{n}" for n in range(1, 11)]
    assert {record.captured and record.captured.isoformat() for record in records} == {"2025-08-01T00:00:00+00:00"}
    assert failures == []


@pytest.mark.parametrize("bad", range(10))
@pytest.mark.parametrize("at", [0, 3, 40, 300, -5])
def test_a_damaged_member_costs_its_own_record_and_its_bytes_are_named(tmp_path: Path, bad: int, at: int) -> None:
    members = [bytearray(gzip.compress(record, mtime=0)) for record in RECORDS]
    members[bad][at] ^= 0xFF
    begin = sum(map(len, members[:bad]))
    records, failures = _read(tmp_path, b"".join(members))
    # a flag of a header that was turned round is no damage to what it holds
    assert [r.data for r in records] in ([p for n, p in enumerate(PAGES) if n != bad], PAGES)
    assert len(failures) == 10 - len(records)
    for failure in failures:
        on = f"bytes {begin:,} to {begin + len(members[bad]):,}" if bad < 9 else f"from byte {begin:,}"
        assert failure.status in {"truncated", "malformed"}
        assert on in failure.reason


@pytest.mark.parametrize("name", ["zst", "lz4"])
def test_damage_to_other_frames_costs_no_more_either(tmp_path: Path, name: str) -> None:
    data = bytearray(PACKS[name](RECORDS))
    at = len(data) // 2
    data[at : at + 40] = bytes(40)
    records, failures = _read(tmp_path, data)
    assert len(records) in {8, 9}
    assert len({record.url for record in records}) == len(records)
    assert {failure.status for failure in failures} == {"truncated"}


@pytest.mark.parametrize("pack", [_plain, _members, _blocks], ids=["plain", "gz", "gz blocks"])
@pytest.mark.parametrize("length", [100, 3_000, 10_000, 10_000_000])
@pytest.mark.parametrize("bad", [0, 4, 9])
def test_a_length_that_lies_costs_its_own_record(tmp_path: Path, pack: Pack, length: int, bad: int) -> None:
    records = list(RECORDS)
    records[bad] = warc_record(bad, http(PAGES[bad]), length=length)
    found, failures = _read(tmp_path, pack(records))
    others = [r.data for r in found if r.url != f"https://x.example/{bad}"]
    assert others == [body for number, body in enumerate(PAGES) if number != bad]
    assert all(r.status == "truncated" and len(r.data) < length for r in found if r.data not in others)
    assert failures


@pytest.mark.parametrize("junk", [b"no record\r\n" * 3, bytes(100), b"x" * 100_000, b"\x1f\x8b\x08 no member"])
@pytest.mark.parametrize("pack", [_plain, _members], ids=["plain", "gz"])
def test_what_lies_between_records_is_named_and_skipped(tmp_path: Path, pack: Pack, junk: bytes) -> None:
    records, failures = _read(tmp_path, pack(RECORDS[:5]) + junk + pack(RECORDS[5:]))
    assert [record.data for record in records] == PAGES
    assert [record.status for record in records] == ["ok"] * 10
    assert len(failures) <= 1
    assert failures or junk.strip(b"\0") == b""


@pytest.mark.parametrize("pack", [_plain, _members, PACKS["zst"]], ids=["plain", "gz", "zst"])
def test_an_archive_that_ends_early_says_so(tmp_path: Path, pack: Pack) -> None:
    first, both = pack(RECORDS[:1]), pack(RECORDS[:2])
    for cut in [*range(len(first) + 1, len(both) - 12, 61), len(both) - 30]:
        records, failures = _read(tmp_path, both[:cut])
        assert [record.data for record in records] == PAGES[:1], cut
        assert len(failures) == 1, cut


def test_a_capture_that_the_crawler_cut_short_is_held_and_says_so(tmp_path: Path) -> None:
    body, cut = PAGES[0], "WARC-Truncated: length\r\n"
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:700], body[700:]))
    blocks = [
        (http(body), cut),
        (http(gzip.compress(body, mtime=0)[:-300], "Content-Encoding: gzip\r\n"), cut),
        (http(chunks[:900], "Transfer-Encoding: chunked\r\n"), cut),
        # the crawler does not say it, the server's own length does
        (http(body[:500], f"Content-Length: {len(body)}\r\n"), ""),
        (http(chunks[:900], "Transfer-Encoding: chunked\r\n"), ""),
    ]
    records, failures = _read(
        tmp_path, _plain(warc_record(n, block, head) for n, (block, head) in enumerate(blocks))
    )
    assert [record.status for record in records] == ["truncated"] * 5
    assert all(body.startswith(record.data) and len(record.data) > 100 for record in records)
    assert failures == []


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Encoding: gzip\r\n", b"<p>A page.</p>"),
        ("Content-Encoding: br\r\n", b"<p>A page.</p>"),
        ("Content-Encoding: nonsense\r\n", b"<p>A page.</p>"),
        ("Content-Encoding: x-gzip\r\n", gzip.compress(b"<p>A page.</p>", mtime=0)),
        ("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", b"<p>A page.</p>"),
    ],
)
def test_headers_that_no_longer_fit_the_body_do_no_harm(tmp_path: Path, head: str, body: bytes) -> None:
    records, failures = _read(tmp_path, warc_record(1, http(body, head)))
    assert [(r.data, r.status) for r in records] == [(b"<p>A page.</p>", "ok")]
    assert failures == []


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "br", "zstd", "identity", "deflate, gzip"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_is_unpacked_from_whatever_the_server_packed_it_in(
    tmp_path: Path, encoding: str, chunked: bool
) -> None:
    body = b"".join(PAGES) * 20
    packed = body
    for name in encoding.split(", "):
        packed = ENCODERS[name](packed)
    head = f"Content-Encoding: {encoding}\r\n"
    if chunked:
        head += "Transfer-Encoding: chunked\r\n"
        packed = b"%X ;x=y\r\n%b\r\n1\r\n%b\r\n0\r\n\r\n" % (len(packed) - 1, packed[:-1], packed[-1:])
    records, failures = _read(tmp_path, warc_record(1, http(packed, head)))
    assert [(r.data, r.status) for r in records] == [(body, "ok")]
    assert failures == []


def test_bare_line_feeds_and_old_versions_are_read(tmp_path: Path) -> None:
    block = http(PAGES[0]).replace(b"\r\n", b"\n")
    old = warc_record(1, block).replace(b"\r\n", b"\n").replace(b"WARC/1.1", b"WARC/0.18")
    spaced = warc_record(2, http(PAGES[1]), "WARC-Target-URI: <https://x.example/a b>\r\n")
    unsaid = warc_record(3, http(PAGES[2], status="200"))
    records, failures = _read(tmp_path, _members([old, spaced, unsaid]))
    assert [record.data for record in records] == PAGES[:3]
    assert records[1].url == "https://x.example/a b"
    assert failures == []


def test_what_a_page_is_made_with_is_no_document_and_no_failure(tmp_path: Path) -> None:
    resource = "WARC-Type: resource\r\nContent-Type: "
    passed = [
        warc_record("a.png", http(b"\x89PNG\r\n", "Content-Type: image/png\r\n")),
        warc_record("gone", http(b"<p>Not found.</p>", status="404 Not Found")),
        warc_record("moved", http(b"<p>Moved.</p>", status="301 Moved")),
        warc_record("font", http(b"wOF2\0\1\0\0", "Content-Type: application/octet-stream\r\n")),
        warc_record("sitemap", http(b"<?xml version='1.0'?><urlset></urlset>", "Content-Type: text/xml\r\n")),
        warc_record("shot", b"\x89PNG\r\n", resource + "image/png\r\n"),
        warc_record("log", b"Saved.", f"WARC-Target-URI: metadata://wget/log\r\n{resource}text/plain\r\n"),
        warc_record("view", b"{}", f"WARC-Target-URI: urn:pageinfo:x\r\n{resource}application/json\r\n"),
        warc_record("info", b"software: x\r\n", "WARC-Type: warcinfo\r\nContent-Type: application/warc-fields\r\n"),
        warc_record("ask", b"GET / HTTP/1.1\r\n\r\n", "WARC-Type: request\r\n"),
    ]
    read = [
        warc_record("note", b"A note.", resource + "text/plain\r\n"),
        warc_record("wet", b"Text of a page.", "WARC-Type: conversion\r\nContent-Type: text/plain\r\n"),
    ]
    records, failures = _read(tmp_path, _members(passed + read))
    assert [record.data for record in records] == [b"A note.", b"Text of a page."]
    assert failures == []


def test_feeds_submissions_and_lists_inside_a_crawl_are_split(tmp_path: Path) -> None:
    items = b"<item><title>A</title></item><item><title>B</title></item>"
    feed = b"<?xml version='1.0'?><rss><channel>" + items + b"</channel></rss>"
    filing = b"<SEC-DOCUMENT>x\n<SEC-HEADER>\n</SEC-HEADER>\n" + b"".join(
        b"<DOCUMENT>\n<TYPE>8-K\n<TEXT>\nPart %d.\n</TEXT>\n</DOCUMENT>\n" % n for n in (1, 2)
    )
    bodies = [
        http(feed, "Content-Type: application/rss+xml\r\n"),
        http(filing, "Content-Type: text/plain\r\n"),
        http(b'[{"text": "a"}, {"text": "b"}]', "Content-Type: application/json\r\n"),
        http(PAGES[0]),
    ]
    records, failures = _read(tmp_path, _plain(map(warc_record, "abcd", bodies)))
    assert failures == []
    assert [(r.path.rpartition("#")[2], r.media.value) for r in records] == [
        ("1.1", "feed-item"),
        ("1.2", "feed-item"),
        ("2.1", "submission"),
        ("2.2", "submission"),
        ("3.1", "article"),
        ("3.2", "article"),
        ("4", "html"),
    ]
    assert {record.url for record in records[:2]} == {"https://x.example/a"}


# the writer leaves its temporary files to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_another_tool_writes_is_read(tmp_path: Path, packed: bool, version: str) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version=version)
    for number, body in enumerate(PAGES):
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        url = f"https://x.example/{number}"
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head))
    records, failures = _read(tmp_path, out.getvalue())
    assert [record.data for record in records] == PAGES
    assert failures == []
