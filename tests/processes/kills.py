"""Kills a process, at any instant, that indexes, compacts, deletes, forgets or collects: ROOT COUNT SEED.

One index goes through all of it. After each kill nothing may be damaged, what was acknowledged must be there, and
what was not is done or not done, never half. Prints counts as JSON.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from workload import AT, add, holds, id_of, live_texts, text_of

from evidence.indexer.build import build_index
from evidence.indexer.changes import collect, compact, delete, forget
from evidence.indexer.checking import check_index
from evidence.indexer.layout import Layout
from evidence.indexer.runs import AT_REST
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import Writer, open_writer

# One run of `index` in so many kills: it starts processes of its own, which takes a hundred times as long.
INDEX_EVERY = 20
# In how many times its shortest time a step is killed: commits are let through more often, or nothing is there to
# delete.
PATIENCE = {"commit": 3.0}
KINDS = ("index", "commit", "compact", "delete", "forget", "collect")
# Documents that the index holds, more or less, while it is being changed.
ABOUT = 12


Change = Callable[[Writer], object]


class Killed:
    """One index, and what it must hold."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.root, self.source, self.chance = folder / "index", folder / "source", chance
        self.source.mkdir()
        self.live: set[str] = set()
        self.forgotten: set[str] = set()
        self.made = 0
        # how long each kind of step has taken when it was left alone
        self.seconds: dict[str, float] = {}
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0

    def new_text(self) -> str:
        self.made += 1
        return text_of(self.made)

    def step(self, number: int) -> None:
        kind, change, after = self._choose(number)
        limit = self.seconds.get(kind)
        started = time.perf_counter()
        done = self._fork(
            change, None if limit is None else self.chance.uniform(0, PATIENCE.get(kind, 1.1) * limit)
        )
        assert done or limit is not None
        if done:
            self.seconds[kind] = min(limit or 60, time.perf_counter() - started)
        self._recover()
        found = live_texts(self.root)
        assert check_index(Layout(self.root)).problems == ()
        assert found == after or (not done and found == self.live), (number, kind, found ^ after)
        if kind == "forget":
            (gone,) = self.live - after
            if done:
                assert not holds(self.root, gone)
            if found == after:
                self.forgotten.add(gone)
        self.live = found
        self.counts[f"{kind}_killed" if not done else f"{kind}_done"] += 1

    def _choose(self, number: int) -> tuple[str, Change | None, set[str]]:
        """What is done, by which function of a writer, and what must be live when it was."""
        if number % INDEX_EVERY == 0:
            text = self.new_text()
            (self.source / f"{number}.txt").write_text(text)
            return "index", None, self.live | {path.read_text() for path in self.source.iterdir()}
        kinds = (
            ["commit", "delete", "delete", "compact", "forget", "forget", "collect"]
            if len(self._own()) > 1
            else ["commit"]
        )
        kind = self.chance.choice(kinds if len(self.live) < ABOUT else ["delete", "forget", "forget", "compact"])
        one = self.chance.choice(sorted(self._own()) or [""])
        if kind in {"delete", "forget"} and not one:
            kind = "commit"
        if kind == "commit":
            texts = [self.new_text() for _ in range(self.chance.randint(3, 8))]
            return kind, lambda writer: (add(writer, texts), writer.merge(AT_REST)), self.live | {*texts}
        if kind == "delete":
            return kind, lambda writer: delete(writer, [id_of(one)], "why", AT), self.live - {one}
        if kind == "forget":
            return kind, lambda writer: forget(writer, [id_of(one)], "why", AT), self.live - {one}
        return kind, compact if kind == "compact" else lambda writer: collect(writer, 2), self.live

    def _own(self) -> set[str]:
        """Texts that no file of the source has: those of `index` have ids of their own."""
        return self.live - {path.read_text() for path in self.source.iterdir()}

    def _change(self, change: Change | None) -> None:
        if change is None:
            build_index(self.root, [self.source], HashingEmbedder())
            return
        with open_writer(self.root, HashingEmbedder()) as writer:
            change(writer)

    def _fork(self, change: Change | None, seconds: float | None) -> bool:
        """Whether the change was done before its process was killed, that many seconds after it had begun."""
        child = os.fork()
        if child == 0:
            code = 1
            try:
                if seconds is not None:
                    # without a handler the kernel ends the process there and then, as it does for SIGKILL
                    signal.signal(signal.SIGALRM, signal.SIG_DFL)
                    signal.setitimer(signal.ITIMER_REAL, max(1e-6, seconds))
                self._change(change)
                code = 0
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(code)
        _, ended = os.waitpid(child, 0)
        if os.WIFEXITED(ended):
            assert os.WEXITSTATUS(ended) == 0
            return True
        return False

    def _recover(self) -> None:
        """Opens the index as the next reader and the next writer do."""
        started = time.perf_counter()
        with open_writer(self.root, HashingEmbedder()) as writer:
            if writer.manifest.number:
                Index.open(self.root)
        self.slowest = max(self.slowest, time.perf_counter() - started)


def main() -> None:
    folder, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    killed = Killed(folder, random.Random(seed))
    number = 0
    while sum(killed.counts[f"{kind}_killed"] for kind in KINDS) < count or not all(
        killed.counts[f"{kind}_killed"] for kind in KINDS
    ):
        killed.step(number)
        number += 1
    for text in sorted(killed.forgotten):
        # a kill may have come before the clearing away: the next writer has finished it
        assert not holds(killed.root, text), text
    print(json.dumps({**killed.counts, "slowest_recovery_ms": round(1000 * killed.slowest, 1)}))


if __name__ == "__main__":
    main()
