"""What is changed in an index that exists, by its documents' ids: each change is one snapshot, or nothing.

A deleted document is in no search, listing or count, and stays deleted when its source is indexed again; `compact`
gives up its space in new segments; `collect` gives up the old ones. A forgotten one is in no byte of the index.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evidence.corpus.errors import NotFound, UsageError
from evidence.indexer import sweeping
from evidence.indexer.manifest import Deletion, Manifest
from evidence.indexer.store import Index
from evidence.indexer.sweeping import Swept
from evidence.indexer.writer import Writer


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased: the documents named and those of the same bytes, by id; `copies` of their stories stay."""

    ids: tuple[str, ...]
    copies: tuple[str, ...]
    swept: Swept


@dataclass(frozen=True, slots=True)
class Compacted:
    """Documents whose rows were given up, and segments before and after."""

    documents: int
    before: int
    after: int


def delete(writer: Writer, ids: Sequence[str], reason: str, at: datetime) -> list[str]:
    """Hides documents from the next snapshot on, and returns those that were not deleted before, by id.

    Raises NotFound, with nothing changed, where an id is none; UsageError without a reason.
    """
    _require_reason(reason)
    index = writer.index()
    originals = {one: index.document(one).original for one in sorted(set(ids)) if one not in index.deleted}
    new = [Deletion(one, original, reason, _written(at)) for one, original in originals.items()]
    writer.publish(replace(writer.manifest, deleted=_merged(writer.manifest, new)))
    return list(originals)


def restore(writer: Writer, ids: Sequence[str]) -> list[str]:
    """Takes deletions back, and returns the ids of those documents that must be indexed again to be found.

    Raises NotFound, with nothing changed, for a document that is not deleted, and UsageError for one that was
    forgotten.
    """
    deleted = {one.id: one for one in writer.manifest.deleted}
    for one in ids:
        if one not in deleted:
            raise NotFound(f"document {one} is not deleted", "`evidence documents --deleted` lists those that are")
        if deleted[one].forgotten:
            raise UsageError(f"document {one} was forgotten", "that cannot be undone")
    kept = tuple(one for one in writer.manifest.deleted if one.id not in set(ids))
    writer.publish(replace(writer.manifest, deleted=kept))
    return sorted(one for one in set(ids) if deleted[one].gone)


def compact(writer: Writer) -> Compacted:
    """Writes segments again without what is deleted, withdrawn or superseded; earlier snapshots keep theirs."""
    held = writer.manifest
    superseded = sum(len(entry.superseded) for entry in held.segments)
    writer.publish(writer.without(held.hidden))
    return Compacted(len(held.hidden) + superseded, len(held.segments), len(writer.manifest.segments))


def collect(writer: Writer, keep: int) -> Swept:
    """Removes all but the newest `keep` snapshots and what none of these needs; what is being read stays."""
    if keep < 1:
        raise UsageError("the newest snapshot is always kept", "--keep 1 keeps no other")
    return sweeping.collect(writer.layout, max(writer.first, writer.manifest.number - keep + 1))


def forget(writer: Writer, ids: Sequence[str], reason: str, at: datetime) -> Forgotten:
    """Erases documents, and all of the same bytes, from every file of the index; no earlier snapshot is kept.

    Safe to repeat: what was forgotten before is looked for and erased again. Raises as `delete` does.
    """
    _require_reason(reason)
    index = writer.index()
    before = {one.id: one for one in writer.manifest.deleted}
    originals = {before[one].original if one in before else index.document(one).original for one in ids}
    erased = _of_originals(index, originals) | {one.id for one in before.values() if one.original in originals}
    copies = {copy for one in erased & _live(index) for copy in index.clusters.of(one).members} - erased
    found = {one: index.document(one).original for one in sorted(erased - before.keys())}
    marked = [before.get(one) or Deletion(one, found[one], reason, _written(at)) for one in sorted(erased)]
    new = [replace(one, gone=True, forgotten=True) for one in marked]
    manifest = writer.without(frozenset(erased))
    if new != [before.get(deletion.id) for deletion in new]:
        corrected = tuple(one for one in manifest.corrected if one not in erased)
        deleted = _merged(manifest, new)
        writer.publish(replace(manifest, corrected=corrected, deleted=deleted, first=manifest.number + 1))
    swept = sweeping.erase(writer.layout, writer.first)
    return Forgotten(tuple(sorted(erased)), tuple(sorted(copies)), swept)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise UsageError("a reason is required: it is kept beside the document's id", '--reason "..."')


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _merged(manifest: Manifest, new: Iterable[Deletion]) -> tuple[Deletion, ...]:
    by_id = {one.id: one for one in (*manifest.deleted, *new)}
    return tuple(by_id[name] for name in sorted(by_id))


def _of_originals(index: Index, originals: set[str]) -> set[str]:
    return {
        name
        for segment in index.segments
        for name, original in zip(segment.ids, segment.documents.column("original"), strict=True)
        if original in originals
    }


def _live(index: Index) -> set[str]:
    return {name for s in index.segments for name, live in zip(s.ids, s.live, strict=True) if live}
