"""What a sentence says that bears on a subject: whom it names, by which mechanism, what turned, how much. Pure."""

import re
from dataclasses import dataclass

from evidence.generator.reading.quote_sentences import split_quote
from evidence.generator.weighing.lens import Lens, Mechanism
from evidence.generator.weighing.relations import Circle, Relation
from evidence.generator.weighing.sizes import Magnitude, measure

# A sentence that names nobody goes on about whom the one before it named when it begins so.
_GOES_ON = re.compile(
    r"(?:it|its|they|their|this|that|these|the|he|she)\b(?! (?:market|industry|sector|global|world))", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|the (?:company|group|registrant))\b", re.IGNORECASE)
_NEAREST = list(Relation)


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a sentence is about, as it is written; nobody where nobody is named."""

    relation: Relation = Relation.NONE
    written: str | None = None


NOBODY = Whom()


@dataclass(frozen=True, slots=True)
class Statement:
    """What the rules see in one sentence; each part with the words that say it, as written."""

    whom: Whom
    mechanism: Mechanism | None
    word: str | None
    turned: str | None
    magnitude: Magnitude
    supposed: str | None
    played_down: str | None


def read_quote(quote: str, circle: Circle, lens: Lens, speaker: str | None) -> list[Statement]:
    """A quote's sentences. `speaker` is whose own document it stands in, or whom it is known to be about."""
    statements: list[Statement] = []
    whom = NOBODY
    for sentence in split_quote(quote) or [quote]:
        whom = _whom(sentence, circle, speaker, whom)
        mechanism, word = _mechanism(sentence, lens)
        turned = lens.change.find(sentence)
        statements.append(
            Statement(
                whom=whom,
                mechanism=mechanism,
                word=word,
                turned=turned,
                magnitude=measure(sentence, lens.size, turned is not None),
                supposed=lens.hedges.find(sentence),
                # what is asked is not said
                played_down="?" if sentence.rstrip().endswith("?") else lens.immaterial.find(sentence),
            )
        )
    return statements


def _whom(sentence: str, circle: Circle, speaker: str | None, before: Whom) -> Whom:
    """Whom a sentence is about: whom it names; who says `we`; whom the sentence before it named."""
    relation, named = circle.nearest(sentence)
    own = Whom(relation, named.written) if named else NOBODY
    if speaker is not None and (named is None or _FIRST_PERSON.search(sentence)):
        company = circle.known.find(speaker)
        spoken = Whom(circle.relation(company) if company else Relation.NONE, speaker)
        return min(spoken, own, key=lambda whom: _NEAREST.index(whom.relation))
    return before if named is None and _GOES_ON.match(sentence) else own


def _mechanism(sentence: str, lens: Lens) -> tuple[Mechanism | None, str | None]:
    """The heaviest that the sentence names, of several the first of the lens, and its word."""
    for mechanism in sorted(lens.mechanisms, key=lambda mechanism: -mechanism.weight):
        if word := mechanism.terms.find(sentence):
            return mechanism, word
    return None, None
