"""Search: 10,000 random windows leak nothing and lose nothing, and what lies outside changes no ranking."""

import json
import random
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import evidence
from evidence.corpus.errors import UsageError
from evidence.corpus.hashing import digest
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.retriever.filters import Filter
from evidence.retriever.hits import parse_id
from evidence.retriever.ranges import find_ranges
from evidence.retriever.search import search, search_embedded
from evidence.retriever.window import parse_window

TODAY, DAY = date(2026, 1, 15), timedelta(days=1)
CLOCK = datetime(2026, 1, 15, tzinfo=UTC)
WHOLE = parse_window("1990", None, today=TODAY)
ZONES = [
    ZoneInfo(name) for name in "UTC America/New_York Asia/Kolkata Pacific/Kiritimati Pacific/Pago_Pago".split()
]
BORDERS = [date(2025, 3, 9), date(2025, 8, 1), date(2025, 11, 2)]


class Known(NamedTuple):
    """What the author of a document knows of its time: an instant, or the days of its interval."""

    grade: str
    instant: datetime | None
    days: tuple[date, date] | None = None

    def day(self, end: int, zone: ZoneInfo) -> date:
        if self.instant:
            return self.instant.astimezone(zone).date()
        assert self.days
        return self.days[end]


class Bound(NamedTuple):
    """One end of a window as typed, and what it means: a moment, or days."""

    text: str
    moment: datetime | None
    days: tuple[date, date] = (TODAY, TODAY)

    def day(self, end: int, zone: ZoneInfo) -> date:
        """The first day (end 0) after the moment, or the last day (end 1) before it, wherever it was typed."""
        if self.moment is None:
            return self.days[end]
        here, there = self.moment.astimezone(zone).replace(tzinfo=None), self.moment.replace(tzinfo=None)
        if end == 1:
            return min(here, there).date() - DAY
        return max(here, there).date() + (0 * DAY if here == there and here.time() == time() else DAY)

    def admits(self, known: Known, end: int, zone: ZoneInfo) -> bool:
        sign = 1 if end == 0 else -1
        if self.moment and known.instant:
            return sign * (known.instant - self.moment) >= timedelta(0)
        return sign * (known.day(end, zone) - self.day(end, zone)) >= timedelta(0)


def dated_articles() -> Iterator[tuple[dict[str, str], Known | None]]:
    """Articles as exported, with the truth about each; None where nobody knows. Twins part at local midnights."""
    for border in BORDERS:
        for midnight in (datetime.combine(border, time(), zone) for zone in ZONES):
            for moment in (midnight, midnight - timedelta(seconds=1)):
                yield {"date": moment.isoformat()}, Known("B", moment)
        for day in (border, border - DAY):
            url = f"https://a.example/{day:%Y/%m/%d}/x"
            yield {"date": f"{day}"}, Known("B", None, (day, day))
            yield {"date": f"{day}", "url": url}, Known("A", None, (day, day))
            yield {"date": f"{day + 30 * DAY}", "url": url}, Known("B", None, (day + 30 * DAY, day + 30 * DAY))
            yield {"date": "2025-01-07", "modified": f"{day}"}, Known("B", None, (day, day))
    for written, first, last in (
        ("2025-08", 213, 243),
        ("2025-Q3", 182, 273),
        ("2025", 1, 365),
        ("2027", 731, 1095),
    ):
        yield (
            {"date": written},
            Known("B", None, (date(2024, 12, 31) + first * DAY, date(2024, 12, 31) + last * DAY)),
        )
    yield {"date": f"{TODAY + DAY}"}, Known("B", None, (TODAY + DAY, TODAY + DAY))
    yield {"modified": "2025-08-01"}, Known("B", None, (date(2025, 8, 1), date(2025, 8, 1)))
    for undated in ({}, {"date": "08/01/2025"}):
        yield undated, None


