"""What documents say of names: `Kulicke & Soffa Industries (NASDAQ: KLIC)`, `X ("Y")`, `X, or "Y"`. Pure.

A name is told from its text by capitals alone, and a short form is believed when its letters stand in the name in
their order (Schwartz & Hearst 2003), so that "the Company" is no alias, and little that a stranger makes up.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from evidence.corpus.values import Document

_KEY_WORD = re.compile(r"\w+(?:&\w+)+|\w+")
_DOT = re.compile(r"(?<=\b[^\W\d_])\.")
_POSSESSIVE = re.compile(r"['’]s\b")
_SMALL = frozenset({"and", "the"})
LEGAL_FORMS = frozenset(
    "inc incorporated corp corporation co company ltd limited llc lp llp plc nv ag se sa spa kk gmbh ab asa oyj "
    "kgaa bv pte pty tbk bhd".split()
)
# Parties and parts of a text: in every document they mean another one.
_ROLES = frozenset(
    "company corporation registrant issuer bank trust fund group partnership borrower lender parent buyer seller "
    "purchaser guarantor holder holders agreement plan act note notes board committee commission offering shares "
    "stock employer employee executive agent trustee subsidiary subsidiaries adviser manager client customer "
    "transaction merger closing date code rule rules form securities".split()
)
# Before a colon and a ticker these are markets.
_MARKET = (
    r"(?i:NYSE|Nasdaq|AMEX|OTC\w{0,2}|Euronext|AMS|LSE|LON|AIM|TSX|TSE|TYO|HKEX|HKG|SEHK|SIX|SWX|XETRA|ETR|FRA|"
    r"EPA|MIL|BIT|STO|OMX|TWSE|TAIEX|TPE|TPEX|KRX|KOSPI|KOSDAQ|NSE|BSE|SGX|ASX|SSE|SZSE|JSE|BVMF)"
    r"(?: [A-Z]\w{0,11}){0,3}"
)
_STATED_TICKER = rf"{_MARKET} ?: ?([A-Z0-9][A-Z0-9.\-]{{0,9}})"
_LISTED = re.compile(rf" \({_STATED_TICKER}(?:[;,] ?{_STATED_TICKER})?\)")
_QUOTED = re.compile(
    r"(?: \((?:hereinafter |together with its (?:consolidated )?subsidiaries, )?(?:the )?"
    r"(?:[\"“][^\"“”\n]{1,30}[\"”],? or (?:the )?)?|, or )"
    r"[\"“]([A-Z0-9][^\"“”\n]{1,39}?),?[\"”]"
)
_SHORTENED = re.compile(r" \(([A-Z][A-Za-z0-9&]{1,9})\)")
# How far back the name before a bracket is looked for.
_REACH = 90
_MAX_NAME_WORDS = 7
# Bodies whose name goes on behind `of`; behind any other word it begins another name.
BODIES = frozenset("Bank University Institute Ministry Department Bureau Board House Republic".split())
_LEADING = frozenset(
    "the a an in at of and for by from with while when since as but or if after before both between its their our "
    "this that these those we it he she they mr ms mrs dr shares".split()
)
# `BOLINGBROOK, Ill.--(BUSINESS WIRE)-- Brightwater`: no name goes on over a dash of two or a bracket.
_BROKEN = re.compile(r"--|[()\u2014]")
_JOINED = re.compile(r"(\w)\w+ (?:&|and|AND) (\w)\w")
_ENDS_WITH_DOT = re.compile(r"(?:[A-Za-z]\.)+,?|(?:Inc|Corp|Co|Ltd|St|Bros|Cos)\.,?")


@lru_cache(maxsize=1 << 14)
def name_key(form: str) -> str:
    """One spelling of a name to compare by: folded words without its legal form, `and`, `the`. May be empty."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", form) if not unicodedata.combining(c)).casefold()
    folded = _DOT.sub("", _POSSESSIVE.sub("", folded))
    words = [word for word in _KEY_WORD.findall(folded) if word not in _SMALL]
    return " ".join(_without_legal_form(words))


