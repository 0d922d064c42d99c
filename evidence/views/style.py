"""How Markdown and plain text write the lines of a report, and what makes a stranger's words harmless in each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from evidence.views.printable import one_line, printable, web_address

# An ampersand makes markup before an entity's name alone.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+|~!]|&(?=#?\w+;))")
# What makes a list, a rule or a heading where a line starts: `1. `, `- `, `===`.
_LINE_START = re.compile(r"^(?:\d{1,9}(?=\.(?:\s|$))|(?=[-=]))")


class Kind(Enum):
    """What a line is, so that each form can mark it in its own way."""

    TITLE = auto()
    HEADING = auto()
    LEAD = auto()
    TEXT = auto()
    BULLET = auto()
    UNDER = auto()
    QUOTE = auto()
    NOTE = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report, its words harmless already in the form that it is for."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Style:
    """How one form writes its lines; `safe` makes a stranger's text harmless in it."""

    marks: Mapping[Kind, str]
    safe: Callable[[str], str]
    link: Callable[[str, str | None], str]

    def line(self, kind: Kind, text: str = "") -> Line:
        """A line of words that the form has not seen yet."""
        return Line(kind, self.safe(text))

    def write(self, lines: Sequence[Line]) -> str:
        """All lines with their marks."""
        return "".join(f"{self.marks.get(line.kind, '{}').format(line.text).rstrip()}\n" for line in lines)


def _escape(line: str) -> str:
    # indented far enough a line is code, in which backslashes show
    return _LINE_START.sub(r"\g<0>\\", _MARKDOWN.sub(r"\\\1", printable(line).strip()))


def _markdown_link(text: str, url: str | None) -> str:
    web = web_address(url)
    return f"[{_escape(text)}](<{web}>)" if web else _escape(text)


def _text_link(text: str, url: str | None) -> str:
    return printable(f"{text}, {one_line(url)}" if url else text)


MARKDOWN = Style(
    {
        Kind.TITLE: "# {}",
        Kind.HEADING: "## {}",
        Kind.LEAD: "**{}**",
        Kind.BULLET: "- {}",
        Kind.UNDER: "  - {}",
        Kind.QUOTE: "> {}",
    },
    _escape,
    _markdown_link,
)
TEXT = Style({Kind.BULLET: "  - {}", Kind.UNDER: "      - {}", Kind.QUOTE: "    | {}"}, printable, _text_link)
