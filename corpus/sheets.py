"""Style blocks of a page, applied to its elements: selectors and cascade, as far as they decide what is seen.

Known are names, classes, ids and attributes, their lists and combinations, :is() and :where(), places among
siblings, nested rules, and media queries as a desk's screen answers them. A rule with anything else in its selector
(:hover, ::before, :not) is not applied.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from evidence.corpus.styles import (
    PAINTING,
    PLAIN,
    SQUEEZING,
    Look,
    Said,
    judge,
    may_hide,
    read_declarations,
    suspects_colours,
    unescape,
)

_TOKEN = re.compile(r"([^{}]*+)([{}]|\Z)")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_OUR_AT_RULES = ("@media", "@supports", "@layer", "@document", "@-moz-document")
_FEATURE = re.compile(r"\(([^()]*)\)")
_WIDTH = re.compile(r"\s*(min|max)-(?:device-)?width\s*:\s*(\d{1,6}(?:\.\d{1,6})?)(px|r?em)?\s*")
_SCREEN_PIXELS = 1280.0
_NAME = r"(?:\\[0-9a-fA-F]{1,6}\s?|\\.|[\w-]|[^\x00-\x7f])+"
_PART = re.compile(
    rf"([.#]?)({_NAME})|(\*)|\[\s*({_NAME})\s*(?:([~|^$*]?=)\s*[\"']?([^\"'\]]*)[\"']?\s*[is]?\s*)?\]"
    r"|:(nth-(?:last-)?(?:child|of-type)\([\dn+-]{1,12}\)|(?:first|last|only)-(?:child|of-type))(?![\w-])"
)
# What most selectors are, and what needs no taking apart.
_SIMPLE = re.compile(r"[.#]?[\w-]+", re.ASCII)
# `:nth-child(2)`, of which blanks are taken out and words made numbers
_PLACE = re.compile(
    r":(?:nth-(?:last-)?(?:child|of-type)\([^()]{1,20}\)|(?:first|last|only)-(?:child|of-type)(?![\w-]))"
)
_STEP = re.compile(r"(?:([+-]?\d{0,4})n)?([+-]?\d{1,4})?")
_EITHER = re.compile(r":(?:is|where|matches|-webkit-any|-moz-any)\(([^()]*+(?:\([^()]*\)[^()]*+)*+)\)")
# Selectors that one rule's alternatives multiply to, the length of one, and rules inside of rules.
_MAX_SELECTORS, _MAX_SELECTOR, _MAX_NESTED = 64, 600, 8
# Of an element among more siblings nobody counts the place.
_MAX_SIBLINGS = 1_000
_COMBINATOR = re.compile(r"\s*([>+~])\s*|\s+")
_DEAR = re.compile(r"[\s>+~\[]|:(?:nth|first|last|only)-")
_MAX_COMPOUNDS = 8
# Steps of matching for one page; real ones take under a hundredth of it.
_MAX_STEPS = 3_000_000


class TooDear(Exception):
    """The rules of this page cannot be applied in bounded time."""


@dataclass(frozen=True, slots=True)
class Compound:
    """What must hold of one element: `p.lead#x[lang]`."""

    tag: str | None
    ids: frozenset[str]
    classes: frozenset[str]
    attributes: tuple[tuple[str, str, str], ...]

    def fits(self, tag: str, classes: Set[str], name: str | None) -> bool:
        """Whether an element of this tag, with these classes and this id, may be meant."""
        if self.tag is not None and tag != self.tag:
            return False
        return self.classes <= classes and (not self.ids or self.ids == {name})

    @property
    def words(self) -> set[str]:
        """Its tag, classes and ids as they are looked up."""
        named = {f".{name}" for name in self.classes} | {f"#{name}" for name in self.ids}
        return named | {self.tag} if self.tag else named

    def holds(self, element: HtmlElement) -> bool:
        """Whether its attributes are as they should be, too."""
        return all(
            _stands_at(element, value) if sign == ":" else _has(element.get(name), sign, value)
            for name, sign, value in self.attributes
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector with its declarations; `rank` is its place in the cascade, `around` what it asks of others."""

    target: Compound
    around: tuple[tuple[str, Compound], ...]
    rank: tuple[int, int, int, int]
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


