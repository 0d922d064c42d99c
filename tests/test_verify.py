"""`evidence verify`: a true report passes, and whatever is changed in it or under it is found and named."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evidence import archive
from evidence.archive import Archive
from evidence.cli import run
from evidence.corpus.errors import ReportError
from evidence.corpus.hashing import digest
from evidence.generator.report import seal
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.verifying import verify_report

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
TEXT = (
    "SARQ said its order backlog rose to $318.3 million. Gulls nest on the roof of the hall. The SARQ order tools."
)
SENTENCE = "SARQ said its order backlog rose to $318.3 million."
Report = dict[str, Any]
REPLACED = {"{": "[", "}": "]", "[": "{", "]": "}", '"': "'", ",": ";", ":": "=", "\\": "/"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents: an early one, and one on the last moment of the window's last day."""
    folder = tmp_path_factory.mktemp("verify")
    early = {"date": "2025-07-31T12:00:00Z", "title": "Early", "text": "The SARQ order backlog was small then."}
    late = {"date": "2025-08-27T23:59:59.500Z", "title": "Late", "url": "https://a.example/b", "text": TEXT}
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, (early, late))), encoding="utf-8")
    build_index(folder / "index", [folder / "a.jsonl"], HashingEmbedder())
    return folder / "index"


def opened(root: Path) -> Archive:
    generator = ScriptedGenerator(f"{SENTENCE} [1]")
    return archive.open(root, embedder=HashingEmbedder(), generator=generator, clock=lambda: NOW)


@pytest.fixture(scope="module")
def report(root: Path) -> Report:
    return opened(root).ask("SARQ order backlog", "2025-08", "2025-08-27")


def test_a_true_report_has_no_problems(root: Path, report: Report) -> None:
    assert [quote["text"] for quote in report["findings"][0]["quotes"]] != []
    assert [sentence["text"] for sentence in report["analysis"]["sentences"]] == [SENTENCE]
    assert opened(root).verify(json.loads(json.dumps(report, indent=2))) == []


@pytest.mark.parametrize("window", [("2025", "2026"), ("9m", "today"), ("2019", "2019"), ("2025-07-31", "2025-08")])
def test_a_report_of_any_window_has_no_problems(root: Path, window: tuple[str, str]) -> None:
    checked = opened(root)
    for zone in ("UTC", "America/New_York", "Pacific/Kiritimati"):
        assert checked.verify(checked.ask("SARQ order; walrus husbandry", *window, tz=zone)) == []


