"""Lenses: the shipped one, what is refused and why, and which words of a text a lens finds."""

from pathlib import Path

import pytest

from evidence.corpus.errors import ConfigError
from evidence.corpus.hashing import file_digest
from evidence.generator.weighing.lens import Terms
from evidence.loading import DEFAULT_LENS, load_lens

SHIPPED = Path(__file__).resolve().parent.parent / "evidence" / "lenses" / f"{DEFAULT_LENS}.toml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_lens_is_read_by_its_name_and_by_default() -> None:
    lens = load_lens(None)
    assert lens == load_lens("pre-earnings")
    assert (lens.name, lens.version, lens.sha256) == ("pre-earnings", 1, file_digest(SHIPPED))
    assert {m.name for m in lens.mechanisms} >= {
        "capacity",
        "price",
        "demand",
        "regulation",
        "supply",
        "guidance",
        "cost",
    }


def test_an_objective_is_one_line_about_the_subject() -> None:
    objective = load_lens(None).objective("NVIDIA")
    assert "NVIDIA" in objective and "{" not in objective + load_lens(None).objective(None)


def test_a_copy_of_ones_own_is_read_by_its_path(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(TEXT.replace('name = "pre-earnings"', 'name = "credit"'), encoding="utf-8")
    lens = load_lens(str(own))
    assert (lens.name, lens.sha256) == ("credit", file_digest(own))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("version = 1", "version = 0", "version: not a whole number from 1 on"),
        ("version = 1", "", "version: it is missing"),
        ('name = "pre-earnings"', 'name = "two\\nlines"', "name: not a line of text"),
        ("weight = 2", "weight = 3", "mechanisms.0.weight: not 1 or 2"),
        ('name = "litigation"', 'name = "guidance"', "mechanisms.1.name: 'guidance' is there already"),
        (
            '"guidance", "outlook"',
            '"guidance", "-"',
            "mechanisms.0.words: not a list of strings with a word in each",
        ),
        ("percent = 10", "percent = 'ten'", "size.percent: not a number of 0 or more"),
        ("small = 2", "small = 20", "size.small: it is more than size.percent"),
        ("[hedges]", "[guesses]", "guesses: there is no such key"),
        ("[primary]", "[primary]\ncolour = 1", "primary.colour: there is no such key"),
        ("[size]", "[size", "is not TOML"),
    ],
)
def test_a_lens_that_cannot_be_used_is_refused_by_its_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in TEXT
    own = tmp_path / "own.toml"
    own.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_lens(str(own))
    assert str(raised.value).startswith(str(own)) and words in str(raised.value)
    assert raised.value.hint.endswith(str(SHIPPED))


def test_a_lens_without_mechanisms_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    head, _, tail = TEXT.partition("[[mechanisms]]")
    own.write_text(f"{head}mechanisms = []\n{tail[tail.index('[size]') :]}", encoding="utf-8")
    with pytest.raises(ConfigError, match="mechanisms: there is none"):
        load_lens(str(own))


def test_a_name_that_is_not_shipped_says_which_are() -> None:
    with pytest.raises(ConfigError) as raised:
        load_lens("post-earnings")
    assert "pre-earnings" in raised.value.hint and ".toml" in raised.value.hint


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_lens(str(tmp_path / "none.toml"))


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (("delay",), "It was delayed again.", "delayed"),
        (("lead time",), "Its lead times rose.", "lead times"),
        (("lead time",), "It will lead in time.", None),
        (("order", "order book"), "The order book fell.", "order book"),
        (("may",), "Sales may fall.", "may"),
        (("may",), "In May sales fell.", None),
        (("may",), "May it fall?", "May"),
        (("limit",), "ASM Pacific Technology Limited makes them.", None),
        (("=bookings",), "A book of bookings.", "bookings"),
        (("=bookings",), "It will book a loss.", None),
        (("FDA",), "The FDA approved it.", "FDA"),
        ((), "Anything.", None),
        (("order",), "", None),
    ],
)
def test_words_are_found_by_their_stems_and_shown_as_written(
    words: tuple[str, ...], text: str, found: str | None
) -> None:
    assert Terms(words).find(text) == found
