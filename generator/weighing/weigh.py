"""What each finding weighs: whether its source is primary, and its impact on the subject. Pure.

Whom a report is about, and what it is for, is its aim. Without a subject nothing has an impact, and the report says
so by leaving it null: how much something matters is a question of whom it matters to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.corpus.entities import Entities
from evidence.corpus.values import Document
from evidence.generator.reading.companies import stated_companies
from evidence.generator.values import Finding
from evidence.generator.weighing.impact import Impact, assess
from evidence.generator.weighing.lens import Lens
from evidence.generator.weighing.primary import is_outsider, is_primary, own_company
from evidence.generator.weighing.ranking import UNKNOWN, Standing, rank
from evidence.generator.weighing.relations import Circle
from evidence.generator.weighing.subject import Subject, find_subject


@dataclass(frozen=True, slots=True)
class Aim:
    """What the user asked a report to be about and for: a subject and a lens, each as written, or neither.

    `lens` is what the report is weighed by in any case.
    """

    lens: Lens
    subject: str | None = None
    named: str | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What is known of one finding; `impact` is None in a report without a subject."""

    primary: bool
    impact: Impact | None

    def add_to(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A finding's JSON with its weight in it."""
        source = {**row["source"], "primary": self.primary}
        return {**row, "source": source, "impact": self.impact and self.impact.as_json()}


@dataclass(frozen=True, slots=True)
class Weighed:
    """The subject of a report, and the weight of each finding by its number."""

    aim: Aim
    subject: Subject | None
    weights: Mapping[int, Weight]

    def ranked(self, findings: Sequence[Finding], labels: Mapping[int, str]) -> list[Finding]:
        """What is material and not yet widely reported first, by consensus labels; without a subject as given."""
        standings = {
            number: Standing(weight.impact.level, labels.get(number, UNKNOWN), weight.primary)
            for number, weight in self.weights.items()
            if weight.impact is not None
        }
        if self.subject is None:
            return list(findings)
        by_number = {finding.number: finding for finding in findings}
        return [by_number[number] for number in rank(standings, list(by_number))]

    def as_json(self) -> dict[str, Any]:
        """The contract's `subject` and `lens`; a lens that nobody chose is none where it judged nothing."""
        in_force = self.aim.named is not None or self.subject is not None
        name = self.subject.name if self.subject else None
        return {
            "subject": self.subject and self.subject.as_json(),
            "lens": self.aim.lens.as_json(name) if in_force else None,
        }


def weigh(
    findings: Sequence[Finding],
    question: str,
    aim: Aim,
    entities: Entities,
    found: Sequence[Document] = (),
    about: Mapping[int, str] | None = None,
) -> Weighed:
    """The weights of findings. `found` are the documents of all hits, which may state who the subject is; `about`
    names whom a finding is known to be about, by its number."""
    known = entities.plus(stated_companies([finding.document for finding in findings], found))
    subject = find_subject(aim.subject, question, known)
    circle = Circle.around(subject.company, known, question) if subject else None
    told = about or {}
    return Weighed(
        aim,
        subject,
        {f.number: _weigh(f, told.get(f.number), aim.lens, circle, known) for f in findings},
    )


def _weigh(finding: Finding, about: str | None, lens: Lens, circle: Circle | None, known: Entities) -> Weight:
    document = finding.document
    place = document.locate(finding.quotes[0].start)
    primary = is_primary(document, finding.text, about, circle.known if circle else known, lens.primary, place)
    if circle is None:
        return Weight(primary, None)
    quotes = [quote.text for quote in finding.quotes]
    speaker = about or _speaker(finding, lens, circle)
    return Weight(primary, assess(quotes, circle, lens, primary, speaker, document.title))


def _speaker(finding: Finding, lens: Lens, circle: Circle) -> str | None:
    """Whose own words a finding is: a newspaper's `we` is nobody's."""
    place = finding.document.locate(finding.quotes[0].start)
    if finding.document.kind not in lens.primary.kinds or is_outsider(place, finding.text):
        return None
    owner = own_company(finding.document, circle.known, lens.primary)
    return owner.name if owner else None
