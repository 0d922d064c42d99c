"""Which kernels OpenBLAS is told to use: only where the processor has them and nobody said otherwise."""

from pathlib import Path

import pytest

from evidence.blas import VARIABLE, name_kernels

FLAGS = "fpu sse2 avx avx2 fma avx512f avx512dq avx512cd avx512bw avx512vl avx512_vnni"
FIRST = "processor\t: 0\nvendor_id\t: {vendor}\nmodel name\t: a processor\nflags\t\t: {flags}\n\nprocessor\t: 1\n"


@pytest.mark.parametrize(
    ("vendor", "flags", "expected"),
    [
        ("AuthenticAMD", FLAGS, {VARIABLE: "SkylakeX"}),
        ("AuthenticAMD", FLAGS.replace("avx512vl", ""), {}),
        ("AuthenticAMD", "fpu sse2 avx avx2 fma", {}),
        ("GenuineIntel", FLAGS, {}),
    ],
)
def test_kernels_are_named_where_openblas_does_not_know_the_processor(
    tmp_path: Path, vendor: str, flags: str, expected: dict[str, str]
) -> None:
    description, environment = tmp_path / "cpuinfo", dict[str, str]()
    description.write_text(FIRST.format(vendor=vendor, flags=flags))
    name_kernels(environment, description)
    assert environment == expected


def test_what_the_user_says_stands(tmp_path: Path) -> None:
    description, environment = tmp_path / "cpuinfo", {VARIABLE: "Haswell"}
    description.write_text(FIRST.format(vendor="AuthenticAMD", flags=FLAGS))
    name_kernels(environment, description)
    assert environment == {VARIABLE: "Haswell"}


@pytest.mark.parametrize("content", [b"", b"Processor\t: ARM\n\n", b"\xff\xfe : \x00\n\n", None])
def test_a_system_that_describes_itself_otherwise_is_left_alone(tmp_path: Path, content: bytes | None) -> None:
    description, environment = tmp_path / "cpuinfo", dict[str, str]()
    if content is not None:
        description.write_bytes(content)
    name_kernels(environment, description)
    assert environment == {}
