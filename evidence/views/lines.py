"""A report's JSON object to lines, and those to Markdown and plain text. Pure; nothing is looked up, nothing added.

Text in a report comes from strangers. Terminal controls are taken out of both forms, and in Markdown every
character that could make markup is escaped.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.views import phrases
from evidence.views.printable import one_line
from evidence.views.style import MARKDOWN, TEXT, Kind, Line, Style

Report = Mapping[str, Any]
_BLANK = Line(Kind.TEXT, "")


def render_markdown(report: Report) -> str:
    """The report as Markdown."""
    return MARKDOWN.write(report_lines(report, MARKDOWN))


def render_text(report: Report) -> str:
    """The report as plain text."""
    return TEXT.write(report_lines(report, TEXT))


def report_lines(report: Report, style: Style) -> list[Line]:
    """The whole report, part by part, a blank line after each."""
    parts = [
        _header(report, style),
        _queries(report, style),
        _sources(report, style),
        _analysis(report, style),
        _key_findings(report, style),
        _contradictions(report, style),
        _gaps(report, style),
        _near_misses(report, style),
        _findings(report, style),
        _coverage(report, style),
    ]
    return [line for part in parts if part for line in [*part, _BLANK]]


def _apart(lines: Sequence[Line]) -> list[Line]:
    """Each line a paragraph of its own."""
    return [spaced for line in lines for spaced in (_BLANK, line)]


def _header(report: Report, style: Style) -> list[Line]:
    title = style.line(Kind.TITLE, f"Research query: {one_line(report['query'])}")
    return [title, *_apart([style.line(Kind.TEXT, line) for line in phrases.headed(report)])]


def _queries(report: Report, style: Style) -> list[Line]:
    lines = [style.line(Kind.BULLET, query) for query in phrases.query_lines(report)]
    if left := report.get("unplanned"):
        lines += [_BLANK, style.line(Kind.NOTE, phrases.unplanned_line(left))]
    return [style.line(Kind.HEADING, "Search queries used"), _BLANK, *lines]


def _sources(report: Report, style: Style) -> list[Line]:
    if not report["sources"]:
        return []
    lines = [style.line(Kind.HEADING, "Sources"), _BLANK]
    for source in report["sources"]:
        link = style.link(phrases.source_name(source), source["url"])
        numbers = style.safe(phrases.cited(source["findings"]))
        warned = "".join(" " + style.safe(f"({said})") for said in phrases.flag_notes(source))
        lines.append(Line(Kind.BULLET, f"{numbers} {phrases.dating(source)}: {link}{warned}"))
    return lines


def _analysis(report: Report, style: Style) -> list[Line]:
    lines = []
    for sentence in report["analysis"]["sentences"]:
        closing = style.safe(f"{phrases.cited(sentence['citations'])} {phrases.verdict(sentence)}".strip())
        lines.append(Line(Kind.TEXT, f"{style.safe(one_line(sentence['text']))} {closing}"))
    note = style.line(Kind.NOTE, phrases.analysis_note(report))
    return [style.line(Kind.HEADING, "Analysis"), _BLANK, *lines, *([_BLANK] if lines else []), note]


def _key_findings(report: Report, style: Style) -> list[Line]:
    if not report.get("key_findings"):
        return []
    lines = []
    for number, key in enumerate(report["key_findings"], start=1):
        text, numbers = style.safe(one_line(key["text"])), style.safe(phrases.cited(key["citations"]))
        lines.append(style.line(Kind.LEAD, f"{number}. {one_line(key['title'])}"))
        lines.append(Line(Kind.TEXT, f"{text} {numbers}"))
    return [style.line(Kind.HEADING, "Key findings"), *_apart(lines)]


def _contradictions(report: Report, style: Style) -> list[Line]:
    part = report.get("contradictions")
    if part is None:
        return []
    pairs = [style.line(Kind.BULLET, phrases.pair_line(pair)) for pair in part["pairs"]]
    lines = [style.line(Kind.HEADING, "Contradictions"), _BLANK]
    lines.append(style.line(Kind.TEXT, phrases.contradictions_line(part)))
    return [*lines, *([_BLANK, *pairs] if pairs else [])]


def _gaps(report: Report, style: Style) -> list[Line]:
    if not report["gaps"]:
        return []
    lines = [style.line(Kind.HEADING, "Gaps"), _BLANK, style.line(Kind.TEXT, "Nothing in this window answers:")]
    for gap in report["gaps"]:
        lines += [_BLANK, style.line(Kind.BULLET, gap["query"])]
        lines += [style.line(Kind.UNDER, said) for said in phrases.gap_lines(gap)]
    return lines


def _near_misses(report: Report, style: Style) -> list[Line]:
    """Those of queries that are answered; a gap lists its own."""
    missed = report.get("near_misses")
    if not missed:
        return []
    lines = [style.line(Kind.HEADING, "Near misses"), _BLANK]
    lines.append(style.line(Kind.TEXT, "These would have been quoted, and are no evidence here:"))
    return [*lines, _BLANK, *(style.line(Kind.BULLET, phrases.near_miss(row)) for row in missed)]


def _findings(report: Report, style: Style) -> list[Line]:
    if not report["findings"]:
        return []
    lines = [style.line(Kind.HEADING, "Findings")]
    if any(finding.get("consensus") for finding in report["findings"]):
        lines += [_BLANK, style.line(Kind.NOTE, phrases.THE_ARCHIVES_OWN)]
    for finding in report["findings"]:
        lines += [_BLANK, *_finding(finding, style)]
    return lines


def _finding(finding: Report, style: Style) -> list[Line]:
    source = finding["source"]
    number, name = style.safe(f"[{finding['id']}]"), style.safe(phrases.source_name(source))
    lines = [Line(Kind.TEXT, f"{number} {phrases.dating(finding)}{phrases.edge_note(finding)}: {name}")]
    for quote in finding["quotes"]:
        lines += [_BLANK, *(style.line(Kind.QUOTE, line) for line in quote["text"].split("\n"))]
        place = f"{phrases.quote_place(quote)} sha256 {quote['sha256'][:16]} {one_line(source['path'])}"
        lines += [_BLANK, style.line(Kind.NOTE, place)]
    return [*lines, *_apart([style.line(Kind.TEXT, note) for note in phrases.finding_notes(finding)])]


def _coverage(report: Report, style: Style) -> list[Line]:
    said = [*phrases.coverage_lines(report), phrases.seal_line(report)]
    return [style.line(Kind.HEADING, "Coverage"), *_apart([style.line(Kind.TEXT, line) for line in said])]
