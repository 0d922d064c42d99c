"""Offline evidence search: `evidence.open(path).search(...)` and `.ask(...)`, the twins of the command line."""

from typing import Any

__all__ = ["Archive", "open"]


def __getattr__(name: str) -> Any:
    # the command line imports this package too, and `evidence --help` must not pay for FAISS and Arrow
    if name in __all__:
        from evidence import archive  # noqa: PLC0415

        return getattr(archive, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
