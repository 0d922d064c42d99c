"""The model writes the answer from the chosen quotes; the gate keeps what they bear out."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from evidence.corpus.errors import GeneratorError
from evidence.corpus.model_entries import Chat
from evidence.generator.grammar import answer_grammar, parse_answer
from evidence.generator.prompt import Prompt, answer_prompt
from evidence.generator.support import Reason, unsupported
from evidence.generator.values import Analysis, Cut, Finding, Sentence

# Four sentences of 240 characters, and then some: a grammar bounds characters, this bounds time.
MAX_TOKENS = 400


class Generator(Protocol):
    """A local model that writes. `digest` names the weights, `chat` the template they were trained on."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def chat(self) -> Chat: ...

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        """Text of the grammar, possibly cut off at max_tokens. Raises GeneratorError."""


def compose(question: str, findings: Sequence[Finding], generator: Generator, seed: int) -> Analysis:
    """The sentences that stand, and how many did not. A model that fails leaves the quotes to speak alone."""
    prompt = answer_prompt(question, findings, generator.chat)
    grammar = answer_grammar([finding.number for finding in findings])
    try:
        written = parse_answer(generator.write(prompt, grammar, MAX_TOKENS, seed))
    except GeneratorError as error:
        return Analysis("model-failed", (), Cut(0, 0, {}), failure=str(error))
    return gate(written, findings)


def gate(written: Sequence[Sentence], findings: Sequence[Finding]) -> Analysis:
    """Each sentence against its own quotes."""
    quotes = {finding.number: finding.text for finding in findings}
    kept: list[Sentence] = []
    reasons: Counter[str] = Counter()
    for sentence in written:
        reason = unsupported(sentence.text, sentence.citations, quotes)
        if reason is None and any(sentence.text == other.text for other in kept):
            reason = Reason.REPEATED
        if reason is None:
            kept.append(sentence)
        else:
            reasons[reason.value] += 1
    return Analysis("composed", tuple(kept), Cut(len(written), reasons.total(), dict(sorted(reasons.items()))))
