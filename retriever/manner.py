"""Which words of a question say how it is to be answered, and not what is asked. Pure.

They are written for machines that compute and round: `Answer in USD millions`, `You are an investment banker`. No
passage answers them, and searched by themselves they find what anybody wrote of a balance sheet.
"""

import re

_PARTED = re.compile(r"((?<=[.?!;])\s+)")
_ANSWER = r"(?:answers?|response|reply|solution|question|judge?ments?)"
_ORDER = (
    r"(?:address|answer|assume|base|calculate|compute|express|extract|format|formulate|give|keep|limit|provide|reply"
    r"|report|respond|round|show|state|use|write)"
)
_CURRENCY = r"(?:USD|EUR|GBP|JPY|CHF|CAD|US\s?\$|U\.S\. dollars|dollars|euros?)"
_UNIT = (
    rf"(?:(?:{_CURRENCY}\s+)?(?:thousands|millions|billions)|{_CURRENCY}|units of \w+|percents?|percentage points)"
)
_SENTENCE = re.compile(
    rf"(?:please\s+)?(?:"
    # answer in USD millions; base your judgments on the balance sheet; compute or extract the answer from it
    rf"{_ORDER}\b[^?]*?\b(?:your|the|this|an|a)\s+(?:(?:best|exact|final|following|short)\s+)?"
    rf"{_ANSWER}\b(?!\s+of\b)"
    r"|(?:give|round|state)\s+answers?\b|answer\s+(?:as|briefly|concisely|in|only|to|using|with|yes)\b"
    r"|(?:calculate|compute)\s+what\s+(?:is|was)\s+asked\b"
    r"|round\s+(?:to|off|up|down|it|all|figures)\b"
    # whom the machine is to be, or what it is to suppose of itself
    r"|(?:assume|imagine|pretend|suppose)(?:\s+that)?\s+you\b|you\s+are\s+an?\b|act\s+as\b"
    # what to say where the question makes no sense
    r"|if\b[^?]*?(?:,|\bthen\b)\s*(?:then\s+)?(?:please\s+)?(?:explain|say|state)\b"
    # what a word of the question means
    r"|define\b[^?]*?\bas\b|(?:\S+\s+){1,8}is\s+defined\s+as\b"
    r"|(?:we|i)\s+(?:need|want|would\s+like)\s+to\s+(?:calculate|compute|derive)\b[^?]*?\bmetric\b|help\s+us\b"
    r")[^?]*[.;]?",
    re.IGNORECASE,
)
_PREFACE = re.compile(
    r"(?:(?:(?:by|when)\s+)?(?:(?:mainly|primarily)\s+)?(?:referencing|using|basing|drawing|relying)\b"
    r"[^,:?]*,\s*(?=(?:answer|what|how|which|who|did|does|is|are)\b)"
    r"|according\s+to\s+the\s+(?:details|information|line\s+items)\b[^,:?]*,\s*"
    r"|(?:please\s+)?answer\s[^:?]*:\s*"
    r"|here(?:['’]s|\s+is)\s+(?:the|my)\s+question\s*:\s*)",
    re.IGNORECASE,
)
_IN_UNITS = re.compile(rf"\s*\((?:in|as)\s+{_UNIT}[^()?]*\)|\s+(?:in|as)\s+{_UNIT}(?=\s*[?.;]|\s*$)", re.IGNORECASE)


def without_manner(question: str) -> str:
    """The question without them; as it is where nothing would be left."""
    pieces = _PARTED.split(question)
    kept = ["" if _SENTENCE.fullmatch(bare := _bare(piece)) else _IN_UNITS.sub("", bare) for piece in pieces]
    return "".join(kept) if any(piece.strip(" .;?!") for piece in kept) else question


def _bare(piece: str) -> str:
    """A sentence without what leads to the question in it."""
    while match := _PREFACE.match(piece):
        piece = piece[match.end() :]
    return piece
