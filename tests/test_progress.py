"""How far the model's work is, in a line."""

import pytest

from evidence.generator.writing.steps import Step
from evidence.progress import describe_step


@pytest.mark.parametrize(
    ("step", "seconds", "tokens", "line"),
    [
        (Step("writing", 0, 9, 500), 0.0, 0, "writing 1 of 9"),
        (Step("reading", 3, 12, 500), 6.0, 300, "reading 4 of 12, 50 tokens/s, about 0:18 left"),
        (Step("writing", 1, 9, 500), 20.0, 0, "writing 2 of 9, about 2:40 left"),
        (Step("writing", 9, 9, 500), 90.0, 900, "writing 9 of 9, 10 tokens/s, about 0:00 left"),
    ],
)
def test_a_step_is_told_with_its_speed_and_the_time_left_once_they_are_known(
    step: Step, seconds: float, tokens: int, line: str
) -> None:
    assert describe_step(step, seconds, tokens) == line
