"""What stands over a passage: the words that a reader of it sees around it, and that it need not name itself.

A page of a filing seldom names its company or its year, and a paragraph of an article seldom repeats the headline.
These words are a field of the lexical index of their own; they are never embedded and never quoted. Pure.
"""

from datetime import date, timedelta
from pathlib import PurePath

from evidence.corpus.values import Document

# A year of 52 or 53 weeks may end in the first days of the next.
_SPILL = timedelta(days=10)


def document_head(document: Document) -> str:
    """What is known of the document: title, file name, company, ticker, publisher, form, its fiscal year."""
    period = document.filing and document.filing.period
    parts = (
        document.title,
        _file_name(document.path),
        document.company,
        document.ticker,
        document.publisher,
        document.form,
        period and _fiscal_year(period),
    )
    return "\n".join(part for part in parts if part)


def _fiscal_year(period: str) -> str:
    """The year that a period ends in, or a few days after: `2022` of `2023-01-01`."""
    try:
        return str((date.fromisoformat(period) - _SPILL).year)
    except (ValueError, OverflowError):
        return period[:4]


def passage_head(document: Document, start: int) -> str:
    """What is known of the place: the section's title, and who speaks there."""
    place = document.locate(start)
    return "\n".join(part for part in (place.section, place.speaker, place.role) if part)


def _file_name(path: str) -> str | None:
    """`3M 2022 10K` of `filings/3M_2022_10K.pdf`. The name of a file of many documents says nothing of one."""
    return None if "#" in path else PurePath(path).stem.replace("_", " ")
