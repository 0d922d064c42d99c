"""Articles as any program would be handed them, and a place in one that a program names."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Article:
    """`key` is the file and the record's number; `day` is an ISO day."""

    key: str
    day: str
    title: str
    text: str

    @classmethod
    def of(cls, key: str, row: dict[str, Any]) -> "Article":
        """A record of the data sets' files."""
        return cls(key, (row.get("published") or row["publish_date"])[:10], row["title"], row["text"])

    @property
    def titled(self) -> str:
        """The text under its title: peers have one field, and the title is often what a question names."""
        return f"{self.title}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class Piece:
    """What a peer found: an article, from this character on."""

    key: str
    offset: int
