"""Pages read a second: our whole reader of pages against trafilatura and htmldate called bare, in one process.

Both get every page of `htmldate_eval`. Ours decodes the bytes, reads what the page says of itself, removes hidden
text, extracts the article and finds the date; the bare tools get text that was decoded before the clock starts.
CPU seconds, for the machine may have other work; each page is read by both in turn; the best round counts.
`--contained JOBS` measures ours in contained workers, by the clock and by the processor time of all its processes.
`--pdf` measures the reader of PDF instead, against pypdfium2's own text of every page.

    python bench/extraction.py ../shared/data --rounds 2
"""

import argparse
import gzip
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import htmldate
import pypdfium2
import trafilatura

from evidence.corpus.decoding import decode
from evidence.corpus.errors import DocumentError
from evidence.corpus.html import read_html
from evidence.corpus.pdf import read_pdf
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.indexer.workers import Workers

_WARM_UP = 20


def ours(data: bytes) -> None:
    with suppress(DocumentError):
        read_html(Record("page", Media.HTML, data))


def bare(page: str) -> None:
    trafilatura.extract(page)
    with suppress(ValueError):
        htmldate.find_date(page)


def our_pdf(data: bytes) -> None:
    read_pdf(Record("file", Media.PDF, data))


def bare_pdf(data: bytes) -> None:
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            page.get_textpage().get_text_bounded()


def cpu_seconds(run: Callable[[], None]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def family_seconds() -> float:
    """Processor time of this process, of the children it has, and of those that they have waited for."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if str(os.getpid()) in (stat.parent.name, fields[1]):
                ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(pairs: list[tuple[Callable[[], None], Callable[[], None]]], rounds: int) -> tuple[float, float]:
    """Seconds for all of the first and of the second, each the best of its rounds, one beside the other."""
    best = [[float("inf"), float("inf")] for _ in pairs]
    for turn in range(rounds):
        for pair, times in zip(pairs, best, strict=True):
            # neither is always the one that finds the caches warm
            for which in (0, 1) if turn % 2 == 0 else (1, 0):
                times[which] = min(times[which], cpu_seconds(pair[which]))
    return sum(times[0] for times in best), sum(times[1] for times in best)


def page_pairs(folder: Path) -> list[tuple[Callable[[], None], Callable[[], None]]]:
    datas = [gzip.decompress(path.read_bytes()) for path in sorted(folder.rglob("*.html.gz"))]
    pages = [(data, decode(data)) for data in datas]
    return [(lambda data=data: ours(data), lambda page=page: bare(page)) for data, page in pages]


def pdf_pairs(folder: Path) -> list[tuple[Callable[[], None], Callable[[], None]]]:
    datas = [path.read_bytes() for path in sorted(folder.glob("*.pdf"))]
    return [(lambda data=data: our_pdf(data), lambda data=data: bare_pdf(data)) for data in datas]


def contained(folder: Path, jobs: int, bares: list[Callable[[], None]]) -> None:
    """The whole of what indexing does to a page before it is embedded, in children, against the bare tools here."""
    files = sorted(folder.rglob("*.html.gz"))
    records = [(path, Record(path.name, Media.HTML, gzip.decompress(path.read_bytes()))) for path in files]
    with Workers(jobs) as workers:
        list(workers.read(records[:_WARM_UP]))
        start, spent = time.perf_counter(), family_seconds()
        read = sum(not isinstance(found, DocumentError) for _, _, found in workers.read(records))
        own, own_work = time.perf_counter() - start, family_seconds() - spent
    start, spent = time.perf_counter(), time.process_time()
    for bare_one in bares:
        bare_one()
    other, other_work = time.perf_counter() - start, time.process_time() - spent
    print(
        f"{len(records)} pages, {read} with text: contained with {jobs} jobs {len(records) / own:.1f} pages/s, "
        f"bare {len(records) / other:.1f} pages/s; ours takes {own / other:.2f} of bare's time "
        f"and {own_work / other_work:.2f} of its processor time"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--contained", type=int, metavar="JOBS", help="ours in contained workers")
    parser.add_argument("--pdf", action="store_true", help="the filings of financebench instead of pages")
    arguments = parser.parse_args()
    if arguments.pdf:
        pairs = pdf_pairs(arguments.data / "financebench" / "pdfs")
    else:
        pairs = page_pairs(arguments.data / "htmldate_eval")
        for mine, theirs in pairs[:_WARM_UP]:
            mine(), theirs()
    if arguments.contained:
        contained(arguments.data / "htmldate_eval", arguments.contained, [theirs for _, theirs in pairs])
        return
    own, other = measure(pairs, arguments.rounds)
    what = "files" if arguments.pdf else "pages"
    rates = f"ours {len(pairs) / own:.1f} {what}/s, bare {len(pairs) / other:.1f} {what}/s"
    print(f"{len(pairs)} {what}: {rates}; ours takes {own / other:.2f} of bare's time")


if __name__ == "__main__":
    main()
