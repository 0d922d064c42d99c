"""How well words find: floors on judged sets, which rise freely and fall only with a sentence."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import fmean
from typing import Any

BENCH = Path(__file__).resolve().parent.parent / "bench" / "retrieval"

# Published for BM25 on this collection: 0.3123.
CACM_MAP = 0.31


def run_bench(*arguments: str | Path) -> str:
    command = [sys.executable, BENCH, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_judged_abstracts_are_found_by_words_as_well_as_published(shared_data: Path, tmp_path: Path) -> None:
    folders = ("--data", shared_data, "--work", tmp_path / "work", "--out", tmp_path)
    said = run_bench("run", *folders, "--sets", "cacm", "--systems", "lexical", "plain")
    lexical = read_lines(tmp_path / "cacm.lexical.jsonl")
    assert len(lexical) == 52
    assert fmean(line["AP"] for line in lexical) >= CACM_MAP
    assert "cacm" in said
    compared = run_bench("diff", tmp_path / "cacm.plain.jsonl", tmp_path / "cacm.lexical.jsonl")
    assert "of 52" in compared
