"""How far the model's work on a report is, told to whoever wants to show it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """`done` of the `total` of a stage; `tokens` are what the model has read and written since it was loaded."""

    stage: str
    done: int
    total: int
    tokens: int


Notify = Callable[[Step], None]


def silent(_: Step) -> None:
    """For those who do not look."""
