"""What is told of documents that no search finds: dated by a guess, undated, or withdrawn."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.cli import run

GUESSED = """<html><head><meta property="og:updated_time" content="2024-03-02"><script type="application/ld+json">
{"@type": "NewsArticle", "datePublished": "2024-03-01", "dateModified": "04/03/2026"}</script></head>
<body><p>The order backlog of Invented Bonders rose to 41 million dollars.</p></body></html>"""
WINDOW = ("--since", "2024", "--until", "2024")

Call = Callable[..., str]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose date is a guess, a note without one, and a note that was dated anew."""
    source = tmp_path_factory.mktemp("nothing") / "source"
    source.mkdir()
    (source / "guessed.html").write_text(GUESSED)
    (source / "undated.txt").write_text("Nobody knows when lead times were 12 weeks.")
    for month in ("08", "09"):
        (source / "dated.txt").write_text("Lead times were 19 weeks.")
        (source / "dated.txt.meta.json").write_text(json.dumps({"published": f"2025-{month}"}))
        assert run(["index", str(source), "-i", str(source.parent / "index")]) == 0
    return source.parent / "index"


@pytest.fixture
def say(index: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """say("status") -> all that the command prints."""

    def on_index(*arguments: str) -> str:
        capsys.readouterr()
        run([*arguments, "-i", str(index)])
        return "".join(capsys.readouterr())

    return on_index


def test_a_search_that_finds_nothing_says_that_a_guess_lies_inside(say: Call) -> None:
    said = say("search", "order backlog", *WINDOW, "--json")
    assert "the archive holds 3 documents, dated 2024-03-0" in said
    assert "; 1 undated, 1 with a date that is only a guess\n" in said
    assert "hint: --min-grade C lets in 1 document whose date is a guess\n" in said
    assert "order backlog of Invented Bonders" in say("search", "order backlog", *WINDOW, "--min-grade", "C")


def test_status_counts_undated_and_guessed_documents(say: Call) -> None:
    row = json.loads(say("status", "--json"))
    assert (row["documents"], row["undated"], row["guessed"]) == (3, 1, 1)


def test_a_document_that_was_withdrawn_is_shown_as_such(say: Call, index: Path) -> None:
    (old,) = json.loads(max((index / "snapshots").iterdir()).read_text())["withdrawn"]
    assert "withdrawn: what was stated about it has since been corrected" in say("show", old)
    assert json.loads(say("show", old, "--json"))["document"]["withdrawn"] is True
    live = [json.loads(line)["id"] for line in say("documents", "--json").splitlines()]
    assert [json.loads(say("show", one, "--json"))["document"]["withdrawn"] for one in live] == [False] * 3