def random_bound(chance: random.Random, zone: ZoneInfo, anchor: date | None) -> Bound:
    """Any form of the grammar, most often near a border; relative forms count back from the anchor."""
    day = chance.choice([*BORDERS, date(2025, 1, 1) + chance.randint(0, 400) * DAY]) + chance.randint(-2, 2) * DAY
    form = chance.choice(["day", "today", "typed", "local", "1", "3", "12", *("dwmy" if anchor else "")])
    if form in {"typed", "local"}:
        clock = chance.choice([time(), time(23, 59, 59), time(chance.randint(0, 23), 30)])
        moment = datetime.combine(day, clock, chance.choice(ZONES) if form == "typed" else zone)
        return Bound(moment.isoformat() if form == "typed" else f"{day} {clock}", moment)
    if form.isdigit():
        month = (day.month - 1) // int(form) * int(form) + 1
        last = date(day.year, month + int(form) - 1, monthrange(day.year, month + int(form) - 1)[1])
        text = {"1": f"{day:%Y-%m}", "3": f"{day.year}-Q{month // 3 + 1}", "12": f"{day.year}"}[form]
        return Bound(text, None, (date(day.year, month, 1), last))
    if form in "dwmy" and anchor:
        count = chance.randint(0, 12)
        back = anchor - count * {"w": 7}.get(form, 1) * DAY
        if form in "my":
            year, month = divmod(anchor.year * 12 + anchor.month - 1 - count * {"y": 12}.get(form, 1), 12)
            back = date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))
        return Bound(f"{count}{form}", None, (back, back))
    return Bound("today", None) if form == "today" else Bound(f"{day}", None, (day, day))


def test_ten_thousand_windows_hold_exactly_what_their_words_say(
    write_folder: Callable[..., Path], build: Callable[..., Index], embedder: HashingEmbedder
) -> None:
    """Against the rule written a second time, from what authors and askers know, without intervals in UTC."""
    truth, chance = dict(enumerate(dated_articles())), random.Random(11)
    lines = [json.dumps({"text": f"Orders rose by {n}.", "title": f"{n}", **row}) for n, (row, _) in truth.items()]
    for part in range(3):
        index = build(write_folder({"export.jsonl": "\n".join(lines[part::3])}))
    titles = [
        [int(document.title or -1) for document in segment.documents.documents()] for segment in index.segments
    ]
    vector = embedder.encode(["orders"])[0]
    asked = found = refused = 0
    while asked < 10_000:
        zone = chance.choice(ZONES)
        ceiling = random_bound(chance, zone, None) if chance.random() < 0.5 else Bound("", None)
        anchor = ceiling.moment.astimezone(zone).date() if ceiling.moment else ceiling.days[1]
        since = random_bound(chance, zone, anchor)
        until = random_bound(chance, zone, anchor) if chance.random() < 0.7 else ceiling
        grade = chance.choice("ABC")
        inside = {
            n
            for n, (_, known) in truth.items()
            if known
            and known.grade <= grade
            and since.admits(known, 0, zone)
            and until.admits(known, 1, zone)
            and ceiling.admits(known, 1, zone)
        }
        words = {"as_of": ceiling.text or None, "tz": zone.key, "min_grade": grade}
        try:
            window = parse_window(since.text, until.text or None, today=TODAY, **words)
        except UsageError:
            assert not inside
            refused += 1
            continue
        passages = [
            titles[index.segments.index(part.segment)][part.segment.passages.documents[row]]
            for part in find_ranges(index, window)
            for row in (part.first + np.flatnonzero(part.wanted)).tolist()
        ]
        hits = search_embedded(index, vector, "orders rose", window, 3)
        assert sorted(passages) == sorted(inside), (since, until, words)
        assert len(hits) == min(3, len(inside)) and {int(hit.document.title or -1) for hit in hits} <= inside
        asked, found = asked + 1, found + len(passages) + len(hits)
    assert (found > 100_000, refused > 1000) == (True, True)


