"""How WhatsApp writes bold and links (its help centre, "How to format messages")."""

import re

from .light_markdown import Span, spans

_EDGES = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


def to_whatsapp(markdown: str) -> str:
    """Light Markdown in the marks of WhatsApp, which has no hidden links."""
    return "".join(_mark(span) for span in spans(markdown))


def _mark(span: Span) -> str:
    text = _bold(span.text) if span.is_bold else span.text
    if span.url is None or span.url == span.text:
        return text
    return f"{text} : {span.url}"


def _bold(text: str) -> str:
    # A star beside a blank is shown as a star.
    found = _EDGES.match(text)
    before, words, after = found.groups() if found else ("", text, "")
    return f"{before}*{words}*{after}" if words else text
