"""Whether the names of a sentence stand in its quotes, under whichever form, or over them. Pure.

A quote that names nobody (`the Company`, `it`, `we`) takes its subject from who filed it, from its title or from
its section; only the subject, and only where no other name stands before the word that stands for one.
"""

from collections.abc import Iterator, Sequence

from evidence.corpus.naming import name_key
from evidence.generator.gate.attachment import stand_ins
from evidence.generator.gate.grounds import Ground
from evidence.generator.reading.names import Names
from evidence.generator.reading.readings import Reading, Run, read
from evidence.generator.reading.wordings import SAYING
from evidence.generator.verdicts import About, Origin
from evidence.indexer.words import index_words

MAX_NAME_WORDS = 7
# Parts of one name stand so near to each other in a quote that has them: Tim Cook, Apple's chief.
_NEAR = 4
_STANDS_FOR = frozenset(
    "it its he his she her they their we our company firm group bank corporation chipmaker carmaker automaker "
    "manufacturer retailer supplier maker airline".split()
)
# A subject begins so near to its sentence's begin: `In June, its biggest`; `they` farther on are others.
_OPENING = 8
_LEADING = 3
_PLURAL = frozenset({"they", "their"})
# The first word of a name that is no word of every name stands for it.
_SHORT_NAME = 4
# What leads a sentence on and names nobody.
_OPENERS = frozenset(
    (
        "thus hence similarly generally even such some most many several other another each both these those this "
        "that it using based compared given furthermore consequently therefore finally second third instead still "
        "yet nearly almost only about around roughly up down more less higher lower as if when while before after "
        "during under over no not all every what why how where who early late last next revenue revenues sales "
        "profit shares stock orders demand supply prices production output exports imports according meanwhile "
        "however overall together additionally moreover despite following since because although among per "
        "sources officials analysts also further separately earlier later today yesterday company firm group "
        "chief ceo cfo president the a an one two three four five six seven eight nine ten i mr mrs ms dr"
    ).split()
)


def unnamed(
    said: Reading, quoted: Sequence[Reading], grounds: Sequence[Ground], names: Names
) -> Run | About | None:
    """The first name that stands nowhere; None where all stand in the quotes; whom they are about otherwise."""
    about: About | None = None
    known = set(_aliased(said, quoted, names))
    for run in said.runs:
        if known.issuperset(range(run.first, run.last + 1)) or _stands(said, run, quoted):
            continue
        over = _over(said, run, quoted, grounds, names)
        for part in [] if over else _parts(said, run, quoted, known):
            over = _over(said, part, quoted, grounds, names)
            if over is None:
                return part
        about = about or (over if isinstance(over, About) else None)
    return about


def _aliased(said: Reading, quoted: Sequence[Reading], names: Names) -> Iterator[int]:
    """The places of names of which the quotes have another form."""
    for run in said.runs:
        for last in range(min(run.first + MAX_NAME_WORDS, len(said.words)) - 1, run.first - 1, -1):
            forms = names.forms(_cut(said, run.first, last).text)
            if any(_contiguous(reading, index_words(form)) for form in forms for reading in quoted):
                yield from range(run.first, last + 1)
                break


def _stands(said: Reading, run: Run, quoted: Sequence[Reading]) -> bool:
    if run.first == 0 and run.last == 0 and _is_opener(said.words[0].surface):
        return True
    return any(_holds(reading, said.stems(run.first, run.last)) for reading in quoted)


def _is_opener(surface: str) -> bool:
    return surface in _OPENERS or bool(set(index_words(surface)) & SAYING)


def _holds(reading: Reading, stems: Sequence[str]) -> bool:
    """Whether all parts of the name stand there, each of several near another one."""
    places = {stem: [at for at, word in enumerate(reading.words) if word.stem == stem] for stem in set(stems)}
    if not all(places.values()):
        return False
    if len(places) < 2:
        return True
    return all(
        any(
            abs(at - other) <= _NEAR
            for at in own
            for stem, others in places.items()
            if stem != name
            for other in others
        )
        for name, own in places.items()
    )


def _contiguous(reading: Reading, form: Sequence[str]) -> bool:
    stems = [word.stem for word in reading.words]
    wanted = ["".join(index_words(stem)) or stem for stem in form]
    return any(stems[at : at + len(wanted)] == wanted for at in range(len(stems) - len(wanted) + 1))


def _parts(said: Reading, run: Run, quoted: Sequence[Reading], known: set[int]) -> Iterator[Run]:
    """What is left of a run without the longest stretches that stand by themselves: `Nvidia CEO Jensen Huang`."""
    first = run.first
    while first <= run.last:
        last = _standing(said, first, run.last, quoted, known)
        if last is None:
            last = first
            while last < run.last and _standing(said, last + 1, run.last, quoted, known) is None:
                last += 1
            yield _cut(said, first, last)
        first = last + 1


