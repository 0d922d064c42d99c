"""What a user states about a document: `FILE.meta.json` beside it, or a line of a `--metadata` file."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from evidence.corpus.errors import DocumentError, UsageError
from evidence.corpus.times import FORMS, parse_strict
from evidence.corpus.values import Status

SIDECAR_SUFFIX = ".meta.json"
_MAX_SIDECAR_BYTES = 1 << 20

Kind = Literal["news", "filing", "press-release", "transcript", "page", "note", "document"]


class Metadata(BaseModel):
    """The user's word about one document. An unknown key is refused: a misspelt `published` would undate it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    language: str | None = None
    published: str | None = None
    modified: str | None = None
    captured: str | None = None
    kind: Kind | None = None
    form: str | None = None
    company: str | None = None
    ticker: str | None = None
    labels: list[str] | None = None

    @field_validator("*")
    @classmethod
    def _has_utf_8(cls, value: Any) -> Any:
        str(value).encode()
        return value

    @field_validator("published", "modified", "captured")
    @classmethod
    def _is_a_date(cls, value: str | None) -> str | None:
        if value is not None and parse_strict(value) is None:
            raise ValueError(f"{value!r} is not a date; forms: {FORMS}")
        return value

    def canonical(self) -> str:
        """One spelling for one meaning, so that it can be part of a document's identity."""
        return json.dumps(self.model_dump(exclude_none=True), sort_keys=True, ensure_ascii=False)


NO_METADATA = Metadata()
# Those that may be stated; `labels` is known only to be refused.
_KEYS = [name for name in Metadata.model_fields if name != "labels"]


@dataclass(frozen=True, slots=True)
class MetadataFile:
    """The lines of a `--metadata` file by the absolute path of the document each speaks of."""

    by_path: dict[Path, Metadata]

    @classmethod
    def read(cls, path: Path) -> "MetadataFile":
        """Reads JSON Lines with `path` beside the sidecar's keys; relative paths count from the file's folder.

        Raises UsageError naming the line, before anything is indexed.
        """
        try:
            return cls(dict(_lines(path)))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"--metadata {path} cannot be read: {getattr(error, 'strerror', None) or error}",
                'it is a file of JSON Lines in UTF-8: {"path": ..., "published": ...}',
            ) from error

    def of(self, path: Path) -> Metadata | None:
        """What the file says about this document."""
        return self.by_path.get(path.resolve())

    def unused(self, files: Iterable[Path]) -> list[Path]:
        """Paths it speaks of that are none of these files: misspelt, most likely."""
        return sorted(self.by_path.keys() - {path.resolve() for path in files})


def _lines(path: Path) -> Iterator[tuple[Path, Metadata]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            where = f"--metadata {path}, line {number}"
            try:
                row = json.loads(line)
                stated = row.pop("path")
                yield (path.parent / stated).resolve(), Metadata.model_validate(row)
            except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
                raise UsageError(f"{where}: {_reason(error)}", 'each line is {"path": ..., ...}') from error


def read_sidecar(path: Path) -> Metadata | None:
    """The sidecar beside a document, if there is one. Raises DocumentError `bad-metadata`."""
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    if not sidecar.exists():
        return None
    if not sidecar.is_file() or sidecar.stat().st_size > _MAX_SIDECAR_BYTES:
        raise DocumentError(str(path), Status.BAD_METADATA, f"{sidecar.name} is no file of at most 1 MB")
    try:
        row: Any = json.loads(sidecar.read_text(encoding="utf-8"))
        return Metadata.model_validate(row)
    except (OSError, ValueError, RecursionError) as error:
        raise DocumentError(str(path), Status.BAD_METADATA, f"{sidecar.name}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(_complaint(e["type"], ".".join(map(str, e["loc"])), e["msg"]) for e in error.errors())
    if isinstance(error, KeyError):
        return f"no {error} in it"
    return str(error)


def _complaint(kind: str, key: str, message: str) -> str:
    if kind == "extra_forbidden":
        return f"unknown key {key!r}; the keys are {', '.join(_KEYS)}"
    return f"{key or 'the object'}: {message}"
