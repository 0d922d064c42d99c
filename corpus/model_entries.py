"""The grammar of models.toml: its tables to values, or an error that names the key."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from math import isfinite
from pathlib import Path
from typing import Any, Literal, get_args

from evidence.corpus.hashing import digest
from evidence.corpus.toml import TABLE, TEXT, Kind, check_keys, list_of, one_of

Role = Literal["embedder", "reranker", "verifier", "generator"]
Chat = Literal["chatml", "llama3", "plain"]
Writing = Literal["free", "copied"]

# They decide what a model says as much as its weights do.
_COMPANIONS = {
    "embedder": {"tokenizer.json", "modules.json", "config.json"},
    "reranker": {"tokenizer.json", "config.json"},
    "verifier": {"tokenizer.json", "config.json"},
    "generator": set[str](),
}
# Pickles run code when they are opened; these formats cannot.
_SAFE_SUFFIXES = {
    "embedder": ".safetensors",
    "reranker": ".safetensors",
    "verifier": ".safetensors",
    "generator": ".gguf",
}
# All but generators are opened as a folder, by this name, so this is the file to check.
_LOADED_NAME = "model.safetensors"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """What `evidence models calibrate` measured of a generator, on which version of its cases and which weights.

    `selects` is the share of answers found; `refuses` and `judges` are areas under a curve, with the margins below
    which the model says no; `free` is the share of sentences in its own words that stood.
    """

    version: int
    weights: str
    selects: float
    refuses: float
    refuses_below: float
    judges: float
    judges_below: float
    free: float
    writes: Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """One model as models.toml describes it. Raises ValueError for keys that do not go together."""

    role: Role
    path: Path | None = None
    package: str | None = None
    file: str | None = None
    sha256: str
    companions: Mapping[str, str] = field(default_factory=dict)
    dimensions: int | None = None
    languages: tuple[str, ...] = ()
    context: int
    chat: Chat | None = None
    threshold: float | None = None
    calibrated: Calibrated | None = None
    licence: str
    install: str | None = None

    def __post_init__(self) -> None:
        if (self.path is None) == (self.package is None) or (self.package is None) != (self.file is None):
            raise ValueError("a model lies at `path`, or in `package` as `file`")
        name = str(self.path or self.file)
        if not name.endswith(_SAFE_SUFFIXES[self.role]):
            raise ValueError(f"the {self.role}'s weights are a {_SAFE_SUFFIXES[self.role]} file, not {name}")
        if self.role != "generator" and Path(name).name != _LOADED_NAME:
            raise ValueError(f"the {self.role}'s weights are named {_LOADED_NAME}, not {name}")
        if self.role == "embedder" and self.dimensions is None:
            raise ValueError("an embedder states its `dimensions`")
        if missing := _COMPANIONS[self.role] - self.companions.keys():
            raise ValueError(f"the {self.role}'s `companions` name its {', '.join(sorted(missing))}")
        if (self.role == "verifier") != (self.threshold is not None):
            raise ValueError("a verifier, and no other, states its `threshold`")
        if self.role != "generator" and self.calibrated is not None:
            raise ValueError("only a generator is `calibrated`")
        if self.role == "generator" and self.chat is None:
            raise ValueError("a generator states its `chat` format")

    @property
    def digest(self) -> str:
        """One digest over the weights and all that decides what they say."""
        parts = [self.sha256, *(f"{name}={sha}" for name, sha in sorted(self.companions.items()))]
        # what a model was measured to be able to do decides what it is asked
        parts += [f"calibrated={asdict(self.calibrated)}"] if self.calibrated else []
        return digest("\n".join(parts).encode())


def read_entries(
    content: Mapping[str, Any],
) -> tuple[str, str, dict[str, ModelEntry], str | None, str | None]:
    """The default embedder's and generator's names, all models; the reranker's and verifier's name or None.

    Raises ValueError that begins with the key.
    """
    check_keys("", content, _TOP, frozenset(_TOP.keys() - {"reranker", "verifier"}))
    entries = {}
    for name, row in content["models"].items():
        where = f"models.{name}"
        check_keys(f"{where}.", row, _KEYS, _REQUIRED)
        if "calibrated" in row:
            check_keys(f"{where}.calibrated.", row["calibrated"], _MEASURED, frozenset(_MEASURED))
        try:
            entries[name] = _entry(row)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from error
    return content["embedder"], content["generator"], entries, content.get("reranker"), content.get("verifier")


def _entry(row: Mapping[str, Any]) -> ModelEntry:
    path = {"path": Path(row["path"])} if "path" in row else {}
    measured = {"calibrated": Calibrated(**row["calibrated"])} if "calibrated" in row else {}
    return ModelEntry(**{**row, **path, **measured, "languages": tuple(row.get("languages", ()))})


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


# True is an integer, too
_COUNT = Kind("a whole number above 0", lambda value: type(value) is int and value > 0)

_SHARE = Kind("a number from 0 to 1", lambda value: type(value) in (int, float) and 0 <= value <= 1)
# TOML knows nan and inf, and nothing is below them
_MARGIN = Kind("a finite number", lambda value: type(value) in (int, float) and isfinite(value))

_TOP = {"embedder": TEXT, "reranker": TEXT, "verifier": TEXT, "generator": TEXT, "models": TABLE}
_KEYS = {
    "role": one_of(get_args(Role)),
    "path": TEXT,
    "package": TEXT,
    "file": TEXT,
    "sha256": Kind("64 hexadecimal digits in lower case", _is_digest),
    "companions": Kind(
        "a table of file names to SHA-256",
        lambda value: isinstance(value, dict) and all(map(_is_digest, value.values())),
    ),
    "dimensions": _COUNT,
    "languages": list_of(TEXT, "strings"),
    "context": _COUNT,
    "chat": one_of(get_args(Chat)),
    "threshold": Kind("a number between 0 and 1", lambda value: type(value) is float and 0 < value < 1),
    "calibrated": TABLE,
    "licence": TEXT,
    "install": TEXT,
}
_MEASURED = {
    "version": _COUNT,
    "weights": Kind("64 hexadecimal digits in lower case", _is_digest),
    "selects": _SHARE,
    "refuses": _SHARE,
    "refuses_below": _MARGIN,
    "judges": _SHARE,
    "judges_below": _MARGIN,
    "free": _SHARE,
    "writes": one_of(get_args(Writing)),
}
_REQUIRED = frozenset(key.name for key in fields(ModelEntry) if key.default is key.default_factory is MISSING)
