"""Marked-up or plain text, seen as headings, paragraphs, lists and tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_UNDERLINE = re.compile(r"^(=+|-{3,})\s*$")
_ENTRY = re.compile(r"^\s*([-*+•–]|\d{1,2}[.)]|[a-z]\))\s+(.*)$")
_RULE = re.compile(r"^\s*([-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"^[\s|:+=-]+$")
_KEY_VALUE = re.compile(r"^[^:]{2,45}[^:\s]\s*:\s+\S")
_BOLD_LINE = re.compile(r"^(\*\*|__)([^*_]{2,80})\1:?$")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|\*|___|__|(?<!\w)_|_(?!\w)|`+)")
LONG_LINE = 60  # a line this long was broken by the editor, not by the author


@dataclass(frozen=True, kw_only=True)
class Block:
    """One part of a document; `rows` of a table begin with its column names."""

    kind: Literal["heading", "text", "list", "table"]
    text: str = ""
    level: int = 0
    entries: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def parse(text: str) -> list[Block]:
    """The blocks of a text, in order. Never fails: what is unclear is a paragraph."""
    lines = _without_comments(text).splitlines()
    # One mark is the title; the author may still have left the headings bare.
    has_marks = sum(bool(_HEADING.match(line)) for line in lines) > 1
    blocks: list[Block] = []
    for chunk in _chunks(lines):
        for block in _understood(chunk, has_marks=has_marks):
            if block.kind == "list" and blocks and blocks[-1].kind == "list":
                block = replace(block, entries=blocks.pop().entries + block.entries)
            blocks.append(block)
    return blocks if has_marks else list(_with_plain_headings(blocks))


def plain(text: str) -> str:
    """Text without Markdown marks; a link keeps its address."""
    text = _LINK.sub(_link, text)
    return " ".join(_EMPHASIS.sub("", text.replace("\\", "")).split())


def _link(found: re.Match[str]) -> str:
    label, address = found[1], found[2]
    if found[0].startswith("!") or not address.startswith("http"):
        return label
    return f"{label} ({address})" if label and label != address else address


def _without_comments(text: str) -> str:
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    return re.sub(r"\A﻿?---\n.*?\n---\n", "", text, flags=re.S)


def _chunks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of lines between blank ones; a heading stands alone, a list holds."""
    chunk: list[str] = []
    for line in lines:
        if _HEADING.match(line) or _begins(line, chunk):
            yield chunk
            chunk = []
        if line.strip() and not (_RULE.match(line) and not _UNDERLINE.match(line)):
            chunk.append(line.rstrip())
        elif chunk:
            yield chunk
            chunk = []
        if chunk and _HEADING.match(line):
            yield chunk
            chunk = []
    yield chunk


def _begins(line: str, chunk: Sequence[str]) -> bool:
    """Whether a table or a list starts here, right under a line of text."""
    if not chunk:
        return False
    is_row, was_row = line.startswith("|"), chunk[-1].startswith("|")
    is_first_entry = bool(_ENTRY.match(line)) and not _ENTRY.match(chunk[0])
    return is_row != was_row or is_first_entry


def _understood(chunk: list[str], *, has_marks: bool) -> Iterator[Block]:
    if not chunk:
        return
    if heading := _HEADING.match(chunk[0]):
        yield Block(kind="heading", text=plain(heading[2]), level=len(heading[1]))
    elif len(chunk) == 2 and _UNDERLINE.match(chunk[1]) and not has_marks:
        level = 1 if chunk[1].startswith("=") else 2
        yield Block(kind="heading", text=plain(chunk[0]), level=level)
    elif bold := _BOLD_LINE.match(chunk[0].strip()):
        yield Block(kind="heading", text=plain(bold[2]), level=6)
        yield from _understood(chunk[1:], has_marks=has_marks)
    elif chunk[0].lstrip().startswith("|"):
        yield _table(chunk)
    elif _ENTRY.match(chunk[0]):
        yield Block(kind="list", entries=tuple(_entries(chunk)))
    elif not has_marks and _is_shouted(chunk[0]):
        yield Block(kind="heading", text=plain(chunk[0]), level=2)
        yield from _understood(chunk[1:], has_marks=has_marks)
    else:
        yield _paragraph([line for line in chunk if not _RULE.match(line)])


def _table(chunk: Sequence[str]) -> Block:
    rows: list[tuple[str, ...]] = []
    for line in chunk:
        if _TABLE_RULE.match(line):
            continue
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        rows.append(tuple(plain(cell) for cell in cells))
    return Block(kind="table", rows=tuple(rows))


def _entries(chunk: Sequence[str]) -> Iterator[str]:
    gathered: list[list[str]] = []
    for line in chunk:
        if found := _ENTRY.match(line):
            mark = f"{found[1]} " if found[1][0].isalnum() else "- "
            gathered.append([mark + found[2]])
        else:
            gathered[-1].append(line.strip())
    return (plain(_joined(lines, " · ")) for lines in gathered)


def _paragraph(lines: Sequence[str]) -> Block:
    if len(lines) > 1 and all(_KEY_VALUE.match(line.strip()) for line in lines):
        return Block(kind="list", entries=tuple(plain(line) for line in lines))
    joined = _joined([line.strip() for line in lines], "\n")
    return Block(kind="text", text="\n".join(map(plain, joined.split("\n"))))


def _joined(lines: Sequence[str], short: str) -> str:
    text, before = "", ""
    for line in lines:
        glue = " " if len(before) >= LONG_LINE else short
        text += (glue if text else "") + line
        before = line
    return text


def _is_shouted(line: str) -> bool:
    letters = [letter for letter in line if letter.isalpha()]
    return len(letters) >= 4 and len(line) <= 80 and line.upper() == line


def _with_plain_headings(blocks: Sequence[Block]) -> Iterator[Block]:
    """In a text without marks, a short line that stands alone is a heading."""
    for number, block in enumerate(blocks):
        follows = blocks[number + 1 : number + 2]
        is_title = number == 0 and block.kind == "text" and len(block.text) <= 100
        if (is_title and "\n" not in block.text) or (
            follows and follows[0].kind != "heading" and _looks_like_heading(block)
        ):
            yield Block(kind="heading", text=block.text, level=1 if is_title else 2)
        else:
            yield block


def _looks_like_heading(block: Block) -> bool:
    text = block.text
    return (
        block.kind == "text"
        and "\n" not in text
        and 2 <= len(text) <= 60
        and text[0].isupper()
        and text[-1] not in ".,;:!?…"
        and " : " not in text
    )
