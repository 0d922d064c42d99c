"""Plans, given queries, filters and queries nobody expects, through the command line, each with its exit code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from evidence.cli import run
from evidence.generator.report import seal

YEAR = ("--since", "2025", "--until", "2025")
QUESTION = "BESI/K&S order backlogs; lead times"
PLAN = [QUESTION, "BESI order backlogs", "K&S order backlogs", "lead times", "BESI/K&S lead times"]
ROWS = {
    "besi.txt": (
        "BE Semiconductor Industries said orders rose.",
        {"publisher": "Asia Wire", "form": "6-K"},
    ),
    "tickers.txt": ("BESIY lead times fell to 19 weeks.", {"publisher": "The Ledger", "ticker": "BESI.AS"}),
    "deutsch.txt": ("Die Aufträge stiegen um zwölf Prozent.", {"language": "de", "kind": "page"}),
    "att.txt": ("AT&T ordered fibre worth 41 million dollars.", {"publisher": "Asia Wire"}),
}


class Called(NamedTuple):
    code: int
    out: str
    err: str


Call = Callable[..., Called]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("asking") / "source"
    source.mkdir()
    for name, (text, stated) in ROWS.items():
        (source / name).write_text(text, encoding="utf-8")
        (source / f"{name}.meta.json").write_text(json.dumps({"published": "2025-08-04", **stated}))
    assert run(["index", str(source), "-i", str(source.parent / "index")]) == 0
    return source.parent / "index"


@pytest.fixture
def call(built: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def on_index(*arguments: str | Path) -> Called:
        capsys.readouterr()
        code = run([*map(str, arguments), "-i", str(built)])
        return Called(code, *capsys.readouterr())

    return on_index


def found(called: Called) -> list[str]:
    return sorted(Path(json.loads(line)["document"]["path"]).name for line in called.out.splitlines())


def test_a_plan_is_printed_without_an_index_a_window_or_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = ["-i", str(tmp_path / "none")]
    assert run(["ask", QUESTION, "--plan", *nowhere]) == 0
    assert capsys.readouterr() == ("".join(f"{query}\n" for query in PLAN), "")
    for form in (["--format", "json"], ["--json"]):
        assert run(["ask", QUESTION, "--plan", *form, *nowhere]) == 0
        assert json.loads(capsys.readouterr().out) == PLAN
    assert run(["ask", QUESTION, "--plan", "-o", str(tmp_path / "plan.json"), *nowhere]) == 0
    assert (json.loads((tmp_path / "plan.json").read_text()), capsys.readouterr().out) == (PLAN, "")


def test_a_plan_knows_the_users_own_entities(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.toml").write_text('[[entities]]\nname = "marrow tools"\n[[entities]]\nname = "pell"\n')
    assert run(["ask", "marrow tools/pell orders", "--plan", "--entities", str(tmp_path / "mine.toml")]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["marrow tools orders", "pell orders"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", " ", "--plan"], "the question is empty"),
        (["ask", "x", "--plan", "--since", "soon"], "is not a date"),
        (["ask", "x", *YEAR, "--query", " ", "--no-llm"], "the query is empty"),
        (["ask", "x", "--plan", "--query", "orders", "--query", ""], "the query is empty"),
        (["search", "x", *YEAR, "--colour", "red"], "--colour"),
    ],
)
def test_what_cannot_be_asked_is_refused(call: Call, arguments: list[str], words: str) -> None:
    called = call(*arguments)
    assert (called.code, words in called.err, called.out) == (2, True, "")


@pytest.mark.parametrize(
    "command", [["ask", "x", "--plan"], ["ask", "x", *YEAR, "--no-llm"], ["search", "x", *YEAR]]
)
def test_entities_that_cannot_be_read_are_an_error_that_names_the_key(
    call: Call, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "bad.toml").write_text("[[entities]]\ntitle = 'X'")
    called = call(*command, "--entities", tmp_path / "bad.toml")
    assert (called.code, "bad.toml: entities.0.title: there is no such key" in called.err) == (1, True)


def test_a_subject_that_no_finding_is_about_is_told(call: Call) -> None:
    question = ("ask", "BESI lead times", *YEAR, "--no-llm", "--subject")
    misspelt, right = call(*question, "BESSI"), call(*question, "BESIY")
    assert (misspelt.code, right.code) == (0, 0)
    assert "no finding is about BESSI\nhint: give the name as documents write it" in misspelt.err
    assert "no finding is about" not in right.err
    assert "Subject: BE Semiconductor Industries (BESI), as given" in right.out


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--subject", "--"), 2, "--subject '--' names nobody"),
        (("--lens", "post-earnings"), 1, "hint: shipped are: pre-earnings"),
        (("--lens", "none.toml"), 1, "none.toml cannot be read"),
    ],
)
def test_a_subject_or_a_lens_that_cannot_be_says_the_way_out(
    call: Call, options: tuple[str, ...], code: int, said: str
) -> None:
    called = call("ask", QUESTION, *YEAR, "--no-llm", *options)
    assert (called.code, said in called.err, called.out) == (code, True, "")


def test_given_queries_are_searched_and_the_report_says_so(call: Call) -> None:
    arguments = ("ask", QUESTION, *YEAR, "--no-llm", "--query", "lead times of BESI", "--query", "fibre orders")
    report = json.loads(call(*arguments, "--json").out)
    assert report["search_queries"] == ["lead times of BESI", "fibre orders"]
    assert report["plan"] == [
        {"query": "lead times of BESI", "inside": 4, "outside": 0},
        {"query": "fibre orders", "inside": 4, "outside": 0},
    ]
    line = "lead times of BESI (4 inside the window; 0 of the best of any date outside)"
    assert all(line in call(*arguments, "--format", form).out.replace("\\", "") for form in ("text", "md"))


@pytest.mark.parametrize(
    ("filters", "files"),
    [
        (("--publisher", "asia wire"), ["att.txt", "besi.txt"]),
        (("--form", "6-K"), ["besi.txt"]),
        (("--ticker", "BESI"), ["tickers.txt"]),
        (("--kind", "page"), ["deutsch.txt"]),
        (("--language", "de"), ["deutsch.txt"]),
    ],
)
def test_filters_restrict_search_and_ask(call: Call, filters: tuple[str, str], files: list[str]) -> None:
    assert found(call("search", "orders", *YEAR, *filters, "--json")) == files
    report = json.loads(call("ask", "orders rose; lead times; Aufträge", *YEAR, *filters, "--no-llm", "--json").out)
    assert report["filters"] == {filters[0].removeprefix("--"): filters[1]}
    assert {Path(source["path"]).name for source in report["sources"]} <= set(files)
    text = call("ask", "orders", *YEAR, *filters, "--no-llm").out
    assert f"Only documents of: {filters[0].removeprefix('--')} {filters[1]}" in text


def test_a_report_that_names_a_filter_its_sources_do_not_pass_is_found(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    assert call("ask", "orders rose", *YEAR, "--publisher", "Asia Wire", "--no-llm", "-o", path).code == 0
    assert call("verify", path).code == 0
    row = json.loads(path.read_text())
    path.write_text(json.dumps(seal({**row, "filters": {"publisher": "The Ledger"}})))
    called = call("verify", path)
    assert (called.code, "it is not of publisher The Ledger" in called.err) == (5, True)


@pytest.mark.parametrize("command", ["search", "ask"])
@pytest.mark.parametrize(
    ("filters", "hint"),
    [
        (("--publisher", "Asia Wir"), "nearest: Asia Wire"),
        (("--publisher", "ledger"), "nearest: The Ledger"),
        (("--form", "10-Q"), "the archive has: 6-K\n"),
        (("--ticker", "KLIC"), "the archive has: BESI.AS\n"),
        (("--kind", "pagee"), "nearest: page\n"),
        (("--language", "english"), "the archive has: de\n"),
    ],
)
def test_a_value_that_no_document_has_is_told_from_an_empty_window(
    call: Call, command: str, filters: tuple[str, str], hint: str
) -> None:
    extra = ["--no-llm"] if command == "ask" else []
    called = call(command, "orders", *YEAR, *filters, *extra)
    name = filters[0].removeprefix("--")
    assert (called.code, f"no document of this archive has {name} '{filters[1]}'" in called.err) == (4, True)
    assert hint in called.err


def test_a_window_or_a_filter_that_leaves_nothing_says_what_there_is(call: Call) -> None:
    held = "the archive holds 4 documents, dated 2025-08-04 to 2025-08-04; 0 undated, 0 with a date that is only a"
    of_filter = "the archive holds 1 document of this filter, dated 2025-08-04 to 2025-08-04;"
    old = ("--since", "2019", "--until", "2019")
    for arguments, said in (
        (old, held),
        ((*old, "--form", "6-K"), of_filter),
        ((*YEAR, "--form", "6-K", "--language", "de"), "the archive holds 0 documents of this filter\n"),
        ((*YEAR, "--known-by", "2025"), "hint: without --known-by there would be 4 documents"),
    ):
        called = call("search", "orders", *arguments)
        assert said in called.err
        assert (called.code, called.out, "no document of this archive" in called.err) == (4, "", False)
        assert "nothing in this window was found" in called.err


@pytest.mark.parametrize(
    "query",
    [
        'AT&T "x',
        "order " * 10_000,
        "w" * 50_000,
        " ".join(f"word{n}" for n in range(10_000)),
        "\x1b[31morders\x07",
        "a\0b",
        "受注残高はいくらですか",
        "Сколько заказов?",
        "كم عدد الطلبات",
        "🙂",
        "(NYSE: X)",
        "AND OR NOT *",
        "' OR 1=1 --",
    ],
)
def test_any_text_is_a_query(call: Call, query: str) -> None:
    called = call("search", query, *YEAR, "--json")
    assert (called.code, len(found(called))) == (0, 4)
    assert call("ask", query, *YEAR, "--no-llm", "--json").code in {0, 4}
    assert "\x1b" not in call("ask", query, *YEAR, "--plan").out


def test_odd_queries_find_what_they_name(call: Call) -> None:
    for query, name in [('AT&T "x', "att.txt"), ("Aufträge", "deutsch.txt"), ("BESI orders rose", "besi.txt")]:
        first = json.loads(call("search", query, *YEAR, "--json").out.splitlines()[0])
        assert Path(first["document"]["path"]).name == name


def test_one_bad_line_of_a_query_file_is_named_and_the_others_are_answered(call: Call, tmp_path: Path) -> None:
    lines = ['{"id": 1, "text": "orders"}', "{", '{"id": 3, "text": ""}', '{"id": 4, "text": "lead times"}']
    (tmp_path / "queries.jsonl").write_text("\n".join(lines))
    called = call("search", "--queries", tmp_path / "queries.jsonl", *YEAR)
    assert called.code == 3
    assert {json.loads(line)["query"] for line in called.out.splitlines()} == {1, 4}
    assert [line.split(": ")[1].rpartition(", ")[2] for line in called.err.splitlines()] == ["line 2", "line 3"]


def test_a_line_of_a_query_file_that_is_no_text_is_named_and_the_others_are_answered(
    call: Call, tmp_path: Path
) -> None:
    lines = [b'{"id": 1, "text": "orders"}', b'{"id": 2, "text": "\xff"}', b'{"id": 3, "text": "lead times"}']
    (tmp_path / "queries.jsonl").write_bytes(b"\r\n".join(lines))
    called = call("search", "--queries", tmp_path / "queries.jsonl", *YEAR)
    assert (called.code, "line 2: it is not UTF-8" in called.err) == (3, True)
    assert {json.loads(line)["query"] for line in called.out.splitlines()} == {1, 3}


def test_a_query_file_under_a_filter_that_nothing_passes_says_so_once(call: Call, tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"id": 1, "text": "orders"}\n{"id": 2, "text": "lead times"}\n')
    called = call("search", "--queries", tmp_path / "queries.jsonl", *YEAR, "--form", "10-K")
    assert (called.code, called.out, called.err.count("no document of this archive")) == (4, "", 1)
