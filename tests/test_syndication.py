"""Copies of one story cluster, whoever printed them and in whatever order they came; other stories stay apart."""

import gzip
import importlib.util
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.hashing import digest
from evidence.corpus.values import Basis, Dating, Document, Filing, Grade, Precision
from evidence.indexer.clusters import Clusters, partition
from evidence.indexer.copies import Finder
from evidence.indexer.shingles import SAMPLES, sample, shingle
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.syndication import Kinship, Story, arrival, describe

BENCH = Path(__file__).resolve().parent.parent / "bench" / "syndication.py"


def prose(seed: int, sentences: int = 30) -> list[str]:
    """Sentences of twelve invented words; another seed has none of them in common."""
    dice = random.Random(seed)
    vocabulary = ["".join(dice.choices("abcdefghiklmnoprstuvwz", k=dice.randint(3, 9))) for _ in range(400)]
    return [" ".join(dice.choices(vocabulary, k=12)).capitalize() + "." for _ in range(sentences)]


def on(day: str, zoned: bool = False) -> Dating:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return Dating(start, start + timedelta(days=1, microseconds=-1), Precision.DAY, Basis.META, Grade.B, zoned)


def doc(name: str, sentences: Iterable[str], day: str | None = "2025-03-10", **more: object) -> Document:
    text = " ".join(sentences)
    made = Document(name, f"{name}.txt", "news", text, digest(text.encode()), published=on(day) if day else None)
    return replace(made, **more)  # type: ignore[arg-type]


def cluster(
    documents: Sequence[Document], batch: int = 1000, live: Callable[[str], bool] = lambda name: True
) -> set[str]:
    """The clusters of more than one, each as its names with the original first."""
    finder = Finder(documents.__getitem__)
    kinships: list[Kinship] = []
    stories: dict[str, Story] = {}
    for start in range(0, len(documents), batch):
        described = [describe(document) for document in documents[start : start + batch]]
        kinships += finder.add(described).kinships
        stories |= {d.id: one.story for d, one in zip(documents[start:], described, strict=False)}
    held = {document.id: document for document in documents}
    living = {name: story for name, story in stories.items() if live(name)}
    return {" ".join(found.members) for found in Clusters(living, kinships, held.__getitem__)}


STORY, OTHER, THIRD = prose(1), prose(2), prose(3)
FURNITURE = prose(4, 4)
EDITED = [*STORY[:3], *prose(5, 2), *STORY[7:18], STORY[19], STORY[18], *STORY[20:]]
REWORDED = [" ".join("Else" if n % 12 == 5 else word for n, word in enumerate(s.split())) for s in STORY]


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        STORY[:12],
        EDITED,
        REWORDED,
        [*prose(6, 3), *STORY[3:]],
        [*FURNITURE[:2], *STORY, *FURNITURE[2:]],
        [*FURNITURE[:2], *EDITED[:12], *FURNITURE[3:]],
        [" ".join(STORY).upper()],
        [" ".join(STORY).replace(" ", "\u00a0\n")],
        [" ".join(STORY).replace("a", "a\u200b")],
    ],
    ids="same cut edited reworded new-lead wrapped edited-cut-wrapped capitals spaces invisible".split(),
)
@pytest.mark.parametrize("title", [None, "An altogether other headline"])
def test_a_copy_joins_its_story_and_no_other(copy: list[str], title: str | None) -> None:
    headline = " ".join(STORY[2].split()[:6])
    copied = doc("b", copy, "2025-03-11", title=title)
    assert cluster([doc("a", STORY, title=headline), copied, doc("x", OTHER)]) == {"a b"}


def test_what_a_site_puts_on_every_page_joins_nothing() -> None:
    """Two shorts in the same long furniture, and a notice in the place of two stories."""
    wall = prose(7, 12)
    titles = [" ".join(sentences[0].split()[:6]) for sentences in (OTHER, THIRD)]
    shorts = [doc("a", [*OTHER[:4], *wall], title=titles[0]), doc("b", [*THIRD[:4], *wall], title=titles[1])]
    notices = [doc("c", wall, title=titles[0], publisher="P"), doc("d", wall, title=titles[1], publisher="P")]
    assert cluster(shorts) == set()
    assert cluster(notices) == set()


def test_few_shared_words_join_nothing() -> None:
    assert cluster([doc("a", STORY[:2]), doc("b", STORY[:2])]) == set()
    assert cluster([doc("a", [*STORY[:2], *OTHER]), doc("b", [*STORY[:2], *THIRD])]) == set()
    assert cluster([doc("a", ["One two"]), doc("b", ["One two"])]) == set()


