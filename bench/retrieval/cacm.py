"""Abstracts of a computing journal with judged queries, by words alone: how BM25 here stands to what is published.

A document is its title, and its abstract, authors and keywords as its text. Published for BM25 over whole records:
MAP 0.3123 (Anserini's regression for this collection).
"""

import gzip
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from judged import JudgedSet, Topic, write_rows

from evidence.corpus.values import Document

_FIELD = re.compile(r"^\.([A-Z])\s*(.*)$")


def cacm(data: Path, work: Path) -> JudgedSet:
    """The 52 queries that have judgements."""
    folder = data / "cacm"
    records = list(_records(gzip.decompress((folder / "cacm.all.gz").read_bytes()).decode()))
    source = write_rows(work / "cacm.jsonl", map(_document, records))
    names = {f"{source.name}#{number}": record["I"] for number, record in enumerate(records, start=1)}
    relevant: dict[str, set[str]] = {}
    for line in (folder / "cacm.qrels").read_text(encoding="ascii").splitlines():
        query, _, document, _ = line.split()
        relevant.setdefault(str(int(query)), set()).add(document)
    topics = tuple(
        Topic(
            id=record["I"],
            text=record["W"],
            since="1950",
            until="1999",
            relevant=frozenset(relevant[record["I"]]),
        )
        for record in _records((folder / "query.text").read_text(encoding="latin-1"))
        if record["I"] in relevant
    )
    return JudgedSet(
        name="cacm",
        sources=(source,),
        topics=topics,
        unit=partial(_number, names),
        measures=("AP", "P@30"),
        index="cacm",
        passages=1000,
        lexical_only=True,
    )


def _records(text: str) -> Iterator[dict[str, str]]:
    """The collection's own format: `.I` begins a record, a letter behind a full stop each of its fields."""
    record: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        match = _FIELD.match(line)
        if match is None:
            record[name].append(line)
            continue
        name = match[1]
        if name == "I" and record:
            yield {key: "\n".join(lines).strip() for key, lines in record.items()}
            record = {}
        record[name] = [match[2]]
    yield {key: "\n".join(lines).strip() for key, lines in record.items()}


def _document(record: dict[str, str]) -> dict[str, Any]:
    """One line of an export."""
    title = " ".join(record["T"].split())
    return {
        "title": title,
        "text": "\n\n".join(record[name] for name in "WAK" if name in record) or title,
        "published": re.sub(r"\D*(\d{4}).*", r"\1", record["B"], flags=re.DOTALL),
    }


def _number(names: dict[str, str], document: Document, offset: int) -> str:
    return names[Path(document.path).name]
