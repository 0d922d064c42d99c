"""The README says what the program is: its commands, exit codes, forms of dates and keys of a sidecar."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import evidence
from evidence import exits
from evidence.cli import COMMANDS
from evidence.corpus.entities import read_entities
from evidence.corpus.metadata import Metadata
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.retriever.window import ALL_FORMS

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_command_is_in_its_table() -> None:
    assert set(re.findall(r"^\| `evidence (\w+)", README, re.MULTILINE)) == set(COMMANDS)


def test_every_exit_code_is_in_its_table() -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    assert set(map(int, re.findall(r"^\| (\d+) \|", README, re.MULTILINE))) == codes


def test_every_form_of_a_date_is_named() -> None:
    assert [form for form in ALL_FORMS.split(", ") if f"`{form}`" not in README] == []


def test_every_key_of_a_sidecar_is_named() -> None:
    keys = set(Metadata.model_fields) - {"labels"}
    assert {key for key in keys if f'"{key}":' not in README} == set()
    assert "`labels` is refused" in README


def test_its_entities_can_be_used_as_they_stand(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert example is not None
    (tmp_path / "entities.toml").write_text(example[1], encoding="utf-8")
    entity = read_entities(tmp_path / "entities.toml").find("K&S")
    assert entity is not None
    assert entity.forms == ("Kulicke & Soffa Industries", "K&S", "Kulicke & Soffa", "KLIC")


def test_its_python_example_runs(
    write_folder: Callable[..., Path], build: Callable[..., Index], embedder: HashingEmbedder
) -> None:
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example is not None
    index = build(
        write_folder({"a.txt": "Halden & Voss said lead times rose."}, {"a.txt": {"published": "2025-08-04"}})
    )
    archive = evidence.open(index.layout.root, embedder=embedder, clock=lambda: datetime(2026, 1, 15, tzinfo=UTC))
    lines = [line for line in example[1].splitlines() if not line.startswith(("import", "archive ="))]
    names = {"archive": archive}

    exec("\n".join(lines), names)

    assert names["hits"]
    assert names["report"]["findings"]
