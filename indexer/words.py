"""Text to index words, the same for passages and for queries. Pure.

Names survive: `K&S`, `AT&T` and `S&P` stay whole, slashes and hyphens part words, `1,540` is 1540 and `U.S.`
is us. Everything is folded (case, accents, widths) and stemmed, so that `backlogs` finds `backlog`.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

_WORD = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"  # 1,540.25
    r"|\d+(?:\.\d+)+"  # 6.09, 10.1.2
    r"|(?:[^\W\d_]\.){2,}"  # U.S., N.V.
    r"|\w+(?:&\w+)+"  # K&S, AT&T
    r"|\w+"
)
_POSSESSIVE = re.compile(r"['’]s\b")

# Words that carry grammar, not meaning: a query is about the others.
FUNCTION_WORDS = frozenset(
    "a about after all also an and any are as at be been before being between both but by can could did do does "
    "doing during each for from had has have having he her here hers him his how i if in into is it its itself "
    "just me more most my no nor not of off on once only or other our out over own same she should so some such "
    "than that the their them then there these they this those through to too under until up us very was we were "
    "what when where which while who whom whose why will with would you your".split()
)

_stemmer = Stemmer.Stemmer("english")


def fold(text: str) -> str:
    """One spelling: compatibility forms, accents and case removed."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def index_words(text: str) -> list[str]:
    """The stems of a text in order, repeated as often as they stand."""
    return [_stem(word) for word in surface_words(text)]


def query_words(text: str) -> list[str]:
    """The distinct stems that a query is about, in order; all of them where it is function words alone."""
    words = surface_words(text)
    content = [word for word in words if word not in FUNCTION_WORDS] or words
    return list(dict.fromkeys(_stem(word) for word in content))


def surface_words(text: str) -> list[str]:
    """Folded, unstemmed words in order."""
    return [_tidy(word) for word in _WORD.findall(fold(_POSSESSIVE.sub("", text)))]


def _tidy(word: str) -> str:
    if "." in word and not word[0].isdigit():
        return word.replace(".", "")
    return word.replace(",", "")


@lru_cache(maxsize=1 << 17)
def _stem(word: str) -> str:
    # stemmers spoil names: only plain words are stemmed
    return _stemmer.stemWord(word) if word.isalpha() else word
