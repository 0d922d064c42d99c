"""The same said otherwise, by rule: each returns a true sentence, or None where the rule has no place."""

import random
import re
from collections.abc import Callable
from decimal import Decimal

from planted import DAYS, MONTHS, Planted
from texts import Quoted

from evidence.generator.reading.moments import find_moments

_REPORTING = re.compile(
    r"^[“\"](?P<said>[^“”\"]{30,}?),[”\"] (?P<who>(?:[A-Z][\w.]+ ?){1,4}) (?P<verb>said|says)(?P<rest>[^.]*)\.$"
)
_DAY, _MONTH = "|".join(DAYS), "|".join(MONTHS)
_WHEN = (
    rf"(?:on (?:{_DAY})|on (?:{_MONTH}) \d+|in (?:{_MONTH})(?: \d{{4}})?|in (?:19|20)\d\d|last (?:year|week|month))"
)


def converted(quote: Quoted, draw: random.Random) -> str | None:
    """Units and spellings of figures: $1.54 billion is $1,540 million."""
    text = quote.sentence
    made = re.sub(
        r"\$(\d+\.\d+) billion",
        lambda m: f"${Decimal(m[1]) * 1000:,.0f} million" if len(m[1].split(".")[1]) < 4 else m[0],
        text,
    )
    made = re.sub(r"\$(\d+)(?:\.(\d))? million", lambda m: f"${m[1]}.{m[2] or 0}m", made) if made == text else made
    made = re.sub(r"(\d)%", r"\1 percent", made) if made == text else made
    made = re.sub(r"(\d) percent\b", r"\1%", made) if made == text else made
    return re.sub(r"(?<![\d,])(\d{1,3}),(\d{3})\b(?!,?\d)", r"\1\2", made) if made == text else made


def rounded(quote: Quoted, draw: random.Random) -> str | None:
    """Fewer digits, rightly rounded."""
    match = re.search(r"(?<=\$)(\d+\.\d\d)(?= (?:million|billion))|(?<= )(\d{2}\.\d)(?=%| percent)", quote.sentence)
    if match is None:
        return None
    value = Decimal(match[0])
    return quote.sentence[: match.start()] + str(round(value, 1 if match[1] else 0)) + quote.sentence[match.end() :]


def fronted(quote: Quoted, draw: random.Random) -> str | None:
    """When it was goes first."""
    match = re.search(rf",? ({_WHEN})(?=[.,])", quote.sentence)
    first = quote.sentence.split()[0]
    if (
        match is None
        or match.start() < 20
        or len(find_moments(quote.sentence)) > 1
        or first not in {"The", "A", "An", "It", "He", "She", "They", "This", "His", "Her"}
    ):
        return None
    rest = quote.sentence[: match.start()] + quote.sentence[match.end() :]
    rest = rest.replace("..", ".")
    return f"{match[1][0].upper()}{match[1][1:]}, {rest[0].lower()}{rest[1:]}"


def attributed(quote: Quoted, draw: random.Random) -> str | None:
    """A speech told: `X said that ..`; else what the publisher reports."""
    match = _REPORTING.match(quote.sentence)
    if match is not None and not re.search(r"\b(?:I|we|my|our|you|We|I'm|I’m)\b", match["said"]):
        said = match["said"][0].lower() + match["said"][1:]
        return f"{match['who'].strip()} {match['verb']} that {said}{match['rest']}."
    first = quote.sentence.split()[0]
    if (
        first in {"The", "A", "An", "It", "He", "She", "They"}
        and quote.ground.publisher
        and "“" not in quote.sentence
    ):
        rest = quote.sentence[0].lower() + quote.sentence[1:]
        return draw.choice(
            [f"{quote.ground.publisher} reported that {rest}", f"According to {quote.ground.publisher}, {rest}"]
        )
    return None


def dropped(quote: Quoted, draw: random.Random) -> str | None:
    """Without what stands between two commas or in brackets, or without its first phrase."""
    text = quote.sentence
    if "“" in text or '"' in text:
        return None
    made = re.sub(r" \([^()]*\)", "", text)
    if made == text:
        match = re.search(
            r", (?:who|which|a|an|the) [^,.]{5,80}?,(?= (?:is|was|has|had|said|will|were|are|would|announced)\b)",
            text,
        )
        made = _without(text, match)
    if made == text:
        match = re.search(r"^(?:On|In|At|After|During) [^,]{3,40}, (?=(?:the|a|an|he|she|it|they)\b)", text)
        made = _without(text, match)
        made = made[0].upper() + made[1:]
    return made


