"""A quote's text to its sentences. Pure.

The archive's own splitter takes minutes on hostile text and works where documents are read; a quote is short, and
where the ends of its sentences are in doubt they stay together.
"""

import re

# A sentence ends here, unless the word before it is one of those that are written with a full stop.
_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“(]*[A-Z0-9])|\n\s*\n\s*|(?<![,;])\n(?=[A-Z])")
_STOPPED = re.compile(
    r"(?:^|\W)(?:[A-Z]|Mr|Mrs|Ms|Dr|Inc|Corp|Ltd|Co|No|St|Jr|Sr|Prof|Gen|Sen|Rep|Gov|vs|approx|Fig|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
# A line of fewer characters in front of a capital is a heading; a longer one is wrapped.
_HEADING = 40


def split_quote(text: str) -> list[str]:
    """Its sentences, by their full stops and headings, in order."""
    sentences: list[str] = []
    at = 0
    for end in _END.finditer(text):
        before = text[at : end.start()]
        wrapped = end[0] == "\n" and before[-1:] not in ".!?" and len(before.rsplit("\n", 1)[-1]) >= _HEADING
        if not wrapped and (end[0].count("\n") > 1 or not _STOPPED.search(before)):
            sentences.append(text[at : end.end()].strip())
            at = end.end()
    return [sentence for sentence in (*sentences, text[at:].strip()) if sentence]
