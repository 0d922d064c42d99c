"""The item titles that EDGAR writes into headers of 8-Ks, and their numbers (Form 8-K, before and since 2004)."""

import re

# The day from which the form has items with points in their numbers (SEC release 33-8400).
NEW_FORM_SINCE = "2004-08-23"

# The first words of each title, as many as tell it apart: wordings and ends have changed over the years.
_SINCE_2004 = """
1.01 entry into a material definitive
1.02 termination of a material definitive
1.03 bankruptcy or receivership
1.04 mine safety
1.05 material cybersecurity
2.01 completion of acquisition
2.02 results of operations
2.03 creation of a direct financial
2.04 triggering events
2.05 cost associated with exit
2.05 costs associated with exit
2.06 material impairment
3.01 notice of delisting
3.02 unregistered sale
3.03 material modification
4.01 changes in registrant s certifying
4.02 non reliance on previously
5.01 changes in control
5.02 departure of director
5.02 election of director
5.03 amendments to articles
5.03 amendment to articles
5.04 temporary suspension of trading
5.05 amendments to the registrant s code
5.05 amendment to registrant s code
5.06 change in shell company
5.07 submission of matters
5.08 shareholder director
5.08 shareholder nominations
6.01 abs informational
6.02 change of servicer
6.03 change in credit enhancement
6.04 failure to make a required distribution
6.05 securities act updating
6.06 static pool
7.01 regulation fd
8.01 other event
9.01 financial statements and exhibits
"""
_BEFORE_2004 = """
1 changes in control
2 acquisition or disposition
3 bankruptcy or receivership
4 changes in registrant s certifying
5 other event
6 resignations of
7 financial statements
8 change in fiscal year
9 regulation fd
9 sales of equity securities
10 amendments to the registrant s code
11 temporary suspension of trading
12 results of operations
"""
_WORDS = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"\d{1,2}(?:\.\d\d)?")


def item_number(title: str, filed: str | None) -> str:
    """`2.02` for `Results of Operations and Financial Condition`; what is a number or unknown is given back.

    `filed` is an ISO day: the same title had another number in the old form.
    """
    if _NUMBER.fullmatch(title):
        return title
    words = " ".join(_WORDS.findall(title.lower()))
    rows = _SINCE_2004 if filed is None or filed >= NEW_FORM_SINCE else _BEFORE_2004
    for row in rows.split("\n"):
        number, _, start = row.partition(" ")
        if start and words.startswith(start):
            return number
    return title