_NOTHING = Fitting((), (), (), ())


@dataclass(slots=True)
class Sheet:
    """All rules of a page that can hide something, or show it again.

    `painted` if backgrounds may be set by rules that are not looked at.
    """

    keyed: dict[str, list[Unread]] = field(default_factory=dict)
    painted: bool = False
    _steps: int = 0
    _last: Fitting | None = None
    # words of the open elements, outermost first, and how many have each
    _path: list[tuple[str, ...]] = field(default_factory=list)
    _open: dict[str, int] = field(default_factory=dict)
    # by the id of the unread one, which `keyed` keeps alive
    _known: dict[int, Rule | None] = field(default_factory=dict)
    _fitting: dict[tuple[str, str | None, str | None], Fitting] = field(default_factory=dict)
    _looks: dict[tuple[int, tuple[int, ...], str], Look] = field(default_factory=dict)

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
        words = self._last.words if self._last else ()
        self._path.append(words)
        for word in words:
            self._open[word] = self._open.get(word, 0) + 1

    def leave(self) -> None:
        """The element entered last is behind."""
        for word in self._path.pop():
            if self._open[word] == 1:
                del self._open[word]
            else:
                self._open[word] -= 1

    def _look(self, fitting: Fitting, standing: tuple[Rule, ...], style: str) -> Look:
        """Judged once for the same rules and the same style; `_fitting` keeps what the ids are of alive."""
        if not fitting.always and not standing and not style:
            return PLAIN
        key = (id(fitting), tuple(map(id, standing)), style)
        look = self._looks.get(key)
        if look is None:
            rules = (*fitting.always, *standing)
            self._spend(len(rules))
            look = self._looks[key] = judge(_cascade(rules, style))
        return look

    def _fits(self, tag: str, classes: str | None, name: str | None) -> Fitting:
        """The rules to look at for this tag, class and id."""
        words = frozenset((classes or "").split())
        keys = (tag, *([f"#{name}"] if name else []), *(f".{word}" for word in words))
        unread = [rule for key in ("*", *keys) if key in self.keyed for rule in self.keyed[key]]
        if not unread:
            return Fitting(keys, (), (), ())
        self._spend(len(unread))
        waiting = tuple(rule for rule in unread if rule.dear and not rule.hides)
        rules = self._fit((rule for rule in unread if rule.hides or not rule.dear), tag, words, name)
        return Fitting(
            keys,
            tuple(rule for rule in rules if not rule.dear),
            tuple(rule for rule in rules if rule.dear),
            waiting,
        )

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
            fits = compound.fits(other.tag, classes, other.get("id")) and compound.holds(other)
            if fits and self._stands(other, tuple(rest)):
                return True
        return False

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MAX_STEPS:
            raise TooDear


def read_sheet(blocks: Iterable[tuple[str, str]]) -> Sheet:
    """The rules of these `<style>` blocks, each a media query and its text, in the page's order."""
    bodies = _bodies(blocks)
    at_stake = {name for _, said, hides in bodies if hides for name in said}
    if at_stake & SQUEEZING:
        at_stake |= SQUEEZING
    if suspects_colours(said for _, said, _ in bodies):
        at_stake |= PAINTING
    sheet = Sheet()
    for order, (prelude, said, hides) in enumerate(bodies):
        if not hides and said.keys().isdisjoint(at_stake):
            continue
        only_paints = not hides and said.keys().isdisjoint(at_stake - PAINTING)
        for text in _selectors(prelude):
            key = _key(text)
            dear = _DEAR.search(text) is not None
            if key is None or (only_paints and dear):
                # what is painted by rules that are dear to match is taken for unknown
                sheet.painted = True
            else:
                sheet.keyed.setdefault(key, []).append(Unread(text, said, order, hides, dear))
    return sheet


def _bodies(blocks: Iterable[tuple[str, str]]) -> list[tuple[str, Said, bool]]:
    """Selectors, watched declarations, and whether they may hide, of all rules that apply."""
    known: dict[str, tuple[Said, bool]] = {}
    found = []
    for media, css in blocks:
        if not _on_screen(media):
            continue
        for prelude, body in _rules_of(_COMMENT.sub("", css) if "/*" in css else css):
            if body not in known:
                said = read_declarations(body)
                known[body] = said, bool(said) and may_hide(said)
            if known[body][0]:
                found.append((prelude, *known[body]))
    return found


