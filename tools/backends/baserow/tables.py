"""The tables of a Baserow, behind the port."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo

import structlog

from ...errors import BackendRefused, BackendUnavailable
from ...matching import normal_code
from ...profile import IdentityTable, Profile
from ..tables import Row
from .calls import BaserowCalls, OutOfDate
from .filters import Condition, holder_is, may_hold
from .needs import needed_by, needs_of, no_such_table, problem_of
from .reading import Codes, Reading
from .schema import Field, Schema, Table, same_name
from .schemas import Schemas

_log = structlog.get_logger()


class BaserowTables:
    """Reads only. A column that cannot serve stops what needs it, and nothing else."""

    def __init__(
        self,
        calls: BaserowCalls,
        *,
        profiles: Iterable[Profile],
        zone: tzinfo,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.calls = calls
        self._profiles = tuple(profiles)
        self._needs = needs_of(self._profiles)
        self._schemas = Schemas(calls, self._needs, clock=clock)
        self._reading = Reading(calls, zone=zone, clock=clock)

    async def names(self) -> Sequence[str]:
        return sorted({each.name for each in (await self.schema()).listed})

    async def fields(self, table: str) -> Sequence[str]:
        async with self.calls.within_budget():
            schema = await self._schemas.now()
            found = await self._table(schema, same_name(table))
        return [field.name for field in self._readable(schema, found)]

    async def rows(
        self,
        table: str,
        *,
        needed: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Sequence[Row]:
        wanted = where or {}
        if not all(normal_code(value) for value in wanted.values()):
            raise BackendRefused("a value to look for is blank")
        try:
            async with self.calls.within_budget():
                return await self._rows(same_name(table), [*needed, *wanted], wanted)
        except OutOfDate:
            self._schemas.forget()
            raise

    async def schema(self) -> Schema:
        """What Baserow has, as far as the profiles use it.

        Raises:
            BackendUnavailable: Baserow does not answer, or refuses our token.
        """
        async with self.calls.within_budget():
            return await self._schemas.now()

    async def stopped(self) -> Mapping[str, str]:
        """The actions that cannot serve, each with the reason; proofs of codes too.

        Raises:
            BackendUnavailable: Baserow does not answer, or refuses our token.
        """
        schema = await self.schema()
        found: dict[str, str] = {}
        for profile in self._profiles:
            for what, columns in needed_by(profile).items():
                problems = (
                    problem_of(schema, self._needs, schema.tables[table], field)
                    if table in schema.tables
                    else no_such_table(schema, table)
                    for table, field in columns
                )
                reasons = dict.fromkeys(problem for problem in problems if problem)
                if reasons:
                    found[what] = "; ".join(reasons)
        return found

    def changed(self, table_id: int, *, rows_only: bool) -> None:
        """A row or a column of this table changed: nothing read before is served.

        Neither of the tables that link to it: they may repeat its cells.
        """
        if not rows_only:
            self._schemas.forget()
        self._reading.changed(table_id)
        for linked in self._schemas.changed(table_id):
            self._reading.changed(linked)

    async def _rows(
        self, name: str, named: Sequence[str], where: Mapping[str, str]
    ) -> Sequence[Row]:
        schema = await self._schemas.now()
        table = await self._table(schema, name)
        for field in named:
            problem = problem_of(schema, self._needs, table, field)
            if problem:
                raise _unusable(problem)
        fields = self._read_of(schema, table, named)
        codes = {
            field.id: await self._codes_of(schema, identity)
            for field in fields
            if (identity := self._linked_identity(table, field))
        }
        conditions = _conditions(table, where, codes)
        if conditions is None:
            return ()
        rows = await self._reading.rows(table, fields, conditions)
        owners = (f.id for f in fields if self._needs.is_owner((table.name, f.name)))
        return self._reading.texts(rows, fields, codes, frozenset(owners))

    async def _table(self, schema: Schema, name: str) -> Table:
        table = await self._schemas.table(name)
        if table is not None:
            return table
        if name in self._needs.tables or schema.ids_of(name):
            raise _unusable(no_such_table(schema, name))
        raise BackendRefused("there is no such table")

    def _readable(self, schema: Schema, table: Table) -> Sequence[Field]:
        return [
            field
            for field in table.fields.values()
            if not problem_of(schema, self._needs, table, field.name)
        ]

    def _read_of(
        self, schema: Schema, table: Table, named: Sequence[str]
    ) -> Sequence[Field]:
        """The same columns for all who ask, where it can be: they are kept once."""
        fields = self._readable(schema, table)
        used = self._needs.fields_of(table.name)
        if used and used >= set(named):
            fields = [field for field in fields if field.name in used]
        if not fields:
            raise _unusable(f'no column of table "{table.name}" can be used')
        return fields

    def _linked_identity(self, table: Table, field: Field) -> IdentityTable | None:
        column = (table.name, field.name)
        is_owner = field.shape == "link" and self._needs.is_owner(column)
        return self._needs.identity_of(column) if is_owner else None

    async def _codes_of(self, schema: Schema, identity: IdentityTable) -> Codes:
        table = await self._table(schema, same_name(identity.table))
        fields = self._read_of(schema, table, [identity.code_field])
        code_field = table.fields[identity.code_field]
        return await self._reading.codes(table, fields, code_field)


def _conditions(
    table: Table, where: Mapping[str, str], codes: Mapping[int, Codes]
) -> Sequence[Condition] | None:
    """What is sent as a filter; None when no row can match."""
    found: list[Condition] = []
    for name, value in where.items():
        field = table.fields[name]
        if field.id not in codes:
            found += may_hold(field, value)
            continue
        holder = codes[field.id].holder_of(value)
        if holder is None:
            return None
        found += holder_is(field, holder)
    return found


def _unusable(problem: str) -> BackendUnavailable:
    # Names of tables and columns, and types: nothing of a person.
    _log.error("baserow_column_unusable", problem=problem)
    return BackendUnavailable(problem)
