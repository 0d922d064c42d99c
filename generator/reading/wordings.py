"""Words that may stand for each other in a sentence, and words that mean the contrary. Pure.

Short lists of what reports of companies say; a word that is in none of them stands for itself and its family alone.
"""

from functools import lru_cache

from evidence.indexer.words import index_word

# Words of one family begin alike: acquire, acquisition. Both numbers were read off the pairs that Snowball parts.
_FAMILY_LETTERS = 5
_FAMILY_SHARE = 0.6

_UP = (
    "rise rose risen rising increase increased grow grew grown growth climb jump surge soar raise raised "
    "higher expand boost improve accelerate advance rally lengthen widen exceed rebound upgrade strengthen "
    "hike upward gain up"
)
_DOWN = (
    "fall fell fallen falling decline decrease drop cut lower lowered reduce reduction shrink shrank shrunk "
    "slip slid slide sink sank plunge tumble plummet contract slow weaken shorten narrow downgrade worsen "
    "shed downward trim down less fewer"
)
_SAY = (
    "say said says tell told state stated statement report reported announce announced announcement add added "
    "note noted according disclose disclosed reveal revealed confirm confirmed explain explained write wrote "
    "mention describe argue comment remark show shows showed indicate"
)
_ALIKE = (
    "company firm business corporation group",
    "buy bought purchase acquire acquisition takeover",
    "sell sold sale",
    "revenue sales turnover",
    "profit earnings income",
    "begin began begun start launch commence",
    "end ended finish conclude complete completed",
    "build built construct construction",
    "big large huge major",
    "year annual annually yearly",
    "person people",
    "share stock",
    "job work employment",
    "employee worker staff",
    "chief ceo executive",
    "president presidential",
    "city town",
    "movie film",
    "tv television",
    "show series program programme",
    "song single track",
    "author writer written write wrote",
    "actor actress star starred stars acted act appear appeared",
    "make made making maker manufacture produce produced producer production",
    "get got receive received obtain",
    "win won winner victory",
    "kill killed die died death dead",
    "child children kid",
    "country nation national",
    "lead led leader leading head headed",
    "play played player",
    "base based locate located location headquarter headquartered",
    "help assist support aid",
    "plan strategy",
    "approximately about around roughly",
    "use used using utilize",
    "find found discover",
    "need require",
    "give gave given provide",
    "hold held own owned have",
    "place placed order ordered",
    "also addition additionally",
)
# Pairs, a slash between the two.
_CONTRARY = (
    "profit/loss profitable/unprofitable beat/miss win/lose won/lost open/close start/end begin/finish "
    "approve/reject accept/reject accepted/rejected buy/sell bought/sold buyer/seller hire/fire before/after "
    "above/below include/exclude always/never first/last maximum/minimum most/least high/low highest/lowest "
    "more/less more/fewer support/oppose supported/opposed guilty/innocent legal/illegal alive/dead "
    "positive/negative import/export strong/weak stronger/weaker early/late earlier/later best/worst "
    "better/worse borrow/lend long/short longer/shorter tighten/loosen increase/decrease bull/bear "
    "hawkish/dovish allow/ban allowed/banned permit/prohibit pass/fail male/female man/woman north/south "
    "northern/southern east/west eastern/western enter/leave join/leave rich/poor fast/slow faster/slower "
    "old/new large/small larger/smaller largest/smallest agree/disagree continue/stop inside/outside "
    "public/private likely/unlikely able/unable asset/liability debit/credit gross/net inflow/outflow "
    "surplus/deficit upgrade/downgrade gain/loss domestic/foreign internal/external supply/demand "
    "creditor/debtor lender/borrower plaintiff/defendant majority/minority full/empty hot/cold safe/dangerous "
    "true/false love/hate attack/defend success/failure successful/unsuccessful quarterly/annual"
)
_DENYING = ("un", "in", "im", "ir", "non", "dis")

UP = frozenset(map(index_word, _UP.split()))
DOWN = frozenset(map(index_word, _DOWN.split()))
SAYING = frozenset(map(index_word, _SAY.split()))


def _groups() -> dict[str, frozenset[str]]:
    held: dict[str, frozenset[str]] = {}
    for group in (_UP, _DOWN, _SAY, *_ALIKE):
        stems = frozenset(map(index_word, group.split()))
        for stem in stems:
            held[stem] = held.get(stem, frozenset()) | stems
    return held


def _contraries() -> dict[str, frozenset[str]]:
    held: dict[str, frozenset[str]] = {}
    for pair in _CONTRARY.split():
        first, second = map(index_word, pair.split("/"))
        held[first] = held.get(first, frozenset()) | {second}
        held[second] = held.get(second, frozenset()) | {first}
    return held


_GROUPS = _groups()
_CONTRARIES = _contraries()


def alike(stem: str) -> frozenset[str]:
    """The stems that may stand for this one, itself among them."""
    return _GROUPS.get(stem, frozenset()) | {stem}


def direction(stem: str) -> int:
    """1 for what rises, -1 for what falls, else 0."""
    return (stem in UP) - (stem in DOWN)


def contrary(stem: str, stems: frozenset[str]) -> frozenset[str]:
    """Those of the stems that say the contrary of this one."""
    found = _CONTRARIES.get(stem, frozenset()) & stems
    for prefix in _DENYING:
        if prefix + stem in stems:
            found |= {prefix + stem}
        if stem.startswith(prefix) and len(stem) > len(prefix) + 3 and stem[len(prefix) :] in stems:
            found |= {stem[len(prefix) :]}
    return found


@lru_cache(maxsize=1 << 16)
def family(first: str, second: str) -> bool:
    """Whether two stems are of one family of words."""
    if not (first.isalpha() and second.isalpha()):
        return False
    shared = next(
        (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    return shared >= _FAMILY_LETTERS and shared >= _FAMILY_SHARE * max(len(first), len(second))
