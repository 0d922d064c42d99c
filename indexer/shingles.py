"""Text to shingles: the hashes of its runs of words, and the few of them that find a copy. Pure.

Two texts are compared by the shingles they share. Whoever looks for copies keeps a sample: the shingles whose hash
is below a bound that falls with the text's size. Bounds are nested, so a short text's sample meets a long one's
wherever both hold a shingle below the lower bound: about SAMPLES * shared / larger shingles are met.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.invisible import strip_invisible
from evidence.indexer.words import FUNCTION_WORDS

Hashes = NDArray[np.uint64]

# Copies with every twelfth word changed keep 0.65 of their runs of five and 0.71 of four; but runs of four are
# shared by more stories of other matters (bench/syndication.py).
WORDS = 5
# Scripts without spaces count by character, and eight characters are about five words.
CHARACTERS = 8
# At 8 bytes a sample the largest part of what a document costs a writer in memory.
SAMPLES = 20
# A text is compared by so much of its beginning, twice the longest live page seen; it costs 3 MB while compared.
MAX_CHARACTERS = 200_000

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CHARACTER = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")
# What a site appends to each of its titles stands behind one of these.
_SUFFIX = re.compile(r"\s[|–—-]\s.*", re.DOTALL)
_LONG_WORD = 4
# Headlines inflect: the same beginning is the same word.
STEM = 5
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def words(text: str) -> list[str]:
    """Folded words in order; characters where words are not parted by spaces."""
    visible = strip_invisible(text[:MAX_CHARACTERS])
    return _WORD.findall(unicodedata.normalize("NFKC", visible).casefold())


@dataclass(frozen=True, slots=True)
class Shingled:
    """A text's words, the hash of the run that begins at each of them, and the distinct hashes, ascending."""

    words: list[str]
    runs: Hashes
    distinct: Hashes
    width: int

    def __len__(self) -> int:
        return len(self.distinct)

    def words_in(self, shared: Hashes) -> set[str]:
        """The beginnings of the words that stand in these shingles."""
        starts = np.flatnonzero(np.isin(self.runs, shared, assume_unique=False))
        places = np.unique((starts[:, np.newaxis] + np.arange(self.width)).ravel())
        return {self.words[place][:STEM] for place in places.tolist()}


def shingle(text: str) -> Shingled:
    """A text cut to shingles; none for one of fewer words than a shingle takes."""
    listed = words(text)
    unspaced = 0 if text.isascii() else sum(map(_is_unspaced, listed))
    width = CHARACTERS if 2 * unspaced > len(listed) else WORDS
    hashed = np.fromiter(map(_hash_word, listed), np.uint64, len(listed))
    runs = np.zeros(max(0, len(listed) - width + 1), np.uint64)
    for start in range(width):
        runs = runs * _MULTIPLIER + hashed[start : start + len(runs)]
    runs = _mixed(runs)
    return Shingled(listed, runs, np.unique(runs), width)


def sample(distinct: Hashes) -> NDArray[np.uint32]:
    """About SAMPLES of them, all of a short text, as 32 bits each."""
    bound = np.uint64(min(1.0, SAMPLES / max(1, len(distinct))) * (2**64 - 2**11))
    # the high bits decided and say little more; the low ones tell the sampled apart
    return distinct[distinct <= bound].astype(np.uint32)


def shared_shingles(one: Shingled, other: Shingled) -> Hashes:
    """The shingles that stand in both."""
    return np.intersect1d(one.distinct, other.distinct, assume_unique=True)


def title_words(title: str | None) -> frozenset[str]:
    """The beginnings of a title's long words, without what a site appends to each of its titles."""
    named = (word for word in words(_SUFFIX.sub("", title or "")) if word not in FUNCTION_WORDS)
    return frozenset(word[:STEM] for word in named if len(word) >= _LONG_WORD)


def _is_unspaced(word: str) -> bool:
    return word >= "\u0e00" and _CHARACTER.match(word) is not None


@lru_cache(maxsize=1 << 17)
def _hash_word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


def _mixed(values: Hashes) -> Hashes:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every bit depends on all others."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