def _rules_of(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and bodies of the rules that a screen applies; of a rule inside another, both's selectors."""
    # of each open brace: a prelude, or whether what is inside applies
    opened: list[str | bool] = []
    for text, brace in _TOKEN.findall(css):
        if brace == "{":
            if opened and isinstance(opened[-1], str):
                yield opened[-1], text
            prelude = text.rpartition(";")[2].replace("<!--", "").strip()
            opened.append(_opened(prelude, opened[-1] if opened else True, len(opened)))
        elif opened:
            # a block that the page never closes ends with it
            prelude_of = opened.pop()
            if isinstance(prelude_of, str):
                yield prelude_of, text


def _opened(prelude: str, around: str | bool, depth: int) -> str | bool:
    """What a brace opens: a rule by its selectors, more of what is around it, or what does not apply."""
    if prelude.startswith("@"):
        return around if around is not False and _applies(prelude) else False
    if not isinstance(around, str):
        return prelude if around else False
    parent = f":is({around})" if "," in around else around
    nested = [
        text.replace("&", parent) if "&" in text else f"{parent} {text}"
        for text in map(str.strip, _parted(prelude))
    ]
    joined = ",".join(nested)
    return joined if depth <= _MAX_NESTED and len(joined) <= _MAX_SELECTOR else False


def _selectors(prelude: str) -> list[str]:
    """The selectors of a rule, one by one, with those that `:is()` and `:where()` stand for in their place."""
    if "(" not in prelude:
        return [text.strip() for text in prelude.split(",")]
    waiting = [text.strip() for text in _parted(prelude)]
    found: list[str] = []
    while waiting and len(found) + len(waiting) <= _MAX_SELECTORS:
        text = waiting.pop(0)
        match = _EITHER.search(text)
        if match is None:
            found.append(_PLACE.sub(_place, text))
            continue
        before, after = text[: match.start()], text[match.end() :]
        for other in map(str.strip, _parted(match[1])):
            # `.x:is(p)` is a p of this class, and the name comes first
            joins = before[-1:] not in ("", " ", ">", "+", "~") and (other[:1].isalnum() or other[:1] == "*")
            part = re.split(r"[\s>+~]", before)[-1] if joins else ""
            waiting.append(
                f"{before[: len(before) - len(part)]}{other}{part}{after}" if joins else before + other + after
            )
    return found


def _parted(text: str) -> list[str]:
    """A list parted at its commas, not at those within parentheses."""
    if "(" not in text:
        return text.split(",")
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text[: _MAX_SELECTORS * _MAX_SELECTOR]):
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _place(match: re.Match[str]) -> str:
    """Without blanks and plus signs, which part selectors elsewhere: `2n1` is unambiguous."""
    return re.sub(r"[\s+]", "", match[0].lower()).replace("(odd)", "(2n1)").replace("(even)", "(2n)")


def _names_places(selector: str) -> bool:
    """Whether every colon in it is of a place among siblings."""
    return ("-child" in selector or "-of-type" in selector) and ":" not in _PLACE.sub("", selector)


def _stands_at(element: HtmlElement, place: str) -> bool:
    """Whether an element has this place among its siblings: `nth-child(2n+1)`, `last-of-type`."""
    which, _, step = place.rstrip(")").partition("(")
    tag = element.tag if which.endswith("type") else "*"
    ends = ["last" in which] if "only" not in which else [False, True]
    for from_end in ends:
        siblings = element.itersiblings(tag, preceding=not from_end)
        number = sum(1 for _ in islice(siblings, _MAX_SIBLINGS)) + 1
        if number > _MAX_SIBLINGS or not _is_step(number, step or "1"):
            return False
    return True


def _is_step(number: int, step: str) -> bool:
    match = _STEP.fullmatch(step)
    if match is None:
        return False
    times = 0 if match[1] is None else int(f"{match[1]}1" if match[1] in {"", "+", "-"} else match[1])
    rest = number - int(match[2] or 0)
    return rest == 0 if times == 0 else rest % times == 0 and rest // times >= 0


