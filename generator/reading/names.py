"""Which names are one: forms of entities.toml and of the documents that are cited. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evidence.corpus.entities import Entities
from evidence.corpus.naming import name_key, stated_names
from evidence.corpus.values import Document


@dataclass(frozen=True, slots=True)
class Names:
    """Every other form of a name, by the name's key."""

    entities: Entities = field(default_factory=Entities)
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def forms(self, written: str) -> tuple[str, ...]:
        """The other forms of the name that is written so; none for what is no name that is known."""
        entity = self.entities.find(written)
        listed = entity.forms if entity else ()
        keys = [name_key(form) for form in (written, *listed)]
        forms = [*listed, *(form for key in keys for form in self.stated.get(key, ()))]
        return tuple(dict.fromkeys(form for form in forms if form != written))


NO_NAMES = Names()


def names_of(documents: Iterable[Document], entities: Entities) -> Names:
    """The names of an entities.toml, and those that these documents state with another form."""
    stated: dict[str, dict[str, None]] = {}
    for document in documents:
        for forms in stated_names(document):
            for form in forms:
                stated.setdefault(name_key(form), {}).update(dict.fromkeys(forms))
    return Names(entities, {key: tuple(forms) for key, forms in sorted(stated.items())})
