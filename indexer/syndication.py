"""Syndicated stories: which documents are copies of one another, and which copy came first. Pure.

The law: whether two documents are related follows from these two alone, and the clusters follow from the relations
of all live documents. So neither the order of indexing nor the commits it fell into can change a cluster.

Documents of one text, title, publisher, date and source are twins: what is related to one is related to all. Who
looks for relations is `copies.py`; who makes clusters of them, `clusters.py`.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from evidence.corpus.values import Document
from evidence.indexer.datings import NEVER, microseconds
from evidence.indexer.shingles import Hashes, Shingled, shared_shingles, shingle, title_words
from evidence.indexer.subjects import Subjects, are_apart, read_subjects

# Of the shingles of the smaller text, what a copy has in common with it. Measured by bench/syndication.py over six
# seeds, least F1 and joins in 6,000 articles: 0.45 0.980, 15; 0.55 0.977, 10; 0.65 0.946, 6.
MIN_CONTAINED = 0.55
# Below that two texts are no copies, but not strangers either: they do not tell a roundup of two stories.
MIN_RELATED = 0.15
# A paragraph of boilerplate has as many words, and so has a quotation.
MIN_SHARED = 30
# The share of a title's long words that stand in what two texts share, of the one title or of the other.
MIN_TOLD = 0.34
# So many shingles are no furniture, whatever the title: the longest notice seen has 151.
MAX_FURNITURE = 200
# A page this many times the size holds a story among others.
MAX_TIMES = 8
# Copies follow within days. Pages that are made anew every week or month from one form do not.
MAX_GAP = timedelta(days=7)
# No chain of links reaches further.
MAX_SPAN = timedelta(days=14)
# What is smaller than this share of a text is a part of it, not another version.
PART = 0.7


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a document's text without its words. Times are microseconds since 1970, NEVER if undated.

    `twins` is the same for documents of one text, title, publisher, date and source; `source` is 0 but for filings,
    where it tells accessions apart: filings repeat last quarter's words, and are not copies of it.
    """

    twins: int
    source: int
    earliest: int
    latest: int
    size: int


@dataclass(frozen=True, slots=True)
class Kinship:
    """Two sets of twins and how many shingles their texts share.

    `told`: these tell what either title names, and neither is about somebody whom the other does not know. What all
    pages of a site have in common, or stands instead of a story behind a wall, does not, and makes nothing a copy.
    """

    one: int
    other: int
    shared: int
    told: bool


@dataclass(frozen=True, slots=True)
class Described:
    """A document's story with the words of its text and of its title."""

    story: Story
    text: Shingled
    title: frozenset[str]
    publisher: str
    subjects: Subjects


def describe(document: Document) -> Described:
    """All that is compared of a document."""
    text = shingle(document.text)
    dated = document.dated
    earliest, latest = (microseconds(dated.earliest), microseconds(dated.latest)) if dated else (NEVER, NEVER)
    source = _source(document)
    key = f"{source} {earliest} {latest} {[document.title, document.publisher]}".encode() + text.runs.tobytes()
    story = Story(_number(key), source, earliest, latest, len(text))
    publisher, subjects = (document.publisher or "").casefold(), read_subjects(document.title, document.text)
    return Described(story, text, title_words(document.title), publisher, subjects)


def _source(document: Document) -> int:
    if document.kind != "filing" and document.filing is None:
        return 0
    accession = document.filing and document.filing.accession
    return _number((accession or document.id).encode())


def _number(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def compare(one: Described, other: Described) -> Kinship | None:
    """What two documents share, if that is enough for them to be related."""
    shared = shared_shingles(one.text, other.text)
    if len(shared) < max(1.0, MIN_RELATED * min(len(one.text), len(other.text))):
        return None
    told = _is_told(one, other, shared) and not _are_apart(one, other)
    return Kinship(one.story.twins, other.story.twins, len(shared), told)


def _are_apart(one: Described, other: Described) -> bool:
    return are_apart(one.subjects, set(one.text.words), other.subjects, set(other.text.words))


def _is_told(one: Described, other: Described, shared: Hashes) -> bool:
    """Two papers may differ in their headlines, so either will do; one paper knows what it printed."""
    titles = [title for title in (one.title, other.title) if title]
    if len(shared) > MAX_FURNITURE or not titles:
        return True
    words = one.text.words_in(shared)
    told = [len(title & words) >= max(MIN_TOLD * len(title), min(2, len(title))) for title in titles]
    return all(told) if one.publisher and one.publisher == other.publisher else any(told)


def is_copy(one: Story, other: Story, kinship: Kinship) -> bool:
    """Whether these two comparable stories, which share so much, are one."""
    return kinship.told and kinship.shared >= max(MIN_SHARED, MIN_CONTAINED * min(one.size, other.size))


def arrival(document: Document) -> tuple[int, int, str, str]:
    """The order of copies: end and start of the date, undated last, then source, then id.

    A calendar day without a zone is taken as it is written, as in the rows of a segment.
    """
    dated = document.dated
    ends = (microseconds(dated.latest), microseconds(dated.earliest)) if dated else (NEVER, NEVER)
    return *ends, (document.publisher or document.url or "").casefold(), document.id
