"""Questions about filings: the page of the evidence among all pages of all filings, or of the right filing alone.

The user states of a PDF its date alone, or company, form and title, too, as a careful user would. File names tell
most of that (`3M_2022_10K`), so there is a third variant, of files with numbers for names: what a filing is stands
on its cover alone. The figures of all are kept apart.
"""

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from judged import JudgedSet, Topic, rows, write_rows
from numpy.typing import NDArray

from evidence.corpus.metadata import MetadataFile
from evidence.corpus.values import Document
from evidence.indexer.segment import Segment
from evidence.retriever.filters import NO_FILTER, Filter

_FORMS = {"10k": "10-K", "10q": "10-Q", "8k": "8-K"}


@dataclass(frozen=True, slots=True)
class Only(Filter):
    """Only the document of this file."""

    file: str = ""

    def mask(self, segment: Segment, first: int, last: int) -> NDArray[np.bool_]:
        passing = np.array([Path(str(path)).name == self.file for path in segment.documents.column("path")])
        chosen: NDArray[np.bool_] = passing[segment.passages.documents[first:last]]
        return chosen


def financebench(
    data: Path, work: Path, stated: bool = False, known: bool = False, numbered: bool = False
) -> JudgedSet:
    """`stated`: company, form and title are given with the date; `known`: only the right filing is searched;
    `numbered`: file names tell nothing."""
    folder = data / "financebench"
    name = f"financebench-{'stated' if stated else 'numbered' if numbered else 'dated'}"
    pdfs = {path.stem: path for path in sorted((folder / "pdfs").glob("*.pdf"))}
    if numbered:
        pdfs = _copies(pdfs, work / name)
    about = {
        row["doc_name"]: row
        for row in rows(folder / "financebench_document_information.jsonl")
        if row["doc_name"] in pdfs
    }
    lines = ({"path": str(pdfs[doc].resolve()), **_statement(row, stated)} for doc, row in sorted(about.items()))
    metadata = write_rows(work / f"{name}.metadata.jsonl", lines)
    topics = tuple(
        Topic(
            id=row["financebench_id"],
            text=row["question"],
            since="2000",
            until="2030",
            # pages are counted from 0 there, from 1 here
            relevant=frozenset(f"{e['doc_name']}#{e['evidence_page_num'] + 1}" for e in row["evidence"]),
            where=Only(file=pdfs[row["doc_name"]].name) if known else NO_FILTER,
        )
        for row in rows(folder / "questions.jsonl.gz")
        if row["doc_name"] in pdfs
    )
    return JudgedSet(
        name=f"{name}-known" if known else name,
        sources=tuple(pdfs.values()),
        topics=topics,
        unit=partial(_page, {path.name: doc for doc, path in pdfs.items()}),
        measures=("Success@1", "Success@5", "Success@10", "RR@10"),
        index=name,
        stated=MetadataFile.read(metadata),
    )


def _copies(pdfs: dict[str, Path], folder: Path) -> dict[str, Path]:
    """The same files with numbers for names."""
    folder.mkdir(parents=True, exist_ok=True)
    copies = {doc: folder / f"{number:02}.pdf" for number, doc in enumerate(pdfs, start=1)}
    for doc, copy in copies.items():
        if not copy.exists():
            shutil.copyfile(pdfs[doc], copy)
    return copies


def _statement(row: dict[str, Any], stated: bool) -> dict[str, Any]:
    published = {"published": f"{row['doc_period']}-12-31"}
    if not stated:
        return published
    form = _FORMS.get(row["doc_type"].lower())
    title = f"{row['company']} {form or 'earnings release'} {row['doc_period']}"
    return {**published, "company": row["company"], "title": title, **({"form": form} if form else {})}


def _page(docs: dict[str, str], document: Document, offset: int) -> str:
    file, _, page = Path(document.locate(offset).path).name.partition("#")
    return f"{docs[file]}#{page}"
