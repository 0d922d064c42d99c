"""What a run record costs: appending one, listing the newest, and checking the whole log.

    python bench/records.py --folder DIR [--limit 2000] [--bytes 40000]

Appends so many records with a payload of that size (that of an answer with eight findings is about 40 kB) to a new
log in DIR, on the disk that DIR is on. Prints milliseconds (median and the slowest of a hundred), and records a
second for the check.
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

from evidence.corpus.hashing import digest
from evidence.recording import who
from evidence.runlog.checking import check_log
from evidence.runlog.entry import Entry
from evidence.runlog.log import RunLog
from evidence.runlog.payload import payload_bytes


def append(log: RunLog, size: int, number: int) -> float:
    """Seconds that one record took."""

    def draft(at: int, previous: str) -> tuple[Entry, bytes]:
        payload = payload_bytes({"text": f"{number:09d}" * (size // 9)}, "full", f"{number:032x}")
        now = datetime.now(UTC)
        return Entry(at, previous, now, who(), "ask", 1, "0" * 64, "full", digest(payload)), payload

    started = time.perf_counter()
    log.append(draft)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=2000)
    parser.add_argument("--bytes", type=int, default=40_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        log = RunLog(Path(folder) / "runs")
        taken = [append(log, given.bytes, number) * 1000 for number in range(given.limit)]
        started = time.perf_counter()
        newest = list(islice(log.latest(), 20))
        listed = (time.perf_counter() - started) * 1000
        started = time.perf_counter()
        checked = check_log(log, [newest[0].head])
        rate = checked.entries / (time.perf_counter() - started)
    assert not checked.problems
    last = median(taken[-given.limit // 10 :])
    print(
        f"{given.limit} records of {given.bytes} bytes: append {median(taken):.1f} ms "
        f"(the last tenth {last:.1f}, slowest of a hundred {quantiles(taken, n=100)[-1]:.1f}), "
        f"list 20 {listed:.1f} ms, check {rate:.0f} records a second"
    )


if __name__ == "__main__":
    main()
