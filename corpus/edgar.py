"""EDGAR complete submissions, SGML `.txt` and `.nc`: cut into documents, each behind the submission's header. Pure.

A submission is a header and then `<DOCUMENT>` elements. Line ends are any of three; end tags are missing in old and
in damaged files; a file may hold several submissions. What the header says is read in `headers.py`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, zip_longest

# A filer takes about 1 kB of it, and some have hundreds of co-registrants. It is repeated before each document of
# its submission, so a longer one is cut; who files stands at its beginning.
MAX_HEADER_BYTES = 512 << 10
# More than filers attach; whatever follows belongs to the last, so that nothing is lost.
MAX_DOCUMENTS = 2_000
# Tags that are looked at; text that speaks of documents does so a few times.
_MAX_TAGS = 100_000

# A document's few lines before <TEXT>, and how far into its body its kind is looked for.
_HEAD_BYTES = 4096

# EDGAR writes its tags in capitals, and a search for just this runs at a gigabyte a second.
_TAG = re.compile(rb"<DOCUMENT>")
_BEFORE = re.compile(rb"[\r\n][ \t]*\Z")
_AFTER = re.compile(rb"\s{0,8}<TYPE>")
_END = b"</DOCUMENT>"
# What comes after the last document, when its own end is missing.
_CLOSE = re.compile(rb"</(?:SEC-DOCUMENT|IMS-DOCUMENT|SUBMISSION)>|-----END PRIVACY-ENHANCED MESSAGE-----")
_OPEN = re.compile(rb"<(?:SEC-DOCUMENT|SEC-HEADER|IMS-DOCUMENT|IMS-HEADER|SUBMISSION)>")
_SUBMISSION = re.compile(
    rb"\s*+(?:-----BEGIN PRIVACY-ENHANCED MESSAGE-----|<(?:SEC|IMS)-(?:DOCUMENT|HEADER)>|<SUBMISSION>"
    rb"|<ACCEPTANCE-DATETIME>|<DOCUMENT>\s*+<TYPE>)",
    re.IGNORECASE,
)
_FIELD = re.compile(rb"\s*+<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>([^<\r\n]*+)")
_TEXT = re.compile(rb"\s*+<TEXT>")
_TEXT_END = re.compile(rb"</TEXT>\s*+\Z")

# Pictures, bundles, and what EDGAR itself adds: pages R1.htm and so on, which repeat the filing's own tables
# without their context, with scripts and styles for them. All of these have the type XML, which no filer gives.
_DATA_TYPES = frozenset({"GRAPHIC", "ZIP", "EXCEL", "JSON", "XML", "PDF"})
_UUENCODED = re.compile(rb"\s*+(?:<PDF>\s*+)?begin [0-7]{3,4} ", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--(?>.*?-->|.*)", re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
# A bare XBRL instance (its first child where it has no wrapper) and its taxonomy: the figures stand in the
# filing as a person reads it.
_XBRL_ROOTS = frozenset({b"xbrl", b"schemaref", b"linkbase", b"schema"})


@dataclass(frozen=True, slots=True)
class Part:
    """One <DOCUMENT> of these bytes: where it starts, where its text starts and stops, and where all of it ends."""

    start: int
    body: int
    stop: int
    end: int
    type: str
    filename: str
    description: str
    truncated: bool


def is_submission(head: bytes) -> bool:
    """Whether a file that begins like this is an EDGAR submission, or an unwrapped document of one."""
    return _SUBMISSION.match(head) is not None


def split_submission(data: bytes) -> Iterator[bytes]:
    """Each document that can be read, behind the header of its submission, both as stored.

    Pictures, bundles and data for machines are left out; their own heads, bodies cut off, follow the first piece,
    so that its reader can say how many there were. A submission with nothing to read is one piece, too.
    """
    for header, parts in _submissions(data):
        readable = [part for part in parts if not _is_data(data, part)]
        skipped = [part for part in parts if _is_data(data, part)]
        heads = b"".join(b"\n" + data[part.start : part.body] for part in skipped)
        if not readable:
            yield header + heads
        for number, part in enumerate(readable):
            # behind one that has no end its heads would look like that end
            yield header + data[part.start : part.end] + (b"" if number or part.truncated else heads)


def skipped_parts(data: bytes) -> dict[str, int]:
    """How many documents of each type `split_submission` leaves out of these bytes."""
    return dict(Counter(part.type for _, parts in _submissions(data) for part in parts if _is_data(data, part)))


def find_parts(data: bytes) -> list[Part]:
    """The documents of these bytes in their order."""
    tags = islice(_TAG.finditer(data), _MAX_TAGS)
    starts = list(islice((tag for tag in tags if _is_start(data, tag)), MAX_DOCUMENTS))
    return [_part(data, start, following) for start, following in zip_longest(starts, starts[1:])]


def _is_start(data: bytes, tag: re.Match[bytes]) -> bool:
    """A tag alone on its line or before a type; text may speak of it, too."""
    near = b"\n" * (tag.start() < 8) + data[max(tag.start() - 8, 0) : tag.start()]
    return _AFTER.match(data, tag.end()) is not None or _BEFORE.search(near) is not None


def _part(data: bytes, start: re.Match[bytes], following: re.Match[bytes] | None) -> Part:
    limit = following.start() if following else len(data)
    fields: dict[bytes, str] = {}
    at = start.end()
    while (match := _FIELD.match(data, at, min(limit, start.end() + _HEAD_BYTES))) is not None:
        fields.setdefault(match[1], match[2].decode("utf-8", "replace").strip())
        at = match.end()
    text = _TEXT.match(data, at, limit)
    head = Part(
        start=start.start(),
        body=text.end() if text else at,
        stop=limit,
        end=limit,
        type=fields.get(b"TYPE", ""),
        filename=fields.get(b"FILENAME", ""),
        description=fields.get(b"DESCRIPTION", ""),
        truncated=False,
    )
    return _ended(data, head, following)


def _ended(data: bytes, part: Part, following: re.Match[bytes] | None) -> Part:
    """The same with its end: its own, the last one in reach; else what comes next; else the file just stops."""
    if (end := data.rfind(_END, part.body, part.stop)) >= 0:
        return replace(part, stop=end, end=end + len(_END))
    if (match := _CLOSE.search(data, part.body, part.stop)) is not None:
        return replace(part, stop=match.start(), end=match.end())
    if following is not None:
        # the tag of the next document goes along: it is what says that this one came to its end
        return replace(part, end=following.end())
    return replace(part, truncated=_TEXT_END.search(data, max(part.body, part.stop - 64), part.stop) is None)


def _submissions(data: bytes) -> Iterator[tuple[bytes, list[Part]]]:
    """Header and documents of each submission; a header between two documents begins another one."""
    begun, header, parts = False, b"", list[Part]()
    at = 0
    for part in find_parts(data):
        gap = data[at : part.start]
        if not begun or _OPEN.search(gap):
            if begun:
                yield header, parts
            begun, header, parts = True, gap[:MAX_HEADER_BYTES], []
        parts.append(part)
        at = part.end
    if begun:
        yield header, parts
    if not begun or _OPEN.search(data, at):
        yield data[at : at + MAX_HEADER_BYTES], []


def _is_data(data: bytes, part: Part) -> bool:
    """Whether this part is for machines only."""
    if part.type.upper() in _DATA_TYPES or part.type.upper().startswith("EX-101"):
        return True
    head = data[part.body : min(part.stop, part.body + _HEAD_BYTES)]
    if _UUENCODED.match(head):
        return True
    roots = [match[1].lower() for match in islice(_ROOT.finditer(_COMMENT.sub(b"", head)), 2)]
    if roots[:1] in ([b"xbrl"], [b"xml"]):
        # a wrapper of EDGAR's
        return len(roots) > 1 and roots[1] in _XBRL_ROOTS
    return roots[:1] == [b"pdf"] or (bool(roots) and roots[0] in _XBRL_ROOTS)
