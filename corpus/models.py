"""models.toml: which models there are, where they lie, and that they are the files it names."""

import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evidence.corpus.errors import ConfigError, ModelMissing
from evidence.corpus.hashing import digest, file_digest

SHIPPED = Path(__file__).with_name("models.toml")

Role = Literal["embedder", "generator"]
Chat = Literal["chatml", "llama3", "plain"]

# They decide what an embedder says as much as its weights do.
_EMBEDDER_COMPANIONS = {"tokenizer.json", "modules.json", "config.json"}
_SHA256 = r"^[0-9a-f]{64}$"
# Pickles run code when they are opened; these formats cannot.
_SAFE_SUFFIXES = {"embedder": ".safetensors", "generator": ".gguf"}

# sentence-transformers is given a folder and opens the file of this name, so this is the one to check.
_LOADED_NAME = "model.safetensors"


class ModelEntry(BaseModel):
    """One model as models.toml describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Role
    path: Path | None = None
    package: str | None = None
    file: str | None = None
    sha256: str = Field(pattern=_SHA256)
    companions: dict[str, str] = Field(default_factory=dict)
    dimensions: int | None = Field(default=None, gt=0)
    languages: tuple[str, ...] = ()
    context: int = Field(gt=0)
    chat: Chat | None = None
    licence: str
    install: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "ModelEntry":
        if (self.path is None) == (self.package is None) or (self.package is None) != (self.file is None):
            raise ValueError("a model lies at `path`, or in `package` as `file`")
        name = str(self.path or self.file)
        if not name.endswith(_SAFE_SUFFIXES[self.role]):
            raise ValueError(f"the {self.role}'s weights are a {_SAFE_SUFFIXES[self.role]} file, not {name}")
        if self.role == "embedder" and Path(name).name != _LOADED_NAME:
            raise ValueError(f"an embedder's weights are named {_LOADED_NAME}, not {name}")
        if self.role == "embedder" and self.dimensions is None:
            raise ValueError("an embedder states its `dimensions`")
        missing = _EMBEDDER_COMPANIONS - self.companions.keys()
        if self.role == "embedder" and missing:
            raise ValueError(f"an embedder's `companions` name its {', '.join(sorted(missing))}")
        if self.role == "generator" and self.chat is None:
            raise ValueError("a generator states its `chat` format")
        return self

    @property
    def digest(self) -> str:
        """One digest over the weights and all that decides what they say."""
        parts = [self.sha256, *(f"{name}={sha}" for name, sha in sorted(self.companions.items()))]
        return digest("\n".join(parts).encode())


@dataclass(frozen=True, slots=True)
class Model:
    """A model of models.toml by its name; its files are not checked yet."""

    name: str
    entry: ModelEntry
    folder: Path

    @property
    def weights(self) -> Path:
        """Where the weights should lie. Raises ModelMissing when their package is not installed."""
        if self.entry.path is not None:
            return self.folder / self.entry.path
        folder = _package_folder(str(self.entry.package))
        if folder is None:
            raise ModelMissing(f"model {self.name}: package {self.entry.package} is not installed", self._way_out)
        return folder / str(self.entry.file)

    def check(self) -> Path:
        """The weights' path, once they and their companions are known to be the files that were named.

        Raises ModelMissing.
        """
        weights = self.weights
        named = {weights: self.entry.sha256}
        named |= {weights.parent / name: sha256 for name, sha256 in self.entry.companions.items()}
        for path, sha256 in named.items():
            try:
                found = file_digest(path)
            except OSError as error:
                raise ModelMissing(
                    f"model {self.name}: {path} cannot be read: {error.strerror}", self._way_out
                ) from error
            if found != sha256:
                raise ModelMissing(
                    f"model {self.name}: {path} is not the file that models.toml names: "
                    f"SHA-256 {found[:12]}..., not {sha256[:12]}...",
                    "restore the file, or correct the entry if you changed the model on purpose",
                )
        return weights

    @property
    def _way_out(self) -> str:
        return self.entry.install or "correct `path` in models.toml; `evidence models` lists what is there"


def _package_folder(package: str) -> Path | None:
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        # a dotted name whose parent is missing, or no name of a package at all
        return None
    return Path(next(iter(spec.submodule_search_locations))) if spec and spec.submodule_search_locations else None


@dataclass(frozen=True, slots=True)
class Models:
    """All of one models.toml."""

    source: Path
    embedder: str
    generator: str
    entries: dict[str, ModelEntry]

    def get(self, name: str, role: Role) -> Model:
        """Raises ConfigError for a name that is not there or has another role."""
        entry = self.entries.get(name)
        if entry is None or entry.role != role:
            known = ", ".join(sorted(key for key, value in self.entries.items() if value.role == role)) or "none"
            raise ConfigError(f"no {role} named {name!r} in {self.source}", f"it names: {known}")
        return Model(name, entry, self.source.parent)

    def all(self) -> list[Model]:
        """Every model, by name."""
        return [Model(name, entry, self.source.parent) for name, entry in sorted(self.entries.items())]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    embedder: str
    generator: str
    models: dict[str, ModelEntry]


def read_models(path: Path) -> Models:
    """Raises ConfigError naming the line or the key."""
    try:
        content = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", "--models names another file") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(
            f"{path}: {where}: {first['msg']}", "see the comments in the shipped models.toml"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not TOML: {error}", "see the shipped models.toml") from error
    return Models(path, content.embedder, content.generator, content.models)
