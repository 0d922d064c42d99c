"""docs/collect.md keeps its word: what each recipe's tool writes is read, with its text and with its dates."""

import gzip
import hashlib
import io
import json
import re
import subprocess
import uuid
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.corpus.values import Basis, Document, Status
from evidence.indexer.store import Index

WriteFolder = Callable[..., Path]
Build = Callable[..., Index]

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "collect.md").read_text(encoding="utf-8")
STORY = " ".join(f"Sentence {number} of the story tells of bonders and of lead times." for number in range(12))
URL = "https://www.ledger.example/2025/08/01/names"
HTML = (
    '<!doctype html><html lang="en"><head><title>Names names</title>'
    '<meta property="og:site_name" content="The Ledger">'
    '<meta property="article:published_time" content="2025-08-01T06:30:00Z"></head>'
    f"<body><nav><a href=/>Home</a></nav><article><h1>Names names</h1><p>{STORY}</p></article></body></html>"
)
CAPTURED = datetime(2025, 9, 1, 3, 11, 9, tzinfo=UTC)
STAMP = "2025-09-01T03:11:09Z"


def _documents(index: Index) -> list[Document]:
    return sorted((document for document, _ in index.documents()), key=lambda document: document.path)


def _only(index: Index) -> Document:
    (document,) = _documents(index)
    return document


def _record_id(kind: str, uri: str | None) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind} {uri}')}>"


def _record(kind: str, uri: str | None, block: str, mime: str, version: str = "1.0", **more: str) -> bytes:
    """One record as crawlers write it: a gzip member of its own."""
    body = block.encode()
    head = [f"WARC/{version}", f"WARC-Type: {kind}", f"WARC-Record-ID: {_record_id(kind, uri)}"]
    head += [f"WARC-Target-URI: {uri}"] if uri else []
    head += [f"WARC-Date: {STAMP}", f"Content-Type: {mime}"]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return gzip.compress(
        "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body + b"\r\n\r\n", mtime=0
    )


def _response(html: str = HTML, mime: str = "text/html; charset=utf-8") -> str:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\nContent-Length: {len(html.encode())}\r\n\r\n{html}"


def _wget_warc(version: str) -> bytes:
    """wget 1.14 to 1.20 put target addresses in angle brackets; it ends with notes about itself."""
    old = version == "1.19.4"
    about = "metadata://gnu.org/software/wget/warc/"

    def uri(address: str) -> str:
        return f"<{address}>" if old else address

    info = f"software: Wget/{version} (linux-gnu)\r\nformat: WARC File Format 1.0\r\nrobots: classic\r\n"
    request = "GET /2025/08/01/names HTTP/1.1\r\nUser-Agent: Example\r\nHost: www.ledger.example\r\n\r\n"
    moved = "HTTP/1.1 301 Moved Permanently\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n"
    missing = _response("<html><body><p>Not found.</p></body></html>").replace("200 OK", "404 Not Found")
    picture = _response("GIF89a...", "image/gif")
    return b"".join(
        [
            _record("warcinfo", None, info, "application/warc-fields", WARC_Filename="crawl.warc.gz"),
            _record("request", uri(URL), request, "application/http;msgtype=request"),
            _record("response", uri(URL), _response(), "application/http;msgtype=response"),
            _record("response", uri("https://www.ledger.example/old"), moved, "application/http;msgtype=response"),
            _record("response", uri("https://www.ledger.example/x"), missing, "application/http;msgtype=response"),
            _record(
                "response", uri("https://www.ledger.example/a.gif"), picture, "application/http;msgtype=response"
            ),
            _record("metadata", uri(about + "MANIFEST.txt"), "<urn:uuid:1>\n", "text/plain"),
            _record("resource", uri(about + "wget_arguments.txt"), '"--warc-file=crawl"\n', "text/plain"),
            _record("resource", uri(about + "wget.log"), "Opening WARC file.\nSaved names.\n", "text/plain"),
        ]
    )


