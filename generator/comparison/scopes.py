"""Which part of a measure a claim is of: the data center's revenue, bonders' backlog, sales in China. Pure."""

import re
from collections.abc import Iterable

from evidence.generator.comparison.statements import Clause, Statement
from evidence.generator.reading.claim_words import DIRECTION, FORECAST, PLAIN, REGION
from evidence.generator.reading.measures import EVENTS, Head
from evidence.indexer.words import FUNCTION_WORDS, index_words

# Words before a measure that may say which part of it is meant.
_BEFORE = 4
_OF_PART = re.compile(
    r"\b(?:for|of|from|in|at|on|to)\s((?:its |the |their |our )?(?:[\w&/'’-]+\s?){1,6})", re.IGNORECASE
)
_TAGGED = re.compile(
    r"\b(?:relat(?:es|ing) to|"
    r"(?:tagged|destined|earmarked|meant|intended|reserved|attributable|bound) (?:to|for))\s"
    r"((?:its |the )?(?:[\w&/'’-]+\s?){1,3})"
)
_VERB = re.compile(
    r"[,;:.$€£¥|]|\b(?:is|are|was|were|be|been|has|have|had|will|would|could|should|may|might|stood|stands|came|come|"
    r"reached|reach|totall?ed|amounted|hit|said|says|now)\b"
)
_SCALES = frozenset(index_words("million billion trillion thousand dollars euros yen won percent per cent usd eur"))


def scope_of(statement: Statement, clause: Clause, head: Head | None, name: str, end: int) -> frozenset[str]:
    """Stems of the words before the measure, of what stands behind it with a preposition, and of regions.

    The word behind the number, which ends at `end`, is what it counts.
    """
    text = statement.text
    said = [match[0] for match in REGION.finditer(text, *clause)]
    if head is not None:
        # before a verb stands who does it
        said += _words_before(text[clause[0] : head.start]) if head.measure not in EVENTS else []
        said += [
            word
            for match in _OF_PART.finditer(_until_verb(text[head.end : clause[1]]))
            for word in match[1].split()
        ]
    tagged = telling(word for match in _TAGGED.finditer(text, *clause) for word in match[1].split())
    counted = index_words(" ".join(text[end : clause[1]].split()[:1]))
    # what it is tagged to may be the only name of the sentence
    return (telling(said) - set(index_words(name)) | tagged) - _dated(statement) - _SCALES - set(counted)


def label_scope(statement: Statement, label: str, head: Head | None) -> frozenset[str]:
    """Of a table's line: it is of exactly what its label says."""
    words = (label[: head.start] + " " + label[head.end :] if head else label).split()
    return telling(words) - _dated(statement)


def _dated(statement: Statement) -> set[str]:
    """Stems of the periods that it names."""
    text = statement.text
    return {stem for period in statement.periods for stem in index_words(text[period.start : period.end])}


def telling(words: Iterable[str]) -> frozenset[str]:
    """Stems of those words that say which one is meant."""
    kept = [word for word in words if word and word.lower() not in PLAIN and not word[0].isdigit()]
    return frozenset(stem for word in kept for stem in index_words(word))


def _until_verb(text: str) -> str:
    ends = [match.start() for pattern in (_VERB, DIRECTION) if (match := pattern.search(text))]
    return text[: min(ends)] if ends else text


def _words_before(text: str) -> list[str]:
    """The few words that stand right before a measure, back to a name, a verb or a preposition."""
    kept: list[str] = []
    for word in reversed(text.split()):
        bare = word.strip("\"“”'’()")
        if (
            len(kept) == _BEFORE
            or not bare
            or bare[-1] in ",;:."
            or bare.endswith(("'s", "’s"))
            or bare[0].isdigit()
        ):
            break
        if bare.lower() in FUNCTION_WORDS or any(p.fullmatch(bare) for p in (DIRECTION, FORECAST, _VERB)):
            break
        if bare.endswith("ed"):
            # `has placed orders`
            break
        kept.append(bare)
    return kept
