"""A report's JSON object to one HTML file that loads nothing: no script, no image, no font, no foreign address.

Jinja2 escapes every value. The page's policy allows its own style sheet by digest and nothing else, so that even
markup that slipped through could not run, load or send anything.
"""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from evidence.views import phrases
from evidence.views.printable import counted, one_line, printable, web_address
from evidence.views.timeline import draw_timeline

Report = Mapping[str, Any]
_ROOM = "evidence.views"
# Parts that a report may be without: they were not asked for.
_PARTS = dict.fromkeys(("key_findings", "contradictions"))
_JUDGED = dict.fromkeys(("about", "impact", "consensus"))


def render_html(report: Report) -> str:
    """The report as one HTML file."""
    style = _read("report.css")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters |= {"web": web_address, "line": one_line}
    environment.globals |= {"say": phrases, "counted": counted}
    return environment.from_string(_read("report.html.j2")).render(
        report=_harmless(_opened(report)),
        timeline=draw_timeline(_harmless(report)),
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{_digest(style)}'; base-uri 'none'; form-action 'none'",
    )


def _read(name: str) -> str:
    return (files(_ROOM) / name).read_text(encoding="utf-8")


def _digest(style: str) -> str:
    """As Content Security Policy Level 3 names an inline style."""
    return b64encode(sha256(style.encode()).digest()).decode()


def _opened(report: Report) -> dict[str, Any]:
    """The report with all keys that it may have, and each quote's context cut at the quote.

    Cut before it is made harmless, for that moves offsets.
    """
    findings = [
        {**_JUDGED, **finding, "quotes": [_cut(q) for q in finding["quotes"]]} for finding in report["findings"]
    ]
    return {**_PARTS, **report, "findings": findings}


def _cut(quote: Report) -> dict[str, Any]:
    context = quote["context"]
    before, after = quote["start"] - context["start"], quote["end"] - context["start"]
    return {**quote, "before": context["text"][:before], "after": context["text"][after:]}


def _harmless(value: Any) -> Any:
    """Without controls, direction marks and characters that nobody sees; the rest is for the escaping."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _harmless(inner) for key, inner in value.items()}
    return [_harmless(inner) for inner in value] if isinstance(value, list) else value
