"""The GBNF of an answer: sentences that end in citations, in which only this request's numbers exist.

Our own, because the binding's JSON-schema converter drops bounds; the output is parsed and checked again
all the same.
"""

import re
from collections.abc import Sequence

from evidence.generator.values import Sentence

MAX_SENTENCES = 4
# Characters, a figure counting as one.
MIN_PARTS = 25
MAX_PARTS = 240
MAX_CITATIONS = 2

_LENGTH = f"{{{MIN_PARTS},{MAX_PARTS}}}"
_PARTS = (
    # a digit or a quotation mark would open a list or a copied quote, and small models never leave those
    "start ::= [A-Z]",
    "part ::= char | number",
    # bounded: a small model never leaves a number that may go on
    "number ::= [0-9]{1,12} ([.,] [0-9]{1,6}){0,4}",
    r"char ::= [^0-9\[\]\n<>{}|*_#`\\.!?" + '"“”]',
)

_LINE = re.compile(r"(?P<text>[^\[\]\n]+?)\s*(?P<citations>(?:\[[0-9]{1,9}\])+)\s*$")


def answer_grammar(numbers: Sequence[int]) -> str:
    """A GBNF whose every sentence ends in one or two of these numbers in brackets."""
    if not numbers:
        raise ValueError("an answer needs something to cite")
    alternatives = " | ".join(f'"[{number}]"' for number in numbers)
    return "\n".join(
        [
            f"root ::= sentence{{1,{MAX_SENTENCES}}}",
            # a model ends a sentence with a full stop by itself; what follows it is then forced
            f'sentence ::= start part{_LENGTH} ". " citation{{1,{MAX_CITATIONS}}} "\\n"',
            *_PARTS,
            f"citation ::= {alternatives}",
        ]
    )


def claim_grammar() -> str:
    """A GBNF of one sentence without citations, written from one finding; the model ends it by its own mark."""
    return "\n".join([f'root ::= start part{_LENGTH} "."', *_PARTS])


def parse_answer(text: str) -> list[Sentence]:
    """The sentences of an answer. What was cut off at the end, or has no citation, comes back uncited."""
    sentences = []
    for line in text.splitlines():
        match = _LINE.match(line.strip())
        if match:
            cited = tuple(dict.fromkeys(int(n) for n in re.findall(r"\d+", match["citations"])))
            sentences.append(Sentence(match["text"].strip().rstrip(".") + ".", cited))
        elif line.strip():
            sentences.append(Sentence(line.strip(), ()))
    return sentences
