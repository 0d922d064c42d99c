"""The items of the SEC's forms 10-K, 10-Q, 8-K and 20-F, then and now, as the forms themselves name them."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a form; `words` are what its heading says, lower case, any of them."""

    part: str | None
    number: str
    title: str
    words: re.Pattern[str]

    @property
    def label(self) -> str:
        """How a citation names it."""
        gap = " " if "." in self.number else ". "
        name = f"Item {self.number}{gap}{self.title}"
        return f"Part {self.part}, {name}" if self.part else name


def _item(part: str | None, line: str) -> Item:
    number, title, words = line.split(" | ")
    return Item(part, number, title, re.compile(words, re.IGNORECASE))


def _items(**parts: str) -> tuple[Item, ...]:
    return tuple(
        _item(part if part != "none" else None, line.strip())
        for part, lines in parts.items()
        for line in lines.strip().splitlines()
    )


# Numbers have changed hands: where a number has two lines, the words of the heading say which is meant.
ANNUAL = _items(
    I=r"""
    1 | Business | business|general|\bcompany\b
    1A | Risk Factors | risk factors|risks
    1B | Unresolved Staff Comments | unresolved|staff comments
    1C | Cybersecurity | cyber
    2 | Properties | propert|facilities
    3 | Legal Proceedings | legal|litigation
    4 | Mine Safety Disclosures | mine safety
    4 | Submission of Matters to a Vote of Security Holders | submission|vote of
    4 | [Reserved] | reserved|removed
    """,
    II=r"""
    5 | Market for Registrant's Common Equity | market\b|common (?:equity|stock|shares)
    6 | Selected Financial Data | selected|financial data
    6 | [Reserved] | reserved|removed
    7 | Management's Discussion and Analysis | management.{0,3}s?\b.{0,3}discussion|discussion and analysis|\bMD&A
    7A | Quantitative and Qualitative Disclosures About Market Risk | quantitative|qualitative|market risk
    8 | Financial Statements and Supplementary Data | financial statements|supplementa
    9 | Changes in and Disagreements with Accountants | changes in|disagreements
    9A | Controls and Procedures | controls
    9B | Other Information | other information
    9C | Disclosure Regarding Foreign Jurisdictions that Prevent Inspections | foreign jurisdiction|inspections
    """,
    III=r"""
    10 | Directors, Executive Officers and Corporate Governance | directors|executive officers|governance
    11 | Executive Compensation | compensation
    12 | Security Ownership | security ownership|beneficial owner
    13 | Certain Relationships and Related Transactions | certain relationships|related (?:party )?transactions
    14 | Principal Accountant Fees and Services | accountant|accounting fees|audit fees|fees and services
    14 | Controls and Procedures | controls
    """,
    IV=r"""
    14 | Exhibits, Financial Statement Schedules and Reports on Form 8-K | exhibits
    15 | Exhibits and Financial Statement Schedules | exhibit|financial statement schedules
    16 | Form 10-K Summary | summary
    """,
)

QUARTERLY = _items(
    I=r"""
    1 | Financial Statements | financial statements|financial information|statements of
    2 | Management's Discussion and Analysis | management.{0,3}s?\b.{0,3}discussion|discussion and analysis|\bMD&A
    3 | Quantitative and Qualitative Disclosures About Market Risk | quantitative|qualitative|market risk
    4 | Controls and Procedures | controls
    """,
    II=r"""
    1 | Legal Proceedings | legal|litigation
    1A | Risk Factors | risk factors|risks
    2 | Unregistered Sales of Equity Securities | unregistered|securities|repurchase|use of proceeds
    3 | Defaults Upon Senior Securities | default
    4 | Mine Safety Disclosures | mine safety
    4 | Submission of Matters to a Vote of Security Holders | submission|vote of
    4 | [Reserved] | reserved|removed
    5 | Other Information | other information|other events|other matters
    6 | Exhibits | exhibits?\b
    """,
)

# Small businesses filed on forms of their own until 2009.
ANNUAL_SMALL = _items(
    I=r"""
    1 | Description of Business | business
    1A | Risk Factors | risk factors|risks
    1B | Unresolved Staff Comments | unresolved|staff comments
    2 | Description of Property | propert
    3 | Legal Proceedings | legal|litigation
    4 | Submission of Matters to a Vote of Security Holders | submission|vote of
    """,
    II=r"""
    5 | Market for Common Equity and Related Stockholder Matters | market\b|common (?:equity|stock|shares)
    6 | Management's Discussion and Analysis or Plan of Operation | discussion|plan of operations?|\bMD&A
    7 | Financial Statements | financial statements
    8 | Changes in and Disagreements with Accountants | changes in|disagreements
    8A | Controls and Procedures | controls
    8B | Other Information | other information
    """,
    III=r"""
    9 | Directors, Executive Officers, Promoters and Control Persons | directors|executive officers|governance
    10 | Executive Compensation | compensation
    11 | Security Ownership | security ownership|beneficial owner
    12 | Certain Relationships and Related Transactions | certain relationships|related (?:party )?transactions
    13 | Exhibits and Reports on Form 8-K | exhibits
    14 | Controls and Procedures | controls
    14 | Principal Accountant Fees and Services | accountant|accounting fees|audit fees|fees and services
    """,
)

