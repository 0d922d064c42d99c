"""What the parts of a report's JSON object say in words, the same in every form. Pure.

Nothing is made harmless here: each form does that in its own way. A part that an earlier version of the program
did not compute is absent from its reports; then nothing is said of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.views.printable import by_count, counted, one_line

Part = Mapping[str, Any]

_STATES = {
    "extractive": "No model was asked: the findings stand alone.",
    "interrupted": "The run was interrupted while the model worked; for all else the findings stand alone.",
    "model-failed": "The model failed ({failure}); the findings stand alone.",
}
_FROM = {"given": "as given", "question": "named in the question"}
_VERDICTS = {"partly": "borne out in part"}
_NAMED_IN = {
    "quote": "named in the quote",
    "title": "the quote does not name it, the title does",
    "section": "the quote does not name it, the section's heading does",
    "filer": "the quote does not name it, it is the filer",
}
# Flags of a document that a reader of its quotes must know; the others, say how it was read.
_FLAGS = {
    "instructions": "the page carries instructions, as an attack on a model would; judge it with care",
    "invisible-characters": "the text holds characters that nobody sees",
    "dates-disagree": "the page's own dates disagree",
    "dated-after-capture": "the page is dated after it was captured",
    "ocr-layer": "the text was recognised from a picture of the page",
}
CONTRADICTION_CLASSES = {
    "disagreement": "Disagreement",
    "superseded": "Superseded by a later statement",
    "period": "Different periods, no contradiction",
    "unit": "Different units, no contradiction",
    "scope": "Different scope, no contradiction",
    "opinion": "Difference of opinion",
}
THE_ARCHIVES_OWN = "Consensus here is within this archive, not the market's."


def headed(report: Part) -> list[str]:
    """The lines under the title: window, subject, lens, filters, and how the report was made."""
    lines = [f"Window: {window_line(report['window'])}"]
    if subject := report.get("subject"):
        ticker = f" ({subject['ticker']})" if subject["ticker"] else ""
        lines.append(f"Subject: {subject['name']}{ticker}, {_FROM[subject['from']]}")
    if lens := report.get("lens"):
        lines.append(f"Lens: {lens['name']}, version {lens['version']}. {lens['objective']}")
    if filters := report.get("filters"):
        lines.append(f"Only documents of: {'; '.join(f'{name} {value}' for name, value in filters.items())}")
    lines.append(made_line(report))
    if run := report.get("run"):
        lines.append(run_line(run))
    return [one_line(line) for line in lines]


def made_line(report: Part) -> str:
    """When, from which snapshot and by which models."""
    models = report["models"]
    named = [
        f"{role} {model['name'] if model else 'none'}"
        for role, model in models.items()
        if model or role == "generator"
    ]
    parts = [f"snapshot {report['snapshot']}", f"seed {report['seed']}", *named]
    return f"Generated: {report['generated_at']}; {'; '.join(parts)}"


def run_line(run: Part) -> str:
    """Where the answer is recorded; the head is there to be remembered."""
    return f"Run: {run['id']}; head of the run log {run['head']}"


def window_line(window: Part) -> str:
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


def query_lines(report: Part) -> list[str]:
    """Each query with what it found."""
    queries, plan = report["search_queries"], report.get("plan", [])
    if len(plan) != len(queries):
        return list(queries)
    return [
        f"{query} ({part['inside']} inside the window; {part['outside']} of the best of any date outside)"
        for query, part in zip(queries, plan, strict=True)
    ]


def unplanned_line(names: Sequence[str]) -> str:
    """Which names of a list the plan had no room for."""
    return f"The plan was full; no query of their own have: {', '.join(map(one_line, names))}."


def source_name(source: Part) -> str:
    """Publisher and title, or the file when it states neither."""
    parts = [one_line(part) for part in (source["publisher"], source["title"]) if part]
    return " - ".join(parts) or one_line(source["path"])


def dating(source: Part) -> str:
    """When it was published, by which evidence, how far that is trusted, and whether it was modified."""
    published, dated = source["published"], source["dated"]
    shown = f"{day(published)} ({published['basis']}, grade {published['grade']})"
    return shown if dated == published else f"{shown}, modified {day(dated)} (grade {dated['grade']})"


def day(row: Part) -> str:
    """A dating as narrow as it is known: the second, or its days."""
    return str(row["earliest"]) if row["precision"] == "second" else day_span(row)


def day_span(row: Part) -> str:
    """The day of a dating in JSON; of one that is longer, its first and its last."""
    first, last = row["earliest"][:10], row["latest"][:10]
    return str(first) if first == last else f"{first} to {last}"


def cited(numbers: Sequence[str]) -> str:
    """Finding ids as citations: [1][4]."""
    return "".join(f"[{number}]" for number in numbers)


def verdict(sentence: Part) -> str:
    """How far a sentence of the model is borne out, where that is worth a word."""
    said = _VERDICTS.get(sentence.get("verdict", ""))
    return f"({said})" if said else ""


def analysis_note(report: Part) -> str:
    """Who wrote the analysis, and how much of it was cut."""
    analysis, cut = report["analysis"], report["cut"]
    if not report["findings"]:
        return "Nothing in this window supports an answer."
    if analysis["state"] != "composed":
        return _STATES[analysis["state"]].format(failure=one_line(analysis["failure"] or ""))
    reasons = "; ".join(f"{count}: {reason}" for reason, count in cut["reasons"].items())
    note = f"The model wrote {counted(cut['written'], 'sentence')}; cut: {cut['cut']}"
    note += f" ({reasons})." if reasons else "."
    return note if analysis["sentences"] else f"{note} The findings stand alone."


def contradictions_line(part: Part) -> str:
    """How many pairs of claims were compared, and whether any differ."""
    compared = f"{counted(part['compared'], 'pair')} of claims compared"
    return f"{compared}." if part["pairs"] else f"None found; {compared}."


def pair_line(pair: Part) -> str:
    """Two claims that differ, side by side, with where each stands."""
    period = f", {pair['period']}" if pair["period"] else ""
    claims = " against ".join(
        f"{pair[side]['value']} {cited([pair[side]['finding']])}" for side in ("first", "second")
    )
    named = CONTRADICTION_CLASSES[pair["class"]]
    return one_line(f"{named}: {pair['subject']}, {pair['measure']}{period}: {claims}. {pair['note']}")


def gap_lines(gap: Part) -> list[str]:
    """What came near to filling a gap, and what the archive lacks for it."""
    missed = [f"near miss, no evidence: {near_miss(row)}" for row in gap.get("near_misses", ())]
    return [*missed, *gap.get("lacks", ())]


def near_miss(row: Part) -> str:
    """A document that would have answered, and why it may not."""
    dated = f", {day(row['dated'])} (grade {row['dated']['grade']})" if row["dated"] else ""
    return f"{source_name(row['document'])}{dated}: {row['reason']}; relevance {row['relevance']:.2f}"


def finding_notes(finding: Part) -> list[str]:
    """What was judged of a finding: whom it is about, its impact, its consensus, and warnings."""
    notes = []
    if about := finding.get("about"):
        notes.append(about_line(about))
    if impact := finding.get("impact"):
        notes.append(f"Impact: {impact['level']}{mechanism(impact)}. {impact['rationale']}")
    if consensus := finding.get("consensus"):
        notes.append(f"Consensus check: {consensus_label(consensus)} ({consensus_counts(consensus)}).")
    notes += [f"Note: {said}." for said in flag_notes(finding)]
    return [one_line(note) for note in notes]


def mechanism(impact: Part) -> str:
    """By what it reaches a result, where it names anything."""
    return f", by {impact['mechanism']}" if impact["mechanism"] != "none" else ""


def about_line(about: Part) -> str:
    """Whom a quote that names nobody is about, and how that is known."""
    return f"About {about['name']}: {_NAMED_IN[about['from']]}."


def flag_notes(part: Part) -> list[str]:
    """Warnings about a finding's page or a source."""
    return [_FLAGS[flag] for flag in part.get("flags", ()) if flag in _FLAGS]


