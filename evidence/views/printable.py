"""Strangers' text made harmless for any reader, and counts with their nouns. Pure; standard library alone."""

import re

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_WEB = re.compile(r"https?://[^\s<>\"'`|\\^{}]+")


def printable(text: str) -> str:
    """Text without terminal controls, direction marks and invisible characters; line ends and tabs stay."""
    return _CONTROLS.sub("", text)


def one_line(text: str) -> str:
    """Text with each run of blanks and line ends as one blank."""
    return " ".join(text.split())


def web_address(url: str | None) -> str | None:
    """The address if it can be followed as it stands: http or https, and nothing in it that markup would end at."""
    return url if url is not None and _WEB.fullmatch(url) and url == printable(url) else None


def counted(count: int, noun: str) -> str:
    """A number with its noun: 1 document, 2 documents."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def by_count(counts: dict[str, int]) -> str:
    """Counts in brackets, the largest first; nothing where there are none."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f" ({', '.join(f'{count} {name}' for name, count in ordered)})" if ordered else ""
