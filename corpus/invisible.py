"""Characters that have no glyph: taken out of what is indexed, kept in what is stored. Pure.

Zero-width characters cut a word in two for a search and not for an eye; bidi controls and tag characters let a
text say to a machine what it does not show to a reader. A joiner is also honest spelling, in Persian, in Indic
scripts and in emoji, so the stored text keeps all of them, and what a passage is indexed by is this of its slice.
"""

import re

FLAG_INVISIBLE = "invisible-characters"

# Unicode's Default_Ignorable_Code_Point without what is unassigned, and the interlinear annotation marks.
_BIDI = "\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0000-\U000e007f"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_ZERO_WIDTH = "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
_SOFT_HYPHEN = "\u00ad"
_OTHERS = "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
_INVISIBLE = re.compile(f"[{_BIDI}{_TAGS}{_SELECTORS}{_ZERO_WIDTH}{_SOFT_HYPHEN}{_OTHERS}]+")

# Latin, Greek and Cyrillic are written without joiners.
_LETTER = "0-9A-Za-z\u00c0-\u052f"
# A black flag with tag letters behind it is the flag of a country's part.
_SUSPICIOUS = re.compile(
    f"[{_BIDI}]"
    f"|(?<![\U0001f3f4{_TAGS}])[{_TAGS}]"
    f"|(?<=[{_LETTER}])[{_ZERO_WIDTH}]+(?=[{_LETTER}])"
    f"|[{_SELECTORS}]{{2}}"
)


def strip_invisible(text: str) -> str:
    """The text as an index should see it; equal to the text itself where nothing invisible is in it."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def invisible_flags(text: str) -> tuple[str, ...]:
    """`invisible-characters` for a text that bidi controls, tag characters or split words make suspicious."""
    # most texts hold none of these characters at all, and that is told several times faster
    found = not text.isascii() and _INVISIBLE.search(text) and _SUSPICIOUS.search(text)
    return (FLAG_INVISIBLE,) if found else ()
