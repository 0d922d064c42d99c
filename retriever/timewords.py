"""Which words of a question say when. Pure.

They are taken out of the queries that a plan adds and are never made a filter: a passage of the quarter asked for
does not repeat its name, and the window is the user's own.
"""

import re

_NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|nine|ten|twelve|few|several|couple of)"
_UNIT = r"(?:day|week|month|quarter|year)s?"
_YEAR = r"(?:(?:FY\s?|fiscal (?:year )?|calendar )?(?:19|20)\d\d|FY\s?\d\d|'\d\d)"
_MONTH = (
    r"(?:January|February|March|April|(?-i:May)|June|July|August|September|October|November|December"
    r"|(?-i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_OF_YEAR = rf"(?:,?\s+(?:of\s+)?{_YEAR})?"
_TIME = (
    rf"(?:(?:the\s+)?(?:last|past|previous|prior|next|coming|recent|trailing)\s+(?:{_NUMBER}\s+)?{_UNIT}"
    rf"|(?:this|current|that)\s+{_UNIT}"
    rf"|(?-i:Q[1-4]|[1-4]Q|H[12]|[12]H)\b{_OF_YEAR}|(?-i:[1-4]Q|[12]H)\d\d(?:\d\d)?"
    rf"|(?:the\s+)?(?:first|second|third|fourth)\s+(?:fiscal\s+)?(?:quarter|half){_OF_YEAR}"
    rf"|{_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?{_OF_YEAR}|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}{_OF_YEAR}"
    rf"|(?:the\s+)?(?:start|beginning|middle|end)\s+of\s+{_YEAR}|(?:early|mid|late)[- ]{_YEAR}|{_YEAR}"
    rf"|year[- ]to[- ]date|YTD|to date|so far|recently|lately|today|yesterday)"
)
_LED = (
    r"(?:(?:in|over|during|for|within|since|from|by|until|till|through|before|after|as of|between|around|of)\s+)?"
)
_WORDS = re.compile(
    rf"(?<![\w/&-]){_LED}{_TIME}(?:\s*(?:to|and|-|–|through|until)\s*{_TIME})?(?![\w/&-])", re.IGNORECASE
)


def without_time_words(text: str) -> str:
    """The text with a space where words say when."""
    return _WORDS.sub(" ", text)
