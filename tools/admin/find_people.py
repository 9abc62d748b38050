"""Find people whose names are spelt as they are heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_ai import RunContext
from rapidfuzz import fuzz

from ..audit import audited
from ..backends.tables import Row
from ..context import Desk, ToolContext
from ..errors import BackendRefused
from ..folding import words as words_of
from ..personal import fields_of, know_cells
from ..rights import ADMINS, check_role
from .open_tables import nothing_open, open_tables, read

MAX_PEOPLE = 10
MAX_WORDS = 8
NEAR = 82  # of 100, on average over the words
PERHAPS = 60
_WITHIN = 4  # letters that make a part of a word worth finding: a piece of a number


@dataclass(frozen=True, kw_only=True)
class _Found:
    table: str
    row: Row
    nearness: float


async def find_people(ctx: RunContext[ToolContext], words: str) -> dict[str, Any]:
    """Find people in the tables by name, phone or any words, misspelt or not.

    Returns the best `people` first, each with its `table`; when nobody is near,
    `suggestions` has the nearest ones: ask which is meant.

    Args:
        words: What is known of the person: names, or a part of a phone number.
    """
    context = ctx.deps
    async with audited(context, "find_people", words=words):
        check_role(context, ADMINS)
        wanted = words_of(words)[:MAX_WORDS]
        if not wanted:
            raise BackendRefused("Invalid: give at least one word of the name.")
        found = await _ranked(context.desk, wanted)
    shown = [one.row for one in found[:MAX_PEOPLE]]
    know_cells(context.personal, shown, fields_of(context.desk.profiles.values()))
    people = [one for one in found if one.nearness >= NEAR]
    if people:
        return {"people": _shown(people), "count": len(people)}
    return {"people": [], "count": 0, "suggestions": _shown(found)}


async def _ranked(desk: Desk, wanted: Sequence[str]) -> Sequence[_Found]:
    tables = await open_tables(desk)
    if not tables:
        raise nothing_open()
    found = [
        _Found(table=table, row=row, nearness=_nearness(wanted, row))
        for table, fields in tables.items()
        for row in await read(desk, table, fields)
    ]
    near = [one for one in found if one.nearness >= PERHAPS]
    return sorted(near, key=lambda one: -one.nearness)


def _nearness(wanted: Sequence[str], row: Row) -> float:
    written = [word for cell in row.values() for word in words_of(cell)]
    if not written:
        return 0.0
    return sum(max(_alike(w, r) for r in written) for w in wanted) / len(wanted)


def _alike(wanted: str, written: str) -> float:
    if len(wanted) >= _WITHIN and wanted in written:
        return 95.0 if wanted != written else 100.0
    return fuzz.ratio(wanted, written)


def _shown(found: Sequence[_Found]) -> list[dict[str, Any]]:
    return [{"table": one.table, "row": dict(one.row)} for one in found[:MAX_PEOPLE]]
