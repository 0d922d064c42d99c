"""The gate: a sentence stays only when its own quotes bear it out. Pure, but for a verifier that is handed in.

Hard facts first, each with its reason: names, amounts, periods, which way things turn, and whether each stands
among the words that it is quoted among. What they leave is measured: how many words are the sentence's own, and
whether its words stand near each other in the quotes. A sentence that fails is tried again without its last
clauses: what is left of it stands in part.
"""

import re
from collections.abc import Mapping, Sequence

from evidence.corpus.invisible import strip_invisible
from evidence.generator.gate.attachment import is_turn, swapped
from evidence.generator.gate.coverage import contraries, counted, near_pairs, own_words, unlinked
from evidence.generator.gate.entailment import Entailment
from evidence.generator.gate.grounds import Ground
from evidence.generator.gate.subjects import misattributed, unnamed
from evidence.generator.reading import amounts, moments
from evidence.generator.reading.marks import turned_round
from evidence.generator.reading.names import NO_NAMES, Names
from evidence.generator.reading.readings import Reading, read
from evidence.generator.reading.wordings import direction
from evidence.generator.verdicts import About, Reason, Value, Verdict

# The share of a sentence's words that may be its own, and of pairs of neighbours that stand near each other in the
# quotes. Of claims of fever_symmetric, 0.34 let 8 more of 110 true ones stand and 8 more of 190 false ones; the
# embedder's cosine tells those apart no better (AUC 0.61), and is not asked (bench/gate).
MAX_OWN = 0.3
MIN_NEAR = 0.4
# A part of a sentence that is left when its end is cut says something with so many words.
MIN_LEFT = 3

_SENTENCE_END = re.compile(r"[.!?][\"”’')]*\s+[\"'“‘(]*[A-Z]")
_MARKUP = re.compile(r"https?://|www\.|[\[\]<>{}|]")
# Without what follows, these say nothing, or something else.
_DEPENDENT = re.compile(
    r"(?:if|while|although|though|when|because|since|as|unless|whereas|once|after|before|with)\b", re.IGNORECASE
)
_TAIL = re.compile(
    r"\s*[,;–—-]\s+(?:and|but|which|who|while|whereas|with|as|so|because|although|though|making|\w+ing)\b|;\s",
    re.IGNORECASE,
)


def judge(
    sentence: str,
    citations: Sequence[int],
    grounds: Mapping[int, Ground],
    names: Names = NO_NAMES,
    verifier: Entailment | None = None,
) -> Verdict:
    """Whether a sentence stands on the grounds it cites, by number. `names` says which forms are one name.

    With a `verifier` its word takes the place of the count of words. Raises ConfigError where it cannot be used.
    """
    reason = _malformed(sentence, citations, grounds)
    if reason is not None:
        return Verdict(Value.UNSUPPORTED, "", reason)
    cited = [grounds[number] for number in dict.fromkeys(citations)]
    found = _weigh(sentence, cited, names, verifier)
    if not isinstance(found, Reason):
        return Verdict(Value.SUPPORTED, sentence, None, found)
    for left in _shortened(sentence):
        about = _weigh(left, cited, names, verifier)
        if not isinstance(about, Reason):
            return Verdict(Value.PARTLY, left, found, about)
    return Verdict(Value.UNSUPPORTED, "", found)


def _malformed(sentence: str, citations: Sequence[int], grounds: Mapping[int, Ground]) -> Reason | None:
    if not citations:
        return Reason.UNCITED
    if any(number not in grounds for number in citations):
        return Reason.FOREIGN
    if _MARKUP.search(sentence):
        return Reason.MARKUP
    return Reason.SEVERAL if _several(sentence) else None


def _several(sentence: str) -> bool:
    return len(set(read(sentence).sentences)) > 1


def _shortened(sentence: str) -> list[str]:
    """The sentence without its last clause, its last two and so on."""
    cuts = [match.start() for match in _TAIL.finditer(sentence)]
    left = [f"{sentence[:cut].rstrip(' ,;–—-')}." for cut in reversed(cuts)]
    return [part for part in left if len(counted(read(part))) >= MIN_LEFT and not _DEPENDENT.match(part)]


