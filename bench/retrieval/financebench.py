"""Questions about filings: the page of the evidence among all pages of all filings, or of the right filing alone.

A PDF says nothing of itself that can be trusted, so the user states it: its date alone, or company, form and title,
too, as a careful user would. The figures of both are kept apart.
"""

from dataclasses import dataclass
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


def financebench(data: Path, work: Path, stated: bool, known: bool) -> JudgedSet:
    """`stated`: company, form and title are given with the date; `known`: only the right filing is searched."""
    folder = data / "financebench"
    pdfs = {path.stem: path for path in sorted((folder / "pdfs").glob("*.pdf"))}
    about = {
        row["doc_name"]: row
        for row in rows(folder / "financebench_document_information.jsonl")
        if row["doc_name"] in pdfs
    }
    name = f"financebench-{'stated' if stated else 'dated'}"
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
        sources=(folder / "pdfs",),
        topics=topics,
        unit=_page,
        measures=("Success@1", "Success@5", "Success@10", "RR@10"),
        index=name,
        stated=MetadataFile.read(metadata),
    )


def _statement(row: dict[str, Any], stated: bool) -> dict[str, Any]:
    published = {"published": f"{row['doc_period']}-12-31"}
    if not stated:
        return published
    form = _FORMS.get(row["doc_type"].lower())
    title = f"{row['company']} {form or 'earnings release'} {row['doc_period']}"
    return {**published, "company": row["company"], "title": title, **({"form": form} if form else {})}


def _page(document: Document, offset: int) -> str:
    return Path(document.locate(offset).path).name.replace(".pdf#", "#")
