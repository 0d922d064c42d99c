"""What several tests need: folders of documents, and indexes built from them with the stand-in embedder."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.workers import Workers

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"

_COUNTS = "counts"
TODAY = date(2026, 1, 15)


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def sample() -> Path:
    """The shipped sample corpus."""
    return ROOT / "corpus" / "sample"


@pytest.fixture
def shared_data() -> Path:
    """Real data that is not part of the project; tests that need it are skipped without it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the real data sets in ../shared/data, which are not part of the project")
    return SHARED_DATA


@pytest.fixture
def write_folder(tmp_path: Path) -> Callable[..., Path]:
    """write_folder({"a.txt": "text", "b.html": b"bytes"}, {"a.txt": {"published": "2025-08-04"}}) -> folder."""

    def write(files: Mapping[str, str | bytes], sidecars: Mapping[str, Mapping[str, Any]] | None = None) -> Path:
        folder = tmp_path / "source"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        for name, row in (sidecars or {}).items():
            (folder / f"{name}.meta.json").write_text(json.dumps(row), encoding="utf-8")
        return folder

    return write


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """Contained readers, started once for all tests that only want documents read."""
    with Workers() as shared:
        yield shared


@pytest.fixture
def build(tmp_path: Path, embedder: HashingEmbedder, workers: Workers) -> Callable[..., Index]:
    """build(source, ...) indexes with the stand-in embedder into one index of the test and opens it."""

    def make(*sources: Path, name: str = "index") -> Index:
        build_index(tmp_path / name, list(sources), embedder, workers=workers)
        return Index.open(tmp_path / name)

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-counts", action="store_true", help="counts of whole runs are written to tests/counts")


@pytest.fixture
def keep_counts(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[..., None]:
    """keep_counts("run-log-edits", whole, edits=1000, found=1000): a line for whoever runs the tests.

    Called with all asserts behind. With --keep-counts those of a whole run are kept for RELIABILITY.md
    (tests/counts.py): an ordinary run of the tests changes no file that is kept.
    """

    def keep(group: str, whole: bool, **counts: int | float | str) -> None:
        line = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in counts.items())
        record_property(_COUNTS, f"{group}{'' if whole else ' (short form)'}: {line}")
        if whole and request.config.getoption("--keep-counts"):
            path = ROOT / "tests" / "counts" / f"{group}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.getreports("passed")
    for line in sorted(line for report in reports for name, line in report.user_properties if name == _COUNTS):
        terminalreporter.write_line(line)