def _weigh(
    sentence: str, cited: Sequence[Ground], names: Names, verifier: Entailment | None
) -> Reason | About | None:
    """The reason against it; where there is none, whom it is about if the quotes do not say so."""
    said = read(strip_invisible(sentence))
    quoted = [read(strip_invisible(ground.text)) for ground in cited]
    if not said.stems():
        return Reason.WORDS
    about = unnamed(said, quoted, cited, names)
    if about is not None and not isinstance(about, About):
        return Reason.NAME
    if misattributed(said, quoted, cited, names):
        return Reason.SOURCE
    if _wrong_figure(said, quoted, cited):
        return Reason.NUMBER
    if _wrong_moment(said, quoted, cited):
        return Reason.PERIOD
    if _wrong_turn(said, quoted):
        return Reason.SENSE
    filer = [name for ground in cited for name in ground.filer]
    if unlinked(said, quoted):
        return Reason.LINK
    if _scattered(said, quoted) or swapped(said, quoted, names, filer):
        return Reason.SWAPPED
    if verifier is None:
        return _loose(said, quoted) or about
    titled = [text for ground in cited for text in (about.name if about else "", *ground.quotes) if text]
    return about if verifier.entails(titled, sentence) else Reason.ENTAILMENT


def _wrong_figure(said: Reading, quoted: Sequence[Reading], cited: Sequence[Ground]) -> bool:
    return not all(_borne_figure(figure, said, quoted, cited) for figure in said.amounts)


def _borne_figure(
    figure: amounts.Amount, said: Reading, quoted: Sequence[Reading], cited: Sequence[Ground]
) -> bool:
    for reading, ground in zip(quoted, cited, strict=True):
        scale = amounts.table_scale("\n".join(filter(None, (reading.text, ground.section, ground.title))))
        if any(amounts.bears(other, figure, scale) for other in reading.amounts):
            return True
    return False


def _wrong_moment(said: Reading, quoted: Sequence[Reading], cited: Sequence[Ground]) -> bool:
    for moment in said.moments:
        if not any(_borne_moment(moment, reading, ground) for reading, ground in zip(quoted, cited, strict=True)):
            return True
    return False


def _borne_moment(moment: moments.Moment, reading: Reading, ground: Ground) -> bool:
    if moment.parts.keys() == {"year"} and any(figure.value == moment.year for figure in reading.amounts):
        return True  # 1900 tools
    over = moments.find_moments(" \n".join(filter(None, (ground.title, ground.section))))
    years = frozenset(p.year for p in (*reading.moments, *over) if p.year is not None)
    return moments.bears([*reading.moments, *over], moment, ground.published, years)


def _wrong_turn(said: Reading, quoted: Sequence[Reading]) -> bool:
    """Whether it denies, doubts or turns what the clauses nearest to it do not."""
    nearest = _nearest(said, quoted)
    reading = quoted[nearest[0]]
    if turned_round(said, reading, nearest[1]) or contraries(said, quoted):
        return True
    ways = {direction(word.stem) for at, word in enumerate(said.words) if is_turn(said, at)} - {0}
    known = {direction(word.stem) for r in quoted for at, word in enumerate(r.words) if is_turn(r, at)} - {0}
    return not ways <= known


def _nearest(said: Reading, quoted: Sequence[Reading]) -> tuple[int, set[int]]:
    """The quote and the clauses of it that have most of each of the sentence's clauses."""
    best = max(range(len(quoted)), key=lambda n: (_shared(set(said.stems()), quoted[n].stems()), -n))
    reading = quoted[best]
    found = set()
    for first, last in said.clauses:
        stems = set(said.stems(first, last))
        scores = [_shared(stems, reading.stems(*span)) for span in reading.clauses]
        if scores:
            found.add(max(range(len(scores)), key=lambda n: (scores[n], -n)))
    return best, found


def _shared(stems: set[str], others: Sequence[str]) -> float:
    return sum(2.0 if stem[0].isdigit() else 1.0 for stem in stems & set(others))


def _scattered(said: Reading, quoted: Sequence[Reading]) -> bool:
    """Whether a clause takes its figures from one quote and what they measure from another."""
    if len(quoted) < 2:
        return False
    for number in range(len(said.clauses)):
        figures = [q for q in said.amounts if said.clause_of(said.place(q.start)) == number]
        holding = [
            all(any(amounts.bears(other, figure) for other in reading.amounts) for figure in figures)
            for reading in quoted
        ]
        if figures and not any(holding):
            return True
    return False


def _loose(said: Reading, quoted: Sequence[Reading]) -> Reason | None:
    """Whether too many of its words are its own, or stand together as in no quote."""
    words = counted(said)
    if len(own_words(said, quoted)) > MAX_OWN * len(words):
        return Reason.WORDS
    near, pairs = near_pairs(said, quoted)
    return Reason.WORDS if near < MIN_NEAR * pairs else None
