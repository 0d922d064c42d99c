"""Style blocks of a page, applied to its elements: selectors and cascade, as far as they decide what is seen.

A rule whose selector holds what is not known (:hover, ::before, :has) is not applied. Nor is one that hides a page
until its script has run, body:not(.ready).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from evidence.corpus.csstext import variables
from evidence.corpus.declarations import PAINTING, SQUEEZING, Said, read_declarations
from evidence.corpus.rules import on_screen, rules_of
from evidence.corpus.selectors import COMBINATOR, DEAR, Compound, compound_of, key_of, selectors_of, tag_of
from evidence.corpus.styles import PLAIN, Look, judge
from evidence.corpus.suspicion import may_hide, suspects_colours

_TAG = re.compile(r"(?:^|[\s>+~(,])([a-zA-Z][\w-]*)")
_COUNTS = re.compile(r"[+~]|-child|-of-type")
_MAX_COMPOUNDS = 8
# Steps of matching for one page; real ones take under a hundredth of it.
_MAX_STEPS = 3_000_000


# Of a rule in the cascade: its layer, ids, classes, tags and place on the page.
Rank = tuple[int, int, int, int, int]


class TooDear(Exception):
    """The rules of this page cannot be applied in bounded time."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector with its declarations; `rank` is its place in the cascade, `around` what it asks of others."""

    target: Compound
    around: tuple[tuple[str, Compound], ...]
    rank: Rank
    said: Said
    hides: bool
    # whether tag, class and id do not decide it
    dear: bool
    # tags, classes and ids, as keys, that elements around it must have
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unread:
    """A rule whose selector is read when an element comes that it may be about; most never are."""

    selector: str
    said: Said
    layer: int
    order: int
    hides: bool
    dear: bool


@dataclass(frozen=True, slots=True)
class Fitting:
    """The rules for one tag, class and id: those that hold, and those that ask for more."""

    words: tuple[str, ...]
    always: tuple[Rule, ...]
    hiding: tuple[Rule, ...]
    others: tuple[Unread, ...]
    # whether no rule tells such an element anything, whatever is around it
    idle: bool


_NOTHING = Fitting((), (), (), (), idle=True)


@dataclass(slots=True)
class Sheet:
    """All rules of a page that can hide something, or show it again.

    `painted` if backgrounds may be set by rules that are not looked at.
    """

    keyed: dict[str, list[Unread]] = field(default_factory=dict)
    painted: bool = False
    # whether places among siblings matter, be they such as nobody sees
    counts: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    _steps: int = 0
    _last: Fitting | None = None
    # words of the open elements, outermost first, and how many have each
    _path: list[tuple[str, ...]] = field(default_factory=list)
    _open: dict[str, int] = field(default_factory=dict)
    # by the id of the unread one, which `keyed` keeps alive
    _known: dict[int, Rule | None] = field(default_factory=dict)
    _fitting: dict[tuple[str, str | None, str | None], Fitting] = field(default_factory=dict)
    _looks: dict[tuple[int, tuple[int, ...], str], Look] = field(default_factory=dict)

    @property
    def tags(self) -> frozenset[str]:
        """The tags that the rules which may hide something name."""
        hiding = (rule.selector for rules in self.keyed.values() for rule in rules if rule.hides)
        return frozenset(tag.lower() for selector in hiding for tag in _TAG.findall(selector))

    @property
    def asks_attributes(self) -> bool:
        """Whether a rule that may hide something asks for attributes other than class and id."""
        return any(rule.hides and "[" in rule.selector for rules in self.keyed.values() for rule in rules)

    def look(self, element: HtmlElement) -> Look:
        """The element's own look after the cascade. Raises TooDear."""
        style = element.get("style") or ""
        if not self.keyed:
            return self._look(_NOTHING, (), style) if style else PLAIN
        key = (element.tag, element.get("class"), element.get("id"))
        fitting = self._fitting.get(key)
        if fitting is None:
            fitting = self._fitting[key] = self._fits(*key)
        self._last = fitting
        if fitting.idle and not style:
            return PLAIN
        hiding = self._standing(element, fitting.hiding) if fitting.hiding else ()
        look = self._look(fitting, hiding, style)
        if fitting.others and look.hides:
            # only now does it matter what else is said of the element
            words = frozenset((key[1] or "").split())
            self._spend(len(fitting.others))
            others = self._standing(element, self._fit(fitting.others, key[0], words, key[2]))
            look = self._look(fitting, (*hiding, *others), style)
        return look

    def enter(self) -> None:
        """What is looked at from here on is inside the element that was looked at last."""
        words, opened = self._last.words if self._last else (), self._open
        self._path.append(words)
        for word in words:
            opened[word] = opened.get(word, 0) + 1

    def leave(self) -> None:
        """The element entered last is behind."""
        opened = self._open
        for word in self._path.pop():
            count = opened[word]
            if count == 1:
                del opened[word]
            else:
                opened[word] = count - 1

    def _look(self, fitting: Fitting, standing: tuple[Rule, ...], style: str) -> Look:
        """Judged once for the same rules and the same style; `_fitting` keeps what the ids are of alive."""
        if not fitting.always and not standing and not style:
            return PLAIN
        key = (id(fitting), tuple(map(id, standing)), style)
        look = self._looks.get(key)
        if look is None:
            rules = (*fitting.always, *standing)
            self._spend(len(rules))
            look = self._looks[key] = judge(_cascade(rules, read_declarations(style, self.variables)))
        return look

    def _fits(self, tag: str, classes: str | None, name: str | None) -> Fitting:
        """The rules to look at for this tag, class and id."""
        words = frozenset((classes or "").split())
        keys = (tag, *([f"#{name}"] if name else []), *[f".{word}" for word in words])
        if "*" not in self.keyed and self.keyed.keys().isdisjoint(keys):
            return Fitting(keys, (), (), (), idle=True)
        unread = [rule for key in ("*", *keys) if key in self.keyed for rule in self.keyed[key]]
        self._spend(len(unread))
        waiting = tuple(rule for rule in unread if rule.dear and not rule.hides)
        rules = self._fit((rule for rule in unread if rule.hides or not rule.dear), tag, words, name)
        always = tuple(rule for rule in rules if not rule.dear)
        hiding = tuple(rule for rule in rules if rule.dear)
        return Fitting(keys, always, hiding, waiting, idle=not always and not hiding)

    def _fit(self, unread: Iterable[Unread], tag: str, words: Set[str], name: str | None) -> list[Rule]:
        read = [rule for known in unread if (rule := self._read(known)) is not None]
        return [rule for rule in read if rule.target.fits(tag, words, name)]

    def _read(self, rule: Unread) -> Rule | None:
        """The rule with its selector read, once."""
        if id(rule) not in self._known:
            self._known[id(rule)] = _read(rule)
        return self._known[id(rule)]

    def _standing(self, element: HtmlElement, rules: Sequence[Rule]) -> tuple[Rule, ...]:
        self._spend(len(rules))
        around = self._open.keys()
        likely = [rule for rule in rules if rule.needs <= around and rule.target.holds(element)]
        return tuple(rule for rule in likely if self._stands(element, rule.around))

    def _stands(self, element: HtmlElement, around: tuple[tuple[str, Compound], ...]) -> bool:
        if not around:
            return True
        (sign, compound), *rest = around
        for other in _others(element, sign):
            self._spend(1)
            classes = frozenset((other.get("class") or "").split())
            fits = compound.fits(tag_of(other), classes, other.get("id")) and compound.holds(other)
            if fits and self._stands(other, tuple(rest)):
                return True
        return False

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MAX_STEPS:
            raise TooDear


