"""Of copies of a story one is found, the best inside the window; what lies outside holds nothing back."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.retriever.fusion import fuse
from evidence.retriever.search import DEPTH, search
from evidence.retriever.selection import one_a_story
from evidence.retriever.window import parse_window

TODAY = date(2026, 1, 15)
STORY = " ".join(
    f"The chip maker said on day {number} that order number {number * 7} for bonding machines came from a "
    f"customer in region {number * 13}, who wants {number * 3} of them by week {number * 5}."
    for number in range(1, 30)
)
OTHER = (
    "A chip maker reported orders for machines. The weather in Veldhoven was fine, and the fair had many visitors."
)


@pytest.fixture
def index(tmp_path: Path, build: Callable[..., Index]) -> Index:
    """One story by three papers on three days, and another one."""
    days = {"First Post": "2025-08-01", "Second Post": "2025-08-02", "Third Post": "2025-08-03"}
    lines = [
        {
            "title": "Chip maker tells of orders",
            "text": STORY,
            "publisher": name,
            "published": day,
            "url": f"https://{n}.example/",
        }
        for n, (name, day) in enumerate(days.items())
    ]
    lines.append({"title": "Fair", "text": OTHER, "publisher": "Post", "published": "2025-08-02"})
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return build(path)


def publishers(index: Index, since: str, until: str) -> set[str | None]:
    hits = search(index, HashingEmbedder(), "orders for machines", parse_window(since, until, today=TODAY), 50)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    return {hit.document.publisher for hit in hits}


def test_of_copies_of_a_story_one_is_found_and_with_it_all_other_stories(index: Index) -> None:
    found = publishers(index, "2025-08", "2025-08")
    assert "Post" in found
    assert len(found) == 2


@pytest.mark.parametrize("day", ["2025-08-01", "2025-08-03"])
def test_a_copy_outside_the_window_holds_back_none_inside(index: Index, day: str) -> None:
    assert len(publishers(index, day, day)) == 1


def test_a_story_with_more_copies_than_a_ranking_is_deep_hides_no_other_story(
    tmp_path: Path, build: Callable[..., Index]
) -> None:
    copies = [
        {"title": "Orders", "text": STORY, "published": "2025-08-01", "url": f"https://{n}.example/"}
        for n in range(DEPTH // 2)
    ]
    others = [{"title": f"Fair {n}", "text": f"{OTHER} Day {n}.", "published": "2025-08-02"} for n in range(4)]
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [*copies, *others]))
    window = parse_window("2025-08", "2025-08", today=TODAY)
    hits = search(build(path), HashingEmbedder(), "orders for bonding machines from a customer", window, 30)
    assert {hit.document.title for hit in hits} == {"Orders", *(f"Fair {n}" for n in range(4))}
    assert len({hit.document.id for hit in hits}) == 5


def test_nothing_found_is_nothing_chosen() -> None:
    assert one_a_story(fuse([], [])) == []
