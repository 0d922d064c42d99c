"""What a company is to the subject of a report, as entities.toml and the question say. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from evidence.corpus.entities import Entities, Entity
from evidence.generator.reading.companies import Named, asked_companies, companies_in


class Relation(StrEnum):
    """What somebody is to the subject; the nearest first."""

    SUBJECT = "subject"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    ASKED = "asked about"
    TIER = "supplier's supplier"
    COMPETITOR = "competitor"
    NONE = "none"


_NEAREST = list(Relation)


@dataclass(frozen=True, slots=True)
class Circle:
    """The subject and those around it: `asked` are named by the question, `known` are all, the subject too."""

    subject: Entity
    known: Entities
    asked: tuple[Entity, ...] = ()

    @classmethod
    def around(cls, subject: Entity, known: Entities, question: str) -> "Circle":
        """The circle that a question draws around its subject."""
        with_subject = known.plus([subject])
        asked = asked_companies(question, with_subject)
        return cls(subject, with_subject.plus(asked), tuple(asked))

    def nearest(self, text: str) -> tuple[Relation, Named | None]:
        """Who of those that a text names is nearest to the subject, the first of several; or nobody."""
        relations = [(self.relation(named.company), named) for named in companies_in(text, self.known)]
        return min(relations, key=lambda pair: _NEAREST.index(pair[0]), default=(Relation.NONE, None))

    def relation(self, company: Entity) -> Relation:
        """What this company is to the subject."""
        if company.name == self.subject.name:
            return Relation.SUBJECT
        if self.known.sells_to(company, self.subject):
            return Relation.SUPPLIER
        if self.known.sells_to(self.subject, company):
            return Relation.CUSTOMER
        if company in self.asked:
            return Relation.ASKED
        if any(self._is_between(company, other) for other in self.known.entries):
            return Relation.TIER
        if company.kind is not None and company.kind == self.subject.kind:
            return Relation.COMPETITOR
        return Relation.NONE

    def _is_between(self, company: Entity, other: Entity) -> bool:
        return self.known.sells_to(company, other) and self.known.sells_to(other, self.subject)
