"""Rows of one table: kept for a while, turned to text, owners told by their codes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

import structlog

from ...matching import codes_in, normal_code
from ..tables import Row
from .cache import TableCache
from .calls import BaserowCalls
from .cells import linked_ids, text_of
from .filters import Condition, tree_of
from .pages import RawRow, all_rows
from .schema import Field, Table

CODES_APART = ";"  # as in a CSV
_log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Codes:
    """Which codes the rows of an identity table hold, by the id of the row.

    A code that two rows hold is nobody's: it would mix two families.
    """

    by_row: Mapping[int, str]

    def holder_of(self, code: str) -> int | None:
        """The row that holds a code."""
        wanted = normal_code(code)
        rows = (i for i, cell in self.by_row.items() if wanted in codes_in(cell))
        return next(rows, None)

    def of(self, row_ids: Sequence[int]) -> str:
        """The owner cell of a row that links to these."""
        # Never by the text of the link: two families may look the same in it.
        found = (self.by_row.get(row_id) for row_id in row_ids)
        return CODES_APART.join(cell for cell in found if cell)


@dataclass
class Rows:
    """What was read once, and what was made of it: tables may be long."""

    raw: Sequence[RawRow]
    codes: dict[int, Codes] = field(default_factory=dict[int, Codes])  # by column
    texts: Sequence[Row] = ()
    texts_with: Mapping[int, Codes] | None = None


class Reading:
    """Asks for rows and keeps them for as long as they may be served."""

    def __init__(
        self, calls: BaserowCalls, *, zone: tzinfo, clock: Callable[[], float]
    ) -> None:
        self._calls = calls
        self._zone = zone
        self._kept = TableCache[Rows](clock=clock)

    def changed(self, table_id: int) -> None:
        """What was read of this table is not served again."""
        self._kept.changed(table_id)

    async def rows(
        self, table: Table, fields: Sequence[Field], conditions: Sequence[Condition]
    ) -> Rows:
        """The rows as Baserow sends them; it may ignore the conditions."""
        filters = tree_of(conditions)

        async def read() -> Rows:
            found = await all_rows(self._calls, table, fields, filters)
            foreign = sum(not all(c.holds(row) for c in conditions) for row in found)
            if foreign:
                # Whoever asked drops them; but somebody must know.
                _log.error("baserow_filter_ignored", table=table.id, rows=foreign)
            return Rows(found)

        question = (tuple(field.id for field in fields), filters)
        return await self._kept.get(table.id, question, read)

    async def codes(
        self, table: Table, fields: Sequence[Field], code_field: Field
    ) -> Codes:
        """The codes of an identity table, of which `fields` are read."""
        rows = await self.rows(table, fields, ())
        if code_field.id not in rows.codes:
            cells = {row["id"]: self._text(code_field, row) for row in rows.raw}
            rows.codes[code_field.id] = Codes(by_row=_without_doubles(cells))
        return rows.codes[code_field.id]

    def texts(
        self,
        rows: Rows,
        fields: Sequence[Field],
        codes: Mapping[int, Codes],
        owners: frozenset[int],
    ) -> Sequence[Row]:
        """Rows as text. `codes` of link columns by their id; `owners` are column ids."""
        known = rows.texts_with
        if known is None or any(known.get(each) is not codes[each] for each in codes):
            rows.texts = self._made(rows.raw, fields, codes, owners)
            rows.texts_with = codes
        return rows.texts

    def _made(
        self,
        raw: Sequence[RawRow],
        fields: Sequence[Field],
        codes: Mapping[int, Codes],
        owners: frozenset[int],
    ) -> Sequence[Row]:
        rows: list[Row] = []
        for one in raw:
            cells = {
                each.name: codes[each.id].of(linked_ids(each, one[each.key]))
                if each.id in codes
                else self._text(
                    each, one, apart=CODES_APART if each.id in owners else ", "
                )
                for each in fields
            }
            # People leave empty rows behind; a check box is never empty.
            if any(cells[f.name] for f in fields if f.shape != "boolean"):
                rows.append(cells)
        return rows

    def _text(self, field: Field, row: RawRow, *, apart: str = CODES_APART) -> str:
        return text_of(field, row[field.key], self._zone, apart=apart)


def _without_doubles(cells: Mapping[int, str]) -> Mapping[int, str]:
    held = Counter(code for cell in cells.values() for code in codes_in(cell))
    doubles = {code for code, times in held.items() if times > 1}
    if doubles:
        _log.error("parent_code_in_two_rows", codes=len(doubles))
    return {
        row_id: CODES_APART.join(
            part.strip()
            for part in cell.split(CODES_APART)
            if normal_code(part) and normal_code(part) not in doubles
        )
        for row_id, cell in cells.items()
    }
