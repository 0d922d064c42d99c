"""What the gate says of a sentence: a value, the reason against it, and whom it was taken to be about."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Literal

Origin = Literal["quote", "title", "section", "filer"]


class Value(StrEnum):
    """Partly: not as it was written, but without its last clauses, as the verdict's `text` has it."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


class Reason(StrEnum):
    """Why a sentence was cut."""

    UNCITED = "cites nothing"
    FOREIGN = "cites a quote that does not exist"
    MARKUP = "holds links or markup"
    SEVERAL = "holds several sentences"
    NUMBER = "a number is not in its quotes"
    NAME = "a name is not in its quotes"
    PERIOD = "a date or period is not in its quotes"
    SOURCE = "its quotes give no such source"
    SENSE = "a negation, direction or possibility is not that of its quotes"
    LINK = "it says that one thing is another, which its quotes do not"
    SWAPPED = "it says of one thing what its quotes say of another"
    WORDS = "its words do not stand like that in its quotes"
    ENTAILMENT = "the verifier does not find it in its quotes"
    REPEATED = "says again what was said"
    DOUBTED = "the model that wrote it doubts that its quotes say so"


@dataclass(frozen=True, slots=True)
class About:
    """Whom the quotes speak of, and where that stands: they may name nobody (`the Company`, `it`)."""

    name: str
    origin: Origin

    def as_json(self) -> dict[str, str]:
        """The contract's `about`."""
        return {"name": self.name, "from": self.origin}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`text` is what may be shown: the sentence, a part of it, or nothing.

    `reason` is None of a sentence that stands; of one that stands in part it says what is wrong with the rest.
    `about` is None where the quotes name the subject themselves.
    """

    value: Value
    text: str
    reason: Reason | None = None
    about: About | None = None

    @property
    def stands(self) -> bool:
        """Whether any of it does."""
        return self.value is not Value.UNSUPPORTED

    def as_json(self) -> dict[str, object]:
        """The fields."""
        return asdict(self)
