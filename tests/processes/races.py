"""Two writers set out at the same moment, again and again: ROOT COUNT. Prints counts as JSON.

Every second race is for an index that is not there yet.
"""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from workload import add, live_texts, text_of

from evidence.corpus.errors import Locked
from evidence.indexer.checking import check_index
from evidence.indexer.layout import Layout
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.writer import open_writer


def race(root: Path, text: str, start: float, told: Path, other: Path) -> None:
    """Writes whether it won, and if not how long that took to hear and who was named."""
    signal.alarm(60)
    while time.perf_counter() < start:
        pass
    began = time.perf_counter()
    try:
        with open_writer(root, HashingEmbedder()) as writer:
            add(writer, [text])
            told.write_text(json.dumps({"won": True, "pid": os.getpid()}))
            # who has the lock keeps it until the other has heard
            while not other.exists() or not other.read_text():
                time.sleep(0.001)
    except Locked as error:
        said = {"won": False, "seconds": time.perf_counter() - began, "message": str(error)}
        told.write_text(json.dumps(said))


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    slowest, expected = 0.0, dict[Path, set[str]]()
    for number in range(count):
        root = folder / (f"new{number}" if number % 2 else "index")
        told = [root.with_name(f"told{number}-{one}") for one in range(2)]
        start = time.perf_counter() + 0.01
        children = []
        for one in range(2):
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    race(root, text_of(2 * number + one), start, told[one], told[1 - one])
                    code = 0
                except Exception:
                    traceback.print_exc()
                finally:
                    os._exit(code)
            children.append(child)
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
        said = [json.loads(path.read_text()) for path in told]
        assert [one["won"] for one in said].count(True) == 1, said
        (winner,) = [one for one, result in enumerate(said) if result["won"]]
        assert f"process {said[winner]['pid']}" in said[1 - winner]["message"], said
        slowest = max(slowest, said[1 - winner]["seconds"])
        expected.setdefault(root, set()).add(text_of(2 * number + winner))
    for root, texts in expected.items():
        assert live_texts(root) == texts
        assert check_index(Layout(root)).problems == ()
    assert slowest < 1
    print(json.dumps({"races": count, "winners": count, "slowest_told_ms": round(1000 * slowest, 1)}))


if __name__ == "__main__":
    main()
