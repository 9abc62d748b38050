"""The little Markdown that replies may hold, read once for every dialect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^\s()<>]+)\)")


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of text of one look; `url` when it is a link."""

    text: str
    is_bold: bool = False
    url: str | None = None


def spans(markdown: str) -> Iterator[Span]:
    """The text in order, every character that is not markup included.

    Only `**bold**`, `# headings` (bold) and `[text](http…)` are markup: what a
    parent typed with a stray star or bracket stays as it is.
    """
    text = _HEADING.sub(lambda found: f"**{found[1].replace('**', '')}**", markdown)
    end = 0
    for bold in _BOLD.finditer(text):
        yield from _links(text[end : bold.start()], is_bold=False)
        yield from _links(bold[1], is_bold=True)
        end = bold.end()
    yield from _links(text[end:], is_bold=False)


def _links(text: str, *, is_bold: bool) -> Iterator[Span]:
    end = 0
    for link in _LINK.finditer(text):
        if text[end : link.start()]:
            yield Span(text=text[end : link.start()], is_bold=is_bold)
        yield Span(text=link[1], url=link[2], is_bold=is_bold)
        end = link.end()
    if text[end:]:
        yield Span(text=text[end:], is_bold=is_bold)
