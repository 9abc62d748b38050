"""Read one table."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_ai import RunContext

from ..audit import audited
from ..backends.tables import Row
from ..context import Desk, ToolContext
from ..errors import BackendRefused
from ..matching import as_number, plain
from ..personal import fields_of, know_cells
from ..rights import ADMINS, check_role
from .open_tables import nothing_open, open_tables, read

MAX_ROWS = 50


async def query_table(
    ctx: RunContext[ToolContext],
    table: str,
    field: str | None = None,
    equals: str | None = None,
    limit: int = 20,
) -> dict[str, Any]:
    """Read the rows of a table, all or those where one field has one value.

    Returns `rows` and `count`, the number of rows that match, shown or not.

    Args:
        table: The name of the table. A wrong one is answered with the open tables.
        field: The field to compare, together with `equals`. Leave out for all rows.
        equals: The value wanted in `field`; case and accents do not matter.
        limit: How many rows to show, at most 50.
    """
    context = ctx.deps
    given = {"table": table, "field": field, "equals": equals, "limit": limit}
    async with audited(context, "query_table", **given):
        check_role(context, ADMINS)
        name, fields = await _open_table(context.desk, table)
        rows = await read(context.desk, name, fields)
        if field is not None or equals is not None:
            rows = _matching(rows, _open_field(fields, field), equals)
    shown = rows[: max(1, min(limit, MAX_ROWS))]
    know_cells(context.personal, shown, fields_of(context.desk.profiles.values()))
    return {"table": name, "rows": [dict(row) for row in shown], "count": len(rows)}


async def _open_table(desk: Desk, table: str) -> tuple[str, Sequence[str]]:
    tables: Mapping[str, Sequence[str]] = await open_tables(desk)
    if not tables:
        raise nothing_open()
    for name, fields in tables.items():
        if plain(name) == plain(table):
            return name, fields
    raise BackendRefused(f"Refused: the open tables are {', '.join(tables)}.")


def _open_field(fields: Sequence[str], field: str | None) -> str:
    for name in fields:
        if plain(name) == plain(field or ""):
            return name
    raise BackendRefused(f"Refused: the open fields are {', '.join(fields)}.")


def _matching(rows: Sequence[Row], field: str, equals: str | None) -> Sequence[Row]:
    if equals is None:
        raise BackendRefused("Invalid: give `equals` together with `field`.")
    return [row for row in rows if _is_same(row[field], equals)]


def _is_same(cell: str, wanted: str) -> bool:
    number = as_number(wanted)
    if number is not None and as_number(cell) == number:
        return True
    return plain(cell) == plain(wanted)
