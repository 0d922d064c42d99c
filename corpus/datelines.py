"""Lines that say when: which line of a page is a date with a byline, and which is a sentence about a date. Pure."""

import re
from typing import Literal

from evidence.corpus.corrections import is_relative
from evidence.corpus.months import find_days, find_yearless
from evidence.corpus.times import parse_written

Clock = Literal["published", "modified"]

MAX_LINE = 200
# Letters beside the date: a byline has that many, "The council meets on" has more, or goes on behind it.
MAX_BEFORE, MAX_CLOSE, MAX_BESIDE = 40, 12, 60

_CHANGED = re.compile(
    r"updat|modifi|revis|last change|aktuali|geändert|änderung|\bstand\b|zuletzt|mise? à jour|actuali[sz]|aggiorn"
    r"|atualiz|güncelle|обновл|измен|оновл|bijgewerkt|gewijzigd|uppdatera|oppdater|opdater|päivitet|muokattu"
    r"|zmodyfik|zmieni|frissít|更新|수정|修正",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"publi|post(?:ed|é)|press|mitteilung|meldung|communiqu|comunicad|releas|issued|created|written|veröffent"
    r"|erstellt|erschienen|geschrieben|datum|\bdat[ea]\b|fecha"
    r"|inserito|pubblic|gepubliceerd|geplaatst|julkaistu|yayın|опублик|добавл|дата|^(?:by|von|par|por|di|da|av|af|door)\b",
    re.IGNORECASE,
)
# Words before a date that make it another thing's: a version's, a membership's, an event's, a term's.
_OTHER = re.compile(
    r"version|edition|\bvol\b|copyright|©|\(c\)|\b(?:since|seit|depuis|desde|until|bis|till|from|ab|join|joined|born"
    r"|as of|as at|effective|retrieved|accessed"
    r"|founded|geboren|gegründet|valid|gültig|expires|deadline|next|when|wann|termin|beginn|starts?|ends?)\b",
    re.IGNORECASE,
)
# What may stand before a date and announces nothing else: a day of the week, an article, "on".
_WEEKDAY = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|montag|dienst|mittw|donnerst|freit|samst|sonnt|lun|mar|mer"
    r"|jeu|ven|sam|dim|mié|mie|jue|vie|sáb|sab|dom|gio|seg|ter|qua|qui|sex|maan|dins|woens|donder|vrij|zater|zon|man|tir"
    r"|tis|ons|tor|lør|lör|søn|sön|poned|wtor|śro|czwart|piąt|sobot|niedz|понед|втор|сред|серед|четв|пятн|субб|воскр|вівт"
    r"|неділ|п'ят)",
    re.IGNORECASE,
)
_MAX_SMALL_WORDS = 3
_BETWEEN = frozenset("- – — to bis until au al a до".split())
_RANGE = re.compile(r"\d\.?\s?(?:[-–—]|und|and|bis|to|et|y|e|a)\s*$")
_ENDS_OPEN = re.compile(r"(?:^|[,:|·•—–\-/(>\[])\s*(?:[^\W\d_]{1,12}\.?,?\s*)?$")
_GOES_ON = re.compile(
    r"^\s*(?:[^\W\d_]{1,5}\.?\s){0,2}\s*\d{1,2}\s?[:.hH]\s?\d\d|^\s*(?:$|(?:d|г|р|года|року)\b|[.,;:|·•—–\-/()\[\]일日])"
)
_LETTERS = re.compile(r"[^\W\d_]")
_SPACE = re.compile(r"\s+")
_DIGIT = re.compile(r"\d")


def is_changed(label: str) -> bool:
    """Whether these words announce a modification."""
    return _CHANGED.search(label) is not None


def read_line(text: str, language: str | None) -> list[tuple[Clock, str]]:
    """The days, as ISO days, that a line gives as its page's; none of a sentence that only mentions one."""
    if len(text) > 10 * MAX_LINE:
        return []
    if not _DIGIT.search(text):
        return read_change(text, language)
    text = _SPACE.sub(" ", text).strip()
    days = find_days(text, language) if len(text) <= MAX_LINE else []
    if not days:
        return read_change(text, language)
    if not 1 <= len(days) <= 2 or _letters(text) > MAX_BESIDE + sum(day.end - day.start for day in days):
        return []
    found: list[tuple[Clock, str]] = []
    start = 0
    for named in days:
        before, after = text[start : named.start], text[named.end :]
        start = named.end
        if found and before.strip().lower() in _BETWEEN:
            # from one day to another: an event's
            return []
        if not _GOES_ON.search(after) or not _announces(before):
            return []
        found.append(("modified" if is_changed(before) else "published", named.day.isoformat()))
    return found


def read_change(text: str, language: str | None, *, labelled: bool = False) -> list[tuple[Clock, str]]:
    """A short line that says its page was changed and names no day that can be read alone: `Updated 2 hours ago`.

    Where words before it say so, it is `labelled`. A day without its year comes as `--08-05`, anything else in its
    own words.
    """
    if len(text) > MAX_LINE or _letters(text) > MAX_BESIDE:
        return []
    text = _SPACE.sub(" ", text).strip()
    changed = _CHANGED.search(text)
    if not labelled and (changed is None or not _announces(text[: changed.end()])):
        return []
    days = [day for start, day in find_yearless(text, language) if labelled or is_changed(text[:start])]
    if days:
        return [("modified", max(days))]
    start, end = changed.span() if changed else (0, 0)
    return [("modified", text)] if is_relative(text, start, end) else []


def readable(text: str, language: str | None) -> str | None:
    """A written time as the date chain can read it: itself, or the day that it names."""
    text = _SPACE.sub(" ", text[:MAX_LINE]).strip()
    if parse_written(text):
        return text
    days = find_days(text, language)
    return days[0].day.isoformat() if days else None


def _announces(before: str) -> bool:
    if _OTHER.search(before) or _RANGE.search(before):
        return False
    letters = _letters(before)
    if not letters:
        return True
    labelled = _LABEL.search(before) or is_changed(before) or _WEEKDAY.search(before)
    if letters > _MAX_SMALL_WORDS and not labelled:
        return False
    if letters <= MAX_CLOSE:
        return True
    return letters <= MAX_BEFORE and bool(_ENDS_OPEN.search(before) or _LABEL.search(before) or is_changed(before))


def _letters(text: str) -> int:
    return len(_LETTERS.findall(text))
