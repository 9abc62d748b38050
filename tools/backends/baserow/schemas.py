"""The schema as it is now: read at start-up, and again when it may have changed."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from .calls import BaserowCalls
from .needs import Needs
from .schema import Listed, Schema, Table, listed_in, table_in

FRESH_S = 300.0  # names and types of columns change rarely
_log = structlog.get_logger()


class Schemas:
    """Resolves names of tables and columns to their ids.

    A column that is renamed while we run is noticed within `FRESH_S`, at once when
    Baserow refuses its id or sends another type. Until then its id still holds.
    """

    def __init__(
        self, calls: BaserowCalls, needs: Needs, *, clock: Callable[[], float]
    ) -> None:
        self._calls = calls
        self._needs = needs
        self._clock = clock
        self._known: Schema | None = None
        self._until = 0.0
        self._one_reader = asyncio.Lock()

    async def now(self) -> Schema:
        """The schema of every table that is used.

        Raises:
            BackendUnavailable: Baserow does not answer, or refuses our token.
        """
        async with self._one_reader:
            if self._known is None or self._clock() >= self._until:
                self._known = await self._read()
                self._until = self._clock() + FRESH_S
            return self._known

    async def table(self, name: str) -> Table | None:
        """One table, used by a profile or not; None: there is not exactly one.

        Raises:
            BackendUnavailable: Baserow does not answer, or refuses our token.
        """
        schema = await self.now()
        if name in schema.tables:
            return schema.tables[name]
        found = [each for each in schema.listed if each.name == name]
        return await self._table(found[0]) if len(found) == 1 else None

    def forget(self) -> None:
        """Read it again before the next use."""
        self._until = 0.0

    def changed(self, table_id: int) -> Sequence[int]:
        """The tables that link to one that changed."""
        known = self._known
        if known is None or all(each.id != table_id for each in known.listed):
            self.forget()  # a table that we have not seen yet
        return [
            table.id
            for table in (known.tables.values() if known else ())
            if any(field.links_to == table_id for field in table.fields.values())
        ]

    async def _read(self) -> Schema:
        listed = listed_in(await self._calls.get("/api/database/tables/all-tables/"))
        names = Schema(listed=listed)
        used = [
            each
            for each in listed
            if self._needs.takes_all or each.name in self._needs.tables
            if len(names.ids_of(each.name)) == 1
        ]
        tables = await asyncio.gather(*(self._table(each) for each in used))
        _log.info("baserow_schema_read", tables=len(tables), readable=len(listed))
        return Schema(listed=listed, tables={table.name: table for table in tables})

    async def _table(self, listed: Listed) -> Table:
        path = f"/api/database/fields/table/{listed.id}/"
        return table_in(listed, await self._calls.get(path))
