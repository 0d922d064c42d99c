"""models.toml: which models there are, where they lie, and that they are the files it names."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from evidence.corpus.errors import ConfigError, ModelMissing
from evidence.corpus.hashing import file_digest
from evidence.corpus.model_entries import ModelEntry, Role, read_entries
from evidence.corpus.toml import read_toml

SHIPPED = Path(__file__).with_name("models.toml")


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
    # none is shipped
    reranker: str | None = None
    verifier: str | None = None

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


def read_models(path: Path) -> Models:
    """Raises ConfigError naming the line or the key."""
    return read_toml(path, lambda _, content: Models(path, *read_entries(content)), "--models", SHIPPED)
