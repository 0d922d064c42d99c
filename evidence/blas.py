"""What OpenBLAS is told before numpy loads it: which of its kernels this processor runs.

It knows processors by their model, and runs the 256-bit kernels on one that is newer than itself: on such an AMD
processor the 512-bit ones multiply 1.9 times as fast (bench/embedding.py). Its variable is read once, at loading.
"""

from collections.abc import MutableMapping
from pathlib import Path

VARIABLE = "OPENBLAS_CORETYPE"
# What its 512-bit kernels are called, and the instructions that they use.
_KERNELS = "SkylakeX"
_USED = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}

# The first processor's paragraph is this long at most; hundreds of others follow.
_PARAGRAPH_BYTES = 8192


def name_kernels(environment: MutableMapping[str, str], description: Path = Path("/proc/cpuinfo")) -> None:
    """Sets the variable where it helps and is not set; to be called before anything imports numpy."""
    if VARIABLE in environment:
        return
    try:
        with description.open(encoding="utf-8", errors="replace") as file:
            facts = _facts(file.read(_PARAGRAPH_BYTES))
    except OSError:
        # not Linux: OpenBLAS decides
        return
    if facts.get("vendor_id") == "AuthenticAMD" and set(facts.get("flags", "").split()) >= _USED:
        environment[VARIABLE] = _KERNELS


def _facts(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.partition("\n\n")[0].splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}
