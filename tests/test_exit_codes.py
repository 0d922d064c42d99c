"""Exit codes and streams, a contract that scripts depend on: each code is produced for real."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence import exits
from evidence.cli import COMMANDS, root, run
from evidence.corpus.errors import EvidenceError
from evidence.generator.report import seal
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.writer import open_writer

DAY = {"published": "2025-08-04"}
TEXT = "Invented Bonders booked orders of 41 million dollars in July.\n\nLead times were 19 weeks."
AUGUST = ("--since", "2025-08", "--until", "2025-08")


# A shell starts its background jobs with Ctrl-C ignored, and a test run may be one.
_MAIN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from evidence.cli import main
main()
"""


def _program(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _MAIN, *map(str, arguments)]
    return subprocess.Popen(command, text=True, stderr=subprocess.PIPE, **options)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One readable note and one empty one, indexed with the real embedder."""
    folder = tmp_path_factory.mktemp("codes")
    (folder / "source").mkdir()
    (folder / "source" / "note.txt").write_text(TEXT)
    (folder / "source" / "note.txt.meta.json").write_text(json.dumps(DAY))
    (folder / "source" / "empty.txt").touch()
    assert run(["index", str(folder / "source"), "-i", str(folder / "index")]) == exits.SOME_UNREADABLE
    return folder / "index"


@pytest.fixture
def report(archive: Path, tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    assert run(["ask", "lead times", *AUGUST, "--no-llm", "-i", str(archive), "-o", str(path)]) == exits.DONE
    return path


@pytest.mark.parametrize(
    ("code", "arguments", "error"),
    [
        (0, ["status"], ""),
        (0, ["search", "lead times", *AUGUST], ""),
        (1, ["show", "nothing"], "error: no document nothing"),
        (5, ["verify", __file__], "is not a JSON report"),
        (2, ["search", "lead times"], "error: a window is required"),
        (2, ["nonsense"], "No such command 'nonsense'"),
        (4, ["search", "lead times", "--since", "2024", "--until", "2024"], "nothing in this window was found"),
        (4, ["ask", "lead times", "--since", "2024", "--until", "2024", "--no-llm"], ""),
    ],
)
def test_a_command_ends_with_the_code_of_what_happened(
    archive: Path, capsys: pytest.CaptureFixture[str], code: int, arguments: list[str], error: str
) -> None:
    known = [] if arguments == ["nonsense"] else ["-i", str(archive)]
    assert run([*arguments, *known]) == code
    assert error in capsys.readouterr().err


def test_code_10_there_is_no_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "-i", str(tmp_path / "none")]) == exits.NO_INDEX == 10
    assert "hint: `evidence index SOURCE` makes one" in capsys.readouterr().err


def test_code_11_another_process_is_writing(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT)
    with open_writer(tmp_path / "index", HashingEmbedder()):
        program = _program("index", tmp_path / "note.txt", "-i", tmp_path / "index", stdout=subprocess.PIPE)
        out, err = program.communicate()
    assert (program.returncode, out) == (exits.LOCKED, "") == (11, "")
    assert f"is being written by process {os.getpid()}" in err


def test_code_12_a_model_is_not_the_file_that_models_toml_names(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"altered")
    entry = f'role = "embedder"\npath = "model.safetensors"\nsha256 = "{"0" * 64}"\ndimensions = 384\ncontext = 256'
    companions = "\n".join(f'"{name}" = "{"0" * 64}"' for name in ("tokenizer.json", "modules.json", "config.json"))
    writer = f'role = "generator"\npath = "w.gguf"\nsha256 = "{"0" * 64}"\ncontext = 256\nchat = "plain"'
    (tmp_path / "models.toml").write_text(
        f'embedder = "mine"\ngenerator = "writer"\n[models.writer]\n{writer}\nlicence = "MIT"\n'
        f'[models.mine]\n{entry}\nlicence = "MIT"\n[models.mine.companions]\n{companions}\n'
    )
    models = ["--models", str(tmp_path / "models.toml")]
    assert run(["models", *models]) == run(["doctor", *models]) == exits.NO_MODEL == 12
    assert run(["search", "lead times", *AUGUST, *models, "-i", str(archive)]) == exits.NO_MODEL
    assert f"{tmp_path / 'model.safetensors'} is not the file that models.toml names" in capsys.readouterr().err


def test_code_130_interrupted(archive: Path) -> None:
    program = _program(
        "search", "--queries", "-", "-i", archive, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1
    )
    assert program.stdin and program.stderr
    program.stdin.write("no JSON\n")
    program.stdin.flush()
    assert "-, line 1: it is not JSON" in program.stderr.readline()
    program.send_signal(signal.SIGINT)
    _, err = program.communicate()
    assert (program.returncode, "error: interrupted" in err) == (exits.INTERRUPTED, True)
    assert exits.INTERRUPTED == 130


def test_a_reader_that_goes_away_is_no_failure(archive: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    program = _program("documents", "-i", archive, stdout=writing)
    os.close(writing)
    assert (program.communicate()[1], program.returncode) == ("", exits.DONE)


def _other_quote(row: dict[str, Any]) -> None:
    quote = row["findings"][0]["quotes"][0]
    quote["text"] = quote["text"].replace("19", "18")


def _other_window(row: dict[str, Any]) -> None:
    row["window"]["last_day"] = row["window"]["first_day"]


def _other_source(row: dict[str, Any]) -> None:
    row["sources"][0]["path"] += "x"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_other_quote, "error: finding 1: quote 1: the text is not characters"),
        (_other_window, "error: finding 1: quote 1: document"),
        (_other_source, "it is not described as in the archive"),
    ],
)
def test_code_5_one_changed_character_of_a_report_is_found_and_named_even_under_a_new_seal(
    archive: Path,
    report: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[dict[str, Any]], None],
    problem: str,
) -> None:
    assert run(["verify", str(report), "-i", str(archive)]) == exits.DONE
    row = json.loads(report.read_text())
    change(row)
    for sealed in (False, True):
        report.write_text(json.dumps(seal(row) if sealed else row))
        capsys.readouterr()
        assert run(["verify", str(report), "-i", str(archive)]) == exits.DAMAGED == 5
        out, err = capsys.readouterr()
        assert (out, problem in err, "its text has changed" in err) == ("", True, not sealed)


def test_failures_are_listed_with_their_reason(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["failures", "--json", "-i", str(archive)]) == exits.DONE
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (set(row), row["path"][-9:], row["status"]) == ({"path", "status", "reason"}, "empty.txt", "empty")


def test_the_default_models_are_listed_and_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "--json"]) == exits.DONE
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["name"], row["role"], row["default"], row["ok"]) for row in rows] == [
        ("minilm", "embedder", True, True),
        ("smollm2-135m", "generator", True, True),
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == exits.DONE
    out, err = capsys.readouterr()
    assert (out.startswith(f"Usage: evidence {command} "), err) == (True, "")


def test_the_help_page_names_every_code() -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    assert set(map(int, re.findall(r"\b\d+\b", str(root.help)))) == codes


def test_an_error_without_a_code_of_its_own_is_a_failure() -> None:
    assert exits.exit_code(EvidenceError("anything")) == exits.FAILED == 1
