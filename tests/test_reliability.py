"""RELIABILITY.md and SECURITY.md: every test they name exists, and counts are what the tests wrote."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("RELIABILITY.md", "SECURITY.md")
COUNTS = runpy.run_path(str(ROOT / "tests" / "counts.py"))


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_is_named_exists(page: str) -> None:
    named = set(re.findall(r"`(tests/\w+\.py)`", (ROOT / page).read_text(encoding="utf-8")))
    assert len(named) > 5
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_the_counts_are_those_that_the_tests_wrote() -> None:
    page = (ROOT / "RELIABILITY.md").read_text(encoding="utf-8")
    assert COUNTS["filled"](page) == page, "python tests/counts.py writes them"


def test_a_table_of_counts_has_a_row_for_each_proof(tmp_path: Path) -> None:
    kept = {path.stem for path in (ROOT / "tests" / "counts").glob("*.json")}
    assert kept
    assert set(re.findall(r"^\| `([\w-]+)` \|", COUNTS["table"](), re.MULTILINE)) == kept


def test_every_proof_that_keeps_counts_has_had_a_whole_run() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    proofs = set(re.findall(r'keep_counts\(\s*"([\w-]+)"', tests))
    assert {"run-log-edits", "run-log-cuts", "replays"} <= proofs
    kept = {path.stem for path in (ROOT / "tests" / "counts").glob("*.json")}
    assert sorted(proofs - kept) == []
