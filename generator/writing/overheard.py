"""A generator whose every call is kept, for the record of a run: what it was given and what it wrote."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from evidence.corpus.errors import GeneratorError
from evidence.corpus.hashing import digest
from evidence.corpus.model_entries import Chat
from evidence.generator.writing.generator import Generator
from evidence.generator.writing.prompt import Prompt
from evidence.generator.writing.skills import Skills


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `written` is None where the model failed, and `failure` says how.

    Of answers to be weighed the `grammar` holds one a line, and `written` the weight of each.
    """

    prompt: str
    grammar: str
    max_tokens: int
    seed: int
    written: str | None
    failure: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Of the grammar its SHA-256: it is made by code from the numbers of the quotes."""
        return {
            "prompt": self.prompt,
            "grammar": digest(self.grammar.encode()),
            "max_tokens": self.max_tokens,
            "seed": self.seed,
            "written": self.written,
            "failure": self.failure,
        }


class OverheardGenerator:
    """Writes what another generator writes."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self.calls: list[Call] = []

    @property
    def name(self) -> str:
        return self._generator.name

    @property
    def digest(self) -> str:
        return self._generator.digest

    @property
    def chat(self) -> Chat:
        return self._generator.chat

    @property
    def skills(self) -> Skills:
        return self._generator.skills

    @property
    def tokens(self) -> int:
        return self._generator.tokens

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        with self._failures(prompt, grammar, max_tokens, seed):
            written = self._generator.write(prompt, grammar, max_tokens, seed)
        self.calls.append(Call(_given(prompt), grammar, max_tokens, seed, written))
        return written

    def weigh(self, prompt: Prompt, answers: Sequence[str]) -> list[float]:
        listed = "\n".join(answers)
        with self._failures(prompt, listed, 0, 0):
            weights = self._generator.weigh(prompt, answers)
        self.calls.append(Call(_given(prompt), listed, 0, 0, " ".join(f"{weight:.4f}" for weight in weights)))
        return weights

    @contextmanager
    def _failures(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> Iterator[None]:
        try:
            yield
        except GeneratorError as error:
            self.calls.append(Call(_given(prompt), grammar, max_tokens, seed, None, str(error)))
            raise


def _given(prompt: Prompt) -> str:
    return "".join(piece.text for piece in prompt)