def _check_page(document: Document) -> None:
    assert document.text.endswith(STORY)
    assert (document.url, document.publisher, document.title) == (URL, "The Ledger", "Names names")
    assert document.published is not None
    assert document.published.earliest == datetime(2025, 8, 1, 6, 30, tzinfo=UTC)
    assert (document.published.basis, document.published.grade) == (Basis.META, "A")
    assert document.captured == CAPTURED


@pytest.mark.parametrize("version", ["1.19.4", "1.24.5"])
def test_the_warc_of_wget(write_folder: WriteFolder, build: Build, version: str) -> None:
    row = f"{URL} 20250901031109 {URL} text/html 200 ABC - - 824 crawl-2025-09-01.warc.gz <urn:uuid:1>"
    cdx = f" CDX a b a m s k r M V g u\n{row}\n"
    index = build(write_folder({"crawl-2025-09-01.warc.gz": _wget_warc(version), "crawl-2025-09-01.cdx": cdx}))
    _check_page(_only(index))
    assert [failure.status for failure in index.failures()] == [Status.UNSUPPORTED]


def test_a_page_that_wget_found_unchanged_has_the_body_of_the_crawl_before(
    write_folder: WriteFolder, build: Build
) -> None:
    digest = "sha1:B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A"
    first = _record("response", URL, _response(), "application/http;msgtype=response", WARC_Payload_Digest=digest)
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    again = _record(
        "revisit",
        URL,
        head,
        "application/http;msgtype=response",
        WARC_Profile=profile,
        WARC_Payload_Digest=digest,
        WARC_Refers_To=_record_id("response", URL),
        WARC_Truncated="length",
    )
    index = build(write_folder({"crawl-1.warc.gz": first, "crawl-2.warc.gz": again}))
    assert {document.text for document in _documents(index)} == {_documents(index)[0].text}
    assert index.failures() == []


