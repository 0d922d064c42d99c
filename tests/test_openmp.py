"""Threads wait asleep unless the user says otherwise."""

import pytest

from evidence.openmp import VARIABLE, wait_asleep


@pytest.mark.parametrize(("said", "kept"), [({}, "passive"), ({VARIABLE: "active"}, "active")])
def test_threads_wait_asleep_unless_the_user_says_otherwise(said: dict[str, str], kept: str) -> None:
    wait_asleep(said)
    assert said == {VARIABLE: kept}
