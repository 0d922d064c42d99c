"""Every error this project raises on purpose.

EvidenceError
+ UsageError        a value on the command line or in a call that cannot be right
+ ConfigError       models.toml or a setting: the user can fix it
  + ModelMissing    a model file is not there, or its digest differs
+ DocumentError     one document cannot be read; carries its path and a status; indexing goes on and counts it
+ StoreError        the index
  + NoIndex         there is none at this path
  + FormatError     too new or too old for this program
  + ModelMismatch   built with another embedder
  + SegmentError    damaged: a file's bytes are not those of its manifest
  + Locked          another process is writing
+ NotFound          no document or passage of that id
+ ReportError       a report fails its checks, or is no report
+ RecordError       a run record cannot be written: no record, no answer
+ GeneratorError    the local model failed

A message says what and where; `hint` says the way out.
"""

from evidence.corpus.values import Status


class EvidenceError(Exception):
    """The root of the tree: `str(error)` is what happened, `error.hint` what the user can do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(EvidenceError):
    """A value given by the user that cannot be right, found before anything is loaded."""


class ConfigError(EvidenceError):
    """A setting or a line of models.toml that cannot be used."""


class ModelMissing(ConfigError):
    """A model file is not there, or is not the file that models.toml names."""


class DocumentError(EvidenceError):
    """One document cannot be read; `status` says how reading ended."""

    def __init__(self, path: str, status: Status, reason: str) -> None:
        super().__init__(f"{path}: {status}: {reason}")
        self.path = path
        self.status = status
        self.reason = reason


class StoreError(EvidenceError):
    """The index cannot be used."""


class NoIndex(StoreError):
    """There is no index at this path."""


class FormatError(StoreError):
    """The index has a format that this program does not know."""


class ModelMismatch(StoreError):
    """The index holds vectors of another embedder."""


class SegmentError(StoreError):
    """A file of the index is missing or its bytes are not those its manifest names."""


class Locked(StoreError):
    """Another process is writing to this index."""


class NotFound(EvidenceError):
    """No document or passage has this id."""


class ReportError(EvidenceError):
    """A report cannot be read as one."""


class RecordError(EvidenceError):
    """The run log cannot be written to, so nothing may be answered."""


class GeneratorError(EvidenceError):
    """The local model failed."""
