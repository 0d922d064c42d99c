"""What the archive knows around the findings of one window: the report asks, the front door answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from evidence.corpus.values import Document
from evidence.retriever.hits import Hit


@dataclass(frozen=True, slots=True)
class Told:
    """The passages nearest to one text: inside the window, and before it, back to the archive's beginning.

    What is `before` may be counted and listed, and is no evidence.
    """

    inside: tuple[Hit, ...]
    before: tuple[Hit, ...]


class Background(Protocol):
    """One snapshot seen from one window. Undated documents and grades that the window shuts out never count."""

    def told(self, texts: Sequence[str]) -> Sequence[Told]:
        """For each text what is told like it; of copies of one story the nearest alone."""

    def copies(self, document: Document) -> Sequence[Document]:
        """The copies of its story that are inside the window or before it, itself among them, as they came."""

    def is_before(self, document: Document) -> bool:
        """Whether it is before the window."""

    def original(self, document: Document) -> str:
        """The id of its story's first copy."""

    def amended_by(self, document: Document) -> Sequence[str]:
        """The ids of what amends it."""
