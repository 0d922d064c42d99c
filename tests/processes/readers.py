"""One writer changes an index without a pause while others read it: ROOT READERS SECONDS. Prints counts as JSON.

Each commit adds two documents and each deletion takes two: whoever sees one without the other has read a torn
snapshot. The writer also compacts, and clears away what is not being read.
"""

import json
import os
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

from workload import AT, add, id_of, text_of

import evidence
from evidence.indexer.changes import collect, compact, delete
from evidence.indexer.checking import check_index
from evidence.indexer.layout import Layout
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.writer import open_writer

PAIRS_HELD = 6


def pair(number: int) -> list[str]:
    return [text_of(2 * number), text_of(2 * number + 1)]


def write(root: Path, until: float) -> dict[str, int]:
    number = changes = 0
    while time.monotonic() < until:
        with open_writer(root, HashingEmbedder()) as writer:
            add(writer, pair(number))
            number, changes = number + 1, changes + 1
            if number > PAIRS_HELD:
                delete(writer, [id_of(text) for text in pair(number - PAIRS_HELD - 1)], "old", AT)
                changes += 1
            if number % 5 == 0:
                compact(writer)
                collect(writer, 1)
                changes += 2
    return {"changes": changes}


def read(root: Path, runs: Path, until: float) -> dict[str, int]:
    answers = torn = 0
    snapshots = set()
    while time.monotonic() < until:
        archive = evidence.open(root, runs=runs, embedder=HashingEmbedder(), clock=lambda: datetime.now(UTC))
        held = {document.text for document, _ in archive.index.documents()}
        numbers = sorted(int(text.split()[1]) for text in held)
        torn += numbers[::2] != [number - 1 for number in numbers[1::2]] or any(
            number % 2 for number in numbers[::2]
        )
        report = archive.ask("Which order did the company report?", "2025-08-01", "2025-08-01", llm=False)
        quoted = {source["id"] for source in report["sources"]}
        torn += report["snapshot"] != archive.index.manifest.number or not quoted <= {id_of(text) for text in held}
        torn += archive.verify(report) != []
        answers += 1
        snapshots.add(report["snapshot"])
    return {"answers": answers, "torn": torn, "snapshots": len(snapshots)}


def main() -> None:
    folder, readers, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    root = folder / "index"
    with open_writer(root, HashingEmbedder()) as writer:
        add(writer, pair(1000))
    until = time.monotonic() + seconds
    told = [folder / f"told{number}" for number in range(readers + 1)]
    children = []
    for number, path in enumerate(told):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                said = read(root, folder / f"runs{number}", until) if number else write(root, until)
                path.write_text(json.dumps(said))
                code = 0
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * len(children)
    said = [json.loads(path.read_text()) for path in told]
    assert check_index(Layout(root)).problems == ()
    answers, torn = (sum(one[name] for one in said[1:]) for name in ("answers", "torn"))
    print(json.dumps({"readers": readers, "changes": said[0]["changes"], "answers": answers, "torn": torn}))


if __name__ == "__main__":
    main()