def test_scripts_without_spaces_are_compared_by_character() -> None:
    dice = random.Random(8)
    signs = ["".join(chr(0x4E00 + dice.randrange(3000)) for _ in range(20)) + "。" for _ in range(20)]
    other = ["".join(chr(0x4E00 + dice.randrange(3000)) for _ in range(20)) + "。" for _ in range(20)]
    assert cluster([doc("a", signs), doc("b", signs[:8]), doc("c", other)]) == {"a b"}


def test_a_roundup_makes_one_story_of_none_of_its_parts() -> None:
    stories = [doc("a", STORY), doc("b", OTHER), doc("c", EDITED)]
    roundup = doc("r", [*STORY, *OTHER, *THIRD])
    assert cluster([*stories, roundup]) == {"a c"}
    assert cluster([*stories, roundup, replace(roundup, id="s", publisher="S")]) == {"a c", "r s"}


def test_a_part_of_a_page_many_times_its_size_is_no_copy_of_it() -> None:
    assert cluster([doc("a", STORY[:10]), doc("b", [*STORY, *prose(9, 100)])]) == set()


@pytest.mark.parametrize(("day", "joined"), [("2025-03-17", True), ("2025-04-10", False), (None, True)])
def test_copies_are_dated_near_one_another(day: str | None, joined: bool) -> None:
    assert bool(cluster([doc("a", STORY), doc("b", STORY, day)])) is joined


def test_no_chain_of_versions_reaches_over_weeks() -> None:
    days = [f"2025-03-{day:02}" for day in (1, 6, 11, 16, 21, 26)]
    weekly = [doc(f"v{n}", [*STORY[:25], *prose(20 + n, 5)], day) for n, day in enumerate(days)]
    for members in cluster(weekly):
        first, *_, last = members.split()
        assert int(last[1]) - int(first[1]) <= 3


def test_a_filing_is_a_copy_of_nothing_but_its_own_accession() -> None:
    def filed(name: str, accession: str | None) -> Document:
        return doc(name, STORY, kind="filing", filing=Filing(accession=accession))

    documents = [
        filed("a", "1-25-1"),
        filed("b", "1-25-1"),
        filed("c", "1-25-2"),
        filed("d", None),
        filed("e", None),
    ]
    assert cluster([*documents, doc("f", STORY)]) == {"a b"}


def test_the_original_is_the_earliest_then_by_source_then_by_id() -> None:
    def dated(name: str, day: str | None, publisher: str | None = None, **more: object) -> Document:
        return doc(name, STORY, day, publisher=publisher, **more)

    late = dated("a", "2025-03-11")
    corrected = dated("b", "2025-03-10", modified=on("2025-03-12"))
    undated = dated("c", None, "Abc")
    noon = replace(on("2025-03-11", zoned=True), latest=datetime(2025, 3, 11, 12, tzinfo=UTC))
    instant = dated("d", "2025-03-11", published=noon)
    paper, wire = dated("e", "2025-03-10", "The Paper"), dated("f", "2025-03-10", "a wire")
    twin = dated("g", "2025-03-10", "A Wire")
    documents = [late, corrected, undated, instant, paper, wire, twin]
    assert "".join(d.id for d in sorted(documents, key=arrival)) == "fgedabc"
    assert cluster(documents) == {"f g e d a b c"}


POOL = [
    doc("a", STORY),
    doc("b", STORY, publisher="B"),
    doc("c", STORY[:12], "2025-03-11"),
    doc("d", EDITED, "2025-03-12"),
    doc("e", [*FURNITURE, *STORY[:14]], "2025-03-09"),
    doc("f", OTHER),
    doc("g", OTHER[:15], "2025-03-20"),
    doc("h", OTHER[:14], "2025-03-14"),
    doc("i", [*OTHER, *STORY, *THIRD]),
    doc("j", THIRD, None),
    doc("k", THIRD[5:], "2025-01-01"),
    doc("l", [*FURNITURE, *prose(10)]),
    doc("m", STORY),
]


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(POOL), batch=st.integers(1, len(POOL)), gone=st.sets(st.sampled_from("abcdefghijklm")))
def test_clusters_follow_from_the_live_documents_alone(order: list[Document], batch: int, gone: set[str]) -> None:
    """Neither the order, nor the commits, nor what was held and withdrawn."""
    expected = cluster([document for document in POOL if document.id not in gone])
    assert cluster(order, batch, lambda name: name not in gone) == expected


def test_the_pool_has_clusters() -> None:
    assert cluster(POOL) == {"e a m b c d", "f h g", "k j"}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 100)), max_size=30))
def test_a_partition_joins_only_what_kinships_reach(rows: list[tuple[int, int, int]]) -> None:
    stories = [Story(name, 0, 0, 0, 100) for name in range(10)]
    labels = partition(stories, (Kinship(one, other, shared, True) for one, other, shared in rows))
    assert labels == partition(stories[::-1], (Kinship(b, a, shared, True) for a, b, shared in dict.fromkeys(rows)))
    assert all(labels[label] == label for label in labels.values())
    assert set(labels) <= {name for one, other, shared in rows if one != other for name in (one, other)}


