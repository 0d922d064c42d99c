"""How often a page's day is right, too early or lost, with plain htmldate beside it.

Each page is read as `index` reads it and its `published` compared with the gold day. An instant is compared in
the gold's zone where the gold has one (fundus_news), else on the page's own calendar; again as the day that JSON
begins with, and in UTC. Whatever is less precise than a day, or missing, is wrong. Too early: all of `dated` lies
before the gold day. Lost: of all windows of 90 days that the gold day lies in (90 alignments a page), the share
without the page at grade B or better.

    python bench/dates.py [DATA] [--half dev|held] [--verbose]
"""

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from htmldate import find_date

from evidence.corpus.dates import date_document
from evidence.corpus.decoding import decode
from evidence.corpus.guessing import guess_date
from evidence.corpus.statements import read_statements, url_claims
from evidence.corpus.tree import parse
from evidence.corpus.values import Dating, Document, Grade

WINDOW_DAYS = 90
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its gold: a calendar day, or an instant with its zone."""

    source: str
    name: str
    url: str
    data: bytes
    day: date
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the chain says of a page, against its gold; `lost` is a share of its windows."""

    page: Page
    document: Document
    day: date | None
    json_day: date | None
    utc_day: date | None
    early: bool
    lost: float

    @property
    def grade(self) -> str:
        """The grade of the publication, `-` without one."""
        return self.document.published.grade.value if self.document.published else "-"

    @property
    def cause(self) -> str:
        """Why it is lost where it is: `modified` is the later-of rule."""
        published, dated = self.document.published, self.document.dated
        if published is None or dated is None:
            return "undated"
        if dated.grade is Grade.C:
            return "grade"
        return "modified" if dated.earliest > published.latest else "other"


