"""A generator that writes what it is told, for tests of everything that is not the model. Public."""

from collections.abc import Callable, Sequence

from evidence.corpus.errors import GeneratorError
from evidence.corpus.model_entries import Chat
from evidence.generator.writing.prompt import Prompt
from evidence.generator.writing.skills import Skills

# Prompt and answers to the weight of each answer.
Weigh = Callable[[Prompt, Sequence[str]], list[float]]


def weigh_first(prompt: Prompt, answers: Sequence[str]) -> list[float]:
    """Prefers the first answer."""
    return [0.0, *(-1.0 for _ in answers[1:])]


_FREE = Skills(writes="free")


class ScriptedGenerator:
    """Answers with the next of its texts, the last one again and again; keeps the prompts it was given.

    It writes in its own words, as a model that has earned it, unless other skills are given.
    """

    name = "scripted"
    digest = "scripted-1"
    chat: Chat = "plain"

    def __init__(self, *answers: str, skills: Skills = _FREE, weigh: Weigh = weigh_first) -> None:
        self._answers = answers
        self._weigh = weigh
        self.skills = skills
        self.prompts: list[Prompt] = []

    @property
    def tokens(self) -> int:
        """Words count as tokens."""
        return sum(len(piece.text.split()) for prompt in self.prompts for piece in prompt)

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        """The next text, whatever the grammar."""
        self.prompts.append(prompt)
        if not self._answers:
            raise GeneratorError("the script is empty: this generator always fails")
        return self._answers[min(len(self.prompts), len(self._answers)) - 1]

    def weigh(self, prompt: Prompt, answers: Sequence[str]) -> list[float]:
        """What the script's `weigh` says."""
        return self._weigh(prompt, answers)
