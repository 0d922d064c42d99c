"""The sample corpus: fiction about invented companies, for the demo and the first tests."""

from pathlib import Path

_FOLDERS = ("archive", "exports", "filings", "news", "notes", "releases", "transcripts")


def folders() -> list[Path]:
    """The folders that hold its documents."""
    root = Path(__file__).parent
    return [root / name for name in _FOLDERS]
