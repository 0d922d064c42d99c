"""Which documents are the first word on what a finding is about: the company's own, or a regulator's. Pure."""

import re
from urllib.parse import urlsplit

from evidence.corpus.entities import Entities, Entity
from evidence.corpus.naming import name_key
from evidence.corpus.values import Document, Place
from evidence.generator.reading.companies import companies_in
from evidence.generator.weighing.lens import Primary

# A release opens with who makes it, behind a dateline.
_OPENING_CHARACTERS = 300
# Whose words on a call are the company's, and whose are not, by their roles.
_OFFICER = re.compile(
    r"\b(?:chief|officer|president|chair\w*|director|head|treasurer|founder|investor relations|C[EFOT]O|controller|"
    r"manager)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"\b(?:analyst|research|securities|capital|bank|partners|advisors|markets|moderator)\b", re.IGNORECASE
)
NOWHERE = Place("")
_NOT_IN_HOSTS = re.compile(r"[^a-z0-9]")
# A company's own host holds its name; a shorter one stands in too many.
_HOST_LETTERS = 4


def is_primary(
    document: Document, quoted: str, about: str | None, known: Entities, rules: Primary, place: Place = NOWHERE
) -> bool:
    """Whether the document speaks for itself of what is quoted, which stands at this place.

    A regulator does of everything. A company does in a document of its own, of one of the kinds of the rules, for
    what is about it: `about` names whom the quote is about where that is known; else it is whom the quote names, or
    the company itself where it names nobody.
    """
    if is_regulator(document.publisher, rules):
        return True
    if document.kind not in rules.kinds or is_outsider(place, quoted):
        return False
    owner = own_company(document, known, rules)
    if owner is None:
        return False
    named = {about} if about is not None else {named.company.name for named in companies_in(quoted, known)}
    return not named or any(_is_same(name, owner, known) for name in named)


def is_outsider(place: Place, quoted: str) -> bool:
    """Whether words of a call are not the company's: the operator's, an analyst's, or a question."""
    if place.speaker is None:
        return False
    if place.speaker.casefold() == "operator" or quoted.rstrip().endswith("?"):
        return True
    role = place.role or ""
    return bool(role) and (bool(_OUTSIDE.search(role)) or not _OFFICER.search(role))


def is_regulator(publisher: str | None, rules: Primary) -> bool:
    """Whether a publisher's name is that of a regulator, or holds a word that only regulators have."""
    return any(re.search(rf"\b{re.escape(name)}\b", publisher or "") for name in rules.regulators)


def own_company(document: Document, known: Entities, rules: Primary) -> Entity | None:
    """Whose document it is: the filer; else its publisher, unless that is a wire; else who opens the release."""
    if document.company:
        return known.find(document.company) or Entity(document.company)
    publisher = document.publisher or ""
    if publisher and name_key(publisher) not in map(name_key, rules.wires):
        return known.find(publisher) or _by_host(document.url, known) or Entity(publisher)
    opening = f"{document.title or ''}\n{document.text[:_OPENING_CHARACTERS]}"
    return next((named.company for named in companies_in(opening, known)), None)


def _by_host(url: str | None, known: Entities) -> Entity | None:
    """The company whose name the host of an address is: investor.asmpt.com."""
    labels = {_NOT_IN_HOSTS.sub("", label) for label in (urlsplit(url or "").hostname or "").split(".")}
    for entity in known.entries:
        letters = (_NOT_IN_HOSTS.sub("", name_key(form)) for form in entity.forms)
        if any(len(form) >= _HOST_LETTERS and form in labels for form in letters):
            return entity
    return None


def _is_same(name: str, owner: Entity, known: Entities) -> bool:
    found = known.find(name)
    return found.name == owner.name if found else name_key(name) == name_key(owner.name)