QUARTERLY_SMALL = _items(
    I=r"""
    1 | Financial Statements | financial statements|financial information|statements of
    2 | Management's Discussion and Analysis or Plan of Operation | discussion|plan of operations?|\bMD&A
    3 | Controls and Procedures | controls
    """,
    II=r"""
    1 | Legal Proceedings | legal|litigation
    2 | Unregistered Sales of Equity Securities | unregistered|securities|use of proceeds
    3 | Defaults Upon Senior Securities | default
    4 | Submission of Matters to a Vote of Security Holders | submission|vote of
    5 | Other Information | other information|other events
    6 | Exhibits and Reports on Form 8-K | exhibits?\b
    """,
)

# Of companies from abroad. The form had other items until 2000, and takes back numbers now and then.
FOREIGN = _items(
    I=r"""
    1 | Identity of Directors, Senior Management and Advisers | identity|advis[eo]rs
    2 | Offer Statistics and Expected Timetable | offer statistics|timetable
    3 | Key Information | key information
    4 | Information on the Company | information (?:on|about)|\bcompany\b
    4A | Unresolved Staff Comments | unresolved|staff comments
    5 | Operating and Financial Review and Prospects | operating and financial|review and prospects
    6 | Directors, Senior Management and Employees | directors|employees
    7 | Major Shareholders and Related Party Transactions | major shareholders|related party
    8 | Financial Information | financial information
    9 | The Offer and Listing | offer\b|listing
    10 | Additional Information | additional information
    11 | Quantitative and Qualitative Disclosures About Market Risk | quantitative|qualitative|market risk
    12 | Description of Securities Other than Equity Securities | description of securities|other than equity
    """,
    II=r"""
    13 | Defaults, Dividend Arrearages and Delinquencies | default|arrearages
    14 | Material Modifications to the Rights of Security Holders | modification|use of proceeds
    15 | Controls and Procedures | controls
    16 | [Reserved] | reserved
    16A | Audit Committee Financial Expert | audit committee|financial expert
    16B | Code of Ethics | ethics
    16C | Principal Accountant Fees and Services | accountant|fees
    16D | Exemptions from the Listing Standards for Audit Committees | exemption
    16E | Purchases of Equity Securities by the Issuer and Affiliated Purchasers | purchases
    16F | Change in Registrant's Certifying Accountant | chang|certifying
    16G | Corporate Governance | governance
    16H | Mine Safety Disclosure | mine safety
    16I | Disclosure Regarding Foreign Jurisdictions that Prevent Inspections | foreign jurisdiction|inspections
    16J | Insider Trading Policies | insider
    16K | Cybersecurity | cyber
    """,
    III=r"""
    17 | Financial Statements | financial statements
    18 | Financial Statements | financial statements
    19 | Exhibits | exhibits
    """,
)

CURRENT = _items(
    none=r"""
    1.01 | Entry into a Material Definitive Agreement | entry|definitive
    1.02 | Termination of a Material Definitive Agreement | terminat
    1.03 | Bankruptcy or Receivership | bankrupt|receiver
    1.04 | Mine Safety | mine
    1.05 | Material Cybersecurity Incidents | cyber
    2.01 | Completion of Acquisition or Disposition of Assets | completion|acquisition|disposition
    2.02 | Results of Operations and Financial Condition | results|financial condition
    2.03 | Creation of a Direct Financial Obligation | creation|obligation
    2.04 | Triggering Events That Accelerate a Direct Financial Obligation | trigger|accelerat
    2.05 | Costs Associated with Exit or Disposal Activities | costs|exit|disposal
    2.06 | Material Impairments | impairment
    3.01 | Notice of Delisting or Failure to Satisfy a Continued Listing Rule | delist|listing
    3.02 | Unregistered Sales of Equity Securities | unregistered|sales? of
    3.03 | Material Modification to Rights of Security Holders | modification|rights
    4.01 | Changes in Registrant's Certifying Accountant | accountant|chang
    4.02 | Non-Reliance on Previously Issued Financial Statements | reliance
    5.01 | Changes in Control of Registrant | control
    5.02 | Departure of Directors or Certain Officers | departure|director|officer|election|compensatory
    5.03 | Amendments to Articles of Incorporation or Bylaws | amendment|articles|by-?laws|fiscal year
    5.04 | Temporary Suspension of Trading Under Employee Benefit Plans | suspension|trading
    5.05 | Amendments to the Code of Ethics | ethics
    5.06 | Change in Shell Company Status | shell
    5.07 | Submission of Matters to a Vote of Security Holders | submission|vote
    5.08 | Shareholder Director Nominations | nomination
    6.01 | ABS Informational and Computational Material | ABS|computational
    6.02 | Change of Servicer or Trustee | servicer|trustee
    6.03 | Change in Credit Enhancement | enhancement
    6.04 | Failure to Make a Required Distribution | distribution
    6.05 | Securities Act Updating Disclosure | updating
    7.01 | Regulation FD Disclosure | regulation|FD\b|disclosure
    8.01 | Other Events | other|event
    9.01 | Financial Statements and Exhibits | financial|exhibit
    1 | Changes in Control of Registrant | control
    2 | Acquisition or Disposition of Assets | acquisition|disposition
    3 | Bankruptcy or Receivership | bankrupt|receiver
    4 | Changes in Registrant's Certifying Accountant | accountant|chang
    5 | Other Events | other|event|FD\b
    6 | Resignations of Registrant's Directors | resignation|director
    7 | Financial Statements and Exhibits | financial|exhibit
    8 | Change in Fiscal Year | fiscal
    9 | Regulation FD Disclosure | regulation|FD\b|sales of equity|results
    10 | Amendments to the Registrant's Code of Ethics | ethics
    11 | Temporary Suspension of Trading Under Employee Benefit Plans | suspension|trading
    12 | Results of Operations and Financial Condition | results|financial condition
    """,
)
