"""Records of a run log to one HTML page for an examiner: nothing is loaded from anywhere, no script, no link. Pure.

A report stands there as plain text, as whoever asked saw it. All else is shown key by key, so that whatever a
record says is on the page.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from evidence.generator.report import seal
from evidence.views.lines import render_text
from evidence.views.printable import printable

Row = Mapping[str, Any]

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 2px solid #444; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .3rem 0; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f2; padding: .6rem; }
.wrong { color: #a00; }
"""
_HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    f"<title>Run log</title><style>{_STYLE}</style></head><body>\n<h1>Run log</h1>\n"
)
_NO_KEY = (
    "<p>Each entry holds the SHA-256 of the entry before it. There is no key: this shows drift, not forgery. "
    "Compare the head with one that was remembered elsewhere, as every report has one.</p>\n"
)


def log_page(rows: Iterable[Row], summary: Row, problems: Iterable[str]) -> Iterator[str]:
    """The page in pieces: what the log holds, what is wrong with it, then each record, as `logs export` has it."""
    yield _HEAD
    yield _shown(summary)
    yield _NO_KEY
    for line in problems:
        yield f'<p class="wrong">{_safe(line)}</p>\n'
    for row in rows:
        yield from _article(row)
    yield "</body></html>\n"


def _article(row: Row) -> Iterator[str]:
    yield f"<article><h2>{_safe(' '.join(row.get(key, 'damaged') for key in ('id', 'verb')))}</h2>\n"
    yield _shown({key: value for key, value in row.items() if key not in {"id", "verb", "said"}})
    said = row.get("said")
    if said is None:
        yield "<p>There is no payload: it was erased, or it cannot be read.</p>"
    else:
        yield from _said(said, plain=row["policy"] == "full", run={"id": row["id"], "head": row["head"]})
    yield "</article>\n"


def _said(said: Row, plain: bool, run: Row) -> Iterator[str]:
    report = said.get("report")
    if plain and report:
        yield f"<h3>As it was shown</h3><pre>{_safe(render_text(seal({**report, 'run': run})))}</pre>\n"
    if report:
        yield f"<details><summary>report</summary>{_shown(report)}</details>\n"
    yield _shown({key: value for key, value in said.items() if key != "report"})


def _shown(value: Any) -> str:
    if isinstance(value, Mapping) and value:
        pairs = (f"<dt>{_safe(key)}</dt><dd>{_shown(part)}</dd>" for key, part in value.items())
        return f"<dl>{''.join(pairs)}</dl>\n"
    if isinstance(value, list | tuple) and value:
        return f"<ol>{''.join(f'<li>{_shown(part)}</li>' for part in value)}</ol>\n"
    text = _safe("none" if value is None or value in ({}, [], ()) else str(value))
    return f"<pre>{text}</pre>" if "\n" in text else text


def _safe(text: str) -> str:
    return escape(printable(text))