def _without(text: str, match: re.Match[str] | None) -> str:
    return text[: match.start()] + text[match.end() :].lstrip(",") if match else text


def tensed(quote: Quoted, draw: random.Random) -> str | None:
    """Another tense of the same fact, as reports of reports have it."""
    pairs = (
        (r"\bsays\b", "said"),
        (r"\bsaid\b", "says"),
        (r"\bhas (?=\w+ed\b)", ""),
        (r"\bhad (?=\w+ed\b)", ""),
        (r"\bare\b", "were"),
        (r"\bis\b", "was"),
        (r"\bhas been\b", "was"),
    )
    for old, new in pairs:
        match = re.search(old, quote.sentence)
        if match is not None:
            return quote.sentence[: match.start()] + new + quote.sentence[match.end() :]
    return None


def renamed(quote: Quoted, draw: random.Random) -> str | None:
    """Another form of a name that the text itself states, or a last name alone."""
    for forms in quote.names.stated.values():
        for form in forms:
            if re.search(rf"\b{re.escape(form)}\b", quote.sentence):
                return re.sub(
                    rf"\b{re.escape(form)}\b",
                    next(f for f in (*forms[::-1], form) if f != form),
                    quote.sentence,
                    count=1,
                )
    match = re.search(
        r"(?<!^)(?<=[a-z,] )[A-Z][a-z]+ ([A-Z][a-z]{3,})\b(?= (?:said|told|says|was|has|is|had|will))",
        quote.sentence,
    )
    return quote.sentence[: match.start()] + match[1] + quote.sentence[match.end() :] if match else None


def resolved(quote: Quoted, draw: random.Random) -> str | None:
    """The filer's name for `the Company` and `we`."""
    if not quote.ground.filer:
        return None
    name = quote.ground.filer[0]
    made = re.sub(r"\b[Tt]he (?:Company|Registrant)\b(?![’'])", lambda _: name, quote.sentence, count=1)
    if made == quote.sentence:
        made = re.sub(
            r"^(?:We|we) (?=(?:expect|believe|may|will|have|entered|issued))", lambda _: f"{name} ", quote.sentence
        )
    return made


def passive(quote: Quoted, draw: random.Random) -> str | None:
    """`X bought Y` is `Y was bought by X`."""
    verbs = "acquired|sued|approved|signed|launched|announced|bought|won|rejected|killed|released|issued|completed"
    match = re.match(
        rf"^(?P<who>(?:The |[A-Z][\w.’-]+ ?){{1,4}}) (?P<verb>{verbs}) "
        r"(?P<what>(?:the|a|an|its|\d[\d,]*) [^,.;]{4,80})\.$",
        quote.sentence,
    )
    if match is None or re.search(r"\b(?:that|which|who|to|after|when|and)\b", match["what"]):
        return None
    who = match["who"].strip()
    who = "the" + who[3:] if who.startswith("The ") else who
    return f"{match['what'][0].upper()}{match['what'][1:]} was {match['verb']} by {who}."


def shortened(quote: Quoted, draw: random.Random) -> str | None:
    """The first of two statements that `and`, `but` or `while` joins."""
    match = re.search(r", (?:but|and|while) (?=(?:the|a|he|she|it|they|its)\b)", quote.sentence)
    if match is None or match.start() < 40 or "“" in quote.sentence[: match.start()]:
        return None
    return quote.sentence[: match.start()] + "."


RULES: dict[str, Callable[[Quoted, random.Random], str | None]] = {
    f.__name__: f
    for f in (converted, rounded, fronted, attributed, dropped, tensed, renamed, resolved, passive, shortened)
}


def say_again(kind: str, quote: Quoted, draw: random.Random) -> Planted | None:
    """A true sentence that is not its quote's own; `verbatim` is."""
    made = quote.sentence if kind == "verbatim" else RULES[kind](quote, draw)
    if made is None or (made == quote.sentence and kind != "verbatim"):
        return None
    return Planted(kind, made, (quote.ground,), quote.sentence)