def test_neither_outsiders_nor_cuts_change_a_ranking(
    write_folder: Callable[..., Path], build: Callable[..., Index], embedder: HashingEmbedder
) -> None:
    """Most passages read the same, so that places are tied far beyond the depth of a ranking."""
    text = "# Part\n\nTools rose.\n\n" * 40
    files = {f"{place}-{n}.md": f"{text}# End\n\nTools of {n}." for n in range(8) for place in ("in", "out")}
    dates = {
        name: {"published": ("2025-08-0" if name < "j" else "2024-08-0") + f"{n % 7 + 1}"}
        for n, name in enumerate(files)
    }
    folder = write_folder(files, dates)
    inside, outside = sorted(folder.glob("in-*.md")), sorted(folder.glob("out-*.md"))

    def ranked(name: str, *runs: list[Path]) -> list[tuple[object, ...]]:
        for paths in runs:
            index = build(*paths, name=name)
        hits = search(index, embedder, "tools", parse_window("2025", None, today=TODAY), 100)
        return [(hit.rank, hit.id, hit.score, hit.dense, hit.lexical) for hit in hits]

    alone = ranked("alone", inside)
    assert len(alone) == 100
    assert ranked("cut", inside[5:], inside[:2], inside[2:5]) == alone
    assert ranked("among others", [*inside, *outside]) == alone
    assert ranked("cut among others", outside, inside[1::2], inside[::2]) == alone


def test_an_answer_about_2023_gives_the_same_ranked_list_before_and_after_the_2024_articles_are_added(
    tmp_path: Path, build: Callable[..., Index], embedder: HashingEmbedder
) -> None:
    months = [date(2023 + month // 12, month % 12 + 1, 28) for month in range(24)]
    for day in months:
        articles = [
            {
                "title": f"Orders of {day:%B}",
                "text": f"Marrow Tools (NASDAQ: MRRW) took {number} orders in {day:%B}, {day.month} of them late.",
                "published": f"{day}",
            }
            for number in range(4)
        ]
        lines = "".join(json.dumps(article) + "\n" for article in articles)
        (tmp_path / f"{day}.jsonl").write_text(lines)
    files = [tmp_path / f"{day}.jsonl" for day in months]
    answers = []
    # few at a time, so that segments are added and merged
    for first in range(0, 24, 3):
        index = build(*files[first : first + 3])
        if first >= 9:
            archive = evidence.open(index.layout.root, embedder=embedder, clock=lambda: CLOCK)
            report = archive.ask("How many orders of MRRW were late in May?", "2023", "2023", llm=False)
            answers.append((archive.search("orders of MRRW late", "2023", "2023", k=50), report["findings"]))
    assert len(answers) == 5 and len(answers[0][0]) == 48 and answers[0][1]
    assert answers[1:] == answers[:1] * 4


def test_a_hit_is_a_slice_of_its_stored_document(
    sample: Path, build: Callable[..., Index], embedder: HashingEmbedder
) -> None:
    index = build(sample)
    hits = search(index, embedder, "orders and lead times", WHOLE, 20)
    assert [hit.rank for hit in hits] == list(range(1, 21))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        document = index.document(hit.document.id)
        assert hit.text == document.text[hit.start : hit.end] == hit.as_json()["passage"]["text"]
        assert document.text_sha256 == digest(document.text.encode())
        assert parse_id(hit.id) == (document.id, hit.start, hit.end)
        assert all(hit.start <= start < end <= hit.end for start, end in hit.sentences)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (Filter(), "abc"),
        (Filter(publisher="REUTERS"), "ab"),
        (Filter(form="10-q"), "b"),
        (Filter(ticker="klic"), "c"),
        (Filter(publisher="Reuters", ticker="KLIC"), ""),
        (Filter(publisher="Reut"), ""),
    ],
)
def test_filters_keep_what_says_exactly_that_but_for_case(
    write_folder: Callable[..., Path],
    build: Callable[..., Index],
    embedder: HashingEmbedder,
    where: Filter,
    found: str,
) -> None:
    said = {"a": {"publisher": "Reuters"}, "b": {"publisher": "reuters", "form": "10-Q"}, "c": {"ticker": "KLIC"}}
    files = {f"{name}.txt": f"Orders of {name}." for name in said}
    sidecars = {f"{name}.txt": {"published": "2025-08", **row} for name, row in said.items()}
    hits = search(build(write_folder(files, sidecars)), embedder, "orders", WHOLE, 9, where)
    assert sorted(hit.document.path[-5] for hit in hits) == list(found)
