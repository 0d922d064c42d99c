"""Flags and environment, read once at the rim into one frozen value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_INDEX = "evidence-index"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index and models.toml lie. `models` is None for the one shipped with the program."""

    index: Path
    models: Path | None

    @classmethod
    def read(cls, index: str | None, models: str | None, environment: Mapping[str, str] = os.environ) -> "Settings":
        """A flag wins over the environment, and that over ./evidence-index and ./models.toml."""
        index = index or environment.get("EVIDENCE_INDEX") or DEFAULT_INDEX
        models = models or environment.get("EVIDENCE_MODELS")
        if not models and Path("models.toml").is_file():
            models = "models.toml"
        return cls(Path(index), Path(models) if models else None)
