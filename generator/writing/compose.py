"""The model writes: a claim for each finding, then the answer. The gate keeps what its quotes bear out.

A claim is written from its finding alone, so that a page can spoil its own line at most, and the program cites
it. The answer cites for itself, and is written by a model that has earned to write in its own words; of another,
and where nothing of it stands, the answer is the first claim of each query.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evidence.corpus.errors import GeneratorError
from evidence.corpus.model_entries import Writing
from evidence.generator.gate.entailment import Entailment
from evidence.generator.gate.grounds import grounds_of
from evidence.generator.gate.support import judge
from evidence.generator.reading.names import NO_NAMES, Names
from evidence.generator.reading.quote_sentences import split_quote
from evidence.generator.values import EXTRACTIVE, Analysis, Cut, Finding, Sentence
from evidence.generator.verdicts import Reason
from evidence.generator.writing.copying import copying_grammar
from evidence.generator.writing.generator import Generator
from evidence.generator.writing.grammar import MAX_SENTENCES, answer_grammar, claim_grammar, parse_answer
from evidence.generator.writing.judging import doubts
from evidence.generator.writing.prompt import answer_prompt, claim_prompt
from evidence.generator.writing.skills import Skills
from evidence.generator.writing.steps import Notify, Step, silent
from evidence.indexer.words import index_words

# Four sentences of 240 characters, and then some: a grammar bounds characters, this bounds time.
ANSWER_TOKENS = 400
# One sentence of as many characters or words.
CLAIM_TOKENS = 120

# States of an analysis.
COMPOSED, FAILED, INTERRUPTED = "composed", "model-failed", "interrupted"


@dataclass(frozen=True, slots=True)
class Composition:
    """The answer, and the claims that stand, by the numbers of their findings."""

    analysis: Analysis
    claims: Mapping[int, Sentence]


UNWRITTEN = Composition(EXTRACTIVE, {})


def compose(
    question: str,
    findings: Sequence[Finding],
    generator: Generator,
    seed: int,
    names: Names = NO_NAMES,
    verifier: Entailment | None = None,
    notify: Notify = silent,
) -> Composition:
    """What stands of what the model wrote, and how much did not.

    A model that fails or is interrupted leaves what it had written, and the quotes to speak for the rest.
    """
    desk = _Desk(findings, generator, seed, names, verifier)
    claims: dict[int, Sentence] = {}
    answer: list[Sentence] = []
    state: str = COMPOSED
    failure: str | None = None
    steps = len(findings) + 1
    try:
        for done, finding in enumerate(findings):
            notify(Step("writing", done, steps, generator.tokens))
            if claim := desk.claim(finding):
                claims[finding.number] = claim
        notify(Step("writing", len(findings), steps, generator.tokens))
        answer = desk.answer(question)
        notify(Step("writing", steps, steps, generator.tokens))
    except GeneratorError as error:
        state, failure = FAILED, str(error)
    except KeyboardInterrupt:
        # whoever waits no longer wants what there is
        state = INTERRUPTED
    sentences = answer or _first_claims(findings, claims)
    return Composition(Analysis(state, tuple(sentences), desk.cut, failure), claims)


def claim_in(style: Writing, finding: Finding, generator: Generator, seed: int) -> str | None:
    """What the model writes of the finding, not judged yet; None where the quotes hold no sentence to copy.

    Raises GeneratorError.
    """
    grammar = claim_grammar() if style == "free" else _copying(finding, generator.skills)
    if grammar is None:
        return None
    prompt = claim_prompt(finding.text, finding.query, generator.chat)
    return generator.write(prompt, grammar, CLAIM_TOKENS, seed).strip()


def _copying(finding: Finding, skills: Skills) -> str | None:
    """The grammar of the finding's sentences; of the nearest to the query alone where the model cannot tell."""
    sentences = [sentence for quote in finding.quotes for sentence in split_quote(quote.text)]
    # of other documents nobody knows whose `we` it is
    filer = finding.document.company if finding.document.form else None
    if skills.selects:
        return copying_grammar(sentences, filer)
    asked = set(index_words(finding.query))
    nearest = sorted(sentences, key=lambda sentence: -len(asked.intersection(index_words(sentence))))
    return next(filter(None, (copying_grammar([sentence], filer) for sentence in nearest)), None)


class _Desk:
    """The model at work on some findings, the gate beside it, and the count of what was cut."""

    def __init__(
        self,
        findings: Sequence[Finding],
        generator: Generator,
        seed: int,
        names: Names,
        verifier: Entailment | None,
    ) -> None:
        self._findings = findings
        self._generator = generator
        self._seed = seed
        self._names = names
        self._verifier = verifier
        self._grounds = grounds_of(findings)
        self._written = 0
        self._reasons: Counter[str] = Counter()

    @property
    def cut(self) -> Cut:
        return Cut(self._written, self._reasons.total(), dict(sorted(self._reasons.items())))

    def claim(self, finding: Finding) -> Sentence | None:
        """What the finding says, in its own words or else in the model's.

        Of 36 claims in the quotes' own words that were read none was wrong; of those in a model's own that the gate
        let through 3 of 10 with half a billion parameters (a lead time became the time of an installation), and 1
        of 7 with one and a half (bench/writing.py).
        """
        styles: tuple[Writing, ...] = ("copied", "free") if self._free else ("copied",)
        for style in styles:
            text = claim_in(style, finding, self._generator, self._seed)
            if text is not None and (kept := self._gate(Sentence(text, (finding.number,)), style)):
                return kept
        return None

    def answer(self, question: str) -> list[Sentence]:
        """The sentences of a free answer that stand, each once."""
        if not self._free:
            return []
        prompt = answer_prompt(question, self._findings, self._generator.chat)
        grammar = answer_grammar([finding.number for finding in self._findings])
        kept: list[Sentence] = []
        for sentence in parse_answer(self._generator.write(prompt, grammar, ANSWER_TOKENS, self._seed)):
            stands = self._gate(sentence, "free", said=kept)
            kept += [stands] if stands else []
        return kept

    @property
    def _free(self) -> bool:
        return self._generator.skills.writes == "free"

    def _gate(self, sentence: Sentence, style: Writing, said: Sequence[Sentence] = ()) -> Sentence | None:
        """The sentence, or the part of it that stands; None, and counted, where it does not."""
        self._written += 1
        verdict = judge(sentence.text, sentence.citations, self._grounds, self._names, self._verifier)
        reason = None if verdict.stands else verdict.reason
        if verdict.stands and any(verdict.text == other.text for other in said):
            reason = Reason.REPEATED
        elif verdict.stands and style == "free" and doubts(verdict.text, self._cited(sentence), self._generator):
            reason = Reason.DOUBTED
        if reason is not None:
            self._reasons[reason.value] += 1
            return None
        return Sentence(verdict.text, sentence.citations, verdict.value, verdict.about)

    def _cited(self, sentence: Sentence) -> str:
        return "\n".join(self._grounds[number].text for number in sentence.citations)


def _first_claims(findings: Sequence[Finding], claims: Mapping[int, Sentence]) -> list[Sentence]:
    """The first claim of each query, in the order of the findings."""
    first: dict[str, Sentence] = {}
    for finding in findings:
        if finding.number in claims:
            first.setdefault(finding.query, claims[finding.number])
    return list(first.values())[:MAX_SENTENCES]
