"""Writes into RELIABILITY.md what the proofs counted: `python tests/counts.py`.

A test group hands its counts to the fixture `keep_counts`; those of a whole run (`make soak`) are kept beside this
file, a JSON file a group, and committed. Nobody types them.
"""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "counts"
PAGE = FOLDER.parent.parent / "RELIABILITY.md"
_BEGIN, _END = "<!-- counts: python tests/counts.py -->", "<!-- /counts -->"


def in_words(counts: dict[str, object]) -> str:
    """Counts in one line."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in counts.items())


def table() -> str:
    """The counts of the last whole runs in Markdown."""
    kept = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
    rows = [f"| `{group}` | {in_words(counts)} |" for group, counts in kept.items()]
    return "\n".join(["| proof | its last whole run |", "| --- | --- |", *rows])


def filled(page: str) -> str:
    """The page with the table that the counts give."""
    return re.sub(f"(?s){re.escape(_BEGIN)}.*?{re.escape(_END)}", lambda _: f"{_BEGIN}\n{table()}\n{_END}", page)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