def _wacz() -> bytes:
    """As Browsertrix Crawler 1.x writes it: stored as it is, with records about the crawl among the pages."""
    warc = b"".join(
        [
            _record("warcinfo", None, "software: Browsertrix-Crawler 1.5.0\r\n", "application/warc-fields", "1.1"),
            _record("response", URL, _response(), "application/http; msgtype=response", "1.1"),
            _record("request", URL, "GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request", "1.1"),
            _record("resource", f"urn:pageinfo:{URL}", '{"pageid": "1", "urls": {}}', "application/json", "1.1"),
            _record("resource", f"urn:text:{URL}", f"Home\nNames names\n{STORY}", "text/plain", "1.1"),
        ]
    )
    pages = [
        {"format": "json-pages-1.0", "id": "pages", "title": "Seed Pages", "hasText": "false"},
        {
            "id": "1",
            "url": URL,
            "title": "Names names",
            "loadState": 4,
            "ts": STAMP,
            "mime": "text/html",
            "seed": True,
        },
    ]
    log = {"timestamp": STAMP, "logLevel": "info", "context": "general", "message": "Crawling done", "details": {}}
    files = {
        "archive/rec-0123abcd-news-20250901031109000-0.warc.gz": warc,
        "indexes/index.cdx.gz": gzip.compress(b"example,ledger)/ 20250901031109 {}\n", mtime=0),
        "indexes/index.idx": b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n',
        "pages/pages.jsonl": "".join(json.dumps(page) + "\n" for page in pages).encode(),
        "logs/crawl-20250901.log": json.dumps(log).encode(),
    }
    resources = [
        {"name": name.rpartition("/")[2], "path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
         "bytes": len(data)}
        for name, data in files.items()
    ]  # fmt: skip
    package = json.dumps({"profile": "data-package", "resources": resources, "wacz_version": "1.1.1",
                          "software": "Browsertrix-Crawler 1.5.0", "created": STAMP}).encode()  # fmt: skip
    signed = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
    files |= {"datapackage.json": package, "datapackage-digest.json": json.dumps(signed).encode()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_the_wacz_of_browsertrix(write_folder: WriteFolder, build: Build) -> None:
    index = build(write_folder({"news-2025-09-01.wacz": _wacz()}))
    _check_page(_only(index))
    assert index.failures() == []


FEED = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Die &amp; Wire</title>
<link>https://dieandwire.example</link><language>en-US</language>
<lastBuildDate>Sun, 31 Aug 2025 20:00:00 +0000</lastBuildDate>
<item><title>First</title><link>https://dieandwire.example/2025/08/27/first</link>
<pubDate>Wed, 27 Aug 2025 16:20:00 -0400</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{STORY}</p>]]></content:encoded></item>
<item><title>Second</title><link>https://dieandwire.example/second</link>
<pubDate>Thu, 28 Aug 2025 09:00:00 GMT</pubDate>
<description>Only the start of it.</description></item></channel></rss>"""


def _assert_feed(documents: list[Document]) -> None:
    first, second = documents
    assert (first.text, first.title, first.publisher, first.kind) == (STORY, "First", "Die & Wire", "news")
    assert first.published is not None and second.published is not None
    assert first.published.earliest == datetime(2025, 8, 27, 20, 20, tzinfo=UTC)
    # the day in its address is a second witness
    assert (first.published.basis, first.published.grade) == (Basis.FEED, "A")
    assert (second.published.basis, second.published.grade) == (Basis.FEED, "B")
    assert (first.captured, second.captured) == (CAPTURED, CAPTURED)
    assert ("feed-summary" in first.flags, "feed-summary" in second.flags) == (False, True)


def test_the_feeds_of_curl(write_folder: WriteFolder, build: Build) -> None:
    name = "feeds/dieandwire-2025-09-01T03-11-09Z.xml"
    index = build(write_folder({name: FEED}, {name: {"captured": STAMP}}))
    _assert_feed(_documents(index))


def test_a_feed_in_the_warc_of_wget(write_folder: WriteFolder, build: Build) -> None:
    warc = _record("response", "https://dieandwire.example/feed", _response(FEED, "application/rss+xml"),
                   "application/http;msgtype=response")  # fmt: skip
    _assert_feed(_documents(build(write_folder({"feeds.warc.gz": warc}))))


def test_the_json_of_news_please(write_folder: WriteFolder, build: Build) -> None:
    row = {
        "authors": ["Ottoline Brask"], "date_download": "2025-09-01 03:11:09", "date_modify": None,
        "date_publish": "2025-08-01 06:30:00", "description": "A teaser.", "filename": "names_1756696269.html.json",
        "image_url": None, "language": "en", "localpath": "data/2025/09/01/names_1756696269.html",
        "source_domain": "www.ledger.example", "title": "Names names", "title_page": "Names names",
        "title_rss": "NULL", "url": URL, "maintext": STORY,
    }  # fmt: skip
    document = _only(build(write_folder({"2025/09/01/ledger.example/names_1756696269.html.json": json.dumps(row)})))
    assert (document.text, document.url, document.publisher) == (STORY, URL, "ledger.example")
    assert document.published is not None
    assert document.published.as_json()["earliest"] == "2025-08-01T00:00:00"
    assert (document.published.basis, document.published.grade) == (Basis.EXPORT, "A")
    assert document.captured is not None
    assert document.captured.date() == CAPTURED.date()


EDGAR = f"""<SEC-DOCUMENT>0000950170-25-000123.txt : 20250828
<SEC-HEADER>0000950170-25-000123.hdr.sgml : 20250828
<ACCEPTANCE-DATETIME>20250827174512
ACCESSION NUMBER:\t\t0000950170-25-000123
CONFORMED SUBMISSION TYPE:\t8-K
PUBLIC DOCUMENT COUNT:\t\t2
CONFORMED PERIOD OF REPORT:\t20250827
ITEM INFORMATION:\t\tResults of Operations and Financial Condition
ITEM INFORMATION:\t\tFinancial Statements and Exhibits
FILED AS OF DATE:\t\t20250828
DATE AS OF CHANGE:\t\t20250828

FILER:

\tCOMPANY DATA:\t
\t\tCOMPANY CONFORMED NAME:\t\t\tHALDEN & VOSS INC
\t\tCENTRAL INDEX KEY:\t\t\t0009990001
\t\tSTATE OF INCORPORATION:\t\t\tDE
\t\tFISCAL YEAR END:\t\t\t1231