def consensus_label(consensus: Part) -> str:
    """The label with what it needs to be read alone."""
    if consensus["label"] == "known" and consensus["known_since"]:
        return f"known since {consensus['known_since']}"
    return "unknown (thin archive)" if consensus["label"] == "unknown" else str(consensus["label"])


def consensus_counts(consensus: Part) -> str:
    """The counts that the label was computed from."""
    parts = [counted(consensus["independent_publishers"], "independent publisher")]
    if consensus["first_seen"]:
        parts.append(f"first seen {consensus['first_seen']}")
    parts.append(f"{counted(consensus['mentions_before'], 'mention')} before the window")
    parts.append("told by a filing, release or call" if consensus["primary"] else "by no filing, release or call")
    return "; ".join(parts)


def edge_note(finding: Part) -> str:
    """That the finding lies on a day of which the window may hold a part only."""
    return "; on an edge day of the window, its clock unknown" if finding["on_window_edge"] else ""


def quote_place(quote: Part) -> str:
    """The id by which `evidence show` prints the quote in its document."""
    return f"{quote['document_id']}:{quote['start']}-{quote['end']}"


def coverage_lines(report: Part) -> list[str]:
    """What the window holds and leaves out, and what is inside and yet not wholly searched."""
    counts = report["coverage"]
    span = f", dated {counts['first']} to {counts['last']}" if counts["first"] else ""
    lines = [
        f"The archive holds {counted(counts['documents'], 'document')}{span}. "
        f"Inside the window: {counts['inside']} ({counted(counts['inside_passages'], 'passage')}). "
        f"Left out: {counts['outside']} outside the window, "
        f"{counts['undated']} undated, {counts['below_grade']} whose date is only a guess, "
        f"{counts['unreadable']} that could not be read{by_count(counts['failures'])}."
    ]
    if counts["partial"]:
        total = sum(counts["partial"].values())
        lines.append(f"Held in part, of those inside: {total}{by_count(counts['partial'])}.")
    if counts["unserved"]:
        total = sum(counts["unserved"].values())
        lines.append(
            f"In languages that the embedder does not serve, of those inside: {total}"
            f"{by_count(counts['unserved'])}. Their words find them; what it finds near them is chance."
        )
    return lines


def seal_line(report: Part) -> str:
    """What stands over the whole report."""
    return f"Sealed with sha256 {report['sha256']}."
