"""The model's whole part in a report: it reads what code chose, and writes about what is left of it."""

from collections.abc import Sequence

from evidence.corpus.errors import GeneratorError
from evidence.generator.gate.entailment import Entailment
from evidence.generator.reading.names import Names
from evidence.generator.spans import Choice
from evidence.generator.values import Analysis, Cut
from evidence.generator.writing.compose import FAILED, INTERRUPTED, UNWRITTEN, Composition, compose
from evidence.generator.writing.extraction import read_alone
from evidence.generator.writing.generator import Generator
from evidence.generator.writing.steps import Notify
from evidence.retriever.hits import Hit


def draft(
    question: str,
    parts: Sequence[tuple[str, Sequence[Hit]]],
    chosen: Choice,
    generator: Generator | None,
    seed: int,
    names: Names,
    verifier: Entailment | None,
    notify: Notify,
) -> tuple[Choice, Composition]:
    """The choice as the model leaves it, and what it wrote. Failed or interrupted, what code chose stands alone."""
    if generator is None or not chosen.findings:
        return chosen, UNWRITTEN
    try:
        read = read_alone(chosen, parts, generator, notify)
    except GeneratorError as error:
        return chosen, _nothing(FAILED, str(error))
    except KeyboardInterrupt:
        return chosen, _nothing(INTERRUPTED)
    if not read.findings:
        return read, UNWRITTEN
    return read, compose(question, read.findings, generator, seed, names, verifier, notify)


def _nothing(state: str, failure: str | None = None) -> Composition:
    return Composition(Analysis(state, (), Cut(0, 0, {}), failure), {})
