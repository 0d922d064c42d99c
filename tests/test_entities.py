"""entities.toml: the shipped file, what it refuses and why, and which of several files wins."""

from pathlib import Path

import pytest

from evidence.corpus.entities import SHIPPED, read_entities
from evidence.corpus.errors import ConfigError
from evidence.loading import load_entities
from evidence.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def test_the_shipped_file_is_the_one_at_the_top() -> None:
    assert SHIPPED.read_bytes() == (ROOT / "entities.toml").read_bytes()
    assert load_entities(None) == read_entities(SHIPPED)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BESI", "BE Semiconductor Industries"),
        ("besi", "BE Semiconductor Industries"),
        ("BESI.AS", "BE Semiconductor Industries"),
        ("BE Semiconductor Industries N.V.", "BE Semiconductor Industries"),
        ("ASM Pacific Technology", "ASMPT"),
        ("K&S", "Kulicke & Soffa Industries"),
        ("Kulicke and Soffa", "Kulicke & Soffa Industries"),
        ("KLIC", "Kulicke & Soffa Industries"),
        ("TSMC's", "Taiwan Semiconductor Manufacturing Company"),
        ("TSM", "Taiwan Semiconductor Manufacturing Company"),
        ("2330.TW", "Taiwan Semiconductor Manufacturing Company"),
        ("ASX", "ASE Technology Holding"),
        ("NOVA", "Nova Ltd."),
        ("Nova", "Nova Ltd."),
        ("ON", "ON Semiconductor"),
        ("nova", None),
        ("Disco", "Disco Corporation"),
        ("disco", None),
        ("micron", None),
        ("on", None),
        ("tsm", None),
        ("2330", None),
        ("BE", None),
        ("and Soffa", None),
        ("BESI and", None),
        ("", None),
    ],
)
def test_a_name_is_known_by_each_of_its_forms_and_an_ordinary_word_is_none(text: str, name: str | None) -> None:
    found = read_entities(SHIPPED).find(text)
    assert (found and found.name) == name


def test_a_ticker_that_is_a_number_is_known_where_a_ticker_is_asked_for() -> None:
    entities = read_entities(SHIPPED)
    found = entities.by_ticker("2330")
    assert found is not None and found.name == "Taiwan Semiconductor Manufacturing Company"
    assert entities.by_ticker("TSMC") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[entities]]\nshort = ['X']", "entities.0.name: it is missing"),
        ("[[entities]]\nname = 'A'\nticker = 'X'", "entities.0.ticker: there is no such key"),
        ("[[entities]]\nname = 3", "entities.0.name: not a string with a word in it"),
        (
            "[[entities]]\nname = 'A'\ntickers = 'X'",
            "entities.0.tickers: not a list of strings",
        ),
        ("[[entities]]\nname = 'A'\nshort = ['-']", "entities.0.short: not a list of strings"),
        ("[[entities]]\nname = 'A'\nkind = 'osat'", "entities.0.kind: no kind 'osat'"),
        ("[[entities]]\nname = 'Ab'\n[[entities]]\nname = 'B'\nshort = ['ab']", "is a form of B and of Ab"),
        ("[[entities]", "is not TOML"),
        ("colour = 'red'", "colour: there is no such key"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_key(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "entities.toml").write_text(text)
    with pytest.raises(ConfigError) as raised:
        read_entities(tmp_path / "entities.toml")
    assert str(raised.value).startswith(str(tmp_path)) and words in str(raised.value)
    assert raised.value.hint.endswith(str(SHIPPED))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "entities.toml").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "none.toml", tmp_path / "entities.toml"):
        with pytest.raises(ConfigError):
            read_entities(path)


@pytest.mark.parametrize(
    ("flag", "environment", "here", "chosen"),
    [
        ("flag.toml", {"EVIDENCE_ENTITIES": "env.toml"}, True, "flag.toml"),
        (None, {"EVIDENCE_ENTITIES": "env.toml"}, True, "env.toml"),
        (None, {}, True, "entities.toml"),
        (None, {}, False, None),
    ],
)
def test_a_flag_wins_over_the_environment_and_that_over_the_folder(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    flag: str | None,
    environment: dict[str, str],
    here: bool,
    chosen: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    if here:
        (tmp_path / "entities.toml").touch()
    assert Settings.read(None, None, environment, flag).entities == (Path(chosen) if chosen else None)
