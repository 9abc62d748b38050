"""All rows of a table, page after page."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError

from ...errors import BackendUnavailable
from .calls import BaserowCalls, OutOfDate
from .schema import Field, Table

PAGE_SIZE = 200  # more is refused
MOST_ROWS = 20_000
_TRIES = 3

RawRow = Mapping[str, Any]
_log = structlog.get_logger()


class _Page(BaseModel):
    count: int
    results: list[dict[str, Any]]


async def all_rows(
    calls: BaserowCalls, table: Table, fields: Sequence[Field], filters: str | None
) -> Sequence[RawRow]:
    """The rows with these columns, each once, ordered by `id`.

    Pages are no snapshot: when rows came or went meanwhile, they are read again.

    Raises:
        OutOfDate: the table or a column is not there any more.
        BackendUnavailable: Baserow does not answer, or the table is too large.
    """
    # Without `include` every column comes, those too that nobody may see here.
    params = {"size": str(PAGE_SIZE), "include": ",".join(each.key for each in fields)}
    if filters:
        params["filters"] = filters
    found: dict[int, RawRow] = {}
    for _ in range(_TRIES):
        found, is_whole = await _read_once(calls, table, params)
        _check_columns(found.values(), fields)
        if is_whole:
            break
        _log.info("baserow_rows_moved", table=table.id)
    return [found[row_id] for row_id in sorted(found)]


async def _read_once(
    calls: BaserowCalls, table: Table, params: Mapping[str, str]
) -> tuple[dict[int, RawRow], bool]:
    first = await _page(calls, table, params, 1)
    if first.count > MOST_ROWS:
        raise BackendUnavailable(f'table "{table.name}" has more than {MOST_ROWS} rows')
    # Counted: `next` is an address made from the request's host, to which a proxy
    # may have given another name.
    numbers = range(2, math.ceil(first.count / PAGE_SIZE) + 1)
    others = await asyncio.gather(*(_page(calls, table, params, n) for n in numbers))
    pages = [first, *others]
    found: dict[int, RawRow] = {
        _id_of(row): row for page in pages for row in page.results
    }
    counts = {page.count for page in pages}
    return found, counts == {len(found)}


async def _page(
    calls: BaserowCalls, table: Table, params: Mapping[str, str], number: int
) -> _Page:
    path = f"/api/database/rows/table/{table.id}/"
    answer = await calls.get(path, {**params, "page": str(number)})
    try:
        return _Page.model_validate(answer)
    except ValidationError:
        raise BackendUnavailable("Baserow sends rows in a form not known") from None


def _id_of(row: RawRow) -> int:
    row_id = row.get("id")
    if not isinstance(row_id, int):
        raise BackendUnavailable("Baserow sends a row without its id")
    return row_id


def _check_columns(rows: Any, fields: Sequence[Field]) -> None:
    # A column that was deleted is left out of `include` without a word.
    keys = {each.key for each in fields}
    if any(not keys <= row.keys() for row in rows):
        raise OutOfDate("a column is not there any more")