def is_whole(text: str) -> bool:
    """Whether no small word stands at either end, which a key does not show."""
    words = text.casefold().split()
    return bool(words) and words[0] not in _SMALL and words[-1] not in _SMALL | {"&"}


def plain_name(name: str) -> str:
    """The name as written, without its legal form."""
    return " ".join(_without_legal_form(name.split())).rstrip(",")


def _without_legal_form(words: list[str]) -> list[str]:
    while len(words) > 1 and words[-1].replace(".", "").strip(",").casefold() in LEGAL_FORMS:
        words = words[:-1]
    return words


def stated_names(document: Document) -> list[tuple[str, ...]]:
    """Each name that the document gives another form of, with that form; sorted, distinct, the name first."""
    pairs = list(_in_text(document.text))
    if document.company:
        forms = (document.ticker, *_initials(plain_name(document.company)))
        pairs += [(document.company, form) for form in forms if form]
    plain = {(plain_name(name), form) for name, form in pairs}
    return sorted((name, form) for name, form in plain if name_key(name) and name_key(name) != name_key(form))


def _initials(name: str) -> Iterator[str]:
    """What people make of `Johnson & Johnson`: J&J and JnJ."""
    match = _JOINED.match(name)
    if match:
        yield from (f"{match[1]}&{match[2]}", f"{match[1]}n{match[2]}")


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    for match in _LISTED.finditer(text):
        name = _name_before(text, match.start())
        for ticker in filter(None, match.groups()):
            tail = name.rpartition(" and ")[2]
            # of `Intel and Applied Materials (NASDAQ: AMAT)` the last has the ticker; `Kulicke and Soffa` is one
            yield (tail if is_short_form(ticker, tail) else name), ticker
    for pattern in (_QUOTED, _SHORTENED):
        for match in pattern.finditer(text):
            name = _name_before(text, match.start())
            if is_short_form(match[1], name):
                yield name, match[1]


def is_short_form(short: str, name: str) -> bool:
    """Whether the short form's letters stand in the name in their order, the first where a word begins."""
    letters = [c for c in short.casefold() if c.isalnum()]
    if len(letters) < 2 or name_key(short) in _ROLES or name_key(short) == name_key(name):
        return False
    at, folded = len(name), name.casefold()
    for number, letter in reversed(list(enumerate(letters))):
        at = folded.rfind(letter, 0, at)
        while number == 0 and at > 0 and folded[at - 1].isalnum():
            at = folded.rfind(letter, 0, at)
        if at < 0:
            return False
    return True


def _name_before(text: str, end: int) -> str:
    """The run of capitalised words that ends here, brackets behind it aside; empty where there is none."""
    if text.endswith(")", 0, end):
        end = max(0, text.rfind("(", max(0, end - _REACH), end))
    start = max(0, end - _REACH, text.rfind("\n", 0, end) + 1)
    words = text[start:end].split()
    if start and not text[start - 1].isspace():
        words = words[1:]
    kept: list[str] = []
    while words and len(kept) < _MAX_NAME_WORDS and _goes_on(words, kept):
        kept.insert(0, words.pop())
    while kept and (kept[0].casefold() in _LEADING or not kept[0][0].isalnum()):
        kept.pop(0)
    return " ".join(kept)


def _goes_on(words: list[str], kept: list[str]) -> bool:
    """Whether the last of `words` belongs to the name of which `kept` is the end."""
    word = words[-1]
    if _BROKEN.search(word):
        return False
    if kept and word.endswith((".", "!", "?", ";", ":")) and not _ENDS_WITH_DOT.fullmatch(word):
        return False
    if kept and word.endswith(",") and kept[0].replace(".", "").casefold() not in LEGAL_FORMS:
        return False
    if word in {"&", "and"}:
        return bool(kept) and len(words) > 1 and words[-2][0].isupper()
    if word in {"of", "for"}:
        return bool(kept) and len(words) > 1 and words[-2] in BODIES
    return word[0].isupper() or (word[0].isdigit() and any(c.isupper() for c in word))
