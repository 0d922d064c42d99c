"""Names, tickers and short forms find each other, by what entities.toml and the documents inside the window say."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.archive import Archive
from evidence.corpus.entities import NO_ENTITIES, SHIPPED, read_entities
from evidence.indexer.build import build_index
from evidence.indexer.layout import Layout
from evidence.indexer.merging import merge_segments
from evidence.indexer.segment import Segment
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.retriever.aliases import MAX_SPELLINGS, find_mentions, held_filter, name_query
from evidence.retriever.filters import Filter, unheld
from evidence.retriever.ranges import find_ranges
from evidence.retriever.terms import plain_clauses

NOW = datetime(2026, 1, 15, tzinfo=UTC)
ENTITIES = read_entities(SHIPPED)
YEAR = ("2025", "2025")
TALK = "The weather in the valley was fine and the harvest went well for everybody."
SAID = "Marrow Tools Inc. (NASDAQ: MRRW) held its meeting."
OTHERS = {f"other-{n}.txt": f"Company number {n} said its order backlog rose. {TALK}" for n in range(20)}

Write = Callable[..., Path]
Build = Callable[..., Index]


def opened(index: Index) -> Archive:
    return evidence.open(index.layout.root, embedder=HashingEmbedder(), clock=lambda: NOW)


def write_dated(write_folder: Write, files: Mapping[str, str], **more: dict[str, Any]) -> Path:
    days = {name: {"published": "2025-08-04", **more.get(name.partition(".")[0], {})} for name in files}
    return write_folder(files, days)


def names(archive: Archive, query: str, k: int = 3, **options: Any) -> list[str]:
    return [Path(hit.document.path).stem for hit in archive.search(query, *YEAR, k=k, **options)]


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("KLIC", "Kulicke & Soffa"),
        ("K&S", "KLIC"),
        ("Kulicke and Soffa", "K&S"),
        ("besi", "BE Semiconductor Industries"),
        ("ASM Pacific Technology", "ASMPT"),
        ("TSM", "TSMC"),
        ("MRRW", "Marrow Tools"),
        ("Marrow Tools", "MRRW"),
    ],
)
def test_a_document_that_uses_only_another_form_is_found(
    write_folder: Write, build: Build, asked: str, written: str
) -> None:
    files = {"said.txt": SAID, "target.txt": f"{written} said its order backlog rose. {TALK}", **OTHERS}
    archive = opened(build(write_dated(write_folder, files)))
    assert "target" in names(archive, f"{asked} order backlog")


def test_what_documents_outside_the_window_or_the_filter_state_changes_no_ranking(
    write_folder: Write, tmp_path: Path
) -> None:
    files = {"target.txt": f"Marrow Tools said its order backlog rose. {TALK}", **OTHERS}
    source = write_dated(write_folder, files)
    build_index(tmp_path / "index", [source], HashingEmbedder())
    before = opened(Index.open(tmp_path / "index")).search("MRRW order backlog", *YEAR, k=30)
    later = tmp_path / "later"
    later.mkdir()
    (later / "said.txt").write_text(SAID)
    (later / "said.txt.meta.json").write_text('{"published": "2026-01-02", "language": "de"}')
    build_index(tmp_path / "index", [later], HashingEmbedder())
    archive = opened(Index.open(tmp_path / "index"))
    assert archive.search("MRRW order backlog", *YEAR, k=30) == before
    inside = archive.search("MRRW order backlog", "2025", "2026-01-10", k=30)
    assert "target" in [Path(hit.document.path).stem for hit in inside[:2]]
    english = archive.search("MRRW order backlog", "2025", "2026-01-10", k=30, where=Filter(language="en"))
    assert [hit.id for hit in english] == [hit.id for hit in before if hit.document.language == "en"]


@pytest.mark.parametrize("day", ["2024-12-30", "2026-01-02"])
def test_a_name_that_is_stated_outside_the_window_is_unknown_though_its_segment_is_searched(
    write_folder: Write, build: Build, day: str
) -> None:
    files = {"said.txt": SAID, "target.txt": f"Marrow Tools said its order backlog rose. {TALK}", **OTHERS}
    index = build(write_dated(write_folder, files, said={"published": day}))
    assert len(index.segments) == 1
    inside = find_ranges(index, opened(index).window(*YEAR))
    everywhere = find_ranges(index, opened(index).window("2024", "2026"))
    assert find_mentions("MRRW order backlog", inside, NO_ENTITIES) == []
    assert find_mentions("MRRW order backlog", everywhere, NO_ENTITIES) != []


def test_an_alias_is_the_same_however_the_segments_are_cut(write_folder: Write, tmp_path: Path) -> None:
    files = {"said.txt": SAID, "target.txt": f"Marrow Tools said its order backlog rose. {TALK}", **OTHERS}
    source = write_dated(write_folder, files)
    build_index(tmp_path / "one", [source], HashingEmbedder())
    for path in sorted(source.glob("*.txt")):
        build_index(tmp_path / "many", [path], HashingEmbedder())
    found = [
        [(hit.id, hit.score) for hit in opened(Index.open(tmp_path / name)).search("MRRW order backlog", *YEAR)]
        for name in ("one", "many")
    ]
    assert found[0] == found[1]


def test_what_documents_state_is_kept_when_segments_are_merged(write_folder: Write, tmp_path: Path) -> None:
    source = write_dated(write_folder, {"a.txt": SAID, "b.txt": SAID.replace("MRRW", "MRT"), **OTHERS})
    for path in sorted(source.glob("*.txt")):
        build_index(tmp_path / "index", [path], HashingEmbedder())
    index = Index.open(tmp_path / "index")
    (tmp_path / "merged").mkdir()
    (entry,) = merge_segments(Layout(tmp_path / "merged"), index.segments)
    merged = Segment(Layout(tmp_path / "merged"), entry, HashingEmbedder().dimensions)
    assert merged.names is not None
    stated = {forms[1]: rows.tolist() for forms, rows in merged.names.statements().items()}
    assert set(stated) == {"MRRW", "MRT"}
    for ticker, (row,) in stated.items():
        document = index.document(merged.ids[int(merged.passages.documents[row])])
        assert f"NASDAQ: {ticker}" in document.text


@pytest.mark.parametrize("query", ["order backlog of nobody", "on the other hand", "", "the", "\0", '"(/'])
def test_a_query_without_a_known_name_is_left_as_it_is(query: str) -> None:
    named = name_query(query, [], ENTITIES)
    assert (named.spelt_out, named.clauses) == (query, plain_clauses(query))


def test_what_was_written_is_kept_and_other_forms_are_added() -> None:
    named = name_query("Kulicke & Soffa and KLIC order backlog", [], ENTITIES)
    first, second, *rest = named.clauses
    assert first.spellings[0] == ("kulick", "soffa")
    assert {("kulick",), ("soffa",), ("k&s",), ("klic",)} < set(first.spellings)
    assert second.spellings[0] == ("klic",)
    assert tuple(rest) == plain_clauses("order backlog")
    assert all(len(clause.spellings) <= MAX_SPELLINGS for clause in named.clauses)
    assert named.spelt_out.startswith("Kulicke & Soffa (Kulicke & Soffa Industries, K&S) and KLIC (")


def test_a_number_or_a_word_of_grammar_is_never_looked_for_as_a_ticker() -> None:
    (clause,) = name_query("onsemi", [], ENTITIES).clauses
    assert ("on", "semiconductor") in clause.spellings and ("on",) not in clause.spellings
    (clause,) = name_query("Tokyo Electron", [], ENTITIES).clauses
    assert ("8035",) not in clause.spellings


def test_a_name_among_ten_thousand_words_is_found_early_or_not_at_all() -> None:
    assert [m.forms[0] for m in find_mentions("KLIC " + "word " * 10_000, [], ENTITIES)] == [
        "Kulicke & Soffa Industries"
    ]
    assert find_mentions("word " * 10_000 + "KLIC", [], ENTITIES) == []


def test_a_form_that_documents_give_to_many_names_means_none_of_them(write_folder: Write, build: Build) -> None:
    files = {f"{n}.txt": f'Marrow {n} Tools Inc. ("MTI") makes bonders.' for n in ("Alpha", "Beta", "Delta", "Eta")}
    index = build(write_dated(write_folder, files))
    archive = opened(index)
    ranges = find_ranges(index, archive.window(*YEAR))
    assert find_mentions("MTI orders", ranges, NO_ENTITIES) == []


def test_a_ticker_finds_its_documents_whichever_ticker_or_company_they_state(
    write_folder: Write, build: Build
) -> None:
    files = {name: f"Orders rose. {name}" for name in ("as.txt", "otc.txt", "company.txt", "other.txt", "none.txt")}
    source = write_dated(
        write_folder,
        files,
        **{"as": {"ticker": "BESI.AS"}},
        otc={"ticker": "BESIY"},
        company={"company": "BE Semiconductor Industries N.V."},
        other={"ticker": "KLIC", "company": "Kulicke & Soffa"},
    )
    archive = opened(build(source))
    for asked in ("BESI", "besi", "BESIY"):
        assert sorted(names(archive, "orders", 10, where=Filter(ticker=asked))) == ["as", "company", "otc"]
    assert names(archive, "orders", 10, where=Filter(ticker="KLIC")) == ["other"]
    assert names(archive, "orders", 10, where=Filter(ticker="UNHEARD")) == []


def test_a_ticker_finds_a_company_that_another_document_of_the_window_names_with_it(
    write_folder: Write, build: Build
) -> None:
    files = {"said.txt": SAID, "company.txt": "Orders rose.", "other.txt": "Orders rose again."}
    archive = opened(build(write_dated(write_folder, files, company={"company": "Marrow Tools, Inc."})))
    assert names(archive, "orders", 10, where=Filter(ticker="MRRW")) == ["company"]


def test_a_ticker_that_documents_state_by_name_alone_is_held_by_the_archive(
    write_folder: Write, build: Build
) -> None:
    files = {"target.txt": f"Kulicke & Soffa said its order backlog rose. {TALK}"}
    more = {"target": {"company": "Kulicke & Soffa Industries"}}
    index = build(write_dated(write_folder, files, **more))
    held = [unheld(index, held_filter(index, Filter(ticker=ticker), ENTITIES)) for ticker in ("KLIC", "BESI")]
    assert held[0] == [] and [asked for asked, _ in held[1]] == ["ticker 'BESI'"]


def test_filters_are_exact_but_for_case(write_folder: Write, build: Build) -> None:
    rows = {
        "a": {"publisher": "Asia Wire", "kind": "news", "language": "en"},
        "b": {"publisher": "Wire", "kind": "filing", "form": "10-Q", "language": "de"},
    }
    archive = opened(build(write_dated(write_folder, {"a.txt": "Orders rose.", "b.txt": "Orders fell."}, **rows)))
    for where, found in [
        (Filter(publisher="wire"), ["b"]),
        (Filter(kind="NEWS"), ["a"]),
        (Filter(form="10-q"), ["b"]),
        (Filter(language="de"), ["b"]),
        (Filter(publisher="Wire", language="en"), []),
    ]:
        assert names(archive, "orders", 10, where=where) == found


def test_a_report_names_what_lies_outside_and_why_and_says_no_word_of_it(write_folder: Write, build: Build) -> None:
    days = {"in.txt": "2025-08-04", "out.txt": "2024-08-04", "undated.txt": None}
    files = {
        "in.txt": "SARQ said its order backlog rose in the summer.",
        "out.txt": "SARQ said its order backlog fell. Xylophone.",
        "undated.txt": "SARQ said its order backlog is secret. Zeppelin.",
    }
    source = write_folder(files, {name: {"published": day} for name, day in days.items() if day})
    report = opened(build(source)).ask("SARQ order backlog; export licences of Danmora", *YEAR, llm=False)
    assert report["plan"] == [{"query": query, "inside": 1, "outside": 2} for query in report["search_queries"]]
    text = json.dumps(report)
    assert [word for word in ("Xylophone", "Zeppelin") if word in text] == []
    missed = {miss["document"]["path"]: miss["reason"] for miss in report["near_misses"]}
    assert {Path(path).name: reason for path, reason in missed.items()} == {
        "out.txt": "outside the window",
        "undated.txt": "undated",
    }


def test_queries_that_are_given_are_the_parts_of_a_report(write_folder: Write, build: Build) -> None:
    source = write_dated(write_folder, {"a.txt": "SARQ said its order backlog rose in the summer."})
    report = opened(build(source)).ask(
        "What of SARQ?", *YEAR, llm=False, queries=("SARQ order backlog", "opera tickets", "opera tickets")
    )
    assert report["search_queries"] == ["SARQ order backlog", "opera tickets"]
    assert [finding["query"] for finding in report["findings"]] == ["SARQ order backlog"]
    assert [gap["query"] for gap in report["gaps"]] == ["opera tickets"]
