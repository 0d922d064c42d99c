"""The same bytes captured twice are one document, captured when they were first, in whatever order they come."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.cli import run
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.workers import Workers

URL = "https://paper.example/2025/08/04/orders"
PAGE = b"<html><title>Orders</title><p>Invented Bonders booked orders of 41 million dollars.</p></html>"
MORE = b"<html><title>Ferries</title><p>The ferry kept to its timetable all summer long.</p></html>"
EARLY, MIDDLE, LATE = "2025-08-05T10:00:00Z", "2025-08-20T10:00:00Z", "2025-09-10T10:00:00Z"


def _record(kind: str, date: str, block: bytes, url: str = URL, **named: str) -> bytes:
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n{head}"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


def _response(date: str, page: bytes = PAGE, url: str = URL, **named: str) -> bytes:
    return _record("response", date, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page, url, **named)


def _revisit(date: str, url: str = URL, **named: str) -> bytes:
    return _record("revisit", date, b"HTTP/1.1 304 Not Modified\r\n\r\n", url, **named)


class Runs:
    """One index of a test, to which runs add."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self._folder, self._workers, self._count = folder, workers, 0
        self.root = folder / "index"

    def add(self, *files: bytes) -> Any:
        """One run over new files with these bytes."""
        self._count += 1
        source = self._folder / f"run{self._count}"
        source.mkdir()
        for number, data in enumerate(files):
            (source / f"{number}.warc").write_bytes(data)
        return build_index(self.root, [source], HashingEmbedder(), workers=self._workers)

    def found(self, known_by: str) -> list[str]:
        """Texts of what is found with --known-by."""
        archive = evidence.open(
            self.root, embedder=HashingEmbedder(), clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)
        )
        return [hit.text for hit in archive.search("orders booked", "2025", known_by=known_by)]

    def documents(self) -> list[dict[str, Any]]:
        """What the index holds, without the places in files."""
        listed = [
            document.as_json() | {"flags": document.flags} for document, _ in Index.open(self.root).documents()
        ]
        return [{name: value for name, value in row.items() if name != "path"} for row in listed]


@pytest.fixture
def runs(tmp_path: Path, workers: Workers) -> Callable[[str], Runs]:
    def make(name: str) -> Runs:
        (tmp_path / name).mkdir()
        return Runs(tmp_path / name, workers)

    return make


ORDERS = list(permutations([EARLY, MIDDLE, LATE]))


@pytest.mark.parametrize("dates", ORDERS)
def test_the_earliest_capture_counts_in_whatever_order_runs_bring_them(
    runs: Callable[[str], Runs], dates: Sequence[str]
) -> None:
    several, one = runs("several"), runs("one")
    for date in dates:
        several.add(_response(date))
    one.add(b"".join(map(_response, dates)))

    assert several.documents() == one.documents()
    assert [row["captured"] for row in one.documents()] == [EARLY]
    for index in (several, one):
        assert index.found(known_by="2025-08-06") == ["Invented Bonders booked orders of 41 million dollars."]
        assert index.found(known_by="2025-08-05T09:59:59Z") == []
        assert Index.open(index.root).manifest.documents == 1
        assert Index.open(index.root).check() == []


def test_a_capture_before_the_stated_date_makes_it_a_guess_whenever_it_comes(runs: Callable[[str], Runs]) -> None:
    index = runs("index")
    index.add(_response(LATE))
    (before,) = index.documents()
    index.add(_response("2025-07-01T00:00:00Z"))
    (after,) = index.documents()
    assert (before["published"]["grade"], after["published"]["grade"]) == ("B", "C")
    assert "dated-after-capture" in after["flags"]


def test_a_run_says_what_was_captured_earlier_than_was_known_and_adds_nothing(runs: Callable[[str], Runs]) -> None:
    index = runs("index")
    first = index.add(_response(LATE) + _response(MIDDLE))
    again = index.add(_response(EARLY), _response(MIDDLE))
    assert (first.added, first.repeated, first.recaptured) == (1, 1, 0)
    assert (again.added, again.skipped, again.repeated, again.recaptured) == (0, 2, 0, 1)
    assert index.add(_response(EARLY)).recaptured == 0


def test_a_report_stays_true_when_its_sources_turn_out_to_have_been_captured_earlier(
    runs: Callable[[str], Runs],
) -> None:
    one = runs("reported")
    one.add(_response(LATE))
    archive = evidence.open(one.root, embedder=HashingEmbedder())
    report = archive.ask("Which orders were booked?", "2025", llm=False)
    assert report["findings"] and not archive.verify(report)
    one.add(_response(EARLY))
    assert not evidence.open(one.root, embedder=HashingEmbedder()).verify(report)
    for number in range(12):
        one.add(_response(LATE, PAGE.replace(b"41", str(number + 100).encode()), URL + str(number)))
    assert not evidence.open(one.root, embedder=HashingEmbedder()).verify(report)


