"""Words that say a page was changed after it was published: notes of corrections, and times told from now. Pure.

Such a note often names no day, or none with a year; then what is claimed is its words, and the date chain makes of
them what it can.
"""

import re

from evidence.corpus.months import find_days, find_yearless

# A note says when in its first sentences.
MAX_NOTE = 500
_MAX_CLAIM = 80

_PAGE = r"(?:story|article|post|report|piece|page|column|entry|review|analysis|item|blog|release|document)"
_CHANGED = r"(?:updated|amended|corrected|revised|edited|modified|clarified|changed|republished|rewritten)"
_LABEL = (
    r"(?:corrections?|clarifications?|corrigend(?:um|a)|errat(?:um|a)|updated?|editor[’']?s[’']?\ note"
    r"|korrektur|berichtigung|rectificatif|correctif|correcci[óo]n|fe\ de\ errores|correç[ãa]o|errata|rettifica)"
)
_NOTE = re.compile(
    # of nearly all texts the first letter tells that they begin no note
    rf"""[\s*_(\[—–•-]{{0,5}}+(?=[abcdefikrtu])(?:
        (?P<told>this\ (?:[\w-]+\ ){{0,3}}?{_PAGE}\ (?:was|ha[sd]\ been)\ (?:[\w-]+\ ){{0,3}}?{_CHANGED}\b
        |this\ {_PAGE}\ was\ (?:first|originally|initially)\ [^.;]{{0,60}}\b{_CHANGED}\b
        |(?:an|a|the|in\ an|in\ a)\ (?:earlier|previous|prior|original)\ version\ of\ (?:this|the)\b
        |in\ einer\ (?:früheren|vorherigen|ersten|vorigen|älteren)\ (?:version|fassung)\b
        |une\ (?:première\ )?version\ (?:antérieure|précédente)\ d
        |una\ versi[óo]n\ (?:anterior|previa)\ d
        |dieser\ (?:artikel|beitrag|text)\ wurde\ (?:\S+\ ){{0,6}}?(?:aktualisiert|korrigiert|geändert))
        |(?P<label>{_LABEL})\s?(?:[:,.(–—-]|$|\bon\b|\d))""",
    re.IGNORECASE | re.VERBOSE,
)
# What a label is followed by, where it is one: reports are titled "Update: ..." too.
_TELLS = re.compile(
    rf"\b(?:earlier|previous|prior|original) version|misst|misidentif|misspel|misquot|incorrect|mistaken|in error"
    rf"|\bwrong|\bthis {_PAGE}|\b{_CHANGED} to\b|was {_CHANGED}|been {_CHANGED}|früheren (?:version|fassung)"
    r"|korrigiert|aktualisiert|version (?:antérieure|précédente)|versi[óo]n anterior",
    re.IGNORECASE,
)
# The day of a change stands right behind its word, in German before it.
_TIED = re.compile(
    rf"(?:\b{_LABEL}|\b{_CHANGED}|aktualisiert|korrigiert|geändert)\b[^.;!?]{{0,40}}$", re.IGNORECASE
)
_TIED_BEFORE = re.compile(r"[^.;!?]{0,20}\b(?:aktualisiert|korrigiert|geändert)\b", re.IGNORECASE)
_WORDS_BETWEEN = re.compile(r"\W*(?:\w+\W+){0,3}")
_RELATIVE = re.compile(
    r"\bago\b|\b(?:just|right) now\b|\byesterday\b|\btoday\b|\bmoments?\b"
    r"|\bvor (?:\d+|ein|eine|einem|einer|wenigen)\b|\bheute\b|\bgestern\b"
    r"|\bil y a\b|\bhier\b|aujourd|\bhace\b|\bayer\b|\bhoy\b|\bfa\b|\bieri\b|\boggi\b|\bgeleden\b"
    r"|\bgisteren\b|\bvandaag\b|\bhá \d|\bontem\b|\bhoje\b|\bsiden\b|\bsedan\b|назад|вчера|сегодня|\bönce\b",
    re.IGNORECASE,
)


def may_be_note(text: str) -> bool:
    """Whether a paragraph that begins like this may be one; cheap, for every element of a page is asked."""
    return _NOTE.match(text) is not None


def read_note(text: str, language: str | None) -> str | None:
    """When a note says that its page was changed: an ISO day, a day without its year as `--08-05`, else its words.

    None for what is no such note.
    """
    text = text[:MAX_NOTE]
    opening = _NOTE.match(text)
    if opening is None:
        return None
    days = [named.day.isoformat() for named in find_days(text, language) if _is_tied(text, named.start, named.end)]
    if days and (opening["told"] or _tied_closely(text, opening)):
        return max(days)
    yearless = [day for start, day in find_yearless(text, language) if _is_tied(text, start, start)]
    if not (opening["told"] or _TELLS.search(text)):
        return None
    return max(yearless) if yearless else text[:_MAX_CLAIM].strip()


def _is_tied(text: str, start: int, end: int) -> bool:
    return _TIED.search(text[:start]) is not None or _TIED_BEFORE.match(text, end) is not None


def _tied_closely(text: str, opening: re.Match[str]) -> bool:
    return _TELLS.search(text, opening.end()) is not None or len(text) - opening.end() < _MAX_CLAIM


def is_relative(text: str, start: int, end: int) -> bool:
    """Whether a time told from the moment at which somebody looks stands beside these words: two hours ago."""
    return any(
        _WORDS_BETWEEN.fullmatch(text[end : match.start()] or text[match.end() : start]) is not None
        for match in _RELATIVE.finditer(text)
    )