def test_samples_of_a_part_are_among_those_that_meet_the_whole() -> None:
    whole, part = shingle(" ".join(prose(11, 200))), shingle(" ".join(prose(11, 80)))
    few = sample(whole.distinct)
    assert SAMPLES / 3 < len(few) < SAMPLES * 3
    bound = max(h for h in whole.distinct.tolist() if np.uint32(h & 0xFFFFFFFF) in few)
    assert {np.uint32(h & 0xFFFFFFFF) for h in part.distinct.tolist() if h <= bound} <= set(sample(part.distinct))


def write(folder: Path, documents: Iterable[Document]) -> Path:
    folder.mkdir(exist_ok=True)
    for document in documents:
        page = {"text": document.text, "title": document.title, "date": "2025-03-10", "publisher": document.id}
        (folder / f"{document.id}.json").write_text(json.dumps(page), encoding="utf-8")
    return folder


def publishers(index: Index) -> set[str]:
    return {" ".join(str(index.document(name).publisher) for name in c.members) for c in index.clusters}


def test_a_later_run_joins_clusters_of_earlier_ones(tmp_path: Path, build: Callable[..., Index]) -> None:
    source = write(tmp_path / "source", [doc("a", STORY), doc("x", OTHER)])
    assert publishers(build(source)) == set()
    write(source, [doc("b", STORY[:12])])
    assert publishers(build(source)) == {"a b"}
    index = build(write(source, [doc("c", EDITED), doc("y", OTHER)]))
    assert publishers(index) == {"a b c", "x y"}
    assert publishers(build(source, name="at once")) == {"a b c", "x y"}
    for members in (found.members for found in index.clusters):
        assert all(index.clusters.of(name).members == members for name in members)
        assert index.clusters.of(members[1]).original == members[0]
    assert index.clusters.of("0" * 16).members == ("0" * 16,)


def test_a_withdrawn_copy_is_a_member_no_more(
    tmp_path: Path, build: Callable[..., Index], embedder: HashingEmbedder
) -> None:
    """Its metadata was corrected: another day, too far from its copies."""
    source = write(tmp_path / "source", [doc("a", STORY), doc("b", STORY[:12]), doc("c", STORY)])
    assert publishers(build(source)) == {"a b c"}
    (source / "a.json.meta.json").write_text('{"published": "2024-01-01"}', encoding="utf-8")
    assert publishers(build(source)) == {"b c"}


def test_asking_opens_no_story(tmp_path: Path, build: Callable[..., Index]) -> None:
    index = build(write(tmp_path / "source", [doc("a", STORY), doc("b", STORY)]))
    assert [count for _, count in index.documents()] and "stories" not in vars(index.segments[0])
    assert len(list(index.clusters)) == 1 and "stories" in vars(index.segments[0])


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_syndication", BENCH)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_real_stories_and_their_copies(bench: ModuleType, shared_data: Path) -> None:
    """Measured 0.985 to 1.000 over six seeds."""
    made, labels = bench.make_copies(shared_data, 7)
    scored = bench.score(made, labels, bench.join(made)[0])
    assert scored.f1 >= 0.97 and scored.precision >= 0.99
    assert min(scored.by_kind.values()) >= 0.9


def test_articles_of_unlike_headlines_are_not_joined(bench: ModuleType, shared_data: Path) -> None:
    assert list(bench.join(bench.distinct_articles(shared_data, 7))[0]) == []


@pytest.mark.parametrize("ticker", [True, False])
def test_releases_of_several_companies_from_one_form_are_not_joined(bench: ModuleType, ticker: bool) -> None:
    for form in bench.FORMS:
        made = bench.releases(form, ticker=ticker)
        assert list(bench.join(made)[0]) == []
        # and each of them is joined to its own copy
        copies = [bench.document(one.text, "Markets in brief", "2025-08-05", "A Paper") for one in made]
        assert len(list(bench.join([*made, *copies])[0])) == len(made)


def test_annual_reports_of_one_company_are_no_copies(shared_data: Path) -> None:
    """Of the words of one year's, 71 % stand in the next year's: enough for a copy, were they no filings."""
    paths = [*shared_data.glob("sec_parser_test_data/10-K/NVDA/*/primary-document.html.gz")]
    paths += shared_data.glob("sec_edgartools/html_2024_2025/nvda-10-k-*.html.gz")
    texts = [re.sub("<[^>]+>", " ", gzip.decompress(path.read_bytes()).decode()) for path in paths]
    assert cluster([doc(str(n), [text]) for n, text in enumerate(texts)]) != set()
    filed = [doc(str(n), [text], kind="filing", filing=Filing(accession=str(n))) for n, text in enumerate(texts)]
    assert cluster(filed) == set()
