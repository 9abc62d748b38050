"""XLSX to marked-up text: a program of its own, run in a worker process.

    python -I extract_xlsx.py FILE         prints {"status": …, "text": …}

Each sheet is a heading `##` and tables with `|`; hidden sheets are left out, as their
author did. Cells are written as they are shown: dates, amounts with their currency.
It imports nothing of the house, so that the worker starts in a tenth of a second.
"""

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

MEMORY_BYTES = 2 * 1024**3
MAX_COLUMNS = 60  # more are a database, not something that people read
MAX_ROWS = 5000
_OLE = b"\xd0\xcf\x11\xe0"  # an encrypted workbook is no zip but an OLE file
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# What ECMA-376 gives a number without a format of its own (18.8.30).
_BUILT_IN = {
    **dict.fromkeys((1, 3), "0"),
    **dict.fromkeys((2, 4), "0.00"),
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15), "dd/mm/yyyy"),
    16: "d mmm",
    17: "mm/yyyy",
    **dict.fromkeys((18, 19, 20, 21), "h:mm"),
    22: "dd/mm/yyyy h:mm",
}
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]

Row = tuple[str, ...]


class Workbook:
    """A workbook that is open for reading."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._strings = self._shared_strings()
        self._formats = self._cell_formats()

    def sheets(self) -> Iterator[tuple[str, list[Row]]]:
        """The name and the rows of each sheet that is shown."""
        book = self._xml("xl/workbook.xml")
        places = {
            relation.get("Id"): relation.get("Target") or ""
            for relation in self._xml("xl/_rels/workbook.xml.rels")
        }
        for sheet in book.iter(f"{_NS}sheet"):
            if sheet.get("state", "visible") != "visible":
                continue
            target = places[sheet.get(_REL)].removeprefix("/xl/")
            rows = self._rows(str(PurePosixPath("xl", target)))
            yield sheet.get("name") or "", rows

    def _xml(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self._archive.read(name))

    def _optional(self, name: str) -> ElementTree.Element | None:
        return self._xml(name) if name in self._archive.namelist() else None

    def _shared_strings(self) -> list[str]:
        table = self._optional("xl/sharedStrings.xml")
        return [] if table is None else [_text(each) for each in table]

    def _cell_formats(self) -> list[str]:
        styles = self._optional("xl/styles.xml")
        if styles is None:
            return []
        own = {
            int(each.get("numFmtId", "0")): each.get("formatCode", "")
            for each in styles.iter(f"{_NS}numFmt")
        }
        known = {**_BUILT_IN, **own}
        cells = styles.find(f"{_NS}cellXfs")
        return [known.get(int(x.get("numFmtId", "0")), "") for x in cells or ()]

    def _rows(self, name: str) -> list[Row]:
        rows: list[Row] = []
        for row in self._xml(name).iter(f"{_NS}row"):
            if row.get("hidden") in ("1", "true"):
                continue
            cells: dict[int, str] = {}
            for number, cell in enumerate(row):
                cells[_column(cell.get("r", ""), number)] = self._shown(cell)
            width = min(max(cells, default=-1) + 1, MAX_COLUMNS)
            rows.append(tuple(cells.get(column, "") for column in range(width)))
            if len(rows) == MAX_ROWS:
                break
        return rows

    def _shown(self, cell: ElementTree.Element) -> str:
        kind, value = cell.get("t", "n"), cell.findtext(f"{_NS}v") or ""
        match kind:
            case "s":
                return " ".join(self._strings[int(value)].split())
            case "inlineStr":
                return " ".join(_text(cell).split())
            case "b":
                return "oui" if value == "1" else "non"
            case "e":
                return ""
            case "n" if value:
                style = int(cell.get("s", "0"))
                code = self._formats[style] if style < len(self._formats) else ""
                return shown_number(float(value), code)
            case _:
                return " ".join(value.split())


def extract(path: Path) -> dict[str, str]:
    """Status `ok` with the text, or `corrupt`, `encrypted`, `empty_scan`."""
    if path.read_bytes()[:4] == _OLE:
        return {"status": "encrypted"}
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = list(Workbook(archive).sheets())
    except (zipfile.BadZipFile, ElementTree.ParseError, LookupError, ValueError):
        return {"status": "corrupt"}
    text = "\n".join(_lines(sheets))
    return {"status": "ok", "text": text} if text.strip() else {"status": "empty_scan"}


def shown_number(value: float, code: str) -> str:
    """A number as a cell with this format shows it."""
    code = code.split(";")[0]
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", code)
    if re.search(r"[ydhm]", bare, re.IGNORECASE):
        return _moment(value, bare.lower())
    if "%" in bare:
        return f"{_grouped(value * 100, bare)} %"
    around = re.sub(r'[^"]*"([^"]*)"|\[\$([^\]-]*)[^\]]*\]|.', r"\1\2", code).strip()
    number = _grouped(value, bare)
    return f"{number} {around}".strip()


def _grouped(value: float, bare: str) -> str:
    decimals = re.search(r"\.([0#]+)", bare)
    if "0" not in bare and "#" not in bare:
        return f"{value:.10g}"
    written = f"{value:,.{len(decimals[1]) if decimals else 0}f}"
    grouped = written.replace(",", " " if "," in bare else "")
    return grouped.replace(".", ",")


def _moment(value: float, bare: str) -> str:
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(value * 86400))  # noqa: DTZ001
    parts: list[str] = []
    if re.search(r"[yd]|m{3}", bare):
        day = f"{moment.day} " if "d" in bare else ""
        if "y" in bare and "d" in bare:
            parts.append(f"{moment:%d/%m/%Y}")
        else:
            year = f" {moment.year}" if "y" in bare else ""
            parts.append(f"{day}{_MONTHS[moment.month - 1]}{year}")
    if "h" in bare:
        parts.append(f"{moment:%H:%M}")
    return " ".join(parts) or f"{moment:%H:%M}"


def _text(element: ElementTree.Element) -> str:
    # Phonetic hints (rPh) are no text of the cell.
    hints = {t for hint in element.iter(f"{_NS}rPh") for t in hint.iter(f"{_NS}t")}
    return "".join(t.text or "" for t in element.iter(f"{_NS}t") if t not in hints)


def _column(reference: str, number: int) -> int:
    letters = re.match(r"[A-Z]+", reference)
    if not letters:
        return number
    column = 0
    for letter in letters[0]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _lines(sheets: Sequence[tuple[str, list[Row]]]) -> Iterator[str]:
    filled = [(name, rows) for name, rows in sheets if any(map(any, rows))]
    for name, rows in filled:
        if len(filled) > 1:
            yield f"\n## {name}\n"
        for part in _parts(rows):
            yield from (*_part(part), "")


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The runs of rows between empty ones."""
    part: list[Row] = []
    for row in [*rows, ()]:
        if any(row):
            part.append(row)
        elif part:
            yield part
            part = []


def _part(rows: list[Row]) -> Iterator[str]:
    """What stands alone above a table, then the table."""
    while rows and sum(map(bool, rows[0])) == 1:
        yield from (next(filter(None, rows.pop(0))), "")
    first = min((_first(row) for row in rows), default=0)
    width = max((len(row) for row in rows), default=0)
    for number, row in enumerate(rows):
        cells = [cell.replace("|", "/") for cell in [*row, *[""] * width][first:width]]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{' --- |' * len(cells)}"


def _first(row: Row) -> int:
    return next(number for number, cell in enumerate(row) if cell)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    sys.stdout.write(json.dumps(extract(Path(sys.argv[1]))))
