"""The model writes the answer from the chosen quotes; the gate keeps what they bear out."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from evidence.corpus.errors import GeneratorError
from evidence.corpus.model_entries import Chat
from evidence.generator.entailment import Entailment
from evidence.generator.grammar import answer_grammar, parse_answer
from evidence.generator.grounds import grounds_of
from evidence.generator.names import NO_NAMES, Names
from evidence.generator.prompt import Prompt, answer_prompt
from evidence.generator.support import judge
from evidence.generator.values import Analysis, Cut, Finding, Sentence
from evidence.generator.verdicts import Reason

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


def compose(
    question: str,
    findings: Sequence[Finding],
    generator: Generator,
    seed: int,
    names: Names = NO_NAMES,
    verifier: Entailment | None = None,
) -> Analysis:
    """The sentences that stand, and how many did not. A model that fails leaves the quotes to speak alone."""
    prompt = answer_prompt(question, findings, generator.chat)
    grammar = answer_grammar([finding.number for finding in findings])
    try:
        written = parse_answer(generator.write(prompt, grammar, MAX_TOKENS, seed))
    except GeneratorError as error:
        return Analysis("model-failed", (), Cut(0, 0, {}), failure=str(error))
    return gate(written, findings, names, verifier)


def gate(
    written: Sequence[Sentence],
    findings: Sequence[Finding],
    names: Names = NO_NAMES,
    verifier: Entailment | None = None,
) -> Analysis:
    """Each sentence against its own quotes."""
    grounds = grounds_of(findings)
    kept: list[Sentence] = []
    reasons: Counter[str] = Counter()
    for sentence in written:
        verdict = judge(sentence.text, sentence.citations, grounds, names, verifier)
        if verdict.stands and all(verdict.text != other.text for other in kept):
            kept.append(Sentence(verdict.text, sentence.citations, verdict.value, verdict.about))
        else:
            reasons[(not verdict.stands and verdict.reason) or Reason.REPEATED] += 1
    return Analysis("composed", tuple(kept), Cut(len(written), reasons.total(), dict(sorted(reasons.items()))))