def _applies(prelude: str) -> bool:
    name, _, query = prelude.lower().replace("(", " (", 1).partition(" ")
    return name in _OUR_AT_RULES and (name != "@media" or _on_screen(query))


def _on_screen(media: str) -> bool:
    """Whether a desk's screen answers one of these queries; a feature that is not its width is not known."""
    return any(_answers(query) for query in media.lower().split(",")) if media.strip() else True


def _answers(query: str) -> bool:
    words = _FEATURE.sub(" ", query).split()
    if "print" in words or "speech" in words:
        return words[0] == "not"
    if "not" in words:
        return False
    for feature in _FEATURE.findall(query):
        match = _WIDTH.fullmatch(feature)
        if match is None:
            return False
        pixels = float(match[2]) * (16 if (match[3] or "").endswith("em") else 1)
        if (pixels > _SCREEN_PIXELS) if match[1] == "min" else (pixels < _SCREEN_PIXELS):
            return False
    return True


def _read(rule: Unread) -> Rule | None:
    parts = _COMBINATOR.split(rule.selector)
    compounds = [_compound(part) for part in parts[::2]]
    known = [compound for compound in compounds if compound is not None]
    if len(known) < len(compounds) or len(known) > _MAX_COMPOUNDS:
        return None
    around = tuple(zip((sign or " " for sign in parts[-2::-2]), known[-2::-1], strict=True))
    ids = sum(len(compound.ids) for compound in known)
    classes = sum(len(compound.classes) + len(compound.attributes) for compound in known)
    tags = sum(compound.tag is not None for compound in known)
    dear = bool(around or known[-1].attributes)
    needs = frozenset(word for sign, compound in around if sign in " >" for word in compound.words)
    return Rule(known[-1], around, (ids, classes, tags, rule.order), rule.said, rule.hides, dear, needs)


@lru_cache(1024)
def _compound(text: str) -> Compound | None:
    if text == ":root":
        text = "html"
    ids: list[str] = []
    classes: list[str] = []
    tag, attributes, at = None, [], 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            return None
        sign, name, star, attribute, comparison, value, place = match.groups()
        if place:
            attributes.append(("", ":", place))
        elif attribute:
            attributes.append((unescape(attribute).lower(), comparison or "", value or ""))
        elif not star:
            name = unescape(name)
            if sign:
                (classes if sign == "." else ids).append(name)
            else:
                tag = name.lower()
        at = match.end()
    return Compound(tag, frozenset(ids), frozenset(classes), tuple(attributes)) if text else None


def _key(selector: str) -> str | None:
    """Under what a rule is looked up: the rarest of what it asks of its element; None if it is never applied."""
    if "\\" not in selector and ":" in selector and selector != ":root" and not _names_places(selector):
        return None
    last = _COMBINATOR.split(selector)[-1] if _DEAR.search(selector) else selector
    if _SIMPLE.fullmatch(last):
        return last if last[0] in ".#" else last.lower()
    target = _compound(last)
    if target is None:
        return None
    if target.ids:
        return f"#{min(target.ids)}"
    return f".{min(target.classes)}" if target.classes else target.tag or "*"


def _cascade(rules: tuple[Rule, ...], style: str) -> dict[str, str]:
    """Each property's winner: importance, then the attribute, then the rule that says more, then the later one."""
    best: dict[str, tuple[tuple[bool, bool, tuple[int, int, int, int]], str]] = {}
    spoken = [(False, rule.rank, rule.said) for rule in rules] + [(True, (0, 0, 0, 0), read_declarations(style))]
    for inline, rank, said in spoken:
        for name, (value, important) in said.items():
            place = (important, inline, rank)
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


def _has(stated: str | None, sign: str, value: str) -> bool:
    if stated is None or not sign:
        return stated is not None
    tests = {"=": stated == value, "^=": stated.startswith(value), "$=": stated.endswith(value)}
    tests |= {"*=": value in stated, "~=": value in stated.split(), "|=": f"{stated}-".startswith(f"{value}-")}
    return tests[sign] and bool(value or sign == "=")
