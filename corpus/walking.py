"""What the user gave to files: folders walked, hidden things left out. Knows nothing of what a file holds."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from evidence.corpus.errors import UsageError
from evidence.corpus.metadata import SIDECAR_SUFFIX


def find_files(sources: Iterable[Path]) -> list[Path]:
    """The files under these sources, sorted; hidden ones, sidecars and indexes of ours are left out.

    Links are followed, each folder once. A folder that cannot be listed, a link to nothing and what is no file (a
    pipe, a socket, a device) come back, too, and fail when they are read. Raises UsageError for a source that is
    not there: a misspelt path must not look like an empty one.
    """
    found: dict[Path, None] = {}
    for source in sources:
        if not source.exists():
            raise UsageError(f"no such file or folder: {source}", "check the path, and quote one that has spaces")
        for path in sorted(_walk(source)) if source.is_dir() else [source]:
            if not path.name.endswith(SIDECAR_SUFFIX):
                found[path] = None
    return list(found)


def find_orphans(files: Iterable[Path]) -> list[Path]:
    """Sidecars in these files' folders that stand beside no file at all: misnamed, most likely."""
    folders = {path.parent for path in files}
    beside = (path for folder in folders for path in folder.glob(f"*{SIDECAR_SUFFIX}"))
    return sorted(path for path in beside if not path.with_name(path.name.removesuffix(SIDECAR_SUFFIX)).exists())


def _walk(source: Path) -> Iterator[Path]:
    unlisted: list[Path] = []
    seen: set[tuple[int, int]] = set()
    for name, folders, files in os.walk(
        source, followlinks=True, onerror=lambda error: unlisted.append(Path(error.filename))
    ):
        place = Path(name).stat()
        if (place.st_dev, place.st_ino) in seen or ("format" in files and "snapshots" in folders):
            folders.clear()
            continue
        seen.add((place.st_dev, place.st_ino))
        folders[:] = [folder for folder in folders if not folder.startswith(".")]
        for file in files:
            if not file.startswith("."):
                yield Path(name) / file
    yield from unlisted
