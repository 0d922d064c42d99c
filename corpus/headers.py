"""What the header of an EDGAR submission says: form, days, and who files about whom. Pure.

Four dialects in one grammar: `KEY: value` lines under `<SEC-HEADER>` or `<IMS-HEADER>`, the same in a PEM envelope,
and the SGML tags of `.nc` files, which may stand on one line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from evidence.corpus.decoding import decode
from evidence.corpus.item_titles import item_number

# What the header's clock shows. Loaded here, for a reader works where no file can be opened any more.
_EASTERN = ZoneInfo("America/New_York")

_LINE_END = re.compile(r"\r\n|\r|\n")
_TAG = re.compile(r"<([A-Z][A-Z0-9-]{0,60})>([^<]*)")
_KEY = re.compile(r"\s*+([A-Z][A-Z0-9 .&/-]{0,60}):\s*+(.*)")
_ACCESSION = re.compile(r"\d{10}-\d\d-\d{6}")
_DAY = re.compile(r"\d{8}")

# Both dialects' words for one thing; the first value counts, of items all.
_SCALARS = {
    "CONFORMED-SUBMISSION-TYPE": "form",
    "TYPE": "form",
    "ACCESSION-NUMBER": "accession",
    "ACCEPTANCE-DATETIME": "accepted",
    "FILED-AS-OF-DATE": "filed",
    "FILING-DATE": "filed",
    "CONFORMED-PERIOD-OF-REPORT": "period",
    "PERIOD": "period",
    "SEC-HEADER": "released",
    "IMS-HEADER": "released",
    "PRIVATE-TO-PUBLIC": "private",
    "PAPER": "paper",
}
_ITEMS = frozenset({"ITEM-INFORMATION", "ITEMS"})
_NAMES = frozenset({"COMPANY-CONFORMED-NAME", "CONFORMED-NAME"})
_CIKS = frozenset({"CENTRAL-INDEX-KEY", "CIK"})
_PARTY = frozenset({"COMPANY-DATA", "OWNER-DATA"})

# Whom a filing is about, where others file about it: the target of a 13D or an offer, the company of a Form 4.
_ABOUT = ("SUBJECT-COMPANY", "ISSUER")
_BY = ("FILED-BY", "REPORTING-OWNER")
# The regulator's own letters bear a number that no filer has.
_REGULATOR_PREFIX = "0000000000-"
_REGULATOR = "U.S. Securities and Exchange Commission"


@dataclass(frozen=True, slots=True)
class Party:
    """Someone a header names; the role as there, like `FILER`, `SUBJECT-COMPANY`, `REPORTING-OWNER`."""

    role: str
    name: str | None
    cik: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """A submission's header. Days are ISO; `accepted` is ISO with New York's offset of that day.

    `released` is the day on which the file as it lies here was made public; `private` says that a part of it was
    not public before, like letters between the regulator and a filer.
    """

    form: str | None = None
    accession: str | None = None
    filed: str | None = None
    accepted: str | None = None
    period: str | None = None
    released: str | None = None
    private: bool = False
    paper: bool = False
    items: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()

    @property
    def about(self) -> Party | None:
        """The company that this is about: the subject or issuer where others file, else the first filer."""
        return next((party for party in self.parties if party.role in _ABOUT), next(iter(self.parties), None))

    @property
    def filer(self) -> str | None:
        """Who says it: the bidder, the insider, the regulator; else the company itself."""
        if self.accession and self.accession.startswith(_REGULATOR_PREFIX):
            return _REGULATOR
        filers = [party.name for party in self.parties if party.role in _BY and party.name]
        return filers[0] if filers else self.about.name if self.about else None


def read_header(data: bytes) -> Header:
    """What these bytes, all before the first document, say; what is not there or makes no sense is None."""
    found: dict[str, str] = {}
    items: list[str] = []
    fields = list(_fields(decode(data)))
    for key, value in fields:
        if key in _ITEMS and value:
            items.append(value)
        elif name := _SCALARS.get(key):
            found.setdefault(name, value)
    number = _ACCESSION.match(found.get("accession") or found.get("released", ""))
    filed = _day(found.get("filed"))
    return Header(
        form=found.get("form") or None,
        accession=number[0] if number else None,
        filed=filed,
        accepted=_eastern(found.get("accepted")),
        period=_day(found.get("period")),
        released=_day(found.get("released", "").rpartition(":")[2]),
        private="private" in found,
        paper="paper" in found,
        items=tuple(dict.fromkeys(item_number(item, filed) for item in items)),
        parties=tuple(_parties(fields)),
    )


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Keys and values in their order; blanks in keys become hyphens, a group's name has an empty value."""
    for line in _LINE_END.split(text):
        if line.lstrip().startswith("<"):
            yield from ((match[1], match[2].strip()) for match in _TAG.finditer(line))
        elif (match := _KEY.fullmatch(line)) is not None:
            yield match[1].strip().replace(" ", "-"), match[2].strip()


def _parties(fields: list[tuple[str, str]]) -> Iterator[Party]:
    """A group of a name and a number, under the group's name before it."""
    role, group, name, cik = "", "", None, None
    for key, value in [*fields, ("COMPANY-DATA", "")]:
        if key in _PARTY:
            if name or cik:
                yield Party(role, name, cik)
            role, name, cik = group, None, None
        elif key in _NAMES and name is None:
            name = value or None
        elif key in _CIKS and cik is None and value.isdecimal() and len(value) <= 10:
            cik = value.zfill(10)
        elif not value:
            group = key


def _day(text: str | None) -> str | None:
    text = (text or "").strip()
    try:
        return date.fromisoformat(text).isoformat() if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _eastern(text: str | None) -> str | None:
    """Of the hour that a clock shows twice in autumn the later one: nothing is dated before it was there."""
    try:
        moment = datetime.strptime((text or "").strip(), "%Y%m%d%H%M%S")
    except ValueError:
        return None
    return moment.replace(tzinfo=_EASTERN, fold=1).isoformat()
