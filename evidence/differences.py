"""Two JSON values side by side: a line for each place at which they are not the same. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

# Differences named one by one.
_NAMED = 12


def differences(place: str, before: Any, now: Any) -> Iterator[str]:
    """One line for each value that is not the same, by where it stands."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted(before.keys() | now.keys()):
            yield from differences(f"{place}.{key}" if place else key, before.get(key), now.get(key))
    elif isinstance(before, list) and isinstance(now, list):
        for number, (one, other) in enumerate(zip(before, now, strict=False), start=1):
            yield from differences(f"{place} {number}", one, other)
        if len(before) != len(now):
            yield f"{place}: there were {len(before)}, there are {len(now)}"
    elif before != now:
        yield f"{place}: was {before!r}, is {now!r}"


def first_named(lines: Sequence[str]) -> tuple[str, ...]:
    """The first of them, and how many more there are."""
    return (*lines[:_NAMED], *([f"and {len(lines) - _NAMED} more"] if len(lines) > _NAMED else []))
