"""The words that claims are made of: directions, who expects, what is revised or denied. English; pure data."""

import re

UP = (
    r"rose|rises?|risen|rising|grew|grows?|grown|growing|increas\w*|climb\w*|gain\w*|jump\w*|surg\w*|soar\w*|expand\w*|"
    r"lengthen\w*|higher|up|improv\w*|advanc\w*|widen\w*|doubl\w*|tripl\w*|stretch\w*|strengthen\w*|accelerat\w*|longer|"
    r"rebound\w*|add(?:s|ed|ing)"
)
DOWN = (
    r"fell|falls?|fallen|falling|drop\w*|declin\w*|decreas\w*|slip\w*|slid\w*|plung\w*|tumbl\w*|shr[aiu]nk\w*|"
    r"shorten\w*|lower\w*|down|contract(?:ed|ing)|reduc\w*|narrow\w*|weaken\w*|eas(?:e|es|ed|ing)|shorter|halv\w*|"
    r"deteriorat\w*|dip(?:s|ped)|cut|cuts"
)
FLAT = r"unchanged|flat|stable|steady|held at|remained at"
DIRECTION = re.compile(rf"(?<![\w-])(?:(?P<up>{UP})|(?P<down>{DOWN})|(?P<flat>{FLAT}))(?![\w-])", re.IGNORECASE)

# Who says what will be. A company's own outlook is its guidance; anybody else's is an opinion.
FORECAST = re.compile(
    r"\b(?:expect(?:s|ed|ing|ations?)?|forecast(?:s|ed|ing)?|project(?:s|ed|ions?)|guid(?:ance|ed|es|ing)|outlook|"
    r"predict(?:s|ed|ions?)?|anticipat\w+|estimat(?:es?|ed|ing)|target(?:s|ed|ing)|"
    r"see(?:s|ing)? (?=[^.;]{0,60}(?:at|of|to|reach|between)\b)|modell?ed|models (?-i:(?=[A-Z]))|"
    r"plan(?:s|ned|ning)? to|"
    r"(?:is|are) (?:likely|set|due|on track|poised) to|"
    r"would|could|should|(?-i:may)|might|will)\b",
    re.IGNORECASE,
)
OPINION = re.compile(
    r"\b(?:analysts?|brokers?|brokerage|consensus|street|researchers?|research (?:firm|house|note)|strategists?|"
    r"economists?|believes?|thinks?|in (?:our|my|his|her) view|opinion|rumou?rs?|speculat\w+|"
    r"price target|target price|we (?:estimate|model|think|expect|believe|see)|reckons?|bull|bear|pundits?|"
    r"columnist|argues?|guess\w*|probably|bets?)\b",
    re.IGNORECASE,
)
# A value that comes with one of these takes the place of an earlier one.
REVISED = re.compile(
    r"\b(?:revis\w+|restat\w+|correct(?:s|ed|ing|ion)|amend\w*|updat(?:ed|es|ing)|previous(?:ly)?|instead of|"
    r"rather than|no longer|transpos\w+|in error|erroneous\w*|mistaken\w*|trim(?:s|med)|(?:10-K|10-Q|8-K)/A|"
    r"earlier (?:said|reported|announced|estimate|guidance|forecast|figure|plan)|"
    r"(?:had|originally|initially) (?:said|reported|planned|announced|estimated|put|guided)|"
    r"now (?:expects?|sees?|plans?|puts?|stands?|forecasts?|says?|estimates?|targets?)|"
    r"(?:rais(?:es|ed|ing)|lift(?:s|ed|ing)|lower(?:s|ed|ing)) (?:its|the|their)|"
    r"cut(?:s|ting)? (?:its|the|their) (?:outlook|guidance|forecast|target|estimate))\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|without|denie[sd]|deny|denying|refut\w+|reject(?:s|ed)|rul(?:es|ed) out|"
    r"halt(?:s|ed)|cancel(?:s|led|ed)|scrap(?:s|ped)|abandon(?:s|ed))\b|n['’]t\b",
    re.IGNORECASE,
)
# What it was before, was to be, or is not: no value of this claim's own.
BEFORE = re.compile(
    r"(?:\b(?:originally|previously|earlier|original (?:report|filing|release))[^.;]{0,60}|\bnot|\bfrom|"
    r"\bcompared (?:with|to)|\bversus|\bvs\.?|\bagainst|(?<!more )(?<!less )(?<!fewer )\bthan|\bafter)"
    r"(?: (?:an?|the|its|about|some|just|roughly|around|nearly|over|more than|record|revised|previous|earlier|"
    r"original))*\s*$",
    re.IGNORECASE,
)
# Words beside a measure that say nothing of which part of it is meant.
PLAIN = frozenset(
    "the a an its our their his her total overall combined group company firm record strong weak solid robust "
    "quarterly annual yearly monthly reported latest current new net gross average order orders full preliminary "
    "first second third fourth quarter half year fiscal month recent same more less than about around roughly "
    "nearly approximately some over under up down just only also said says that which and or of in for to at with "
    "from by on as is was were are be been has have had will would could may might expected estimated forecast "
    "projected higher lower typical standard global worldwide whole entire consolidated today's this last "
    "previous prior next now rising falling growing confirmed actual initial such big large huge sizeable further "
    "own monday tuesday wednesday thursday friday saturday sunday morning evening night today yesterday".split()
)
REGIONS = (
    "China|Chinese|Taiwan|Taiwanese|Japan|Japanese|Korea|Korean|Europe|European|Germany|German|France|French|India|"
    "Indian|Asia|Asian|Asia[- ]Pacific|America|American|North America|Latin America|United States|U\\.?S\\.?|UK|"
    "Britain|British|Malaysia|Malaysian|Singapore|Vietnam|Mexico|Brazil|Africa|EMEA|Thailand|Penang|Shenzhen|Texas|Arizona"
)
REGION = re.compile(rf"(?<![\w-])(?:{REGIONS})(?![\w])")
RATE = re.compile(
    r"\s*(?:[\w-]+ ){0,3}?(?:(?:a|an|per|each|every) (?P<per>day|week|month|quarter|year)\b|"
    r"(?P<adverb>daily|weekly|monthly|annually)\b)",
    re.IGNORECASE,
)
