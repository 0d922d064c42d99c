"""The forms that a report is written in, each from the one object."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from evidence.views.html import render_html
from evidence.views.lines import render_markdown, render_text


def render_json(report: Mapping[str, Any]) -> str:
    """The object itself."""
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


FORMS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "text": render_text,
    "md": render_markdown,
    "json": render_json,
    "html": render_html,
}
SUFFIXES = {".md": "md", ".json": "json", ".txt": "text", ".html": "html", ".htm": "html"}
