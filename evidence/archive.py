"""The Python API: an opened archive that can be searched, asked, shown and verified.

import evidence
archive = evidence.open("evidence-index")
hits = archive.search("order backlog", since="2025-05", until="2025-08-27")
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evidence.answering import Question, answer, answer_again, require_words
from evidence.comparing import Comparison, compare_reports
from evidence.corpus.errors import ReportError, UsageError
from evidence.corpus.values import Document
from evidence.generator.report import seal
from evidence.generator.writing.generator import Generator
from evidence.indexer.amendments import Amendment
from evidence.indexer.datings import moment
from evidence.indexer.embedder import Embedder
from evidence.indexer.manifest import span_of
from evidence.indexer.store import Index
from evidence.loaded import Loaded
from evidence.loading import read_aim
from evidence.recording import is_of_snapshot, is_recorded, manifest_digest
from evidence.replaying import Replayed, recall
from evidence.retriever.filters import NO_FILTER, Filter
from evidence.retriever.hits import Hit, parse_id
from evidence.retriever.search import search
from evidence.retriever.window import EARLIEST, Window, local_day, parse_window
from evidence.verifying import note_report, verify_report


@dataclass(frozen=True, slots=True)
class Relations:
    """What a document is to others of the archive, by their ids: copies, versions, and amendments either way.

    `copies` holds all copies of the story, this one too, the earliest first; it is empty for a story of its own.
    `versions` holds what was captured under the same address at other times, this one too, the earliest first.
    """

    copies: tuple[str, ...]
    amends: Amendment | None
    amended_by: tuple[str, ...]
    versions: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Four keys of a line of `documents --json`."""
        return {
            "copies": list(self.copies),
            "amends": self.amends and asdict(self.amends),
            "amended_by": list(self.amended_by),
            "versions": list(self.versions),
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """A document, and of a passage its span."""

    document: Document
    start: int | None
    end: int | None


def open(
    path: str | Path,
    models: str | Path | None = None,
    *,
    entities: str | Path | None = None,
    runs: str | Path | None = None,
    embedder: Embedder | None = None,
    generator: Generator | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> "Archive":
    """Opens the newest snapshot. Models are those of `models` (a models.toml) unless they are given here.

    `entities` is an entities.toml, else the shipped one is read when names are first looked for. `runs` is the
    folder of the run log, else it lies in the index: nothing is answered whose record cannot be written there.

    Raises NoIndex, FormatError, SegmentError, ModelMismatch; ConfigError and ModelMissing once a model is needed.
    """
    files = (Path(named) if named else None for named in (models, entities, runs))
    archive = Archive(Index.open(Path(path)), clock, *files)
    if embedder is not None:
        archive.index.require(embedder)
        archive.embedder = embedder
    if generator is not None:
        archive.generator = generator
    return archive


def check_window(since: str | None, until: str | None, **options: str | None) -> None:
    """Raises UsageError for a window that cannot be, with nothing opened; whether there is one is asked later."""
    _parse(since if since is not None else EARLIEST, until, datetime.now(UTC), options)


def _parse(since: str, until: str | None, now: datetime, options: dict[str, str | None]) -> Window:
    given = {name: value for name, value in options.items() if value is not None}
    return parse_window(since, until, today=local_day(now, given.get("tz", "UTC")), **given)


class Archive(Loaded):
    """One snapshot of an index with the models to use it: the verbs."""

    def relations(self, document_id: str) -> Relations:
        """Copies and amendments of a document; the first call looks at all of the archive."""
        members = self.index.clusters.of(document_id).members
        return Relations(
            copies=members if len(members) > 1 else (),
            amends=self.amendments.amends.get(document_id),
            amended_by=self.amendments.amended_by.get(document_id, ()),
            versions=self.versions.get(document_id, ()),
        )

    def window(self, since: str | None, until: str | None, **options: str | None) -> Window:
        """The window that these words mean; options as `parse_window`. Raises UsageError."""
        if not since:
            raise UsageError(
                "a window is required: --since, and --until unless it ends with --as-of", self._span_hint()
            )
        return _parse(since, until, self.clock(), options)

    def search(
        self,
        query: str,
        since: str,
        until: str | None = None,
        k: int = 10,
        where: Filter = NO_FILTER,
        **options: str,
    ) -> list[Hit]:
        """The `k` best passages inside the window, best first."""
        return self.search_in(self.window(since, until, **options), query, k, where)

    def search_in(self, window: Window, query: str, k: int, where: Filter = NO_FILTER) -> list[Hit]:
        """`search` in a window that is parsed already."""
        require_words(query, "query", 'evidence search "order backlog" --since ... --until ...')
        return search(self.index, self.embedder, query, window, k, where, self.reranker, self.entities)

    # the twin of a command with as many options
    def ask(  # noqa: PLR0913
        self,
        question: str,
        since: str,
        until: str | None = None,
        *,
        subject: str | None = None,
        lens: str | None = None,
        llm: bool = True,
        seed: int = 0,
        queries: Sequence[str] = (),
        where: Filter = NO_FILTER,
        **options: str,
    ) -> dict[str, Any]:
        """The report as its JSON object; without findings when nothing in the window supports an answer.

        `subject` is the company that impacts are for, else the one that the question names; `lens` a shipped one's
        name or the path of a TOML file. `queries` are searched instead of those that the question is planned to.
        Raises UsageError, or ConfigError for a lens that cannot be used.
        """
        asked = Question(question, llm, seed, tuple(queries), where, read_aim(subject, lens))
        return self.ask_in(self.window(since, until, **options), asked)

    def ask_in(self, window: Window, question: Question) -> dict[str, Any]:
        """`ask` in a window that is parsed already. Every original that is cited is read and hashed.

        `notify` is told of the model's work. Interrupted in it, the report has what was written, and says so.

        The run's record is on the disk when this returns. Raises RecordError where it cannot be.
        """
        self.recorder.log.require_writable()
        answered = answer(self, window, question)
        entry = self.recorder.record_answer(self.index, "ask", answered.said, answered.report)
        return seal({**answered.report, "run": {"id": entry.id, "head": entry.head}})

    def replay(self, run: str | dict[str, Any], *, llm: bool = True) -> Replayed:
        """Asks again what a run was asked, by its id or its report, on the snapshot and with the model of then.

        Without `llm` the model's text is left aside. Raises NotFound when the run or its snapshot is not kept, and
        ReportError for a report that is none.
        """
        self.recorder.log.require_writable()
        try:
            recalled = recall(run, self.recorder.log)
            replayed = answer_again(self.at(recalled.report["snapshot"]), recalled, llm)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            raise ReportError(
                f"a part of the report is missing or malformed: {error!r}", "`evidence verify` says more"
            ) from error
        outcome = {"of": recalled.run, "outcome": "same" if replayed.same else "different"}
        self.recorder.record(self.index, "replay", {**outcome, "differences": replayed.differences})
        return replayed

    def diff(self, first: dict[str, Any], second: dict[str, Any]) -> Comparison:
        """What two reports of this archive say otherwise, and why."""
        return compare_reports(first, second, lambda number: self.at(number).index)

    def at(self, snapshot: int) -> "Archive":
        """This archive as an earlier snapshot of it, with the same models. Raises NotFound when it is not kept."""
        manifest_digest(self.index, snapshot)
        then = copy(self)
        then.__dict__.pop("amendments", None)
        then.index = self.index.at(snapshot)
        return then

    def show(self, identifier: str) -> Shown:
        """The document of an id, and the span when it is a passage's. Raises NotFound."""
        document_id, start, end = parse_id(identifier)
        return Shown(self.index.document(document_id), start, end)

    def original(self, document: Document) -> bytes:
        """The bytes that were crawled; that they were seen is recorded first.

        Raises SegmentError when they are not those bytes any more, and RecordError.
        """
        data = self.index.originals.get(document.original)
        seen = {
            "document_id": document.id,
            "original": document.original,
            "path": document.path,
            "bytes": len(data),
        }
        self.recorder.record(self.index, "view", seen)
        return data

    def notes(self, report: dict[str, Any]) -> list[str]:
        """What a reader of a report that verifies should know: its snapshot is gone, a source was deleted."""
        return note_report(report, self.index)

    def verify(self, report: dict[str, Any] | None = None) -> list[str]:
        """One line for each thing that is wrong with a report, or with any file of the index."""
        if report is None:
            return self.index.check()
        problems = verify_report(report, self.index, self.entities)
        recorded = self.is_recorded(report)
        if recorded is False:
            problems.append(f"report: it is not what run {report['run']['id']} answered")
        elif recorded and not is_of_snapshot(report, self.recorder.log, self.index):
            problems.append(f"report: snapshot {report['snapshot']} is not the one that it was written from")
        return problems

    def is_recorded(self, report: dict[str, Any]) -> bool | None:
        """Whether the run log bears out that this was answered; None where it has no record of it any more."""
        return is_recorded(report, self.recorder.log)

    def _span_hint(self) -> str:
        span = span_of(self.index.manifest.segments)
        if span is None:
            return "the archive holds no dated document"
        return f"the archive's dates span {moment(span[0]).date()} to {moment(span[1]).date()}"
