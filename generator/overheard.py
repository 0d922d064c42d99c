"""A generator whose every call is kept, for the record of a run: what it was given and what it wrote."""

from dataclasses import dataclass
from typing import Any

from evidence.corpus.errors import GeneratorError
from evidence.corpus.hashing import digest
from evidence.corpus.model_entries import Chat
from evidence.generator.compose import Generator
from evidence.generator.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `written` is None where the model failed, and `failure` says how."""

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

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        given = "".join(piece.text for piece in prompt)
        try:
            written = self._generator.write(prompt, grammar, max_tokens, seed)
        except GeneratorError as error:
            self.calls.append(Call(given, grammar, max_tokens, seed, None, str(error)))
            raise
        self.calls.append(Call(given, grammar, max_tokens, seed, written))
        return written
