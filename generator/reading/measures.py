"""Measures that business news and filings speak of, and which of them a number is of. Pure; English.

None is a company's own. A measure that is not here is known by the words around its number.
"""

import re
from dataclasses import dataclass

# Measure to the ways it is written. Stocks are true of a day, flows of a period, and events are what they are
# whenever they are told.
STOCKS = {
    "order backlog": r"(?:order )?backlogs?|order books?|unfilled orders",
    "lead time": r"lead[- ]times?|delivery times?|waiting times?|delivery periods?",
    "headcount": r"head ?count|work ?force|payroll|(?:employs|employed|employing|employees)",
    "market share": r"market share|share of (?:the|that|this|its)?[ \w-]{0,30}market",
    "cash": r"cash and (?:cash )?equivalents[^,.;|]{0,30}|(?:net )?cash (?:pile|position|balance|reserves)",
    "net debt": r"net debt",
    "debt": r"(?:total |long-term )?(?:debt|borrowings)",
    "inventories": r"inventor(?:y|ies)|stockpiles?",
    "capacity": r"capacity",
    "share price": r"share price|stock price|shares? (?:closed|traded|ended)",
    "stake": r"stake|shareholding|ownership",
    "yield": r"yields?",
    "utilisation": r"utili[sz]ation(?: rates?)?",
    "interest rate": r"(?:interest|policy|benchmark|lending) rates?",
    "supply commitments": r"supply commitments|purchase (?:commitments|obligations)",
    "customers": r"(?:customers|subscribers|users|members)",
}
FLOWS = {
    "gross margin": r"gross margins?(?: percentage)?",
    "operating margin": r"operating margins?",
    "net margin": r"net margins?|profit margins?",
    "gross profit": r"gross profit",
    "earnings per share": r"(?:earnings|(?:net )?(?:income|loss)) per (?:diluted )?share|\bEPS\b",
    "operating income": r"operating (?:income|profit|earnings|loss)|income from operations|\bEBIT\b",
    "EBITDA": r"(?:adjusted )?\bEBITDA\b",
    "net income": r"net (?:income|profit|earnings|loss)|bottom line|(?:quarterly |annual )?profits?(?! margin)",
    "cash flow": r"(?:free |operating )?cash flows?",
    "capital spending": r"capital (?:expenditures?|spending|budget|outlays?|investments?)|cap ?ex\b",
    "research spending": r"(?:research and development|\bR&D)(?: expenses?| spending| costs?)?",
    "operating expenses": r"operating (?:expenses|costs)|\bopex\b",
    "tax rate": r"(?:effective )?tax rate",
    "orders": r"(?:new |net )?orders(?: intake)?|order intake|bookings",
    "shipments": r"shipments?|deliver(?:ies|ed)|shipped|units? sold",
    "production": r"production|output|throughput",
    "revenue": r"(?:total |net )?revenues?|(?:net |total )?sales|turnover|top line",
    "average price": r"(?:(?:average )?selling |contract |spot |list |wafer |average )?prices?|\bASPs?\b|pricing",
    "annual growth": r"\bCAGR\b|compound annual growth(?: rate)?|annual growth(?: rate)?",
    "market size": r"market(?: size| value)?"
    r"(?= (?:is|was|will|would|should|could|may|to|at|of|worth|valued|reach)\b)",
    "inflation": r"inflation(?: rate)?|consumer prices?",
    "unemployment": r"unemployment(?: rate)?|jobless rate",
    "costs": r"costs?(?: of (?:sales|revenue|goods sold))?",
    "scrap": r"scrap rate|defect rate",
}
_JOBS = r"\b(?=[^.;]{0,40}\b(?:jobs|staff|workers|employees|positions|people|posts|roles)\b)"
EVENTS = {
    "job cuts": r"(?:job|staff|work ?force) (?:cuts?|reductions?|losses)|lay ?-?offs?|redundanc(?:y|ies)|"
    rf"(?:cut|cutting|cuts|eliminat\w+|shed\w*|axe\w*|lay\w* off|laid off|los\w+|affect\w*){_JOBS}",
    "dividend": r"dividends?",
    "buyback": r"buy ?-?backs?|share repurchases?|repurchase program(?:me)?",
    "purchase price": r"acqui(?:re|res|red|ring|sition)|takeover|buyout|purchase(?: price)?|deal|bought|buys?",
    "fine": r"fines?|fined|penalt(?:y|ies)|settle(?:ment|d|s)?",
    "investment": r"invest(?:s|ed|ing|ments?)?|spend(?:s|ing)? on",
    "funding": r"(?:raised|raises|raising|funding round|series [A-F])\b|subsid(?:y|ies)|grants?",
    "deaths": r"(?:killed|dead|deaths?|died|death toll|fatalities)",
    "injured": r"(?:injured|wounded|injuries|hurt)",
    "contract": r"contracts?|agreements?",
    "impairment": r"impairments?|write-?(?:downs?|offs?)|restructuring (?:charges?|costs?)|(?:one-\w+ )?charges?",
    "recall": r"recall(?:s|ed|ing)?",
}
MEASURES = {
    name: re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE)
    for table in (EVENTS, STOCKS, FLOWS)
    for name, pattern in table.items()
}
# They are written in per cents themselves; of all others a per cent says how much they changed.
IN_PERCENT = frozenset(
    "gross margin,operating margin,net margin,market share,yield,utilisation,stake,interest rate,tax rate,"
    "annual growth,inflation,unemployment,scrap rate".split(",")
)
# Beside another measure these words say what it is about, and not what is counted.
WEAK = frozenset("purchase price,contract,investment,funding,costs,customers,average price,production".split(","))
_BEHIND = re.compile(r"\s*(?:-?strong\s|(?:in|of|worth of|more|fewer|new|further|additional)\s)?(?:[\w-]+\s){0,2}$")


@dataclass(frozen=True, slots=True)
class Head:
    """A measure where a text writes it."""

    measure: str
    start: int
    end: int


def find_heads(text: str, first: int = 0, last: int | None = None) -> list[Head]:
    """The measures between two places in order; of those that overlap the longest."""
    stop = len(text) if last is None else last
    found = [
        Head(name, m.start(), m.end())
        for name, pattern in MEASURES.items()
        for m in pattern.finditer(text, first, stop)
    ]
    found.sort(key=lambda head: (head.start - head.end, head.start))
    kept: list[Head] = []
    for head in found:
        if all(head.end <= other.start or other.end <= head.start for other in kept):
            kept.append(head)
    if any(head.measure == "job cuts" for head in kept):
        # `affects 1,400 employees` counts no payroll
        kept = [head for head in kept if head.measure != "headcount"]
    return sorted(kept, key=lambda head: head.start)


def head_of(text: str, clause: tuple[int, int], start: int, end: int) -> Head | None:
    """The measure that a number, characters `start` to `end`, is of: one right behind it, else the last before it,
    else any of its clause."""
    heads = find_heads(text, *clause)
    strong = [head for head in heads if head.measure not in WEAK]
    behind = [head for head in heads if head.start >= end and _BEHIND.fullmatch(text, end, head.start)]
    ahead = [head for head in strong if head.end <= start] or [head for head in heads if head.end <= start]
    if behind and (behind[0].measure not in WEAK or not ahead):
        return behind[0]
    return ahead[-1] if ahead else next(iter(strong or heads), None)
