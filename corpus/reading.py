"""What a reader takes out of a record's bytes. Readers say what the page claims; nobody judges it here."""

from dataclasses import dataclass

from evidence.corpus.values import Claim, Filing, Mark, Status


@dataclass(frozen=True, slots=True)
class Reading:
    """A document's text and its own statements about itself."""

    text: str
    kind: str
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    form: str | None = None
    company: str | None = None
    ticker: str | None = None
    filing: Filing | None = None
    captured: str | None = None
    status: Status = Status.OK
    completeness: float | None = None
    claims: tuple[Claim, ...] = ()
    marks: tuple[Mark, ...] = ()
    flags: tuple[str, ...] = ()