def _standing(said: Reading, first: int, end: int, quoted: Sequence[Reading], known: set[int]) -> int | None:
    """The last place of the longest stretch from here on that stands; None where none does."""
    if first in known or not said.words[first].content:
        return first
    return next(
        (last for last in range(end, first - 1, -1) if _stands(said, _cut(said, first, last), quoted)), None
    )


def _cut(said: Reading, first: int, last: int) -> Run:
    return Run(first, last, said.text[said.words[first].start : said.words[last].end])


def _over(
    said: Reading, run: Run, quoted: Sequence[Reading], grounds: Sequence[Ground], names: Names
) -> About | bool | None:
    """Whom the quotes are about, True for who published them; None where the name is neither."""
    for ground, reading in zip(grounds, quoted, strict=True):
        if ground.publisher and _same(run.text, ground.publisher, names) and speaks(said, run):
            return True
        for name, origin in _candidates(ground):
            if (
                _same(run.text, name, names)
                and _open_to(reading, origin, said)
                and (origin == "filer" or _is_subject(said, run))
            ):
                return About(name, origin)
    return None


def _is_subject(said: Reading, run: Run) -> bool:
    """Whether it is what the sentence begins with, or owns that."""
    return run.first <= _OPENING and run.first == next((other.first for other in said.runs), -1)


def _candidates(ground: Ground) -> Iterator[tuple[str, Origin]]:
    for name in ground.filer:
        yield name, "filer"
    for text, origin in ((ground.title, "title"), (ground.section, "section")):
        if text:
            title = read(text)
            for run in title.runs[:1]:
                yield run.text, origin  # type: ignore[misc]
                for last in range(run.last - 1, run.first - 1, -1):
                    yield _cut(title, run.first, last).text, origin  # type: ignore[misc]


def _open_to(reading: Reading, origin: Origin, said: Reading) -> bool:
    """Whether the quote leaves its subject open: it begins with what stands for one, or names nobody."""
    if origin == "filer":
        return bool(stand_ins(reading)) or not reading.runs[1:]
    names = [run for run in reading.runs if not _is_ordinary(reading, run, said)]
    first = next((at for at, word in enumerate(reading.words) if word.surface in _STANDS_FOR), None)
    if first is None or not names:
        return not names
    leading = _LEADING if reading.words[first].surface in _PLURAL else _OPENING
    return first <= leading and all(first < run.first for run in names)


def _is_ordinary(reading: Reading, run: Run, said: Reading) -> bool:
    """Whether a capital is only that of a sentence's first word: `Backlog rose`."""
    word = reading.words[run.first]
    small = {other.stem for other in said.words if not other.capital}
    return run.first == run.last == 0 and (_is_opener(word.surface) or word.stem in small)


def _same(written: str, name: str, names: Names) -> bool:
    keys = {name_key(form) for form in (name, *names.forms(name))}
    first = name_key(name).split(" ")[0]
    if len(first) >= _SHORT_NAME and name_key(written) == first:
        return True  # Nuance for Nuance Communications
    return name_key(written) in keys or any(name_key(form) in keys for form in names.forms(written))


def speaks(said: Reading, run: Run) -> bool:
    """Whether the sentence gives the name as its source: `according to X`, `X said`, `said X`."""
    before = [word.surface for word in said.words[max(0, run.first - 3) : run.first]]
    behind = [word.stem for word in said.words[run.last + 1 : run.last + 3]]
    return not {"according", "said", "says"}.isdisjoint(before) or not SAYING.isdisjoint(behind)


def misattributed(said: Reading, quoted: Sequence[Reading], grounds: Sequence[Ground], names: Names) -> Run | None:
    """A source that the quotes do not give as one; publishers and filers speak for themselves."""
    for run in said.runs:
        if not speaks(said, run) or any(_may_say(run, ground, names) for ground in grounds):
            continue
        stems = said.stems(run.first, run.last)
        held = [reading for reading in quoted if _holds(reading, stems)]
        if held and not any(_speaks_in(reading, stems) for reading in held):
            return run
    return None


def _may_say(run: Run, ground: Ground, names: Names) -> bool:
    own = [*ground.filer, *filter(None, (ground.publisher,))]
    return any(_same(run.text, name, names) for name in own)


def _speaks_in(reading: Reading, stems: Sequence[str]) -> bool:
    """Whether a word of saying stands in the same sentence as the name."""
    for at, word in enumerate(reading.words):
        if word.stem in stems:
            number = reading.sentences[reading.clause_of(at)]
            spans = [span for span, n in zip(reading.clauses, reading.sentences, strict=True) if n == number]
            if any(
                reading.words[place].stem in SAYING for first, last in spans for place in range(first, last + 1)
            ):
                return True
    return False


def about_of(ground: Ground) -> About | None:
    """Whom quotes that name nobody are about; None where they name somebody, or nothing over them does."""
    reading = read(ground.text)
    candidates = list(_candidates(ground))
    return next((About(name, origin) for name, origin in candidates if _open_to(reading, origin, reading)), None)
