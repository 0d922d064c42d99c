"""Links to clusters, over all live documents of a snapshot at once. Pure; nothing here reads a text.

A roundup holds several stories whole, and would make one of them. It is known by its parts: smaller texts linked to
it that are not even related to each other. Its links to parts are not followed; those to its own copies are.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from evidence.corpus.values import Document
from evidence.indexer.datings import NEVER
from evidence.indexer.syndication import MAX_SPAN, MIN_SHARED, PART, Kinship, Story, arrival, is_copy

_MAX_SPAN = int(MAX_SPAN.total_seconds() * 1_000_000)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The ids of a story's copies, the original first and the others as they came."""

    members: tuple[str, ...]

    @property
    def original(self) -> str:
        return self.members[0]


class Clusters:
    """The stories of one snapshot."""

    def __init__(
        self, live: Mapping[str, Story], kinships: Iterable[Kinship], read: Callable[[str], Document]
    ) -> None:
        """`live` are the documents that can be members, by id; kinships of others count for nothing."""
        self._live = live
        self._read = read
        labels = partition(live.values(), kinships)
        members: dict[int, list[str]] = defaultdict(list)
        for name, story in live.items():
            if story.twins in labels:
                members[labels[story.twins]].append(name)
        self._labels = labels
        self._members = dict(members)

    def of(self, document_id: str) -> Cluster:
        """The cluster that a document is in; one without copies, or not live, is a cluster of its own."""
        story = self._live.get(document_id)
        if story is None or story.twins not in self._labels:
            return Cluster((document_id,))
        copies = sorted((self._read(name) for name in self._members[self._labels[story.twins]]), key=arrival)
        return Cluster(tuple(copy.id for copy in copies))

    def __iter__(self) -> Iterator[Cluster]:
        """Every cluster of more than one document, by the smallest id in it."""
        first = sorted(min(names) for names in self._members.values() if len(names) > 1)
        return (self.of(name) for name in first)


def partition(stories: Iterable[Story], kinships: Iterable[Kinship]) -> dict[int, int]:
    """Twins to the label of their cluster, for those that have a copy at all."""
    nodes: dict[int, Story] = {}
    count = Counter[int]()
    for story in stories:
        count[story.twins] += 1
        nodes[story.twins] = story
    related = {
        (min(k.one, k.other), max(k.one, k.other)): k
        for k in sorted(kinships, key=lambda k: (k.shared, k.told))
        if k.one in nodes and k.other in nodes and k.one != k.other
    }
    copies = {pair: k.shared for pair, k in related.items() if is_copy(nodes[k.one], nodes[k.other], k)}
    for bridge in _bridges(nodes, copies, related):
        del copies[bridge]
    labels = {name: name for name, times in count.items() if times > 1 and nodes[name].size >= MIN_SHARED}
    return labels | _join(nodes, copies)


def _bridges(
    nodes: Mapping[int, Story], copies: Mapping[tuple[int, int], int], related: Iterable[tuple[int, int]]
) -> set[tuple[int, int]]:
    """The links between roundups and their parts. Small roundups first: they may be parts of larger ones."""
    parts: dict[int, set[int]] = defaultdict(set)
    for pair in copies:
        small, large = sorted(pair, key=lambda name: (nodes[name].size, name))
        if nodes[small].size < PART * nodes[large].size:
            parts[large].add(small)
    kin: dict[int, set[int]] = defaultdict(set)
    for one, other in related:
        kin[one].add(other)
        kin[other].add(one)
    bridges = set()
    for whole in sorted(parts, key=lambda name: (nodes[name].size, name)):
        if not _is_connected(parts[whole], kin):
            for part in parts[whole]:
                bridges.add((min(whole, part), max(whole, part)))
                kin[whole].discard(part)
                kin[part].discard(whole)
    return bridges


def _is_connected(names: set[int], kin: Mapping[int, set[int]]) -> bool:
    reached = {min(names)}
    front = list(reached)
    while front:
        found = (kin[front.pop()] & names) - reached
        reached |= found
        front += found
    return reached == names


def _join(nodes: Mapping[int, Story], copies: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """Joins the closest first; what would make a cluster span more than MAX_SPAN stays apart."""
    parent = {name: name for pair in copies for name in pair}
    span = {name: _span(nodes[name]) for name in parent}

    def root(name: int) -> int:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def closeness(pair: tuple[int, int]) -> tuple[float, tuple[int, int]]:
        return -copies[pair] / min(nodes[name].size for name in pair), pair

    for pair in sorted(copies, key=closeness):
        one, other = sorted(map(root, pair))
        first, last = min(span[one][0], span[other][0]), max(span[one][1], span[other][1])
        if one != other and last - first <= _MAX_SPAN:
            parent[other] = one
            span[one] = (first, last)
    return {name: root(name) for name in parent}


def _span(story: Story) -> tuple[int, int]:
    """The end of its date, and the start: what is known to a month stretches no cluster, nor what has no date."""
    return (NEVER, -NEVER) if story.latest == NEVER else (story.latest, story.earliest)
