"""Flags and environment, read once at the rim into one frozen value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_INDEX = "evidence-index"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index, models.toml and entities.toml lie; None for a file is the one shipped with the program.

    `runs` is the folder of the run log; None is the one in the index.
    """

    index: Path
    models: Path | None
    entities: Path | None = None
    runs: Path | None = None

    @classmethod
    def read(
        cls,
        index: str | None,
        models: str | None,
        environment: Mapping[str, str] = os.environ,
        entities: str | None = None,
        runs: str | None = None,
    ) -> "Settings":
        """A flag wins over the environment, and that over ./evidence-index, ./models.toml and ./entities.toml."""
        index = index or environment.get("EVIDENCE_INDEX") or DEFAULT_INDEX
        runs = runs or environment.get("EVIDENCE_RUNS")
        return cls(
            Path(index),
            _own_file(models or environment.get("EVIDENCE_MODELS"), "models.toml"),
            _own_file(entities or environment.get("EVIDENCE_ENTITIES"), "entities.toml"),
            Path(runs) if runs else None,
        )


def _own_file(named: str | None, here: str) -> Path | None:
    if named:
        return Path(named)
    return Path(here) if Path(here).is_file() else None
