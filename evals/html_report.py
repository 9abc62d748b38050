"""A run as one HTML file: every conversation, its tools and what was wrong."""

import json
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from memory.records import ToolCall

from .results import Results

TEMPLATE = Path(__file__).parent / "report.html.jinja"


def to_html(results: Results, *, known: Mapping[str, str] | None = None) -> str:
    """One page that needs nothing else: no script, no font, no network."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["arguments"] = _arguments
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    return template.render(results=results, known=known or {})


def _arguments(call: ToolCall) -> str:
    return ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in call.arguments.items()
    )
