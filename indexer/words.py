"""Text to index words, the same for passages and for queries. Pure.

Names survive: `K&S`, `AT&T` and `S&P` stay whole, slashes and hyphens part words, `1,540` is 1540 and `U.S.`
is us. Everything is folded (case, accents, widths, what is invisible) and stemmed, so that `backlogs` finds
`backlog`. Scripts that are written without spaces are cut into overlapping pairs of characters, so that a name is
found inside a sentence: Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

from evidence.corpus.invisible import strip_invisible

_WORD = re.compile(
    r"[^\W\d]\w+(?:&\w+)*"  # most words, and AT&T; first, for what is tried first is what costs
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?"  # 1,540.25
    r"|\d+(?:\.\d+)+"  # 6.09, 10.1.2
    r"|(?:[^\W\d_]\.){2,}"  # U.S., N.V.
    r"|\w+(?:&\w+)*"  # K&S, 500
)
# The same, and of the same effect where a text is ASCII; a third faster.
_ASCII_WORD = re.compile(_WORD.pattern, re.ASCII)
# Scripts without spaces. Han with its iteration marks; kana; Hangul, which has spaces, but whose words carry their
# particles; Thai, Lao, Burmese and Khmer with their vowel signs, which are no letters to `\w`.
_SIGNED = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0ece\u1000-\u103f\u1050-\u108f\u1780-\u17d3"
_UNSPACED = (
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd"
    "\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    f"\u1100-\u11ff\uac00-\ud7a3{_SIGNED}"
)
_RUN = re.compile(f"[{_UNSPACED}]+")
# Where marks that combine stand; most texts have nothing there.
_MARKED = re.compile("[\u0300-\u1fff\u20d0-\u20ff\u2c00-\U0010ffff]+")
_KEPT_MARK = re.compile(f"[\u3099\u309a{_SIGNED}]")
_POSSESSIVE = re.compile(r"'s\b")
# What typesetters write for characters of ASCII. Nine passages of news in ten hold nothing else beyond ASCII, and
# ASCII is folded and cut several times as fast.
_TYPESET = {"’": "'", "‘": '"', "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}

# ASCII folded, and all that stands in no word made white.
_CHUNKED = "".join(c.lower() if c.isalnum() or c in "_.,&" else " " for c in map(chr, range(128)))

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
    """One spelling: compatibility forms, accents, case and what is invisible removed."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", strip_invisible(text))
    # syllables of Hangul and voiced kana come together again
    return unicodedata.normalize("NFC", _MARKED.sub(_unmarked, decomposed).casefold())


def _unmarked(match: re.Match[str]) -> str:
    return "".join(c for c in match[0] if not unicodedata.combining(c) or _KEPT_MARK.match(c))


def index_words(text: str) -> list[str]:
    """The stems of a text in order, repeated as often as they stand."""
    return [index_word(word) for word in raw_words(text)]


def index_word(raw: str) -> str:
    """The stem of one word as `raw_words` cut it."""
    return _stem(_tidy(raw))


def query_words(text: str) -> list[str]:
    """The distinct stems that a query is about, in order; all of them where it is function words alone."""
    words = surface_words(text)
    content = [word for word in words if word not in FUNCTION_WORDS] or words
    return list(dict.fromkeys(_stem(word) for word in content))


def surface_words(text: str) -> list[str]:
    """Folded, unstemmed words in order; a run of a script without spaces as its pairs of characters."""
    return [_tidy(word) for word in raw_words(text)]


def raw_words(text: str) -> list[str]:
    """Folded words in order, with the dots and commas inside them; for those who know how `index_word` ends it."""
    folded = fold(_POSSESSIVE.sub("", _typewritten(text)))
    if folded.isascii():
        return _ASCII_WORD.findall(folded)
    words: list[str] = []
    at = 0
    for run in _RUN.finditer(folded):
        words += [*_WORD.findall(folded[at : run.start()]), *_pairs(run[0])]
        at = run.end()
    return words + _WORD.findall(folded[at:])


def ascii_chunks(text: str) -> list[str] | None:
    """The text cut where no word reaches over, several times as fast as into words; None where it is not ASCII.

    The words of the chunks are the words of the text; nearly every chunk is one word, and the same one again.
    """
    plain = _typewritten(text)
    return _POSSESSIVE.sub("", plain).translate(_CHUNKED).split() if plain.isascii() else None


def _typewritten(text: str) -> str:
    if not text.isascii():
        for typeset, plain in _TYPESET.items():
            text = text.replace(typeset, plain)
    return text


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _tidy(word: str) -> str:
    if "." in word and not word[0].isdigit():
        return word.replace(".", "")
    return word.replace(",", "")


@lru_cache(maxsize=1 << 17)
def _stem(word: str) -> str:
    # stemmers spoil names: only plain words are stemmed
    return _stemmer.stemWord(word) if word.isalpha() else word