def pages(data: Path) -> Iterator[Page]:
    """Every page that has a gold day."""
    for name, folders in (("eval_default.json", ("eval", "cache")), ("eval_mediacloud_2020.json", ("test_set",))):
        rows = json.loads((data / "htmldate_eval" / name).read_text(encoding="utf-8"))
        for url, row in rows.items():
            path = next(
                path
                for folder in folders
                for path in (data / "htmldate_eval" / folder).glob(f"{glob_escape(row['file'])}*")
            )
            if isinstance(row["date"], str):
                yield Page("htmldate_eval", path.name, url, _read(path), date.fromisoformat(row["date"]), None)
    for line in (data / "fundus_news" / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        moment = datetime.fromisoformat(row["publishing_date"])
        zoned = moment if moment.tzinfo else None
        raw = _read(data / "fundus_news" / row["html"])
        yield Page("fundus_news", row["html"], row["url"], raw, moment.date(), zoned)


def glob_escape(name: str) -> str:
    """A file's name as a pattern that means itself."""
    return name.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")


def _read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def judge(page: Page) -> Outcome:
    """The page through the chain."""
    text = decode(page.data)
    root = parse(text, page.name)
    claims = (*read_statements(root).claims, *url_claims(page.url))
    claims = claims or guess_date(text)
    clocks = date_document(claims, None)
    document = Document(
        id=page.name,
        path=page.name,
        kind="news",
        text="-",
        original="-",
        published=clocks.published,
        modified=clocks.modified,
        claims=claims,
        flags=clocks.flags,
    )
    day = _gold_zone_day(clocks.published, page) or clocks.day
    utc_day = clocks.published.earliest.date() if clocks.published and day else None
    json_day = date.fromisoformat(clocks.published.as_json()["earliest"][:10]) if clocks.published and day else None
    return Outcome(
        page, document, day, json_day, utc_day, _is_early(page, document, day), _lost(page, document.dated)
    )


def _gold_zone_day(dating: Dating | None, page: Page) -> date | None:
    if dating is None or page.moment is None or not dating.zoned:
        return None
    return dating.earliest.astimezone(page.moment.tzinfo).date()


def _is_early(page: Page, document: Document, day: date | None) -> bool:
    """The publication's own day where windows use that, else the last day of the modification in UTC."""
    dated = document.dated
    if dated is None:
        return False
    same = document.published is not None and dated.earliest == document.published.earliest
    return ((day if same else None) or dated.latest.date()) < page.day


def _lost(page: Page, dated: Dating | None) -> float:
    """Of the windows that hold the gold day, the share that does not hold the whole dating."""
    if dated is None or dated.grade is Grade.C:
        return 1.0
    first, last = dated.earliest.date(), dated.latest.date()
    starts = [page.day - ONE_DAY * back for back in range(WINDOW_DAYS)]
    inside = sum(start <= first and last < start + ONE_DAY * WINDOW_DAYS for start in starts)
    return 1 - inside / WINDOW_DAYS


def in_half(page: Page, half: str | None) -> bool:
    """Development pages and held-out ones, by the URL's digest."""
    even = hashlib.sha256(page.url.encode()).digest()[0] % 2 == 0
    return half is None or even == (half == "dev")


def share(part: int | float, whole: int) -> str:
    """A percentage."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def line(outcomes: list[Outcome]) -> str:
    """The figures of the chain."""
    top = [outcome for outcome in outcomes if outcome.grade == "A"]
    dated = [outcome for outcome in top if outcome.document.dated and outcome.document.dated.grade is Grade.A]
    invented = [outcome for outcome in outcomes if outcome.grade == "C"]
    total = len(outcomes)
    causes = [
        f"{cause} {share(sum(o.lost for o in outcomes if o.cause == cause), total)}"
        for cause in ("modified", "grade", "undated", "other")
    ]
    early, sure_early = (share(sum(o.early for o in group), len(group)) for group in (top, dated))
    return (
        f"{total} pages: exact {right(outcomes)}; grade A on {share(len(top), total)}, exact {right(top)}, "
        f"too early {early} (dated A: {sure_early}); grade C on {share(len(invented), total)}; "
        f"lost from {WINDOW_DAYS}-day windows {share(sum(o.lost for o in outcomes), total)} ({', '.join(causes)})"
    )


def right(outcomes: list[Outcome]) -> str:
    """The share with the gold day, as JSON writes it, and in UTC."""
    exact = sum(outcome.day == outcome.page.day for outcome in outcomes)
    in_utc = sum(outcome.utc_day == outcome.page.day for outcome in outcomes)
    in_json = sum(outcome.json_day == outcome.page.day for outcome in outcomes)
    count = len(outcomes)
    return f"{share(exact, count)} (JSON {share(in_json, count)}, UTC {share(in_utc, count)})"


def plain(found: list[Page], original: bool) -> str:
    """htmldate alone, on the same pages."""
    days = [find_date(decode(page.data), original_date=original) for page in found]
    right = sum(day == page.day.isoformat() for day, page in zip(days, found, strict=True))
    early = sum(bool(day) and day < page.day.isoformat() for day, page in zip(days, found, strict=True))
    return f"exact {share(right, len(found))}, too early {share(early, len(found))}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    parser.add_argument("data", type=Path, nargs="?", default=default)
    parser.add_argument("--half", choices=("dev", "held"))
    parser.add_argument("--verbose", action="store_true", help="each page that is wrong, early or lost")
    arguments = parser.parse_args()
    found = [page for page in pages(arguments.data) if in_half(page, arguments.half)]
    start = perf_counter()
    outcomes = [judge(page) for page in found]
    seconds = perf_counter() - start
    if arguments.verbose:
        for outcome in outcomes:
            if outcome.day != outcome.page.day or outcome.early or outcome.lost > 0.1:
                print(explain(outcome))
        for source in sorted({page.source for page in found}):
            print(f"{source}: {line([outcome for outcome in outcomes if outcome.page.source == source])}")
    print(
        f"{line(outcomes)}; {1000 * seconds / len(found):.1f} ms a page;"
        f" htmldate with original_date: {plain(found, True)}; as it comes: {plain(found, False)}"
    )


def explain(outcome: Outcome) -> str:
    """A page's figures and what it said."""
    what = "wrong" if outcome.day != outcome.page.day else "right"
    said = "; ".join(f"{claim.clock[0]} {claim.basis} {claim.text}" for claim in outcome.document.claims)
    extra = f"{' EARLY' if outcome.early else ''} lost {outcome.lost:.2f}"
    return f"{what}{extra} {outcome.grade} {outcome.page.name} gold {outcome.page.day} ours {outcome.day}: {said}"


if __name__ == "__main__":
    main()
