"""Whether a quote says what a statement says, as the model weighs it; asked where it has earned the role."""

from evidence.generator.writing.generator import Generator
from evidence.generator.writing.prompt import judging_prompt

_ANSWERS = ("Yes", "No")


def weigh_support(statement: str, quote: str, generator: Generator) -> float:
    """By how much the model prefers Yes to No, in log-probability. Raises GeneratorError."""
    yes, no = generator.weigh(judging_prompt(quote, statement, generator.chat), _ANSWERS)
    return yes - no


def doubts(statement: str, quote: str, generator: Generator) -> bool:
    """Whether a model that can judge says that the quote does not say so."""
    least = generator.skills.judges_below
    return least is not None and weigh_support(statement, quote, generator) < least
