"""What hostile documents cost the others: 900 pages alone, then with 100 hostile ones among them.

The hostile ones hang, eat memory, inflate, nest, or are no document at all. Each must end as one typed failure,
every page must be read, and the run may take 1.3 times as long as without them, plus the time limits. Prints
one line.
"""

import argparse
import gzip
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from html import escape
from itertools import islice
from pathlib import Path

from evidence.corpus.sandbox import Limits
from evidence.indexer.build import plan_index
from evidence.indexer.workers import Workers, default_jobs

PAGES = 900
SECONDS = 3
# name, bytes and how many of them
HOSTILE = [
    ("hanging.txt", b"Quotes without end. " + b"(\"'." * 300_000, 4),
    ("hungry.json", b'{"text": "short", "more": [' + b"[]," * 9_500_000 + b"[]]}", 2),
    ("bomb.html.gz", gzip.compress(b"<p>" + b"a" * (200 << 20), 9), 14),
    ("broken.pdf", b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n" + b"\x00\xff" * 5000, 20),
    ("wordless.html", b"<html><body>" + b"<div>" * 200_000, 10),
    ("broken.json", b'{"text": "cut off', 20),
    ("empty.html", b" \n ", 20),
    ("binary.bin", bytes(range(256)) * 40, 10),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--jobs", type=int, default=default_jobs())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        good, hostile = Path(folder) / "good", Path(folder) / "hostile"
        for place in (good, hostile):
            place.mkdir()
        for number, page in enumerate(islice(pages(options.data), PAGES)):
            (good / f"{number:04}.html").write_text(page, encoding="utf-8")
        spread = [(name, data) for name, data, count in HOSTILE for _ in range(count)]
        for number, (name, data) in enumerate(spread):
            (hostile / f"{number:03}-{name}").write_bytes(data if name.endswith(".gz") else data + b" " * number)
        alone, read, _ = timed([good], options.jobs)
        together, read_too, failures = timed([good, hostile], options.jobs)
    hanging = failures["timeout"] * SECONDS / options.jobs
    print(
        f"containment: {read} pages alone in {alone:.1f} s; with {len(spread)} hostile documents {read_too} pages "
        f"and {sum(failures.values())} typed failures ({', '.join(f'{n} {s}' for s, n in failures.most_common())}) "
        f"in {together:.1f} s, {(together - hanging) / alone:.2f} times the first beyond {hanging:.0f} s of time "
        f"limits; {options.jobs} jobs"
    )


def pages(data: Path) -> Iterator[str]:
    with gzip.open(data / "realtimeqa" / "articles_2023.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if len(row["text"]) > 1000:
                body = "".join(f"<p>{escape(part)}</p>" for part in row["text"].split("\n") if part.strip())
                title = escape(row["title"] or "")
                yield (
                    f"<html><head><title>{title}</title><meta property='article:published_time' "
                    f"content='{row['publish_date']}'></head><body><article><h1>{title}</h1>{body}</article>"
                    "</body></html>"
                )


def timed(sources: list[Path], jobs: int) -> tuple[float, int, Counter[str]]:
    """Seconds, documents read, and failures by status; nothing is embedded or written."""
    started = time.perf_counter()
    with Workers(jobs, Limits(seconds=SECONDS)) as workers:
        plan = plan_index(None, sources, workers=workers)
    return time.perf_counter() - started, len(plan.new), Counter(str(failure.status) for failure in plan.failures)


if __name__ == "__main__":
    main()
