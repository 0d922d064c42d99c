"""Processes that die, race and read side by side, and such that lack space or memory: see processes/."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.corpus.disk import Disk

PROGRAMS = Path(__file__).parent / "processes"
# The whole takes minutes, and is for a machine with nothing else to do.
SOAK = [pytest.mark.soak, pytest.mark.timeout(3600)]


def run(name: str, *arguments: object, inside: list[str] | None = None) -> dict[str, Any]:
    """What the program counted; it fails where one of its checks does."""
    command = [*(inside or []), sys.executable, str(PROGRAMS / f"{name}.py"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    counts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return counts


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=SOAK)])
def test_a_process_killed_at_any_instant_leaves_the_old_snapshot_or_the_new_one(
    tmp_path: Path, keep_counts: Callable[..., None], count: int
) -> None:
    counts = run("kills", tmp_path, count, count)
    kills = sum(number for kind, number in counts.items() if kind.endswith("_killed"))
    assert kills >= count
    keep_counts("kill-9", count == 1000, kills=kills, corrupt=0, acknowledged_lost=0, **counts)


@pytest.mark.parametrize("count", [20, pytest.param(200, marks=SOAK)])
def test_of_two_writers_one_wins_and_the_other_hears_at_once_who(
    tmp_path: Path, keep_counts: Callable[..., None], count: int
) -> None:
    keep_counts("two-writers", count == 200, **run("races", tmp_path, count))


class Overtaken(Disk):
    """A disk on which somebody else is always a moment quicker to make a name."""

    def __init__(self, quicker: Callable[[Path], None]) -> None:
        self.quicker = quicker

    def make(self, folder: Path) -> None:
        self.quicker(folder)
        super().make(folder)


def test_a_folder_that_another_process_makes_at_the_same_moment_is_as_good(tmp_path: Path) -> None:
    folder = tmp_path / "one" / "two"
    Overtaken(Path.mkdir).make_folder(folder)
    assert folder.is_dir()
    with pytest.raises(FileExistsError):
        Overtaken(Path.touch).make_folder(tmp_path / "other")


@pytest.mark.parametrize(("readers", "seconds"), [(4, 4), pytest.param(8, 60, marks=SOAK)])
def test_readers_see_whole_snapshots_while_a_writer_changes_the_index(
    tmp_path: Path, keep_counts: Callable[..., None], readers: int, seconds: int
) -> None:
    counts = run("readers", tmp_path, readers, seconds)
    assert counts["torn"] == 0 and counts["answers"] > readers and counts["changes"] > 1
    keep_counts("readers", seconds == 60, seconds=seconds, **counts)


@pytest.mark.whole
def test_a_full_disk_is_an_error_and_the_next_run_succeeds(
    tmp_path: Path, keep_counts: Callable[..., None]
) -> None:
    mount = f'mount -t tmpfs -o size=8m none {tmp_path} && exec "$@"'
    inside = ["unshare", "-rm", "sh", "-c", mount, "sh"]
    if (
        not shutil.which("unshare")
        or subprocess.run([*inside, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs a mount namespace: this system gives none to an ordinary process")
    counts = run("scarce", tmp_path, "disk", inside=inside)
    assert counts["refused"] > 5
    keep_counts("full-disk", True, **counts)


@pytest.mark.whole
def test_a_lack_of_memory_is_an_error_and_the_next_run_succeeds(
    tmp_path: Path, keep_counts: Callable[..., None]
) -> None:
    counts = run("scarce", tmp_path, "memory")
    assert counts["refused"] > 2
    keep_counts("little-memory", True, **counts)
