"""A document cut into the pieces that may answer a question."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Literal

from .blocks import Block, parse
from .written_dates import is_note, update_date

FIRST_LINES = 40  # where a document says of which day it is
MAX_CHARS = 700  # a longer paragraph is cut between sentences
MAX_ROWS = 12  # a longer table or list is also cut into pieces of this size
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Ý«\"])")
_KEY = re.compile(r"^(?:-|\d+[.)]|[a-z]\))?\s*[^:]{2,60}\s:\s|·")

_AMOUNT = re.compile(r"\d[\d  .,]*(?:F|FCFA|F CFA|€)?")  # names no column

Kind = Literal["text", "whole", "row", "entry"]


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document that could be read."""

    title: str
    source: str
    updated: date | None
    blocks: Sequence[Block] = field(repr=False)
    link: str | None = None


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A passage before it is ranked.

    A table or list is there twice: as a `whole`, and as `part`s (rows, entries) of
    the same `group`.
    """

    document: Document
    heading: str | None
    text: str  # as shown
    body: str  # its own words, without column names
    labels: str = ""  # column names, the line that leads in
    kind: Kind = "text"
    group: int | None = None
    is_first: bool = False  # right under its heading: the heading speaks of it

    @property
    def context(self) -> str:
        """The piece with what is needed to understand it: for an embedding."""
        return " > ".join(filter(None, (self.document.title, self.heading, self.text)))


def read_document(
    text: str,
    *,
    source: str,
    name: str,
    link: str | None = None,
    changed_on: date | None = None,
) -> Document:
    """A document with its title and date.

    `name` is the title of one that has none, `changed_on` the date of one that does
    not say it.
    """
    lines = text.splitlines()
    notes = [line for line in lines[:FIRST_LINES] if is_note(line)]
    updated = next(filter(None, map(update_date, notes)), None)
    blocks = parse("\n".join(line for line in lines if line not in notes))
    title = name
    if blocks and blocks[0].kind == "heading":
        title, blocks = blocks[0].text, blocks[1:]
    return Document(
        title=title,
        source=source,
        updated=updated or changed_on,
        blocks=blocks,
        link=link,
    )


def cut(document: Document) -> list[Piece]:
    """The pieces of a document, in its order."""
    pieces: list[Piece] = []
    groups = count()
    path: list[tuple[int, str]] = []
    is_first = True
    for block, lead in _led(document.blocks):
        if block.kind == "heading":
            path = [*((n, t) for n, t in path if n < block.level)]
            path.append((block.level, block.text))
            is_first = True
            continue
        heading = " › ".join(text for _, text in path) or None
        blank = Piece(
            document=document, heading=heading, text="", body="", is_first=is_first
        )
        if block.kind == "text":
            pieces.extend(_paragraph(blank, block.text))
        else:
            pieces.extend(_grouped(blank, block, lead=lead, groups=groups))
        is_first = False
    return pieces


def _led(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Each block, with the line ending in ":" that leads a list or table in."""
    lead: Block | None = None
    for block in blocks:
        is_led = lead is not None and block.kind in ("list", "table")
        if lead and not is_led:
            yield lead, ""
        led_by, lead = (lead.text if lead and is_led else ""), None
        if block.kind == "text" and block.text.endswith(":"):
            lead = block
        else:
            yield block, led_by
    if lead:
        yield lead, ""


def _paragraph(blank: Piece, text: str) -> Iterator[Piece]:
    part = ""
    for sentence in _SENTENCE_END.split(text):
        if part and len(part) + len(sentence) > MAX_CHARS:
            yield replace(blank, text=part, body=part)
            part = ""
        part = f"{part} {sentence}".strip()
    if part:
        yield replace(blank, text=part, body=part)


def _grouped(
    blank: Piece, block: Block, *, lead: str, groups: "count[int]"
) -> Iterator[Piece]:
    is_table = block.kind == "table"
    parts = list(_rows(blank, block.rows) if is_table else _entries(blank, block))
    parts = [replace(part, labels=f"{part.labels} {lead}".strip()) for part in parts]
    has_parts = is_table or any(_KEY.search(part.text) for part in parts)
    for start in range(0, len(parts), MAX_ROWS):
        some = parts[start : start + MAX_ROWS]
        group = next(groups)
        lines = [lead, *(part.text for part in some)]
        yield replace(
            blank,
            text="\n".join(filter(None, lines)),
            body="\n".join([lead, *(part.body for part in some)]),
            labels=some[0].labels,
            kind="whole",
            group=group,
        )
        if has_parts and len(some) > 1:
            yield from (replace(part, group=group) for part in some)


def _entries(blank: Piece, block: Block) -> Iterator[Piece]:
    for entry in block.entries:
        yield replace(blank, text=entry, body=entry, kind="entry")


def _rows(blank: Piece, rows: Sequence[Sequence[str]]) -> Iterator[Piece]:
    is_headed = len(rows) > 1 and not any(map(_AMOUNT.fullmatch, rows[0]))
    names, *lines = rows if is_headed else ((), *rows)
    labels = " ".join(filter(None, names))
    for cells in lines:
        named = [
            f"{name} : {cell}" if name else cell
            for name, cell in zip(_padded(names, len(cells)), cells, strict=False)
            if cell
        ]
        text, body = " · ".join(named), " · ".join(filter(None, cells))
        if body:
            yield replace(blank, text=text, body=body, labels=labels, kind="row")


def _padded(names: Sequence[str], size: int) -> list[str]:
    return [*names, *[""] * (size - len(names))]
