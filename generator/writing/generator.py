"""The Generator protocol: a local model that writes text of a grammar, and weighs answers."""

from collections.abc import Sequence
from typing import Protocol

from evidence.corpus.model_entries import Chat
from evidence.generator.writing.prompt import Prompt
from evidence.generator.writing.skills import Skills


class Generator(Protocol):
    """`digest` names the weights, `chat` the template they were trained on, `skills` what was measured of them;
    `tokens` is what the model has read and written so far."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def chat(self) -> Chat: ...

    @property
    def skills(self) -> Skills: ...

    @property
    def tokens(self) -> int: ...

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        """Text of the grammar, possibly cut off at max_tokens. Raises GeneratorError."""

    def weigh(self, prompt: Prompt, answers: Sequence[str]) -> list[float]:
        """The log-probability of each answer after the prompt. Raises GeneratorError."""