def test_what_was_superseded_is_counted_once(
    runs: Callable[[str], Runs], capsys: pytest.CaptureFixture[str]
) -> None:
    one = runs("counted")
    for date in (LATE, MIDDLE, EARLY):
        one.add(_response(date))
    run(["status", "-i", str(one.root), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["passages"]) == (1, 1)


def test_copies_stay_copies_when_one_of_them_was_captured_earlier(runs: Callable[[str], Runs]) -> None:
    text = " ".join(f"Word{number} of the story about orders." for number in range(40)).encode()
    page = b"<html><title>Word1 Word2 story</title><p>" + text + b"</p></html>"
    index = runs("index")
    index.add(_response(LATE, page), _response(LATE, page, "https://other.example/2025/08/04/orders"))
    index.add(_response(EARLY, page))
    (cluster,) = list(Index.open(index.root).clusters)
    assert len(cluster.members) == len(index.documents()) == 2


REFERS = {
    "url and time": {"WARC_Refers_To_Target_URI": URL, "WARC_Refers_To_Date": EARLY},
    "record": {"WARC_Refers_To": "<urn:uuid:1>"},
    "digest": {"WARC_Payload_Digest": "sha1:ABC"},
}
ORIGINAL = _response(EARLY, WARC_Record_ID="<urn:uuid:1>", WARC_Payload_Digest="sha1:abc")


@pytest.mark.parametrize("refers", REFERS.values(), ids=REFERS)
def test_a_revisit_of_what_an_earlier_run_indexed_is_held_already(
    runs: Callable[[str], Runs], refers: dict[str, str]
) -> None:
    index = runs("index")
    index.add(ORIGINAL + _response(EARLY, MORE, "https://paper.example/ferries"))
    before = index.documents()
    outcome = index.add(_revisit(LATE, **refers))
    assert (outcome.added, outcome.skipped, outcome.failures) == (0, 1, ())
    assert index.documents() == before


def test_a_revisit_at_another_address_is_a_document_with_the_body_that_is_held(runs: Callable[[str], Runs]) -> None:
    index = runs("index")
    index.add(ORIGINAL)
    other = "https://paper.example/2025/08/04/orders-again"
    assert index.add(_revisit(LATE, other, **REFERS["digest"])).added == 1
    held = {document.url: document for document, _ in Index.open(index.root).documents()}
    assert held[other].text == held[URL].text
    assert held[other].captured == datetime(2025, 9, 10, 10, tzinfo=UTC)


def test_every_item_of_a_feed_that_was_held_is_held_again(runs: Callable[[str], Runs]) -> None:
    items = [
        b"<item><title>%s</title><description>%s were seen by all.</description></item>" % (2 * (x,))
        for x in (b"Orders", b"Ferries")
    ]
    feed = b"<rss><channel>" + b"".join(items) + b"</channel></rss>"
    index = runs("index")
    index.add(_response(EARLY, feed, **REFERS["digest"]))
    outcome = index.add(_revisit(LATE, **REFERS["digest"]))
    assert (outcome.added, outcome.skipped, outcome.failures) == (0, 2, ())


def test_a_revisit_of_what_nobody_holds_is_still_a_failure(runs: Callable[[str], Runs]) -> None:
    index = runs("index")
    index.add(_response(EARLY, MORE))
    (failure,) = index.add(_revisit(LATE, **REFERS["digest"])).failures
    assert failure.status == "revisit-without-body"


def test_a_dry_run_tells_repeats_from_what_is_held(
    tmp_path: Path, write_folder: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_folder({"a.txt": "The same words of a text.", "b.txt": "The same words of a text."})
    assert run(["index", str(source), "--dry-run", "--json", "-i", str(tmp_path / "none")]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (len(row["would_add"]), row["skipped"], row["repeated"]) == (1, 0, 1)


def test_an_instant_comes_out_of_the_index_on_the_clock_of_its_page(runs: Callable[[str], Runs]) -> None:
    stated = b"<head><meta property='article:published_time' content='2025-08-04T22:30:00-04:00'></head>"
    index = runs("index")
    index.add(_response(LATE, PAGE.replace(b"<title>", stated + b"<title>")))
    (row,) = index.documents()
    assert row["published"]["earliest"] == row["dated"]["latest"] == "2025-08-04T22:30:00-04:00"
