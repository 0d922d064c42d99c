"""The published schema: every report passes it, nothing else does, and it describes all that a report says."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import evidence
from evidence.archive import Archive
from evidence.cli import run
from evidence.commands.schema import SCHEMA_FILE
from evidence.corpus import sample
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder

SCHEMA: dict[str, Any] = json.loads((files("evidence") / SCHEMA_FILE).read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
FACTS: dict[str, Any] = json.loads((Path(__file__).parent / "sample_facts.json").read_text(encoding="utf-8"))
DEMO = FACTS["demo_question"]
WINDOW = tuple(FACTS["window"].values())
NOW = datetime(2026, 1, 15, 23, 30, tzinfo=UTC)
SENTENCE = "H&V carried a backlog of EUR 487 million. [1]"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("schema") / "index"
    build_index(root, sample.folders(), HashingEmbedder())
    return root


def opened(root: Path, *answers: str) -> Archive:
    return evidence.open(root, embedder=HashingEmbedder(), generator=ScriptedGenerator(*answers), clock=lambda: NOW)


@pytest.fixture(scope="module")
def report(root: Path) -> dict[str, Any]:
    written: dict[str, Any] = opened(root).ask(DEMO, *WINDOW, llm=False)
    return written


def problems(report: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in VALIDATOR.iter_errors(report)]


def test_the_schema_is_itself_valid_and_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


@pytest.mark.parametrize(
    ("question", "window", "answers", "options"),
    [
        (DEMO, WINDOW, None, {}),
        (DEMO, WINDOW, [SENTENCE], {}),
        (DEMO, WINDOW, ["Gulls nest. [1]\nA tail without a number"], {}),
        (DEMO, WINDOW, [], {}),
        (DEMO, ("2019", "2019"), None, {}),
        ("What did the gulls say of the weather?", WINDOW, None, {}),
        (DEMO, ("2025", "2025-08-27T12:00-04:00"), None, {"tz": "America/New_York"}),
        (DEMO, ("2025", "2025-12"), None, {"known_by": "2025-08-27", "min_grade": "C"}),
        (DEMO, WINDOW, None, {"queries": ["lead times of SARQ", "gulls"]}),
    ],
)
def test_every_report_passes_the_schema_and_is_verified(
    root: Path, question: str, window: tuple[str, str], answers: list[str] | None, options: dict[str, Any]
) -> None:
    archive = opened(root, *(answers or ()))
    report = archive.ask(question, *window, llm=answers is not None, **options)
    assert problems(report) == []
    assert archive.verify(report) == []


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every object in a JSON value."""
    if isinstance(value, dict):
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


# Their keys are data: names of statuses, languages and reasons.
OPEN = {"failures", "partial", "unserved", "reasons"}


def test_a_key_that_is_not_described_is_refused_everywhere(report: dict[str, Any]) -> None:
    closed = [path for path in places(report) if not (path and path[-1] in OPEN)]
    assert len(closed) > 50
    for path in closed:
        changed = copy.deepcopy(report)
        at(changed, path)["surprise"] = "x"
        assert problems(changed) != [], path


def test_a_key_that_is_missing_is_noticed(report: dict[str, Any]) -> None:
    optional = {"reranker", "verifier"}
    for key in [key for key in SCHEMA["required"] if key not in optional]:
        assert problems({name: value for name, value in report.items() if name != key}) != [], key


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "evidence.report/2"),
        (("sha256",), "0" * 63),
        (("generated_at",), "yesterday"),
        (("findings", 0, "id"), "0"),
        (("findings", 0, "id"), 1),
        (("findings", 0, "quotes"), []),
        (("findings", 0, "quotes", 0, "text"), ""),
        (("findings", 0, "quotes", 0, "start"), -1),
        (("findings", 0, "impact"), {"level": "Low-Medium", "mechanism": "price", "rationale": "x", "quote": 0}),
        (("findings", 0, "dated"), None),
        (("findings", 0, "published", "grade"), "D"),
        (("findings", 0, "flags"), ["x", "x"]),
        (("sources", 0, "findings"), []),
        (("analysis", "state"), "guessed"),
        (("window", "first_day"), "2025-5-27"),
        (("models", "oracle"), None),
        (("filters", "colour"), "red"),
    ],
)
def test_a_value_of_another_kind_is_refused(
    report: dict[str, Any], path: tuple[str | int, ...], value: Any
) -> None:
    changed = copy.deepcopy(report)
    at(changed, path[:-1])[path[-1]] = value
    assert problems(changed) != []


def test_every_key_of_the_object_is_told_in_the_documentation() -> None:
    page = (Path(__file__).parent.parent / "docs" / "report.md").read_text(encoding="utf-8")
    assert [key for key in SCHEMA["properties"] if f"`{key}`" not in page] == []
