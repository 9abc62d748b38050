"""Tables for the counterpart of Baserow: made in a test, from CSV, or as recorded."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.matching import normal_code


@dataclass
class StubRow:
    id: int
    cells: dict[int, Any]  # by the id of the field


@dataclass
class StubTable:
    """A table: `fields` as the API lists them."""

    id: int
    name: str
    fields: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    rows: list[StubRow] = field(default_factory=list[StubRow])

    def column(self, name: str) -> dict[str, Any]:
        return next(each for each in self.fields if each["name"] == name)

    def add(self, row_id: int, **cells: Any) -> StubRow:
        """A row, its cells by the name of the column."""
        row = StubRow(row_id, {each["id"]: _empty(each) for each in self.fields})
        for name, cell in cells.items():
            row.cells[self.column(name)["id"]] = cell
        self.rows.append(row)
        return row

    def key(self, column: Mapping[str, Any], *, by_name: bool) -> str:
        return column["name"] if by_name else f"field_{column['id']}"

    def as_listed(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "order": self.id, "database_id": 1}

    def included(self, include: str | None, *, by_name: bool) -> list[dict[str, Any]]:
        """The columns shown: all of them when none that is named is known."""
        names = (include or "").split(",")
        found = [f for f in self.fields if self.key(f, by_name=by_name) in names]
        return found or self.fields

    def as_row(
        self, row: StubRow, shown: Sequence[Mapping[str, Any]], *, by_name: bool
    ) -> dict[str, Any]:
        cells = {self.key(f, by_name=by_name): row.cells[f["id"]] for f in shown}
        return {"id": row.id, "order": f"{row.id}.00000000000000000000", **cells}


def column(number: int, name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    """A column as the API lists it, as far as it matters."""
    return {"id": number, "name": name, "type": kind, "primary": False, **more}


def link_to(number: int, name: str, table: StubTable) -> dict[str, Any]:
    """A link column; its text is the first column of the other table."""
    return column(
        number,
        name,
        "link_row",
        link_row_table_id=table.id,
        link_row_table_primary_field={"id": table.fields[0]["id"]},
    )


def linked(*ids: int, text: str = "Famille") -> list[dict[str, Any]]:
    """The cell of a link: to tell rows apart only the id is of use."""
    return [{"id": i, "value": text, "order": "1.00000000000000000000"} for i in ids]


def _empty(each: Mapping[str, Any]) -> Any:
    empty: dict[str, Any] = {"boolean": False, "link_row": [], "lookup": []}
    return empty.get(each["type"])


def from_csv(folder: Path, *, linked_owner: str | None = None) -> list[StubTable]:
    """The tables of a world as somebody would type them into a Baserow.

    With `linked_owner`, the column of this name becomes a link to `parents`, whose
    first column is a family name that many share.
    """
    tables = [
        _table(number, file) for number, file in enumerate(sorted(folder.glob("*.csv")))
    ]
    if linked_owner:
        parents = next(table for table in tables if table.name == "parents")
        parents.fields.sort(key=lambda each: each["name"] != "nom")
        code = parents.column("code")["id"]
        ids = {normal_code(row.cells[code]): row.id for row in parents.rows}
        for table in tables:
            for each in [f for f in table.fields if f["name"] == linked_owner]:
                each |= link_to(each["id"], linked_owner, parents)
                for row in table.rows:
                    codes = str(row.cells[each["id"]]).split(";")
                    row.cells[each["id"]] = linked(
                        *(ids[normal_code(c)] for c in codes)
                    )
    return tables


def _table(number: int, file: Path) -> StubTable:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        header, *lines = csv.reader(opened)
    lines = [line for line in lines if any(line)]
    table = StubTable(10 + number, file.stem)
    for at, name in enumerate(header):
        cells = [line[at] for line in lines]
        table.fields.append(column((number + 1) * 100 + at, name, _kind(cells)))
    for row_id, line in enumerate(lines, start=1):
        typed = zip(table.fields, line, strict=True)
        table.add(row_id, **{each["name"]: _typed(each, cell) for each, cell in typed})
    return table


def _kind(cells: Sequence[str]) -> str:
    """What somebody would choose for such a column in Baserow."""
    if set(cells) <= {"oui", "non"}:
        return "boolean"
    if all(cell.replace(".", "", 1).isdigit() for cell in cells if cell):
        return "number"
    is_dates = all(len(cell) == 10 and cell[4] == "-" for cell in cells if cell)
    return "date" if is_dates else "text"


def _typed(each: Mapping[str, Any], cell: str) -> Any:
    if each["type"] == "boolean":
        return cell == "oui"
    if each["type"] == "number":
        return f"{float(cell):.2f}" if cell else None
    return cell or None
