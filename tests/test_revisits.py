"""A capture without a body gets the body of the capture it means, wherever in the run that lies."""

import gzip
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from evidence.corpus.errors import DocumentError
from evidence.corpus.metadata import NO_METADATA
from evidence.corpus.records import Capture, Passed, Record, Revisit, Spot
from evidence.corpus.revisits import Held, Revisits
from evidence.corpus.sources import read_all, split_path

BODY = b"<p>The orders of July.</p>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\n\r\n"


def _warc(kind: str, url: str, date: str, block: bytes, **named: str) -> bytes:
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return (
        (
            f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n{head}"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


ORIGINAL = _warc(
    "response",
    "https://x.example/a",
    "2025-08-01T00:00:00Z",
    OK + BODY,
    WARC_Record_ID="<urn:uuid:1>",
    WARC_Payload_Digest="sha1:ABCDEF",
)
OTHER = _warc("response", "https://x.example/other", "2025-07-31T00:00:00Z", OK + b"<p>Other words.</p>")
NAMED = {
    "url and time": {
        "WARC_Refers_To_Target_URI": "https://x.example/a",
        "WARC_Refers_To_Date": "2025-08-01T00:00:00.123Z",
    },
    "record": {"WARC_Refers_To": "<urn:uuid:1>"},
    "digest": {"WARC_Payload_Digest": "SHA1:abcdef"},
}


def _revisit(url: str = "https://x.example/b", head: bytes = OK, **named: str) -> bytes:
    return _warc("revisit", url, "2025-09-01T12:00:00Z", head, **named)


def _members(records: Iterable[bytes]) -> bytes:
    return b"".join(map(gzip.compress, records))


def _read(*files: Path) -> tuple[list[Record], list[DocumentError]]:
    found = [value for _, value in read_all(list(files))]
    return [r for r in found if isinstance(r, Record)], [e for e in found if isinstance(e, DocumentError)]


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
@pytest.mark.parametrize(
    "pack", [b"".join, _members, lambda r: gzip.compress(b"".join(r), mtime=0)], ids=["plain", "gz", "one"]
)
@pytest.mark.parametrize("head", [OK, UNCHANGED, b""])
def test_a_revisit_is_a_document_of_its_own_time_and_address(
    tmp_path: Path, named: dict[str, str], pack: Callable[[list[bytes]], bytes], head: bytes
) -> None:
    (tmp_path / "a").write_bytes(pack([OTHER, ORIGINAL, OTHER, _revisit(head=head, **named)]))
    records, failures = _read(tmp_path / "a")
    assert failures == []
    assert [r.data for r in records].count(BODY) == 2
    again = records[-1]
    assert (again.data, again.url, again.path) == (BODY, "https://x.example/b", f"{tmp_path / 'a'}#4")
    assert str(again.captured) == "2025-09-01 12:00:00+00:00"


@pytest.mark.parametrize("names", [("1", "2"), ("2", "1")])
def test_a_revisit_may_come_first_and_lie_in_another_file(tmp_path: Path, names: tuple[str, str]) -> None:
    first, second = (tmp_path / name for name in names)
    first.write_bytes(_members([OTHER, ORIGINAL]))
    second.write_bytes(_revisit(**NAMED["record"]))
    (tmp_path / f"{names[1]}.meta.json").write_text('{"publisher": "The Revisited"}')
    found = list(read_all(sorted([first, second])))
    path, again = found[-1]
    assert isinstance(again, Record)
    assert (path, again.data, again.metadata.publisher) == (second, BODY, "The Revisited")


def test_the_same_page_seen_again_is_the_same_document(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(ORIGINAL + _revisit("https://x.example/a", **NAMED["digest"]))
    (first, second), _ = _read(tmp_path / "a")
    assert first.id == second.id


def test_a_revisit_without_its_body_is_a_failure_that_names_what_it_means(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(OTHER + _revisit(**NAMED["url and time"]))
    records, failures = _read(tmp_path / "a")
    assert len(records) == 1
    assert [(e.status, "https://x.example/a" in e.reason) for e in failures] == [("revisit-without-body", True)]


def test_a_revisit_of_what_is_no_document_is_none_either(tmp_path: Path) -> None:
    picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"
    records = [
        _warc(
            "response",
            "https://x.example/p",
            "2025-08-01T00:00:00Z",
            picture + b"\x89PNG",
            WARC_Record_ID="<urn:7>",
        ),
        # by what it means, and by what it says itself though its picture is lost
        _revisit(head=UNCHANGED, WARC_Refers_To="<urn:7>"),
        _revisit(head=picture, WARC_Refers_To="<urn:8>"),
    ]
    (tmp_path / "a").write_bytes(_members(records))
    assert _read(tmp_path / "a") == ([], [])


def test_the_body_of_a_file_that_has_changed_meanwhile_is_a_failure(tmp_path: Path) -> None:
    original, revisit = tmp_path / "a", tmp_path / "b"
    original.write_bytes(ORIGINAL)
    revisit.write_bytes(_revisit(**NAMED["record"]))
    found = read_all([original, revisit])
    next(found)
    original.write_bytes(b"Something else.")
    ((path, error),) = found
    assert isinstance(error, DocumentError)
    assert (path, error.status, error.path) == (revisit, "revisit-without-body", f"{revisit}#1")


def test_feeds_seen_again_are_split_again(tmp_path: Path) -> None:
    feed = b"<rss><channel><item><title>A</title></item><item><title>B</title></item></channel></rss>"
    original = _warc(
        "response", "https://x.example/f", "2025-08-01T00:00:00Z", OK + feed, WARC_Record_ID="<urn:uuid:1>"
    )
    (tmp_path / "a").write_bytes(original + _revisit(**NAMED["record"]))
    records, failures = _read(tmp_path / "a")
    assert failures == []
    assert [r.path.rpartition("#")[2] for r in records] == ["1.1", "1.2", "2.1", "2.2"]


def test_a_splitter_can_be_put_in_and_bodies_are_asked_for_once_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(ORIGINAL + _revisit(**NAMED["record"]) + _revisit(**NAMED["digest"]))
    split, asked = [], []

    def splitter(path: Path, metadata: object) -> Iterable[object]:
        split.append(path)
        return list(split_path(path, NO_METADATA))

    def fetcher(path: Path, wanted: object) -> Iterable[object]:
        asked.append((path, wanted))
        return []

    assert len(list(read_all([tmp_path / "a"], split=splitter, fetch=fetcher))) == 1  # type: ignore[arg-type]
    ((path, wanted),) = asked
    assert (split, path, [len(revisits) for revisits in wanted.values()]) == ([path], tmp_path / "a", [2])


def test_a_page_is_preferred_to_a_picture_of_the_same_digest_and_the_first_to_later_ones() -> None:
    revisits = Revisits()
    picture = Passed(Capture(Spot(offset=1), payload="sha1:x"))
    pages = [Record("a#1", None, b"", capture=Capture(Spot(offset=n), payload="sha1:x")) for n in (2, 3)]  # type: ignore[arg-type]
    asked = Revisit("b#1", Capture(Spot(), payload="sha1:x"))
    for file, value in enumerate([asked, picture, *pages, picture]):
        revisits.see(file, value)
    assert list(revisits.settle()) == [(0, asked, Held(2, Spot(offset=2)))]
