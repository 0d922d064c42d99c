"""A question to its report, not recorded yet: plan, search, write; and what a record says of how it came about."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evidence.background import ArchiveBackground
from evidence.corpus.errors import NotFound, UsageError
from evidence.generator.considered import considered
from evidence.generator.report import Asked, write_report
from evidence.generator.spans import Choice
from evidence.generator.weighing.weigh import Aim
from evidence.generator.writing.overheard import OverheardGenerator
from evidence.loaded import Loaded
from evidence.loading import read_aim
from evidence.recording import machine, manifest_digest, without_run
from evidence.replaying import Recalled, Replayed, compare
from evidence.retriever.coverage import cover
from evidence.retriever.filters import NO_FILTER, Filter
from evidence.retriever.plan import plan_queries, unplanned_names
from evidence.retriever.planned import Planned, search_plan
from evidence.retriever.window import Window
from evidence.verifying import meant_window, window_of

# Passages that each query of a question brings; eight findings are chosen from all of them.
PASSAGES_PER_QUERY = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. `queries` are searched instead of those that the text is planned to."""

    text: str
    llm: bool = True
    seed: int = 0
    queries: tuple[str, ...] = ()
    where: Filter = NO_FILTER
    aim: Aim = field(default_factory=lambda: read_aim(None, None))

    def __post_init__(self) -> None:
        """Raises UsageError for what cannot be searched for."""
        require_words(self.text, "question", 'evidence ask "What ...?" --since ... --until ...')
        for query in self.queries:
            require_words(query, "query", '--query "order backlog"')

    def as_json(self) -> dict[str, Any]:
        """What was given beside the question and its window."""
        return {
            "queries": list(self.queries),
            "llm": self.llm,
            "seed": self.seed,
            "subject": self.aim.subject,
            "lens": self.aim.named,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """A report without its run, and what else is recorded of how it came about."""

    report: dict[str, Any]
    said: dict[str, Any]


def require_words(text: str, what: str, example: str) -> None:
    """Raises UsageError for what cannot be searched for, with nothing opened."""
    if not text.strip():
        raise UsageError(f"the {what} is empty", example)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"the {what} is not text: {error.reason}", "is the terminal set to UTF-8?") from error


def answer(loaded: Loaded, window: Window, question: Question) -> Answer:
    """Every original that is cited is read and hashed. Raises SegmentError for one that is damaged."""
    index = loaded.index
    asked = _search(loaded, window, question)
    # a model is not even loaded where there is nothing to write about
    writes = question.llm and any(part.hits for part in asked.found)
    generator = OverheardGenerator(loaded.generator) if writes else None
    covered = cover(index, window, loaded.embedder.languages).as_json()
    background = ArchiveBackground(index, window, loaded.embedder, loaded.entities, lambda: loaded.amendments)
    choices: list[Choice] = []
    report = write_report(
        asked, covered, background, loaded.embedder, generator, loaded.clock(), choices.append, loaded.notify
    )
    for source in report["sources"]:
        index.originals.get(source["original"])
    said = {
        "question": question.text,
        "given": question.as_json(),
        "machine": machine(),
        "candidates": considered(asked.found, asked.parts, choices),
        "calls": [call.as_json() for call in generator.calls] if generator else [],
    }
    return Answer(report, said)


def _search(loaded: Loaded, window: Window, question: Question) -> Asked:
    planned = tuple(dict.fromkeys(question.queries)) or plan_queries(question.text, loaded.entities)
    found: tuple[Planned, ...] = search_plan(
        loaded.index,
        loaded.embedder,
        planned,
        window,
        PASSAGES_PER_QUERY,
        question.where,
        loaded.entities,
        loaded.reranker,
    )
    return Asked(
        question.text,
        window,
        found,
        snapshot=loaded.index.manifest.number,
        seed=question.seed,
        aim=question.aim,
        given=bool(question.queries),
        filters=question.where.as_json(),
        reranker=loaded.reranker,
        verifier=loaded.verifier if question.llm else None,
        entities=loaded.entities,
        unplanned=() if question.queries else unplanned_names(question.text, loaded.entities),
    )


def answer_again(then: Loaded, recalled: Recalled, llm: bool) -> Replayed:
    """What a run was asked, asked of its own snapshot, with the model of then. Raises NotFound for another's."""
    asked = recalled.report
    if recalled.manifest not in {None, manifest_digest(then.index, then.index.manifest.number)}:
        raise NotFound(
            f"snapshot {asked['snapshot']} is not the one that run {recalled.run} asked",
            f"is {then.index.layout.root} the index that was asked?",
        )
    if writer := asked["models"]["generator"]:
        then.generator_name = writer["name"]
    question = Question(
        asked["query"],
        recalled.llm and llm,
        asked["seed"],
        tuple(recalled.queries),
        Filter(**asked["filters"]),
        read_aim(recalled.subject, recalled.lens),
    )
    written = datetime.fromisoformat(asked["generated_at"])
    window = meant_window(asked["window"], written) or window_of(asked["window"])
    again = answer(then, window, question)
    return compare(recalled, {**again.said, "report": without_run(again.report)}, question.llm)
