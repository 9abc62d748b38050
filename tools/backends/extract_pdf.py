"""PDF to marked-up text: a program of its own, run in a worker process.

    python -I extract_pdf.py FILE PAGES    prints {"status": …, "text": …}

Headings come out as `#`, list entries as `-`, tables with `|`: a PDF knows none of
these, they are seen in sizes and positions. It imports nothing of the house, so that
the worker starts in a tenth of a second.
"""

import json
import re
import resource
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import c_double
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from typing import Protocol, cast

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]
import pypdfium2.raw as pdfium  # pyright: ignore[reportMissingTypeStubs]

MEMORY_BYTES = 2 * 1024**3
_HYPHENS = {0x02: "-", 0xFFFE: "-"}  # what stands for one at the end of a line
_BULLET = re.compile(r"^[•●◦▪‣·–*-]\s+")


@dataclass(frozen=True)
class Cell:
    """A run of text on one line, without a gap."""

    left: float
    right: float
    text: str


@dataclass(frozen=True)
class Line:
    """What stands at one height of a page, left to right."""

    cells: tuple[Cell, ...]
    bottom: float
    size: float

    @property
    def left(self) -> float:
        return self.cells[0].left

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)


@dataclass(frozen=True)
class Letter:
    """One character where it stands; `bottom` is the line it is written on."""

    left: float
    right: float
    bottom: float
    size: float
    text: str


class _TextPage(Protocol):
    """What is used of pypdfium2's text page, which comes without types."""

    def count_chars(self) -> int: ...