\tFILING VALUES:
\t\tFORM TYPE:\t\t8-K
\t\tSEC ACT:\t\t1934 Act
\t\tSEC FILE NUMBER:\t001-99999
\t\tFILM NUMBER:\t\t251234567
</SEC-HEADER>
<DOCUMENT>
<TYPE>8-K
<SEQUENCE>1
<FILENAME>hv-20250827.htm
<DESCRIPTION>8-K
<TEXT>
<html><head><title>8-K</title></head><body><p>FORM 8-K</p>
<p>Item 2.02 Results of Operations and Financial Condition.</p><p>{STORY}</p></body></html>
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>GRAPHIC
<SEQUENCE>2
<FILENAME>logo.jpg
<TEXT>
begin 644 logo.jpg
M_]C_X  02D9)1@ ! 0  9 !D  #_
end
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
"""


def test_the_complete_submission_of_edgar(write_folder: WriteFolder, build: Build) -> None:
    document = _only(build(write_folder({"edgar/0000950170-25-000123.txt": EDGAR})))
    assert STORY in document.text
    assert (document.kind, document.form) == ("filing", "8-K")
    assert (document.company or "").upper() == "HALDEN & VOSS INC"
    assert document.filing is not None
    assert (document.filing.cik or "").lstrip("0") == "9990001"
    assert (document.filing.accession, document.filing.filed) == ("0000950170-25-000123", "2025-08-28")
    assert document.published is not None
    # a quarter to six in New York
    assert document.published.earliest == datetime(2025, 8, 27, 21, 45, 12, tzinfo=UTC)
    assert (document.published.basis, document.published.grade) == (Basis.EDGAR, "A")


def _blocks(word: str) -> list[str]:
    return [block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if word in block]


def test_its_checksums_find_what_was_damaged_lost_or_added(write_folder: WriteFolder) -> None:
    carry = write_folder({"carry/a b.txt": "one", "carry/deep/ü.txt": "two"})
    (write,) = _blocks("xargs -0 sha256sum")
    (check,) = _blocks("--check")
    (count,) = _blocks("wc -l")

    def run(script: str) -> int:
        return subprocess.run(["bash", "-ec", script], cwd=carry, capture_output=True, check=False).returncode

    assert [run(write), run(check), run(count)] == [0, 0, 0]
    (carry / "carry" / "deep" / "new.txt").write_text("three")
    assert (run(check), run(count)) == (0, 1)
    (carry / "carry" / "deep" / "new.txt").unlink()
    (carry / "carry" / "a b.txt").write_text("One")
    assert run(check) == 1
    (carry / "carry" / "a b.txt").unlink()
    assert run(check) == 1


def test_its_choice_of_filings_takes_the_paths_of_an_index(tmp_path: Path) -> None:
    (fetch,) = _blocks("awk")
    rows = [
        "CIK|Company Name|Form Type|Date Filed|Filename",
        "-" * 80,
        "1045810|EXAMPLE CORP|10-Q|2025-08-27|edgar/data/1045810/0001045810-25-000209.txt",
        "1045810|EXAMPLE CORP|4|2025-08-27|edgar/data/1045810/0001045810-25-000210.txt",
        "1045811|OTHER CORP|10-Q|2025-08-27|edgar/data/1045811/0001045811-25-000001.txt",
    ]
    (tmp_path / "master.idx").write_text("\n".join(rows) + "\n")
    awk = next(line for line in fetch.splitlines() if line.startswith("awk")).removesuffix("|").rstrip()
    run = subprocess.run(["bash", "-c", awk], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["edgar/data/1045810/0001045810-25-000209.txt"]


def test_its_scripts_are_scripts() -> None:
    blocks = _blocks("")
    assert len(blocks) >= 6
    for block in blocks:
        subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True, check=True)


def test_its_commands_are_those_of_the_program() -> None:
    from evidence.cli import COMMANDS

    named = {
        line.split()[1] for block in _blocks("evidence ") for line in block.splitlines() if line[:9] == "evidence "
    }
    assert named <= set(COMMANDS)
    assert "index" in named
