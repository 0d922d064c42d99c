"""Files that hold several documents: feeds and EDGAR submissions, told by content; other compressions."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from fastwarc.stream_io import Lz4Writer, ZstdWriter

from evidence.corpus.errors import DocumentError
from evidence.corpus.records import MAX_RECORD_BYTES, Record
from evidence.corpus.sniffing import Media
from evidence.corpus.sources import read_records

HTML = b"<!DOCTYPE html><html><body><p>A page of words.</p></body></html>"
ARTICLE = b'{"title": "T",  "text": "words"}'
WriteFolder = Callable[..., Path]


def _split(folder: Path, name: str) -> tuple[list[Record], list[DocumentError]]:
    found = list(read_records(folder / name))
    return [r for r in found if isinstance(r, Record)], [e for e in found if isinstance(e, DocumentError)]


ITEM = b"<title>A</title>"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "start", [b"", b"\xef\xbb\xbf", b"\n <?xml version='1.0'?>\n<?xml-stylesheet?><!-- a > b -->"]
)
@pytest.mark.parametrize(
    "feed",
    [
        b"<rss version='2.0'><channel>" + b"<item>" + ITEM + b"</item>" * 2 + b"</channel></rss>",
        b"<!DOCTYPE rss [ <!ENTITY a 'b'> ]><rss><channel><item>" + ITEM + b"</item></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + ITEM + b"</entry></feed>",
        b"<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'><atom:entry>x</atom:entry></atom:feed>",
        b"<rdf:RDF xmlns:rdf='r'><channel/><item>" + ITEM + b"</item></rdf:RDF>",
    ],
)
def test_a_feed_is_split_into_its_items(write_folder: WriteFolder, start: bytes, feed: bytes, packed: bool) -> None:
    folder = write_folder({"a.txt": gzip.compress(start + feed, mtime=0) if packed else start + feed})
    records, failures = _split(folder, "a.txt")
    assert failures == []
    assert [(r.media, r.path) for r in records] == [(Media.FEED_ITEM, f"{folder / 'a.txt'}#1")]
    assert b"A</title>" in records[0].data or b"x</atom:entry>" in records[0].data


DOCUMENT = b"<DOCUMENT>\n<TYPE>8-K\n<TEXT>\nOrders rose.\n</TEXT>\n</DOCUMENT>\n"


@pytest.mark.parametrize(
    "head",
    [
        b"<SEC-DOCUMENT>0001.txt : 2025\n<SEC-HEADER>x\n</SEC-HEADER>\n",
        b"<SEC-HEADER>x\n</SEC-HEADER>\n",
        b"<IMS-DOCUMENT>x\n<IMS-HEADER>\n</IMS-HEADER>\n",
        b"<SUBMISSION>\n<ACCESSION-NUMBER>0001\n",
        b"\n-----BEGIN PRIVACY-ENHANCED MESSAGE-----\n\n<SEC-DOCUMENT>x\n<SEC-HEADER>\n</SEC-HEADER>\n",
    ],
)
def test_a_submission_is_split_into_its_documents(write_folder: WriteFolder, head: bytes) -> None:
    folder = write_folder({"a.html": head + DOCUMENT * 2}, {"a.html": {"ticker": "X"}})
    records, failures = _split(folder, "a.html")
    assert failures == []
    assert [r.path.rpartition("#")[2] for r in records] == ["1", "2"]
    assert {(r.media, r.metadata.ticker) for r in records} == {(Media.SUBMISSION, "X")}
    assert all(b"Orders rose." in record.data for record in records)


def test_a_submission_may_be_larger_than_a_document(write_folder: WriteFolder) -> None:
    large = DOCUMENT.replace(b"rose.", b"rose. " * (3 << 20))
    pieces = b"<SEC-DOCUMENT>x\n<SEC-HEADER>x\n</SEC-HEADER>\n" + large * 2 + DOCUMENT.replace(b"8-K", b"EX-99")
    folder = write_folder({"a.txt": pieces, "b.txt": pieces.replace(b"rose. ", b"rose, rose. ")})
    assert [len(r.data) > MAX_RECORD_BYTES // 2 for r in _split(folder, "a.txt")[0]] == [True, True, False]
    records, failures = _split(folder, "b.txt")
    assert (len(records), [(e.status, e.path[-2:]) for e in failures]) == (
        1,
        [("too-large", "#1"), ("too-large", "#2")],
    )


@pytest.mark.parametrize("writer", [ZstdWriter, Lz4Writer])
@pytest.mark.parametrize("data", [HTML, ARTICLE, b'{"text": "one"}\n{"text": "two"}\n'])
def test_other_compressions_are_read_too(
    write_folder: WriteFolder, writer: Callable[[io.BytesIO], ZstdWriter], data: bytes
) -> None:
    out = io.BytesIO()
    packer = writer(out)
    packer.write(data)
    packer.finish()
    packer.flush()
    folder = write_folder({"a.zst": out.getvalue(), "cut.zst": out.getvalue()[:-12]})
    records, failures = _split(folder, "a.zst")
    assert (b"\n".join(r.data for r in records), failures) == (data.strip(), [])
    assert [e.status for e in _split(folder, "cut.zst")[1]] == ["truncated"]
