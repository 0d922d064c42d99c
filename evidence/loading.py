"""Names in models.toml to models that can be used; entities.toml. Digests are checked before a file is opened."""

import os
from pathlib import Path

from evidence.corpus.entities import SHIPPED as SHIPPED_ENTITIES
from evidence.corpus.entities import Entities, read_entities
from evidence.corpus.errors import ConfigError, ModelMissing
from evidence.corpus.models import SHIPPED, Model, Models, read_models
from evidence.corpus.toml import read_toml
from evidence.generator.gate.entailment import CrossEncoderVerifier, Verifier
from evidence.generator.weighing.lens import Lens, parse_lens
from evidence.generator.weighing.subject import require_name
from evidence.generator.weighing.weigh import Aim
from evidence.generator.writing.generator import Generator
from evidence.generator.writing.skills import skills_of
from evidence.indexer.bert_embedder import BertEmbedder, open_bert
from evidence.indexer.embedder import Embedder
from evidence.indexer.passages import MAX_PIECES
from evidence.indexer.sentence_transformer import SentenceEmbedder
from evidence.indexer.wordpieces import Wordpieces
from evidence.retriever.cross_encoder import CrossEncoderReranker
from evidence.retriever.rerank import Reranker

# What a model puts around a text: its start and its end.
_MARKS = 2
_MODULES = "modules.json"
_LENSES = Path(__file__).with_name("lenses")
DEFAULT_LENS = "pre-earnings"


def load_entities(path: Path | None) -> Entities:
    """The user's entities.toml, or the shipped one. Raises ConfigError."""
    return read_entities(path or SHIPPED_ENTITIES)


def load_lens(named: str | None) -> Lens:
    """A shipped lens by its name, or a file of the user's by its path, which ends in .toml. Raises ConfigError."""
    named = named or DEFAULT_LENS
    shipped = sorted(path.stem for path in _LENSES.glob("*.toml"))
    if not named.endswith(".toml") and named not in shipped:
        raise ConfigError(
            f"there is no lens {named!r}", f"shipped are: {', '.join(shipped)}; a file of your own ends in .toml"
        )
    path = _LENSES / f"{named}.toml" if named in shipped else Path(named)
    return read_toml(path, parse_lens, "--lens", _LENSES / f"{DEFAULT_LENS}.toml")


def read_aim(subject: str | None, lens: str | None) -> Aim:
    """What a report is about and for, as the user says it.

    Raises UsageError or ConfigError, with nothing opened.
    """
    if subject is not None:
        require_name(subject)
    return Aim(load_lens(lens), subject, lens)


def load_models(path: Path | None) -> Models:
    """The user's models.toml, or the shipped one. Raises ConfigError."""
    return read_models(path or SHIPPED)


def load_embedder(models: Models, name: str | None = None) -> Embedder:
    """Raises ConfigError or ModelMissing."""
    model = models.get(name or models.embedder, "embedder")
    weights = model.check()
    if model.entry.context < MAX_PIECES + _MARKS:
        raise ConfigError(
            f"model {model.name}: a context of {model.entry.context} cannot hold passages of {MAX_PIECES} pieces",
            "choose an embedder that reads more",
        )
    return open_embedder(model, weights.parent)


def open_embedder(model: Model, folder: Path) -> Embedder:
    """The embedder of a folder whose files are checked: in numpy where that gives the same, else in torch."""
    entry = model.entry
    wordpieces = Wordpieces(folder / "tokenizer.json")
    bert = open_bert(folder)
    if bert is None or bert.shape.width != entry.dimensions:
        return SentenceEmbedder(
            model.name, entry.digest, entry.dimensions or 0, folder, wordpieces, entry.languages
        )
    threads = len(os.sched_getaffinity(0))
    return BertEmbedder(model.name, entry.digest, bert, wordpieces, entry.languages, threads)


def load_reranker(models: Models) -> Reranker | None:
    """None where models.toml names none. Raises ConfigError or ModelMissing."""
    if models.reranker is None:
        return None
    model = models.get(models.reranker, "reranker")
    return CrossEncoderReranker(model.name, model.entry.digest, _pair_folder(model), model.entry.context)


def load_verifier(models: Models) -> Verifier | None:
    """None where models.toml names none. Raises ConfigError or ModelMissing."""
    if models.verifier is None:
        return None
    model = models.get(models.verifier, "verifier")
    folder, entry = _pair_folder(model), model.entry
    return CrossEncoderVerifier(model.name, entry.digest, folder, entry.context, entry.threshold or 1.0)


def _pair_folder(model: Model) -> Path:
    """The checked folder of a cross-encoder, in which nothing unnamed decides what is loaded."""
    folder, entry = model.check().parent, model.entry
    if (folder / _MODULES).exists() and _MODULES not in entry.companions:
        raise ConfigError(
            f"{entry.role} {model.name}: {_MODULES} in {folder} decides what is loaded, and is not named",
            "name it in `companions` with its SHA-256, or remove it",
        )
    return folder


def load_generator(models: Models, name: str | None = None) -> Generator:
    """Raises ConfigError, ModelMissing, or GeneratorError."""
    model = models.get(name or models.generator, "generator")
    weights = model.check()
    try:
        # compiled for minutes at installation and therefore optional
        from evidence.generator.writing.llama import LlamaGenerator  # noqa: PLC0415
    except ImportError as error:
        raise ModelMissing(
            f"model {model.name} needs llama.cpp: {error}",
            "pip install 'evidence-search[generator]', or ask with --no-llm",
        ) from error
    entry = model.entry
    return LlamaGenerator(
        model.name,
        entry.digest,
        entry.chat or "plain",
        weights,
        entry.context,
        threads=len(os.sched_getaffinity(0)),
        skills=skills_of(entry.calibrated, entry.sha256),
    )
