"""`evidence search` as new processes: how long one takes, its private memory, what it imports, what it finds.

    python bench/cold.py --index DIR --questions QUESTIONS.jsonl.gz --since 2023 --until 2023 --runs 9

Files lie in the page cache from the second run on. Prints seconds (median and least), the peak of private memory,
which slow packages were imported, and for how many questions the ranking is that of one warm process, and that of
vectors made by sentence-transformers. `--ask` does the same with `evidence ask --no-llm`, without the rankings.
"""

import argparse
import gzip
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import evidence
from evidence.indexer.sentence_transformer import SentenceEmbedder
from evidence.indexer.wordpieces import Wordpieces
from evidence.loading import load_models
from evidence.retriever.search import search

SLOW = {"torch", "transformers", "sentence_transformers", "scipy"}
POLL_SECONDS = 0.002


def run_once(arguments: Sequence[str]) -> tuple[str, float, int]:
    """Output, seconds and the peak of private memory in bytes of one process."""
    started, peak = time.perf_counter(), 0
    with subprocess.Popen([sys.executable, "-m", "evidence", *arguments], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines: list[bytes] = []
        reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()))
        reader.start()
        while process.poll() is None:
            peak = max(peak, private_bytes(process.pid))
            time.sleep(POLL_SECONDS)
        taken = time.perf_counter() - started
        reader.join()
    return b"".join(lines).decode(), taken, peak


def private_bytes(pid: int) -> int:
    """Anonymous resident memory: what the process does not share with files."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("RssAnon")), 0)


def imported(arguments: Sequence[str]) -> set[str]:
    """Top-level packages that such a process imports."""
    command = [sys.executable, "-X", "importtime", "-m", "evidence", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}


def ids(output: str) -> list[str]:
    return [json.loads(line)["passage"]["id"] for line in output.splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--since", required=True)
    parser.add_argument("--until", required=True)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--compared", type=int, default=0, help="questions also ranked by the library's vectors")
    parser.add_argument("--ask", action="store_true")
    given = parser.parse_args()
    with gzip.open(given.questions, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in itertools.islice(file, max(given.runs, given.compared))]
    questions = [row.get("question") or row["question_sentence"] for row in rows]
    window = ["--since", given.since, "--until", given.until, "-i", str(given.index)]
    options = ["--no-llm", *window] if given.ask else ["--json", *window]
    commands = [["ask" if given.ask else "search", text, *options] for text in questions[: given.runs]]
    run_once(commands[0])
    outputs, taken, peaks = zip(*map(run_once, commands), strict=True)
    slow = sorted(imported(commands[0]) & SLOW) or ["none"]
    print(
        f"{len(commands)} new processes: median {median(taken):.2f} s, least {min(taken):.2f} s, "
        f"private memory {max(peaks) / 1e6:.0f} MB, slow packages imported: {' '.join(slow)}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    if not given.ask:
        print(rankings(given.index, questions, [ids(text) for text in outputs], window, given.compared))


def rankings(index: Path, questions: list[str], cold: list[list[str]], window: list[str], compared: int) -> str:
    """How many of the cold rankings one warm process repeats, and how many of its own the library's vectors do."""
    archive = evidence.open(index)
    inside = archive.window(window[1], window[3])
    warm = [[hit.id for hit in archive.search_in(inside, text, 10)] for text in questions]
    same = sum(one == other for one, other in zip(cold, warm, strict=False))
    line = f"{same} of {len(cold)} rankings are those of a warm process"
    if not compared:
        return line
    models = load_models(None)
    model = models.get(models.embedder, "embedder")
    folder = model.check().parent
    pieces = Wordpieces(folder / "tokenizer.json")
    library = SentenceEmbedder(model.name, model.entry.digest, model.entry.dimensions or 0, folder, pieces)
    theirs = [[hit.id for hit in search(archive.index, library, text, inside, 10)] for text in questions[:compared]]
    equal = sum(one == other for one, other in zip(warm, theirs, strict=False))
    return f"{line}; {equal} of {len(theirs)} those of queries embedded by sentence-transformers"


if __name__ == "__main__":
    main()