def read_sheet(blocks: Iterable[tuple[str, str]]) -> Sheet:
    """The rules of these `<style>` blocks, each a media query and its text, in the page's order."""
    blocks = list(blocks)
    known = variables("\n".join(css for _, css in blocks if "--" in css))
    bodies = _bodies(blocks, known)
    at_stake = {name for _, said, hides, _ in bodies if hides for name in said}
    if at_stake & SQUEEZING:
        at_stake |= SQUEEZING
    if suspects_colours(said for _, said, _, _ in bodies):
        at_stake |= PAINTING
    sheet = Sheet(variables=known)
    for order, (prelude, said, hides, layer) in enumerate(bodies):
        if not hides and said.keys().isdisjoint(at_stake):
            continue
        only_paints = not hides and said.keys().isdisjoint(at_stake - PAINTING)
        for text in selectors_of(prelude):
            key = key_of(text)
            dear = DEAR.search(text) is not None
            if key is None or (only_paints and dear):
                # what is painted by rules that are dear to match is taken for unknown
                sheet.painted = True
            else:
                sheet.counts = sheet.counts or _COUNTS.search(text) is not None
                sheet.keyed.setdefault(key, []).append(Unread(text, said, layer, order, hides, dear))
    return sheet


def _bodies(blocks: Iterable[tuple[str, str]], custom: Mapping[str, str]) -> list[tuple[str, Said, bool, int]]:
    """Selectors, watched declarations, whether they may hide, and the layer, of all rules that apply."""
    known: dict[str, tuple[Said, bool]] = {}
    found = []
    for media, css in blocks:
        if not on_screen(media):
            continue
        for rule in rules_of(css):
            if rule.body not in known:
                said = read_declarations(rule.body, custom)
                known[rule.body] = said, bool(said) and may_hide(said)
            if known[rule.body][0]:
                found.append((rule.prelude, *known[rule.body], rule.layer))
    return found


def _read(rule: Unread) -> Rule | None:
    parts = COMBINATOR.split(rule.selector)
    compounds = [compound_of(part) for part in parts[::2]]
    known = [compound for compound in compounds if compound is not None]
    if len(known) < len(compounds) or len(known) > _MAX_COMPOUNDS:
        return None
    around = tuple(zip((sign or " " for sign in parts[-2::-2]), known[-2::-1], strict=True))
    ids = sum(len(compound.ids) for compound in known)
    classes = sum(len(compound.classes) + len(compound.attributes) for compound in known)
    tags = sum(compound.tag is not None for compound in known)
    dear = bool(around or known[-1].attributes)
    needs = frozenset(word for sign, compound in around if sign in " >" for word in compound.words)
    return Rule(known[-1], around, (rule.layer, ids, classes, tags, rule.order), rule.said, rule.hides, dear, needs)


def _cascade(rules: tuple[Rule, ...], style: Said) -> dict[str, str]:
    """Each property's winner: importance, then the attribute, then the rule that says more, then the later one."""
    best: dict[str, tuple[tuple[bool, bool, Rank], str]] = {}
    spoken = [(False, rule.rank, rule.said) for rule in rules] + [(True, (0, 0, 0, 0, 0), style)]
    for inline, rank, said in spoken:
        for name, (value, important) in said.items():
            # of what is important the earlier layer wins
            place = (important, inline, (-rank[0], *rank[1:]) if important else rank)
            if name not in best or place >= best[name][0]:
                best[name] = (place, value)
    return {name: value for name, (_, value) in best.items()}


def _others(element: HtmlElement, sign: str) -> Iterator[HtmlElement]:
    if sign == " ":
        yield from element.iterancestors()
    elif sign == "~":
        yield from element.itersiblings(preceding=True)
    else:
        other = element.getparent() if sign == ">" else element.getprevious()
        if other is not None:
            yield other
