"""Indexes a whole export by the command line and watches it: time, peak private memory, the second run.

python bench/archive.py ARTICLES.jsonl.gz --index DIR
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

POLL_SECONDS = 0.2


def private_bytes(pid: int) -> int:
    """Anonymous resident memory of a process: what it does not share with files."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon")), 0)


def watched(command: list[str]) -> tuple[float, int]:
    """Seconds a command took, and the peak of its private memory in bytes."""
    started, peak = time.monotonic(), 0
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            peak = max(peak, private_bytes(process.pid))
            time.sleep(POLL_SECONDS)
    if process.returncode:
        sys.exit(f"exit {process.returncode}: {' '.join(command)}")
    return time.monotonic() - started, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    arguments = parser.parse_args()
    command = [sys.executable, "-m", "evidence", "index", str(arguments.articles), "-i", str(arguments.index)]
    for run in ("first", "second"):
        seconds, peak = watched(command)
        print(f"{run} run: {seconds:.1f} s, peak private memory {peak / 1e6:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
