"""What was found, a numbered line each: a title, a claim or the quote itself, and what it rests on. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.generator.copying import split_quote
from evidence.generator.values import Finding, Sentence

# Characters of a title that is made from a quote: a headline's.
MAX_TITLE = 80


def key_findings(findings: Sequence[Finding], claims: Mapping[int, Sentence]) -> list[dict[str, Any]]:
    """The contract's `key_findings`, in the order of the findings; a finding without a claim speaks for itself."""
    return [_key_finding(finding, claims.get(finding.number)) for finding in findings]


def _key_finding(finding: Finding, claim: Sentence | None) -> dict[str, Any]:
    headline = " ".join((finding.document.title or "").split())
    first = split_quote(finding.quotes[0].text)[0]
    return {
        "title": headline or _opening(first),
        "title_from": "headline" if headline else "quote",
        "text": claim.text if claim else first,
        "text_from": "model" if claim else "quote",
        "citations": [str(number) for number in (claim.citations if claim else (finding.number,))],
    }


def _opening(sentence: str) -> str:
    """Its first words, as many as a title holds."""
    words = sentence.split()
    while len(words) > 1 and len(" ".join(words)) > MAX_TITLE:
        words.pop()
    return " ".join(words)
