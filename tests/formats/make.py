"""Makes a frozen index of the format that this program writes: tests/formats/make.py INDEX SOURCE.

Run it once, when a format is new, with a SOURCE that names nobody's machine, and never again: what it made is
opened by the tests for ever.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from evidence.indexer.build import build_index
from evidence.indexer.changes import delete
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import open_writer

FIRST = {
    "orders.json": json.dumps(
        {"text": "Invented Bonders booked orders of 41 million dollars.", "title": "Orders", "date": "2025-08-01"}
    ),
    "wheat.txt": "Wheat fell after rain.",
    "tools.md": "# Tools\n\nDie attach tools ship in May.\n\n# Prices\n\nPrices held.",
    "broken.json": '{"text": }',
}
LATER = {"copper.txt": "Copper rose on news of a strike."}


def main(root: Path, source: Path) -> None:
    source.mkdir(parents=True)
    for texts, published in ((FIRST, "2025-07"), (LATER, "2025-06")):
        for name, text in texts.items():
            (source / name).write_text(text)
        # the second time what is stated was corrected, and the document of the first run is withdrawn
        (source / "wheat.txt.meta.json").write_text(json.dumps({"published": published}))
        build_index(root, [source], HashingEmbedder())
    (gone,) = (document.id for document, _ in Index.open(root).documents() if "copper" in document.path)
    with open_writer(root) as writer:
        delete(writer, [gone], "frozen", datetime(2026, 1, 15, tzinfo=UTC))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
