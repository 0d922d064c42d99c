"""What a set is: documents, questions with their windows, and what is right. Values; each set has its own page.

A unit is what a set judges: an article, a page of a filing, a fact. A ranked list of passages is read as a list of
their units, each at its best place.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.corpus.metadata import MetadataFile
from evidence.corpus.values import Document
from evidence.retriever.filters import NO_FILTER, Filter


@dataclass(frozen=True, slots=True)
class Topic:
    """One question. `relevant` are the units that are right, perhaps none; `answer` is right wherever it stands;
    what is of a unit in `aside` is passed over, as if it were not there."""

    id: str
    text: str
    since: str
    until: str
    relevant: frozenset[str] = frozenset()
    answer: str | None = None
    aside: frozenset[str] = frozenset()
    kind: str = "all"
    where: Filter = NO_FILTER


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """`unit` names what the passage at an offset of a document counts as; `measures` are ir-measures' names."""

    name: str
    sources: tuple[Path, ...]
    topics: tuple[Topic, ...]
    unit: Callable[[Document, int], str]
    measures: tuple[str, ...]
    # sets of the same documents share an index of this name
    index: str
    stated: MetadataFile | None = None
    # taken from each list: by default enough that ten documents, or pages, are among them
    passages: int = 100
    # a set of words alone needs no real embedder
    lexical_only: bool = False


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """JSON Lines, compressed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def write_rows(path: Path, lines: Iterator[dict[str, Any]]) -> Path:
    """JSON Lines where there are none yet; the path."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path
