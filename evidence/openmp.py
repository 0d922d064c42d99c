"""How threads of OpenMP, llama.cpp's among them, wait for one another: asleep. To be said before it is loaded.

By default they wait busily, which on a machine that has other work starves whom they wait for. The default
generator on two threads, with five other processes on two cores: 16 tokens a second and 50 ms of processor for each
while waiting busily, 68 and 10 ms asleep; with one other, 142 a second waiting busily.
"""

from collections.abc import MutableMapping

VARIABLE = "OMP_WAIT_POLICY"


def wait_asleep(environment: MutableMapping[str, str]) -> None:
    """Sets the variable unless the user has."""
    environment.setdefault(VARIABLE, "passive")
