"""JSON in pages: of the things that JSON-LD describes the page's own article; a date in a script's state. Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

Thing = dict[str, Any]

_ARTICLES = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting)$")
# Things that carry a page's date where there is no article.
_DATED = re.compile(
    r"(?:WebPage|ItemPage|FAQPage|AboutPage|Recipe|HowTo|PodcastEpisode|ForumPosting|SocialMediaPosting)$"
)
_MAX_DEPTH = 12
_MAX_THINGS = 500
_MAX_CHANGES = 8
# A date cut out of JSON that is broken elsewhere.
_DATE_FIELD = re.compile(r'"(datePublished|dateModified)"\s{0,9}:\s{0,9}"([^"\\]{4,60})"')
_STATE_FIELD = re.compile(
    r"""\b(?:first_?)?(?:date_?)?(?:publish(?:ed)?|publication)_?(?:at|on|date|time)?["']?\s{0,3}:\s{0,3}"""
    r"""["']((?:19|20)\d\d-?\d\d-?\d\d[^"'\\]{0,30})["']""",
    re.IGNORECASE,
)
_WRAPPING = re.compile(r"<!\[CDATA\[|\]\]>|<!--|-->|^[ \t]*//|//[ \t]*$", re.MULTILINE)
_WORDS = re.compile(r"\w{2,}")


def read_things(texts: Iterable[str], title: str | None) -> tuple[list[Thing], list[Thing]]:
    """The page's article, however often it is described, and the things around it that carry dates.

    `texts` are the scripts' contents. Pages describe their teasers too: of several articles the one is kept
    whose headline is closest to the page's title.
    """
    articles: list[Thing] = []
    around: list[Thing] = []
    for text in texts:
        for thing in _things(_parse(text)):
            if len(articles) + len(around) < _MAX_THINGS:
                (articles if _is(thing, _ARTICLES) else around).append(thing)
    return _own(articles, title), around


def changes_of(thing: Thing) -> list[str]:
    """Every time at which the thing says it was changed, as written; a live blog is as new as its last entry."""
    updates = thing.get("liveBlogUpdate")
    entries = [entry for entry in (updates if isinstance(updates, list) else [updates]) if isinstance(entry, dict)]
    values = [thing.get("dateModified"), thing.get("coverageEndTime")]
    values += [entry.get(name) for entry in entries[:_MAX_THINGS] for name in ("datePublished", "dateModified")]
    said = dict.fromkeys(text for value in values for text in _texts(value))
    # of many entries the order of writing tells nothing; the latest are the ones that count
    return sorted(said, reverse=True)[:_MAX_CHANGES] if len(said) > _MAX_CHANGES else list(said)


def _texts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        inner = one.get("@value") if isinstance(one, dict) else one
        if isinstance(inner, str | int) and not isinstance(inner, bool) and str(inner).strip():
            yield str(inner)


def read_state(texts: Iterable[str]) -> str | None:
    """The publication that scripts name, where all of them name the same day: a page's state holds others' too."""
    found = [match[1] for text in texts for match in _STATE_FIELD.finditer(text)]
    days = {value.replace("-", "")[:8] for value in found}
    return found[0] if len(days) == 1 else None


def _parse(text: str) -> Any:
    for candidate in (text, _WRAPPING.sub("", text)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    if fields := dict(reversed(_DATE_FIELD.findall(text))):
        return {"@type": "Article" if "Article" in text else "WebPage", **fields}
    return None


def _things(value: Any, depth: int = 0) -> Iterator[Thing]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _things(item, depth + 1)
    elif isinstance(value, dict):
        if _is(value, _ARTICLES) or _is(value, _DATED):
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _things(value.get(key), depth + 1)


def _is(thing: Thing, pattern: re.Pattern[str]) -> bool:
    kinds = thing.get("@type")
    return any(pattern.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _own(articles: list[Thing], title: str | None) -> list[Thing]:
    if not articles:
        return []
    wanted = _words(title)
    main = max(articles, key=lambda thing: len(wanted & _words(thing.get("headline"))))
    headline = _words(main.get("headline"))
    return [main, *(thing for thing in articles if thing is not main and _words(thing.get("headline")) == headline)]


def _words(text: Any) -> frozenset[str]:
    return frozenset(_WORDS.findall(text[:1000].lower())) if isinstance(text, str) else frozenset()
