"""A generator that writes what it is told, for tests of everything that is not the model. Public."""

from evidence.corpus.errors import GeneratorError
from evidence.corpus.model_entries import Chat
from evidence.generator.prompt import Prompt


class ScriptedGenerator:
    """Answers with the next of its texts, the last one again and again; keeps the prompts it was given."""

    name = "scripted"
    digest = "scripted-1"
    chat: Chat = "plain"

    def __init__(self, *answers: str) -> None:
        self._answers = answers
        self.prompts: list[Prompt] = []

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        self.prompts.append(prompt)
        if not self._answers:
            raise GeneratorError("the script is empty: this generator always fails")
        return self._answers[min(len(self.prompts), len(self._answers)) - 1]
