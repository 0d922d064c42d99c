"""What was found, a numbered line each: a title, a claim or the quote itself, and what it rests on. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.generator.reading.quote_sentences import split_quote
from evidence.generator.titles import Title, choose_title, lead
from evidence.generator.values import Finding, Sentence


def key_findings(findings: Sequence[Finding], claims: Mapping[int, Sentence]) -> list[dict[str, Any]]:
    """The contract's `key_findings`, in the order of the findings; a finding without a claim speaks for itself.

    A headline is the title of the first finding that it is about, and of no other.
    """
    rows: list[dict[str, Any]] = []
    for finding in findings:
        title = choose_title(finding.text, finding.document.title)
        if any(row["title"] == title.text for row in rows):
            title = choose_title(finding.text, None)
        rows.append(_key_finding(finding, title, claims.get(finding.number)))
    return rows


def _key_finding(finding: Finding, title: Title, claim: Sentence | None) -> dict[str, Any]:
    said = lead(split_quote(finding.quotes[0].text))
    return {
        "title": title.text,
        "title_from": title.origin,
        "text": claim.text if claim else said,
        "text_from": "model" if claim else "quote",
        "citations": [str(number) for number in (claim.citations if claim else (finding.number,))],
    }
