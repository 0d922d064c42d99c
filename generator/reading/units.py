"""How numbers are written: scales, units, currencies and the patterns that read them. English. Pure."""

import re
from decimal import Decimal

PERCENT = "%"
POINTS = "points"
TIMES = "times"
DAYS = {
    "hour": Decimal(1) / 24,
    "day": Decimal(1),
    "week": Decimal(7),
    "month": Decimal("30.4"),
    "quarter": Decimal("91.3"),
}
DAYS["year"] = Decimal("365.25")

ONE = Decimal(1)
SCALES = {
    **dict.fromkeys(("trillion", "trn", "tn"), Decimal(10) ** 12),
    **dict.fromkeys(("billion", "bln", "bn", "b"), Decimal(10) ** 9),
    **dict.fromkeys(("million", "mln", "mn", "m", "mm"), Decimal(10) ** 6),
    **dict.fromkeys(("thousand", "k"), Decimal(10) ** 3),
    **{"hundred": Decimal(100), "dozen": Decimal(12), "crore": Decimal(10) ** 7, "lakh": Decimal(10) ** 5},
}
SIGNS = {
    **{"$": "USD", "us$": "USD", "nt$": "TWD", "hk$": "HKD", "s$": "SGD", "c$": "CAD", "ca$": "CAD", "a$": "AUD"},
    **{"€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR", "rs": "INR", "rm": "MYR", "rmb": "CNY"},
    **{"r$": "BRL"},
}
_CODES = "USD EUR GBP JPY KRW TWD CNY HKD SGD CAD AUD CHF INR SEK NOK DKK ILS BRL MYR".split()
NAMED = {
    **dict.fromkeys(("dollar", "us dollar", "u.s. dollar"), "USD"),
    **{
        "euro": "EUR",
        "pound": "GBP",
        "yen": "JPY",
        "won": "KRW",
        "yuan": "CNY",
        "renminbi": "CNY",
        "ringgit": "MYR",
    },
    **{"kronor": "SEK", "kroner": "NOK"},
    **{"rupee": "INR", "swiss franc": "CHF", "franc": "CHF", "krona": "SEK", "krone": "NOK", "shekel": "ILS"},
    **{"hong kong dollar": "HKD", "taiwan dollar": "TWD", "singapore dollar": "SGD", "canadian dollar": "CAD"},
}
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SPELT = {word: at for at, word in enumerate(_WORDS)} | {word: 20 + 10 * at for at, word in enumerate(_TENS)}

_CURRENCY = rf"(?:(?i:us|nt|hk|ca|[scar])?\$|[€£¥₩₹]|(?<![A-Za-z])(?:{'|'.join(_CODES)}|RMB|RM|Rs\.?)(?=\s?[\d(]))"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
# the longest first: eight is the beginning of eighteen
_SINGLE = "|".join(sorted(_WORDS, key=len, reverse=True))
_SPELT_NUMBER = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_WORDS[1:10])}))?|{_SINGLE}"
_SCALE = r"(?:trillion|trn|tn|billion|bln|bn|million|mln|mn|thousand|hundred|dozen|crore|lakh)\b"
_UNIT = (
    r"(?P<points>(?:percentage|basis)[ -]points?\b|bps\b|pp\b|(?:%|per ?cent|pct\.?)?[ -]?points?\b)"
    r"|(?P<percent>%|per ?cent\b|pct\b)|(?P<times>x\b(?!\w)|times\b|-?fold\b)"
    r"|(?P<cents>cents?\b)|(?P<time>hour|day|week|month|quarter|year)s?\b(?!-)"
)
_NAMES = "|".join(sorted(NAMED, key=len, reverse=True))
QUANTITY = re.compile(
    rf"(?P<sign>\(\s?|[-−–+]\s?)?(?P<currency>{_CURRENCY})?\s?(?P<inner>\(\s?|[-−]\s?)?"
    rf"(?:(?<![\w.,])(?<![A-Za-z]-)|(?<=[$€£¥₩₹])|(?<=(?<![A-Za-z])Rs))(?P<digits>{_DIGITS})(?![\d]|,\d)"
    rf"(?:(?P<short>(?:[kmb]|mm|bn|tn|mn|bln|mln)(?![\w-]))|[ -]?(?P<scale>{_SCALE}))?"
    rf"(?:(?:[ -]?(?:{_UNIT}))|,? ?(?:of )?(?:(?P<code>{'|'.join(_CODES)})\b|(?P<named>{_NAMES})s?\b))?",
    re.IGNORECASE,
)
SPELT_QUANTITY = re.compile(
    rf"(?<![\w-])(?P<digits>{_SPELT_NUMBER})(?![\w])(?:[ -](?P<scale>{_SCALE}))?"
    rf"(?:(?:[ -](?:{_UNIT}))|,? ?(?:(?P<code>{'|'.join(_CODES)})\b|(?P<named>{_NAMES})s?\b))?",
    re.IGNORECASE,
)