def test_one_changed_character_anywhere_is_found(root: Path, report: Report) -> None:
    checked = opened(root)
    written = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
    for at in range(0, len(written), max(1, len(written) // 300)):
        other = REPLACED.get(written[at]) or chr(ord(written[at]) ^ 1)
        try:
            changed = json.loads(written[:at] + other + written[at + 1 :])
        except ValueError:
            continue
        try:
            assert checked.verify(changed) != [], (at, written[at], other)
        except ReportError:
            assert changed.get("schema") != report["schema"]


def changes() -> Iterator[tuple[str, Callable[[Report], object], str]]:
    """What a forger changes before he seals the report anew, and what is said of it."""

    def quote(report: Report) -> dict[str, Any]:
        first: dict[str, Any] = report["findings"][0]["quotes"][0]
        return first

    def reword(report: Report) -> None:
        text = quote(report)["text"].replace("318.3", "999.9")
        quote(report).update(text=text, sha256=digest(text.encode()))

    def shift(report: Report, by: int) -> None:
        quote(report).update(start=quote(report)["start"] + by, end=quote(report)["end"] + by)

    length = len(TEXT)
    yield "quote text", lambda r: quote(r).update(text="SARQ"), "finding 1: quote 1: the text is not characters"
    yield "text and sha", reword, "finding 1: quote 1: the text is not characters"
    yield "shifted", lambda r: shift(r, 1), "finding 1: quote 1: the text is not characters"
    yield "counted from the end", lambda r: shift(r, -length), "finding 1: quote 1: the text is not characters"
    yield "start", lambda r: quote(r).update(start=None), "missing or malformed"
    yield "end", lambda r: r["findings"][0]["quotes"][-1].update(end=10**9), "the text is not characters"
    yield (
        "sha",
        lambda r: quote(r).update(sha256="0" * 64),
        "finding 1: quote 1: the text does not have the SHA-256",
    )
    yield "document", lambda r: quote(r).update(document_id="0" * 16), "finding 1: quote 1: no document"
    yield "no quotes", lambda r: r["findings"][0].update(quotes=[]), "finding 1: it quotes nothing"
    for key, said in (
        ("published", "its publication date is"),
        ("dated", "the date that"),
        ("source", "its source is"),
    ):
        yield (
            f"finding's {key}",
            lambda r, key=key: r["findings"][0][key].update(earliest="2025-08-01T00:00:00Z", title="Other"),  # type: ignore[misc]
            f"finding 1: {said}",
        )
    yield "edge", lambda r: r["findings"][0].update(on_window_edge=True), "the window's edge"
    yield "window", lambda r: r["window"].update(last_instant="2025-08-27T12:00:00Z"), "is not inside the window"
    yield "words", lambda r: r["window"].update(since="2025"), "report: its window's ends"
    yield "no date", lambda r: r["window"].update(until="tuesday"), "report: its window's ends"
    yield "whole day", lambda r: r["window"].update(whole_last_day=False), "report: its window's ends"
    yield "grade", lambda r: r["window"].update(min_grade="A"), "is not inside the window"
    yield "no zone", lambda r: r["window"].update(last_instant="2025-08-27T12:00:00"), "missing or malformed"
    yield "title", lambda r: r["sources"][0].update(title="Other"), "it is not described as in the archive"
    yield "original", lambda r: r["sources"][0].update(original="0" * 64), "it is not described as in the archive"
    yield "cited by", lambda r: r["sources"][0].update(findings=["9"]), "sources: "
    yield "source gone", lambda r: r.update(sources=[]), "sources: "
    yield "source added", lambda r: r["sources"].append({**r["sources"][0], "id": "0" * 16}), "no document"
    yield "key gone", lambda r: r["findings"][0].pop("quotes"), "missing or malformed"
    yield "not a list", lambda r: r.update(findings=7), "missing or malformed"
    for sentence, reason in (
        ({"text": SENTENCE.replace("rose", "sank").replace("318", "319")}, "a number is not in its quotes"),
        ({"text": SENTENCE.replace("SARQ", "Danmora")}, "a name is not in its quotes"),
        ({"citations": []}, "cites nothing"),
        ({"citations": ["9"]}, "cites a quote that does not exist"),
    ):
        yield (
            f"sentence: {reason}",
            lambda r, sentence=sentence: r["analysis"]["sentences"][0].update(sentence),  # type: ignore[misc]
            f"sentence 1 of the analysis: {reason}",
        )


@pytest.mark.parametrize(("change", "said"), [row[1:] for row in changes()], ids=[row[0] for row in changes()])
def test_a_forged_report_is_found_though_it_is_sealed_anew(
    root: Path, report: Report, change: Callable[[Report], object], said: str
) -> None:
    forged = copy.deepcopy(report)
    change(forged)
    assert "report: its text has changed since it was written" in opened(root).verify(forged)
    problems = opened(root).verify(seal(forged))
    assert [line for line in problems if said in line] != [], problems
    assert "report: its text has changed since it was written" not in problems


def test_a_document_from_outside_is_found_though_it_is_quoted_truly(root: Path, report: Report) -> None:
    wide = opened(root).ask("SARQ order backlog", "2025", "2025-08-27")
    assert [source["title"] for source in wide["sources"]] == ["Early", "Late"]
    problem, unrecorded = opened(root).verify(seal({**wide, "window": report["window"]}))
    assert unrecorded.startswith("report: it is not what run")
    assert problem.startswith("finding 1: quote 1: document") and problem.endswith("is not inside the window")


@pytest.fixture
def own(tmp_path: Path, write_folder: Callable[..., Path]) -> tuple[Path, Report]:
    """An index that a test may damage, and a true report of it."""
    folder = write_folder({"a.txt": TEXT}, {"a.txt": {"published": "2025-08-04"}})
    build_index(tmp_path / "index", [folder], HashingEmbedder())
    return tmp_path / "index", opened(tmp_path / "index").ask("SARQ order backlog", "2025-08", "2025-08-27")


def test_a_missing_and_an_altered_original_are_found(own: tuple[Path, Report]) -> None:
    root, report = own
    assert opened(root).verify(report) == []
    (original,) = (path for path in (root / "originals").rglob("*.gz"))
    whole = original.read_bytes()
    for damaged in (whole[:20] + bytes([whole[20] ^ 1]) + whole[21:], whole[:-9], b"", None):
        original.unlink() if damaged is None else original.write_bytes(damaged)
        (problem,) = opened(root).verify(report)
        assert problem.startswith(f"source {report['sources'][0]['id']}: original {original}")


def test_an_altered_stored_text_is_found(own: tuple[Path, Report]) -> None:
    root, report = own
    (stored,) = root.rglob("documents.arrow")
    data = stored.read_bytes()
    stored.write_bytes(data.replace(b"318.3", b"999.9"))
    problems = opened(root).verify(report)
    assert [line for line in problems if line.startswith("finding 1: quote 1: ") and "is damaged" in line]


@pytest.mark.parametrize("other", [{}, {"schema": "evidence.report/2"}, {"schema": None}, [], "report", None])
def test_what_is_no_report_is_refused(root: Path, other: Any) -> None:
    with pytest.raises(ReportError, match="not an evidence report"):
        verify_report(other, opened(root).index)


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_a_report_of_a_time_at_the_end_of_all_calendars_is_wrong_and_no_traceback(
    root: Path, report: Report, value: str
) -> None:
    assert opened(root).verify(seal({**report, "generated_at": value})) != []


def test_what_a_report_without_a_record_can_hide_is_said(
    root: Path, report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = {**report, "run": None}
    forged["key_findings"] = [{**key, "title": "Forged"} for key in report["key_findings"]]
    path = tmp_path / "forged.json"
    path.write_text(json.dumps(seal(forged)), encoding="utf-8")
    code = run(["verify", str(path), "-i", str(root)])
    out, err = capsys.readouterr()
    assert (code, "its seal is whole" in out, "has no record of its run" in err) == (0, True, True)
    assert "to the character" not in out