def extract(path: Path, pages: int) -> dict[str, str]:
    """Status `ok` with the text, or `corrupt`, `encrypted`, `empty_scan`, `too_big`."""
    try:
        document = pypdfium2.PdfDocument(path)
        if len(document) > pages:
            return {"status": "too_big"}
        lines = [_page_lines(document[number]) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        return {"status": "encrypted" if locked else "corrupt"}
    text = "\n".join(_marked_up(lines))
    return {"status": "ok", "text": text} if text.strip() else {"status": "empty_scan"}


def _page_lines(page: pypdfium2.PdfPage) -> list[Line]:
    read = cast("_TextPage", page.get_textpage())
    runs = [_run(letters) for letters in _runs(read)]
    return [_line(row) for row in _rows([run for run in runs if run[2].text])]


def _runs(read: _TextPage) -> Iterator[list[Letter | None]]:
    """Letters of one line that no gap parts; None where words part.

    Word processors draw whole lines, browsers each letter by itself, without its
    spaces: only the letters are alike in both.
    """
    run: list[Letter | None] = []
    last: Letter | None = None
    for number in range(read.count_chars()):
        if (letter := _letter(read, number)) is None:
            run.append(None)
            continue
        if last and not _adjoins(last, letter):
            yield run
            run = []
        run.append(letter)
        last = letter
    yield run


def _letter(read: _TextPage, number: int) -> Letter | None:
    """None is a space that nobody wrote."""
    if pdfium.FPDFText_IsGenerated(read, number) == 1:
        return None
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = c_double(), c_double()
    pdfium.FPDFText_GetLooseCharBox(read, number, box)
    pdfium.FPDFText_GetMatrix(read, number, matrix)
    pdfium.FPDFText_GetCharOrigin(read, number, x, y)
    size = float(pdfium.FPDFText_GetFontSize(read, number))
    text = _HYPHENS.get(code := int(pdfium.FPDFText_GetUnicode(read, number)))
    return Letter(
        left=float(box.left),
        right=float(box.right),
        bottom=y.value,
        size=(size * hypot(matrix.c, matrix.d)) or 1.0,
        text=text or chr(code),
    )


def _adjoins(last: Letter, letter: Letter) -> bool:
    is_level = abs(last.bottom - letter.bottom) < 0.5 * last.size
    return is_level and -last.size < letter.left - last.right < 0.9 * last.size


def _run(letters: Sequence[Letter | None]) -> tuple[float, float, Cell]:
    """Bottom, size and text of a run."""
    there = [letter for letter in letters if letter]
    if not there:
        return 0.0, 0.0, Cell(0.0, 0.0, "")
    written = "".join(letter.text if letter else " " for letter in letters)
    # A character beyond 16 bits comes in two halves.
    whole = written.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    cell = Cell(there[0].left, there[-1].right, " ".join(whole.split()))
    sizes = Counter(letter.size for letter in there)
    return there[0].bottom, sizes.most_common(1)[0][0], cell


def _rows(
    runs: Sequence[tuple[float, float, Cell]],
) -> Iterator[list[tuple[float, float, Cell]]]:
    row: list[tuple[float, float, Cell]] = []
    for run in sorted(runs, key=lambda run: -run[0]):
        if row and row[0][0] - run[0] > 0.5 * run[1]:
            yield row
            row = []
        row.append(run)
    if row:
        yield row


def _line(row: Sequence[tuple[float, float, Cell]]) -> Line:
    size = max(size for _, size, _ in row)
    cells: list[Cell] = []
    for _, _, cell in sorted(row, key=lambda run: run[2].left):
        if cells and cell.left - cells[-1].right < 0.9 * size:
            before = cells.pop()
            gap = " " if cell.left - before.right > 0.1 * size else ""
            cell = Cell(before.left, cell.right, f"{before.text}{gap}{cell.text}")
        cells.append(cell)
    return Line(tuple(cells), row[0][0], round(size, 1))


def _marked_up(pages: Sequence[Sequence[Line]]) -> Iterator[str]:
    lines = [line for page in pages for line in page]
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    body = letters.most_common(1)[0][0] if letters else 0.0
    title = max((line.size for line in lines), default=0.0)
    for page in pages:
        for block in _blocks(page):
            yield ""
            if len(block) > 1 and len(block[0].cells) > 1:
                yield from _table(block)
            elif block[0].size > 1.15 * body:
                mark = "#" if block[0].size == title else "##"
                yield f"\n{mark} {' '.join(line.text for line in block)}\n"
            else:
                yield from (_BULLET.sub("- ", line.text) for line in block)


def _blocks(page: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that belong together: the rows of a table, or a piece of running text."""
    block: list[Line] = []
    for line in page:
        if block and not _continues(block, line):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _continues(block: Sequence[Line], line: Line) -> bool:
    before = block[-1]
    gap = before.bottom - line.bottom
    if line.size != before.size or gap > 3 * line.size:
        return False
    if len(block[0].cells) == 1:
        return len(line.cells) == 1 and gap < 1.75 * line.size
    second_column = block[0].cells[1].left - 5
    if len(line.cells) > 1 or line.left >= second_column:
        return True
    # A single cell in the first column: a long label that goes on, or what follows.
    return gap < 1.3 * line.size


def _table(block: Sequence[Line]) -> Iterator[str]:
    lefts = [cell.left for cell in block[0].cells]
    pitch = 1.3 * block[0].size
    rows: list[list[str]] = []
    for number, line in enumerate(block):
        cells = [""] * len(lefts)
        for place, cell in enumerate(line.cells):
            is_full = len(line.cells) == len(lefts)
            column = place if is_full else _column(cell, lefts)
            cells[column] = f"{cells[column]} {cell.text}".strip()
        is_wrapped = number > 0 and (
            not cells[0] or block[number - 1].bottom - line.bottom < pitch
        )
        if is_wrapped:
            rows[-1] = [
                f"{a} {b}".strip() for a, b in zip(rows[-1], cells, strict=True)
            ]
        else:
            rows.append(cells)
    for number, row in enumerate(rows):
        yield f"| {' | '.join(text.replace('|', '/') for text in row)} |"
        if number == 0:
            yield f"|{' --- |' * len(lefts)}"


def _column(cell: Cell, lefts: Sequence[float]) -> int:
    started = [index for index, left in enumerate(lefts) if cell.left >= left - 8]
    return started[-1] if started else 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    sys.stdout.write(json.dumps(extract(Path(sys.argv[1]), int(sys.argv[2]))))
