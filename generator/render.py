"""A report's JSON object to Markdown and to plain text. Pure; nothing is looked up and nothing is added.

Text in a report comes from strangers. Terminal controls are taken out of both forms, and in Markdown every
character that could make markup is escaped.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# An ampersand makes markup before an entity's name alone.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+|~!]|&(?=#?\w+;))")
# What makes a list, a rule or a heading where a line starts: `1. `, `- `, `===`.
_LINE_START = re.compile(r"^(?:\d{1,9}(?=\.(?:\s|$))|(?=[-=]))")
_WEB = re.compile(r"https?://[^\s<>\"'`|\\^{}]+")

_STATES = {
    "extractive": "No model was asked: the findings stand alone.",
    "composed": "",
    "model-failed": "The model failed ({failure}); the findings stand alone.",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How one form writes its parts; `safe` makes a stranger's text harmless in it."""

    title: str
    heading: str
    bullet: str
    quote: str
    safe: Callable[[str], str]
    link: Callable[[str, str | None], str]


def printable(text: str) -> str:
    """Text without terminal controls, direction marks and invisible characters; line ends and tabs stay."""
    return _CONTROLS.sub("", text)


def counted(count: int, noun: str) -> str:
    """A number with its noun: 1 document, 2 documents."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _escape(line: str) -> str:
    # indented far enough a line is code, in which backslashes show
    return _LINE_START.sub(r"\g<0>\\", _MARKDOWN.sub(r"\\\1", printable(line).strip()))


def _markdown_link(text: str, url: str | None) -> str:
    web = url is not None and _WEB.fullmatch(url) and url == printable(url)
    return f"[{_escape(text)}](<{url}>)" if web else _escape(text)


def _text_link(text: str, url: str | None) -> str:
    return printable(f"{text}, {_line(url)}" if url else text)


_MARKDOWN_STYLE = Style("# {}", "## {}", "- ", "> ", _escape, _markdown_link)
_TEXT_STYLE = Style("{}", "{}", "  - ", "    | ", printable, _text_link)


def render_markdown(report: Mapping[str, Any]) -> str:
    """The report as Markdown."""
    return _render(report, _MARKDOWN_STYLE)


def render_text(report: Mapping[str, Any]) -> str:
    """The report as plain text."""
    return _render(report, _TEXT_STYLE)


def _render(report: Mapping[str, Any], style: Style) -> str:
    parts = [
        _header(report, style),
        _queries(report, style),
        _sources(report, style),
        _analysis(report, style),
        _gaps(report, style),
        _findings(report, style),
        _coverage(report, style),
    ]
    return "\n".join(line for part in parts if part for line in [*part, ""])


def _header(report: Mapping[str, Any], style: Style) -> list[str]:
    models = report["models"]
    generator = models["generator"]["name"] if models["generator"] else "none"
    # none is shipped, and reports of earlier versions do not speak of one
    reranker = f"; reranker {models['reranker']['name']}" if models.get("reranker") else ""
    return [
        style.title.format(f"Research query: {style.safe(_line(report['query']))}"),
        "",
        f"Window: {style.safe(window_line(report['window']))}",
        "",
        *_filters(report, style),
        f"Generated: {report['generated_at']}; snapshot {report['snapshot']}; seed {report['seed']}; "
        f"embedder {style.safe(models['embedder']['name'] + reranker)}; generator {style.safe(generator)}",
    ]


def _filters(report: Mapping[str, Any], style: Style) -> list[str]:
    filters = report.get("filters")
    if not filters:
        return []
    asked = "; ".join(f"{name} {_line(value)}" for name, value in filters.items())
    return [f"Only documents of: {style.safe(asked)}", ""]


def window_line(window: Mapping[str, Any]) -> str:
    """The window in words, with what its ends let in."""
    first, last = window["first_instant"], window["last_instant"]
    days = f"dates without a clock from {window['first_day']} to {window['last_day']} in {window['tz']}"
    if window["first_day"] > window["last_day"]:
        # both ends are moments of one day, or of two that follow each other
        days = "no date without a clock"
    line = f"{first} to {last}; {days}; date grade {window['min_grade']} or better"
    if window["known_by"]:
        line += f"; only what was captured or accepted by {window['known_instant']}"
    return f"{line}; the last day is inside to its end" if window["whole_last_day"] else line


def _queries(report: Mapping[str, Any], style: Style) -> list[str]:
    queries, plan = report["search_queries"], report.get("plan", [])
    counts = [_counts(part) for part in plan] if len(plan) == len(queries) else [""] * len(queries)
    return [
        style.heading.format("Search queries used"),
        "",
        *(f"{style.bullet}{style.safe(query + count)}" for query, count in zip(queries, counts, strict=True)),
        *(["", style.safe(unplanned_line(report["unplanned"]))] if report.get("unplanned") else []),
    ]


def unplanned_line(names: Sequence[str]) -> str:
    """Which names of a list the plan had no room for."""
    return f"The plan was full; no query of their own have: {', '.join(map(_line, names))}."


def _counts(part: Mapping[str, Any]) -> str:
    return f" ({part['inside']} inside the window; {part['outside']} of the best of any date outside)"


def _sources(report: Mapping[str, Any], style: Style) -> list[str]:
    if not report["sources"]:
        return []
    lines = [style.heading.format("Sources"), ""]
    for source in report["sources"]:
        numbers = style.safe("".join(f"[{number}]" for number in source["findings"]))
        link = style.link(_name(source), source["url"])
        lines.append(f"{style.bullet}{numbers} {_dating(source)}: {link}")
    return lines


def _name(source: Mapping[str, Any]) -> str:
    parts = [_line(part) for part in (source["publisher"], source["title"]) if part]
    return " - ".join(parts) or _line(source["path"])


def _dating(source: Mapping[str, Any]) -> str:
    published, dated = source["published"], source["dated"]
    shown = f"{_day(published)} ({published['basis']}, grade {published['grade']})"
    return shown if dated == published else f"{shown}, modified {_day(dated)} (grade {dated['grade']})"


def _day(dating: Mapping[str, Any]) -> str:
    return str(dating["earliest"]) if dating["precision"] == "second" else day_span(dating)


def day_span(dating: Mapping[str, Any]) -> str:
    """The day of a dating in JSON; of one that is longer, its first and its last."""
    first, last = dating["earliest"][:10], dating["latest"][:10]
    return str(first) if first == last else f"{first} to {last}"


def _analysis(report: Mapping[str, Any], style: Style) -> list[str]:
    analysis, cut = report["analysis"], report["cut"]
    lines = [style.heading.format("Analysis"), ""]
    for sentence in analysis["sentences"]:
        numbers = style.safe("".join(f"[{number}]" for number in sentence["citations"]))
        lines.append(f"{style.safe(sentence['text'])} {numbers}")
    if not report["findings"]:
        return [*lines, "Nothing in this window supports an answer."]
    note = _STATES[analysis["state"]].format(failure=style.safe(_line(analysis["failure"] or "")))
    if analysis["state"] == "composed":
        reasons = "; ".join(f"{count}: {reason}" for reason, count in cut["reasons"].items())
        note = f"The model wrote {counted(cut['written'], 'sentence')}; cut: {cut['cut']}" + (
            f" ({reasons})." if reasons else "."
        )
        if not analysis["sentences"]:
            note += " The findings stand alone."
    return [*lines, *([""] if analysis["sentences"] else []), note]


def _gaps(report: Mapping[str, Any], style: Style) -> list[str]:
    if not report["gaps"]:
        return []
    lines = [style.heading.format("Gaps"), "", "Nothing in this window answers:", ""]
    return [*lines, *(f"{style.bullet}{style.safe(gap['query'])}" for gap in report["gaps"])]


def _findings(report: Mapping[str, Any], style: Style) -> list[str]:
    if not report["findings"]:
        return []
    lines = [style.heading.format("Findings")]
    for finding in report["findings"]:
        source = finding["source"]
        edge = "; on an edge day of the window, its clock unknown" if finding["on_window_edge"] else ""
        number = style.safe(f"[{finding['id']}]")
        lines += ["", f"{number} {_dating(finding)}{edge}: {style.safe(_name(source))}"]
        for quote in finding["quotes"]:
            lines += ["", *(f"{style.quote}{style.safe(line)}".rstrip() for line in quote["text"].split("\n"))]
            place = f"{quote['document_id']}:{quote['start']}-{quote['end']}"
            lines += ["", f"{style.safe(place)} sha256 {quote['sha256'][:16]} {style.safe(_line(source['path']))}"]
    return lines


def _coverage(report: Mapping[str, Any], style: Style) -> list[str]:
    counts = report["coverage"]
    span = f", dated {counts['first']} to {counts['last']}" if counts["first"] else ""
    return [
        style.heading.format("Coverage"),
        "",
        f"The archive holds {counted(counts['documents'], 'document')}{span}. "
        f"Inside the window: {counts['inside']} ({counted(counts['inside_passages'], 'passage')}). "
        f"Left out: {counts['outside']} outside the window, "
        f"{counts['undated']} undated, {counts['below_grade']} whose date is only a guess, "
        f"{counts['unreadable']} that could not be read{_by_count(counts['failures'])}.",
        *_shortcomings(counts),
    ]


def _shortcomings(counts: Mapping[str, Any]) -> list[str]:
    """What is inside the window and yet not wholly searched."""
    lines = []
    if counts["partial"]:
        total = sum(counts["partial"].values())
        lines.append(f"Held in part, of those inside: {total}{_by_count(counts['partial'])}.")
    if counts["unserved"]:
        total = sum(counts["unserved"].values())
        lines.append(
            f"In languages that the embedder does not serve, of those inside: {total}"
            f"{_by_count(counts['unserved'])}. Their words find them; what it finds near them is chance."
        )
    return ["", *lines] if lines else []


def _by_count(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f" ({', '.join(f'{count} {name}' for name, count in ordered)})" if ordered else ""


def _line(text: str) -> str:
    return " ".join(text.split())
